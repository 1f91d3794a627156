// What Lambda's runtime has for functions that stream, as the global `awslambda`.
import { PassThrough } from "node:stream";

type Stream = (event: object, out: PassThrough, about: object) => Promise<void>;

/**
 * A function that streams then answers as others do, with what was written. Who reads is gone once he has read `until`, which stands beside what Lambda
 * puts into an event.
 */
export function standInForStreams(): void {
  const heads = new WeakMap<object, object>();
  const streamifyResponse =
    (stream: Stream) =>
    async ({ until, ...event }: { until?: string }, about: object) => {
      const out = new PassThrough({ encoding: "utf8" });
      let body = "";
      out
        .on("error", () => undefined)
        .on("data", (text: string) => {
          body += text;
          if (until !== undefined && body.includes(until)) out.destroy();
        });
      await stream(event, out, about);
      return { ...heads.get(out), body };
    };
  const from = (out: PassThrough, head: object): PassThrough => {
    heads.set(out, head);
    return out;
  };
  Object.assign(globalThis, { awslambda: { streamifyResponse, HttpResponseStream: { from } } });
}
