// URLs to audio on one's own machine. The stand-in for S3 checks no signatures and listens on loopback; whoever is elsewhere comes through the gate
// here, on the control plane's own port, with a URL that was signed for one object and one verb. In the cloud S3 does this itself.
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { Hono } from "hono";
import { readBytes } from "../functions/api/body.ts";
import type { Variables } from "../functions/api/route.ts";
import type { Media } from "../functions/media/media.ts";
import { Problem } from "../functions/problem.ts";

/** One range (RFC 9110, section 14.1.2), without which a browser can't go to another place in a recording. Undefined: all of it. */
function rangeOf(header: string | undefined, size: number): { from: number; to: number } | undefined {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === "" && last === "") return undefined;
  const from = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  return from <= to && from < size ? { from, to } : undefined;
}

export function mediaAccess(store: Media, publicUrl: string): { media: Media; gate: Hono<{ Variables: Variables }> } {
  const secret = randomBytes(32);
  const sign = (...parts: (string | number)[]): string =>
    createHmac("sha256", secret).update(parts.join("\n")).digest("base64url");
  const until = (seconds: number): number => Date.now() + seconds * 1000;
  const refused = () =>
    new Problem("unauthenticated", "The URL is not signed, or its time is over; ask for a new one.");

  function check(signature: string, end: string, ...parts: (string | number)[]): void {
    const [given, wanted] = [Buffer.from(signature), Buffer.from(sign(...parts, end))];
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted) || !(Number(end) > Date.now()))
      throw refused();
  }

  const gate = new Hono<{ Variables: Variables }>();
  const keyOf = (path: string): string => decodeURIComponent(path.slice("/media/".length));
  gate.get("/media/*", async (c) => {
    const key = keyOf(c.req.path);
    check(c.req.query("signature") ?? "", c.req.query("until") ?? "", "GET", key);
    const [found, bytes] = await Promise.all([store.head(key), store.get(key)]);
    if (!found || !bytes) throw new Problem("not_found", "There is no such object any more.");
    const headers = {
      ...{ "Content-Type": found.contentType, "Cache-Control": "private, no-store", "Accept-Ranges": "bytes" },
    };
    const part = rangeOf(c.req.header("range"), bytes.length);
    if (!part) return c.body(new Uint8Array(bytes), 200, headers);
    const { from, to } = part;
    const range = { "Content-Range": `bytes ${from}-${to}/${bytes.length}` };
    return c.body(new Uint8Array(bytes.subarray(from, to + 1)), 206, { ...headers, ...range });
  });
  gate.put("/media/*", async (c) => {
    const key = keyOf(c.req.path);
    const { until: end = "", signature = "", bytes = "", sha256 = "", type = "" } = c.req.query();
    check(signature, end, "PUT", key, bytes, sha256, type);
    const body = new Uint8Array(await readBytes(c, Number(bytes)));
    if (body.length !== Number(bytes) || createHash("sha256").update(body).digest("hex") !== sha256)
      throw new Problem("invalid", "The bytes are not those that the URL was made for; ask for a new one.");
    await store.put(key, body, type);
    return c.body(null, 200);
  });

  const address = (key: string, query: Record<string, string | number>): string =>
    `${publicUrl}/media/${key}?${new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]))}`;
  const media: Media = {
    ...store,
    async downloadUrl(key, seconds) {
      const end = until(seconds);
      return address(key, { until: end, signature: sign("GET", key, end) });
    },
    async uploadUrl(key, { bytes, sha256, contentType: type }, seconds) {
      const end = until(seconds);
      const url = address(key, {
        until: end,
        bytes,
        sha256,
        type,
        signature: sign("PUT", key, bytes, sha256, type, end),
      });
      return { url, headers: { "content-type": type } };
    },
  };
  return { media, gate };
}
