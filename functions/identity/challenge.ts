// Challenges that passkeys sign: each is for one purpose, one site, five minutes and one answer, and is found by what was signed.
import { hash, randomBytes } from "node:crypto";
import { z } from "zod";
import type { Context } from "../context.ts";
import * as keys from "../keys.ts";
import { ConditionFailed } from "../store/store.ts";

const goodMs = 5 * 60_000;

const stored = z.object({
  purpose: z.enum(["register", "sign-in"]),
  /** Whose passkey is to sign it; null: that is to be found out. */
  person: z.string().nullable(),
  site: z.string(),
  until: z.number(),
});
type About = Omit<z.output<typeof stored>, "until">;

export const challengeMs = goodMs;

export async function newChallenge(ctx: Context, about: About): Promise<string> {
  const challenge = randomBytes(32).toString("base64url");
  const until = ctx.now().getTime() + goodMs;
  const key = keys.challenge(hash("sha256", challenge));
  await ctx.store.transact([{ put: { ...key, ...about, until, ttl: Math.ceil(until / 1000) }, if: { absent: true } }]);
  return challenge;
}

/** The challenge that a browser's word is about, spent by this. Undefined where it is none of ours, for something else, or was answered before. */
export async function spendChallenge(ctx: Context, clientDataJSON: string, about: About): Promise<string | undefined> {
  const challenge = challengeIn(clientDataJSON);
  const key = keys.challenge(hash("sha256", challenge ?? ""));
  const item = await ctx.store.get(key);
  if (challenge === undefined || !item) return undefined;
  try {
    await ctx.store.transact([{ delete: key, if: { present: true } }]);
  } catch (error) {
    if (error instanceof ConditionFailed) return undefined;
    throw error;
  }
  const { purpose, person, site, until } = stored.parse(item);
  const good = purpose === about.purpose && site === about.site && person === about.person;
  return good && until > ctx.now().getTime() ? challenge : undefined;
}

function challengeIn(clientDataJSON: string): string | undefined {
  try {
    const data: unknown = JSON.parse(Buffer.from(clientDataJSON, "base64url").toString());
    return z.object({ challenge: z.string().max(200) }).safeParse(data).data?.challenge;
  } catch {
    return undefined;
  }
}
