// The second step of a sign-in: whoever has a second factor gets, for his password, no session but a token by which he may show it within ten minutes.
import { hash, randomBytes } from "node:crypto";
import { z } from "zod";
import { findPerson, type Person } from "../access/person.ts";
import type { Context } from "../context.ts";
import * as keys from "../keys.ts";
import { unauthenticated } from "../problem.ts";
import { ConditionFailed, type Operation } from "../store/store.ts";
import { spendingStep } from "./authenticator.ts";
import { type Factors, factorsOf, hasSecond, type Way, waysOf } from "./factor.ts";
import { siteAt } from "./passkey.ts";
import { spendingCode } from "./recovery-code.ts";
import type { Ask } from "./route.ts";
import { noticing } from "./security-notice.ts";
import { type Begun, begin } from "./sign-in.ts";
import { giveBack, placeOf, rules, take } from "./throttle.ts";

const halfMs = 10 * 60_000;

const stored = z.object({
  person: z.string(),
  epoch: z.int(),
  member: z.object({ owner: z.string(), id: z.string() }).nullable(),
  until: z.number(),
});

/** Signed in by half: `token` and one of the ways finish it. */
export type Half = { token: string; ways: Way[] };
export type Admitted = Begun | { half: Half };

/** A session for whoever showed his password, or where he has a second factor the way to one. As `wanted`, or as whom he was last. */
export async function admit(ask: Ask, person: Person, wanted?: { owner: string; id: string }): Promise<Admitted> {
  const { ctx } = ask;
  const factors = await factorsOf(ctx, person.id);
  if (!hasSecond(factors)) return begin(ask, person, { strong: false, wanted });
  const token = randomBytes(32).toString("base64url");
  const until = ctx.now().getTime() + halfMs;
  const member = wanted ? { owner: wanted.owner, id: wanted.id } : null;
  const about = { person: person.id, epoch: person.epoch, member, until, ttl: Math.ceil(until / 1000) };
  await ctx.store.transact([{ put: { ...keys.halfSignIn(hash("sha256", token)), ...about } }]);
  return { half: { token, ways: waysOf(factors, (await siteAt(ctx, ask.host))?.id) } };
}

/** Whose half sign-in it is, and what ends it. Throws `unauthenticated` where it is over. */
export async function halfOf(ctx: Context, token: string) {
  const key = keys.halfSignIn(hash("sha256", token));
  const item = await ctx.store.get(key);
  const over = unauthenticated("The sign-in took too long, or was finished; begin again with your password.");
  if (!item) throw over;
  const { person: id, epoch, member, until } = stored.parse(item);
  const person = await findPerson(ctx.store, id);
  if (!person || person.epoch !== epoch || until <= ctx.now().getTime()) throw over;
  const ended: Operation = { delete: key, if: { equals: { person: id } } };
  return { person, wanted: member ?? undefined, ended, over };
}

/** Finishes a sign-in by a code of the app, or a recovery code. Throws `code_refused`, `unauthenticated`, `rate_limited`. */
export async function secondStep(ask: Ask, token: string, code: string): Promise<Begun> {
  const { person, wanted, ended, over } = await halfOf(ask.ctx, token);
  const spent = await spending(ask, person, code);
  try {
    return await begin(ask, person, { strong: true, wanted }, [ended, ...spent]);
  } catch (error) {
    if (error instanceof ConditionFailed) throw over;
    throw error;
  }
}

/** What spends a code of somebody's, mail about a recovery code included. Each try counts until one was right. Throws `code_refused`, `rate_limited`. */
export async function spending(ask: Ask, person: Person, code: string): Promise<Operation[]> {
  const tries = [
    [rules.codeNear, `${placeOf(ask.from.address)} ${person.id}`],
    [rules.codeOf, person.id],
  ] as const;
  for (const [rule, who] of tries) await take(ask.ctx, rule, who);
  const spent = await spentBy(ask, person, await factorsOf(ask.ctx, person.id), code.replaceAll(/[\s-]/g, ""));
  if (!spent) throw codeRefused();
  for (const [rule, who] of tries) await giveBack(ask.ctx, rule, who);
  return spent;
}

export const codeRefused = () =>
  unauthenticated(
    "This code is not good: it is wrong, too old, or was used before; wait for the app's next one and try that.",
    "code_refused",
  );

async function spentBy(
  ask: Ask,
  person: Person,
  { totp, codes }: Factors,
  code: string,
): Promise<Operation[] | undefined> {
  if (/^\d{6}$/.test(code)) {
    const step = totp && (await spendingStep(ask.ctx, person.id, totp, code));
    return step && [step];
  }
  const spent = codes && spendingCode(person.id, codes, code);
  return spent && [spent, await noticing(ask, person, "recovery-code-used", String(codes.hashes.length - 1))];
}
