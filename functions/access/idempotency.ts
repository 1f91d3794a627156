// Idempotency keys: the answer of a POST is stored in the very transaction that does the work, sealed because it may show a secret once.
import { hash, randomBytes } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Context } from "../context.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";
import { ConditionFailed, type Operation } from "../store/store.ts";
import { seal, unseal } from "../vault/vault.ts";
import type { Principal } from "./access.ts";

export type Answer = { status: number; body: unknown; headers?: Record<string, string> };

const packedFrom = 32 * 1024;
const keepSeconds = 24 * 3600;
/** A first request that took longer than this is taken for dead. */
const runningMs = 60_000;

export type Claimed = {
  /** What makes the answer part of the work's transaction. */
  record(answer: Answer): Operation[];
  /** Gives the key back after a failure that may be tried again. */
  release(): Promise<void>;
  /** Keeps the answer of a request that failed for good, so that the same key gets it again. */
  keep(answer: Answer): Promise<void>;
};

/**
 * Takes the key within `scope` (method, path and key) for this request, or returns the answer of the first request with it. `content`: query and body,
 * by which requests are told apart. Throws 409 while the first runs, 422 for another request.
 */
export async function claim(
  ctx: Context,
  principal: Principal,
  scope: string,
  key: string,
  content: string,
): Promise<Claimed | { replay: Answer }> {
  if (!/^[\x21-\x7e]{1,255}$/.test(key))
    throw new Problem("malformed", "Idempotency-Key must be 1 to 255 printable ASCII characters without spaces.");
  const place = keys.idempotency(principal.id, hash("sha256", scope));
  const request = hash("sha256", content);
  const sealingKey = Buffer.from(hash("sha256", `${principal.id}\n${key}\n${request}`), "hex");
  const token = randomBytes(12).toString("hex");
  const now = ctx.now().getTime();
  const running = {
    ...place,
    state: "running",
    token,
    request,
    until: now + runningMs,
    ttl: Math.floor(now / 1000) + keepSeconds,
  };
  const known = await ctx.store.get(place);
  const expired = known && (Number(known.ttl) * 1000 < now || (known.state === "running" && Number(known.until) < now));
  if (known && !expired) {
    if (known.request !== request)
      throw new Problem(
        "idempotency_mismatch",
        "This Idempotency-Key came with another request before; use a new key for a new request.",
      );
    if (known.state === "running")
      throw new Problem(
        "idempotency_running",
        "The first request with this key is still running; ask again in a second.",
        { headers: { "Retry-After": "1" } },
      );
    const plain = unseal(sealingKey, known.answer as Uint8Array, place.pk);
    return { replay: JSON.parse((known.packed === true ? gunzipSync(plain) : plain).toString()) as Answer };
  }
  try {
    await ctx.store.transact([
      { put: running, if: known ? { equals: { token: String(known.token) } } : { absent: true } },
    ]);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    throw new Problem(
      "idempotency_running",
      "The first request with this key is still running; ask again in a second.",
      { headers: { "Retry-After": "1" } },
    );
  }
  const done = (answer: Answer): Operation => {
    const text = Buffer.from(JSON.stringify(answer));
    // of a large apply: an item holds 400 KB
    const packed = text.length > packedFrom;
    const sealed = seal(sealingKey, packed ? gzipSync(text) : text, place.pk);
    return { put: { ...running, state: "done", packed, answer: sealed }, if: { equals: { token } } };
  };
  return {
    record: (answer) => [done(answer)],
    keep: (answer) => ctx.store.transact([done(answer)]),
    // the answer may stand already, where the work was committed and something failed after it
    release: () => ctx.store.transact([{ delete: place, if: { equals: { token, state: "running" } } }]),
  };
}
