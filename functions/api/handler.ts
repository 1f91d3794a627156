// An HTTP API's event through a Hono app, and then the work that goes on after the answer: Lambda freezes what has not ended when the handler returns.
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { requestOf, resultOf } from "./http-event.ts";
import type { App } from "./route.ts";

export type Handler = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

/** `settled` resolves when nothing goes on any more; it must not reject. */
export function createHandler(app: App, settled: () => Promise<void>): Handler {
  return async (event) => {
    const result = await resultOf(await app.fetch(requestOf(event), { requestContext: event.requestContext }));
    await settled();
    return result;
  };
}
