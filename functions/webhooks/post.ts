// One POST to a stranger's server: to an address that was looked at before the socket connects to it and to no other, without following redirects, in
// bounded time, and reading little of what it says.
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP, isIPv4, type LookupFunction } from "node:net";
import { hostOf, refusal, type Targets } from "./address.ts";

export const timeoutMs = 15_000;
/** Of the answer's body, which nobody reads: so much may come before the connection is cut. */
const bodyBytes = 64 * 1024;

/** The answer's status; null where there was none, with the reason. */
export type Result = { status: number | null; error: string | null };
export type Post = (
  url: string,
  headers: Record<string, string>,
  body: string,
  signal?: AbortSignal,
) => Promise<Result>;

/** The address may not be spoken to; the message says why. */
export class Refused extends Error {}

export const createPost =
  (targets: Targets, withinMs = timeoutMs): Post =>
  async (text, headers, body, signal) => {
    const url = new URL(text);
    const limit = AbortSignal.timeout(withinMs);
    try {
      const literal = isIP(hostOf(url)) === 0 ? undefined : refusal(targets, url, [hostOf(url)]);
      if (literal !== undefined) throw new Refused(literal);
      return await send(targets, url, headers, body, signal ? AbortSignal.any([signal, limit]) : limit);
    } catch (error) {
      if (error instanceof Refused) return { status: null, error: `the URL ${error.message}` };
      if (limit.aborted) return { status: null, error: `no answer within ${withinMs / 1000} seconds` };
      return { status: null, error: told(error) };
    }
  };

function send(
  targets: Targets,
  url: URL,
  headers: Record<string, string>,
  body: string,
  signal: AbortSignal,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const bytes = Buffer.from(body);
    const request = (url.protocol === "https:" ? requestHttps : requestHttp)(url, {
      method: "POST",
      // a connection of its own: one that stays open would be to an address that was looked at long ago
      agent: false,
      lookup: looking(targets, url),
      headers: { ...headers, "content-length": bytes.length, connection: "close" },
      signal,
    });
    let answered: (() => void) | undefined;
    // whatever becomes of the body: the status has been said
    request.on("error", (error) => (answered ? answered() : reject(error)));
    request.once("response", (response) => {
      const status = response.statusCode ?? 0;
      const done = (): void => {
        resolve({ status, error: status >= 200 && status < 300 ? null : `it answered ${status}` });
        response.destroy();
      };
      answered = done;
      let read = 0;
      response.on("data", (chunk: Buffer) => {
        read += chunk.length;
        if (read > bodyBytes) done();
      });
      response.once("end", done);
      response.on("error", done);
      response.once("close", done);
    });
    request.end(bytes);
  });
}

/** Resolves the host itself and hands the socket what it may connect to, so that nobody resolves it a second time. */
export const looking =
  (targets: Targets, url: URL): LookupFunction =>
  (host, options, callback) => {
    const family = (address: string): 4 | 6 => (isIPv4(address) ? 4 : 6);
    targets
      .resolve(host)
      .then((addresses) => {
        if (addresses.length === 0) throw new Error("its host name has no address");
        const why = refusal(targets, url, addresses);
        if (why !== undefined) throw new Refused(why);
        return addresses.map((address) => ({ address, family: family(address) }));
      })
      .then(
        (found) => {
          const [first] = found;
          if (options.all) callback(null, found);
          else callback(null, first?.address ?? "", first?.family ?? 4);
        },
        (error) => callback(error, ""),
      );
  };

/** What went wrong, without what a stranger's server may have put there. */
function told(error: unknown): string {
  const { code } = error as { code?: unknown };
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "its host name is not known";
  return typeof code === "string" && /^[A-Z_0-9]{2,60}$/.test(code)
    ? `the connection failed: ${code}`
    : "the connection failed";
}
