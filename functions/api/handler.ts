// An HTTP API's event through a Hono app, and then the work that goes on after the answer: Lambda freezes what has not ended when the handler returns.
import { handle, type LambdaContext, type LambdaEvent } from "hono/aws-lambda";
import type { App } from "./route.ts";

export type Handler = (event: LambdaEvent, context?: LambdaContext) => ReturnType<ReturnType<typeof handle>>;

/** `settled` resolves when nothing goes on any more; it must not reject. */
export function createHandler(app: App, settled: () => Promise<void>): Handler {
  const answer = handle(app);
  return async (event, context) => {
    const result = await answer(event, context);
    await settled();
    return result;
  };
}
