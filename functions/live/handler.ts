// A function URL's event through a Hono app, whose answer goes out as it comes (InvokeMode RESPONSE_STREAM).
import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { LambdaFunctionURLEvent } from "aws-lambda";
import { requestOf } from "../api/http-event.ts";
import type { App } from "../api/route.ts";
import type { Log } from "../log.ts";

/** What Lambda's runtime gives a function that streams. */
export type Streaming = { from(out: Writable, head: Head): Writable };
export type Head = { statusCode: number; headers: Record<string, string>; cookies: string[] };
export type StreamHandler = (event: LambdaFunctionURLEvent, out: Writable) => Promise<void>;

/**
 * `settled` resolves when nothing goes on any more: Lambda freezes what has not ended when the handler returns. Where nobody reads any more, as far as
 * Lambda tells, the answer is given up, so that no timer of it runs on in the next one.
 */
export function createStreamHandler(
  app: App,
  { streaming, settled, log }: { streaming: Streaming; settled: () => Promise<void>; log: Log },
): StreamHandler {
  return async (event, out) => {
    const answer = await app.fetch(requestOf(event), { requestContext: event.requestContext });
    const cookies = answer.headers.getSetCookie();
    const headers = Object.fromEntries([...answer.headers].filter(([name]) => name !== "set-cookie"));
    const sent = streaming.from(out, { statusCode: answer.status, headers, cookies });
    try {
      if (answer.body) await pipeline(Readable.fromWeb(answer.body as never), sent);
      else sent.end();
    } catch (error) {
      log.info({ error: String(error) }, "an answer was not read to its end");
    }
    await settled();
  };
}
