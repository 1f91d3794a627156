// Signed requests of edges: Ed25519 over method, path, body hash, time and nonce; each nonce counts once, within 300 seconds of the server's time.
import { createPublicKey, hash, verify } from "node:crypto";
import type { Context as HonoContext } from "hono";
import { signatureHeaders, signedText } from "../../core/wire-text.ts";
import type { Context } from "../context.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";
import { ConditionFailed } from "../store/store.ts";
import { type Edge, readEdge } from "./edge.ts";

const skewMs = 300_000;

/** The edge that signed this request. Throws `unauthenticated`; where only the time is off, with the server's. */
export async function verified(ctx: Context, c: HonoContext, body: string): Promise<Edge> {
  const refuse = (detail: string, extra: Record<string, unknown> = {}) =>
    new Problem("unauthenticated", detail, { extra });
  const [id, time, nonce, signature] = [
    signatureHeaders.edge,
    signatureHeaders.time,
    signatureHeaders.nonce,
    signatureHeaders.signature,
  ].map((name) => c.req.header(name) ?? "");
  if (!id || !time || !nonce || !signature)
    throw refuse("The request is not signed; enrol the edge and sign its requests.");
  const edge = await readEdge(ctx, id);
  if (!edge || id !== c.req.param("edge")) throw refuse("The edge is unknown or was removed; enrol it again.");
  const url = new URL(c.req.url);
  const text = signedText(c.req.method, url.pathname + url.search, hash("sha256", body), time, nonce);
  if (!signedBy(edge.publicKey, text, signature)) throw refuse("The signature does not fit the request.");
  const now = ctx.now();
  const serverTime = now.toISOString();
  if (!(Math.abs(now.getTime() - Date.parse(time)) <= skewMs))
    throw refuse("The request's time is more than 300 seconds off; set your clock by serverTime.", { serverTime });
  if (!/^[\w-]{16,64}$/.test(nonce)) throw refuse("The nonce must be 16 to 64 letters, digits, - and _.");
  try {
    await ctx.store.transact([
      { put: { ...keys.nonce(id, nonce), ttl: Math.floor(now.getTime() / 1000) + 900 }, if: { absent: true } },
    ]);
  } catch (error) {
    if (error instanceof ConditionFailed) throw refuse("This request was received before; sign each with a new nonce.");
    throw error;
  }
  return edge;
}

function signedBy(publicKey: string, text: string, signature: string): boolean {
  try {
    const key = createPublicKey(publicKey);
    return (
      key.asymmetricKeyType === "ed25519" && verify(null, Buffer.from(text), key, Buffer.from(signature, "base64url"))
    );
  } catch {
    return false;
  }
}
