// An HTTP API's event through a Hono app, and then the work that goes on after the answer: Lambda freezes what has not ended when the handler returns.
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { handle, type LambdaEvent } from "hono/aws-lambda";
import type { App } from "./route.ts";

export type Handler = (event: APIGatewayProxyEventV2) => ReturnType<ReturnType<typeof handle>>;

/** `settled` resolves when nothing goes on any more; it must not reject. */
export function createHandler(app: App, settled: () => Promise<void>): Handler {
  const answer = handle(app);
  return async (event) => {
    // hono's type of the event says null where API Gateway leaves out
    const result = await answer(event as unknown as LambdaEvent);
    await settled();
    return result;
  };
}
