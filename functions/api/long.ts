// Long answers: packed for whoever takes that, and refused where a Lambda could not bring them.
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Context } from "hono";
import { Problem } from "../problem.ts";

const pack = promisify(gzip);
const packedFrom = 256 * 1024;
/** What a Lambda may answer (6 MB), less what its headers take. */
const most = 6 * 1024 * 1024 - 64 * 1024;

/**
 * Sends a text, with gzip where it is long and the caller takes that. Throws `answer_too_large` for one too long for a Lambda, of a request that only reads:
 * who changed something has to hear of it.
 */
export async function sendText(c: Context, text: string, status: number, type: string): Promise<Response> {
  const headers = { "Content-Type": type };
  if (text.length < packedFrom) return c.body(text, status as 200, headers);
  const packed = takesGzip(c.req.header("accept-encoding")) ? await pack(text) : undefined;
  // it travels as base64, or as text in JSON
  const travels = packed ? Math.ceil(packed.length / 3) * 4 : Buffer.byteLength(JSON.stringify(text));
  if (travels > most && c.req.method === "GET")
    throw new Problem(
      "answer_too_large",
      packed
        ? "The answer is longer than 6 MB even when it is packed; ask for less at once, by kinds or limit."
        : "The answer is longer than 6 MB; send Accept-Encoding: gzip (curl --compressed), or ask for less at once, by kinds or limit.",
    );
  const varied = { ...headers, Vary: "Accept-Encoding" };
  return packed
    ? c.body(new Uint8Array(packed), status as 200, { ...varied, "Content-Encoding": "gzip" })
    : c.body(text, status as 200, varied);
}

/** RFC 9110, section 12.5.3; `q=0` is a refusal. */
const takesGzip = (accepted = ""): boolean =>
  accepted.split(",").some((coding) => /^\s*(x-)?gzip\s*(;\s*q\s*=\s*(1|0?\.0*[1-9])[\d.]*\s*)?$/i.test(coding));
