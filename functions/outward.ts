// Requests to addresses that somebody else wrote: `fetch` as libraries want it, to an address that was looked at before the socket connects to it and to no
// other, without following redirects, in bounded time, and of bounded size.
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP } from "node:net";
import { hostOf, refusal, type Targets } from "./webhooks/address.ts";
import { looking, Refused } from "./webhooks/post.ts";

const timeoutMs = 10_000;
const longest = 1024 * 1024;

/** Rejects where the address is refused (`Refused`), nobody answers in time, or the answer is longer than a megabyte. */
export const outwardFetch =
  (targets: Targets, withinMs = timeoutMs) =>
  async (
    address: string | URL,
    { method = "GET", headers, body }: { method?: string; headers?: HeadersInit; body?: unknown } = {},
  ): Promise<Response> => {
    const url = new URL(address);
    const literal = isIP(hostOf(url)) === 0 ? undefined : refusal(targets, url, [hostOf(url)]);
    if (literal !== undefined) throw new Refused(literal);
    const bytes = body === undefined || body === null ? undefined : Buffer.from(String(body));
    return new Promise((resolve, reject) => {
      const request = (url.protocol === "https:" ? requestHttps : requestHttp)(url, {
        method,
        agent: false,
        lookup: looking(targets, url),
        headers: {
          ...Object.fromEntries(new Headers(headers)),
          ...(bytes && { "content-length": bytes.length }),
          connection: "close",
        },
        signal: AbortSignal.timeout(withinMs),
      });
      request.on("error", reject);
      request.once("response", (response) => {
        const parts: Buffer[] = [];
        let length = 0;
        response.on("error", reject);
        response.on("data", (part: Buffer) => {
          parts.push(part);
          length += part.length;
          if (length > longest) response.destroy(new Error("the answer is too long"));
        });
        response.once("end", () => {
          const status = response.statusCode ?? 502;
          const none = status === 204 || status === 304;
          const told = Object.entries(response.headersDistinct).flatMap(([name, values]) =>
            (values ?? []).map((value): [string, string] => [name, value]),
          );
          resolve(new Response(none ? null : Buffer.concat(parts), { status, headers: told }));
        });
      });
      request.end(bytes);
    });
  };
