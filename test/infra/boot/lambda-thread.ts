// A function's instance: a thread with an environment of its own in which the bundled handler runs. What it sends to AWS or to `*.example` goes to the
// stand-in. Its clock may be ahead, or stand still at a time while it handles an event.
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import { standInForStreams } from "./awslambda.ts";
import { redirect } from "./redirect.ts";

const { module, exported, port, aheadMs } = workerData as Record<"module" | "exported", string> &
  Record<"port" | "aheadMs", number>;
type Sent = { event: unknown; number: number; at: number | undefined };

let still: number | undefined;
const RealDate = Date;
const now = (): number => still ?? RealDate.now() + aheadMs;
globalThis.Date = class extends RealDate {
  constructor(...when: []) {
    if (when.length > 0) super(...when);
    else super(now());
  }
  static override now = now;
} as DateConstructor;
redirect(port);

standInForStreams();
const { [exported]: handler } = await import(pathToFileURL(module).href);
parentPort?.on("message", async ({ event, number, at }: Sent) => {
  still = at;
  try {
    const answer = await handler(event, { awsRequestId: `request-${number}` });
    parentPort?.postMessage({ number, answer: JSON.parse(JSON.stringify(answer ?? null)) });
  } catch (error) {
    parentPort?.postMessage({ number, error: String(error instanceof Error ? error.stack : error) });
  }
});
