// An authenticator app as second factor: its secret, sealed under a key of its own that the vault wraps, and the last code that was taken.
import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Context } from "../context.ts";
import { newId } from "../id.ts";
import * as keys from "../keys.ts";
import type { Item, Operation } from "../store/store.ts";
import { seal, unseal } from "../vault/vault.ts";
import { stepOf } from "./one-time-code.ts";

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const stored = z.object({
  /** What the wrapped key is bound to. */
  name: z.string(),
  wrapped: bytes,
  sealed: bytes,
  /** The step of the last code that was taken. */
  last: z.int(),
  since: z.string(),
});
export type Authenticator = z.output<typeof stored>;
const secretBytes = 20;
const pendingMs = 30 * 60_000;

export const readAuthenticator = (item: Item): Authenticator => stored.parse(item);

/** A new secret, which waits until a code shows that an app has it; one that waited before is worth nothing. */
export async function newAuthenticator(ctx: Context, person: string): Promise<Uint8Array> {
  const now = ctx.now();
  const name = `${keys.person(person).pk}/${newId("otp")}`;
  const wrapped = await ctx.vault.newKey(name);
  const secret = randomBytes(secretBytes);
  const sealed = seal(await ctx.vault.key(name, async () => wrapped), secret, name);
  const until = now.getTime() + pendingMs;
  const one: Authenticator = { name, wrapped, sealed, last: 0, since: now.toISOString() };
  await ctx.store.transact([
    { put: { ...keys.unconfirmed(person, "totp"), ...one, until, ttl: Math.ceil(until / 1000) } },
  ]);
  return secret;
}

const secretOf = async (ctx: Context, { name, wrapped, sealed }: Authenticator): Promise<Uint8Array> =>
  unseal(await ctx.vault.key(name, async () => wrapped), sealed, name);

/** What makes the waiting one good, by a code that its app showed: undefined where there is none or the code is wrong. */
export async function confirming(ctx: Context, person: string, code: string): Promise<Operation[] | undefined> {
  const key = keys.unconfirmed(person, "totp");
  const item = await ctx.store.get(key);
  if (!item || Number(item.until) <= ctx.now().getTime()) return undefined;
  const one = readAuthenticator(item);
  const last = stepOf(await secretOf(ctx, one), code, ctx.now(), 0);
  if (last === undefined) return undefined;
  const since = ctx.now().toISOString();
  return [
    { put: { ...keys.factor(person, "totp"), ...one, last, since } },
    { delete: key, if: { equals: { name: one.name } } },
  ];
}

/** What spends a code; undefined where it is wrong or was taken before. */
export async function spendingStep(
  ctx: Context,
  person: string,
  one: Authenticator,
  code: string,
): Promise<Operation | undefined> {
  const last = stepOf(await secretOf(ctx, one), code, ctx.now(), one.last);
  if (last === undefined) return undefined;
  const put = { ...keys.factor(person, "totp"), ...one, last };
  return { put, if: { equals: { name: one.name, last: one.last } } };
}
