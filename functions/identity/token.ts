// Tokens that are mailed: each proves that whoever sends it reads that mail, once. Kept as a SHA-256; the latest of a purpose alone is good. A token is minted
// when its mail is sent, so that nothing in the store would let anybody in.
import { hash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Context } from "../context.ts";
import { Problem } from "../problem.ts";
import type { Item, Key, Operation } from "../store/store.ts";

/** `subject`: by which the token is found; it stands in it. `more` is kept beside it. */
export function minting(
  place: Key,
  subject: string,
  lifetimeSeconds: number,
  now: Date,
  more: Record<string, string> = {},
): { token: string; operation: Operation } {
  const secret = randomBytes(24).toString("base64url");
  const until = now.getTime() + lifetimeSeconds * 1000;
  const item = { ...place, ...more, hash: hash("sha256", secret), until, ttl: Math.ceil(until / 1000) };
  return { token: `${subject}.${secret}`, operation: { put: item } };
}

/** The subject that a token names, in parts; it may be of any form. */
export function subjectOf(token: string): string[] {
  const parts = token.split(".");
  return parts.slice(0, -1);
}

export const spent = (): Problem =>
  new Problem("link_spent", "This link was used, replaced by a later one, or is too old; ask for another.");

export type Redeemed = {
  item: Item;
  /** Belongs into the transaction that does what the token is for, so that it does so once. */
  spending: Operation;
};

/** Throws `link_spent` where it is not the token that stands at `place`. */
export async function redeeming(ctx: Context, place: Key, token: string): Promise<Redeemed> {
  const secret = token.split(".").at(-1) ?? "";
  const item = await ctx.store.get(place);
  const sent = Buffer.from(hash("sha256", secret));
  const kept = Buffer.from(typeof item?.hash === "string" ? item.hash : hash("sha256", "none"));
  const same = timingSafeEqual(sent, kept);
  if (!item || !same || Number(item.until) <= ctx.now().getTime()) throw spent();
  return { item, spending: { delete: place, if: { equals: { hash: String(item.hash) } } } };
}
