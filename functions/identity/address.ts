// A person's own record: name, language, and his address, which changes when he has shown that he reads mail at the new one.
import { changing, creating, findPerson, type Language, type Person } from "../access/person.ts";
import type { SignedIn } from "../access/session.ts";
import { accountAt } from "../accounts/brand.ts";
import type { Context } from "../context.ts";
import { newId } from "../id.ts";
import * as keys from "../keys.ts";
import { waitingItem } from "../mail/outbox.ts";
import { ConditionFailed } from "../store/store.ts";
import { needMail } from "./recovery.ts";
import type { Ask } from "./route.ts";
import { proven } from "./sign-in.ts";
import { placeOf, rules, take } from "./throttle.ts";
import { redeeming, spent, subjectOf } from "./token.ts";

export async function describe(
  ctx: Context,
  { person }: SignedIn,
  patch: { name?: string | undefined; language?: Language | undefined },
): Promise<Person> {
  const { name = person.name, language = person.language } = patch;
  const after = { ...person, name, language, updatedAt: ctx.now().toISOString() };
  await ctx.store.transact([changing(person, after)]);
  return after;
}

/** Mails a link to the address that he wants. Throws `sign_in_refused` without his password. */
export async function wantAddress(ask: Ask & { signed: SignedIn }, email: string, password: string): Promise<void> {
  const { ctx, from, signed } = ask;
  needMail(ctx);
  await take(ctx, rules.mailFrom, placeOf(from.address));
  await take(ctx, rules.mailTo, email);
  const person = await proven(ask, signed.person.email, password);
  const owner = await accountAt(ctx, ask.host);
  const about = { person: person.id, email };
  await ctx.store.transact([
    { put: waitingItem({ owner, task: "proof-of-address", id: newId("mail"), about }, ctx.now()) },
  ]);
}

/** The address is his from now on, unless somebody has it meanwhile. Throws `link_spent`. */
export async function verify({ ctx, from }: Ask, token: string): Promise<void> {
  await take(ctx, rules.linkFrom, placeOf(from.address));
  const person = await findPerson(ctx.store, subjectOf(token)[0] ?? "");
  if (!person) throw spent();
  const { item, spending } = await redeeming(ctx, keys.personToken(person.id, "address"), token);
  const after = { ...person, email: String(item.email), updatedAt: ctx.now().toISOString() };
  const [, claim] = creating(after);
  const moved = after.email !== person.email;
  try {
    await ctx.store.transact([
      ...[spending, changing(person, after)],
      ...(moved && claim ? [claim, { delete: keys.global(null, "email", person.email) }] : []),
    ]);
  } catch (error) {
    if (error instanceof ConditionFailed) throw spent();
    throw error;
  }
}
