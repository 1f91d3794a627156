// A function's instance: a thread with an environment of its own in which the bundled handler runs. What it sends to AWS or to `*.example` goes to the
// stand-in, under the host name that it was meant for. Its clock may be ahead.
import dns from "node:dns";
import http from "node:http";
import https from "node:https";
import { syncBuiltinESMExports } from "node:module";
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import { standInForStreams } from "./awslambda.ts";

const { module, exported, port, aheadMs } = workerData as Record<"module" | "exported", string> &
  Record<"port" | "aheadMs", number>;
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...when: []) {
    if (when.length > 0) super(...when);
    else super(RealDate.now() + aheadMs);
  }
  static override now(): number {
    return RealDate.now() + aheadMs;
  }
} as DateConstructor;

const agent = new http.Agent({ keepAlive: true });

type Options = https.RequestOptions;
https.request = ((first: Options | URL | string, second?: Options | (() => void), third?: () => void) => {
  const url = first instanceof URL ? first : undefined;
  const { lookup: _, agent: __, ...options } = (url ? second : first) as Options;
  const host = url?.host ?? String(options.hostname ?? options.host);
  if (!/\.(amazonaws\.com|example)$/.test(host)) throw new Error(`a function reached for ${host}`);
  const headers = { ...(options.headers as Record<string, string>), host };
  const path = url ? url.pathname + url.search : options.path;
  const asked = { ...options, path, headers, protocol: "http:", host: "127.0.0.1", hostname: "127.0.0.1", port, agent };
  return http.request(asked, (url ? third : second) as () => void);
}) as typeof https.request;
const real = dns.promises.lookup;
dns.promises.lookup = (async (host: string, ...rest: []) =>
  host.endsWith(".example") ? [{ address: "8.8.8.8", family: 4 }] : real(host, ...rest)) as typeof real;
syncBuiltinESMExports();

standInForStreams();
const { [exported]: handler } = await import(pathToFileURL(module).href);
parentPort?.on("message", async ({ event, number }) => {
  try {
    const answer = await handler(event, { awsRequestId: `request-${number}` });
    parentPort?.postMessage({ number, answer: JSON.parse(JSON.stringify(answer ?? null)) });
  } catch (error) {
    parentPort?.postMessage({ number, error: String(error instanceof Error ? error.stack : error) });
  }
});
