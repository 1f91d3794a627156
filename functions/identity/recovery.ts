// A person's password: a new one by mail where it was forgotten, or by the one that is. Either ends all other sessions.
import { changing, findPerson, type Person } from "../access/person.ts";
import { rotating, type SignedIn, sweepSessions } from "../access/session.ts";
import { accountAt } from "../accounts/brand.ts";
import type { Context } from "../context.ts";
import { newId } from "../id.ts";
import * as keys from "../keys.ts";
import { waitingItem } from "../mail/outbox.ts";
import { Problem } from "../problem.ts";
import { ConditionFailed } from "../store/store.ts";
import { keep, refuseWeak } from "./password.ts";
import type { Ask } from "./route.ts";
import { proven } from "./sign-in.ts";
import { placeOf, rules, take } from "./throttle.ts";
import { redeeming, spent, subjectOf } from "./token.ts";

/** Throws `unavailable` where an installation has no way to send mail. */
export function needMail({ sendsMail }: Context): void {
  if (!sendsMail)
    throw new Problem(
      "unavailable",
      "This installation sends no mail; ask whoever runs it to set a sender (MAIL_FROM).",
    );
}

/** Mail to that address if somebody has it; for the caller it is the same in either case. */
export async function forgotten({ ctx, from, host }: Ask, email: string): Promise<void> {
  needMail(ctx);
  await take(ctx, rules.mailFrom, placeOf(from.address));
  await take(ctx, rules.mailTo, email);
  const owner = await accountAt(ctx, host);
  const id = newId("mail");
  await ctx.store.transact([{ put: waitingItem({ owner, task: "password-reset", id, about: { email } }, ctx.now()) }]);
}

/** The password by the token that was mailed. Throws `link_spent`, `invalid`. */
export async function reset({ ctx, from }: Ask, token: string, password: string): Promise<void> {
  await take(ctx, rules.linkFrom, placeOf(from.address));
  const person = await findPerson(ctx.store, subjectOf(token)[0] ?? "");
  if (!person) throw spent();
  const { spending } = await redeeming(ctx, keys.personToken(person.id, "password-reset"), token);
  await refuseWeak(ctx, password, [person.email, person.name]);
  const after = await withPassword(ctx, person, password);
  try {
    await ctx.store.transact([spending, changing(person, after)]);
  } catch (error) {
    if (error instanceof ConditionFailed) throw spent();
    throw error;
  }
  ctx.after(sweepSessions(ctx, after));
}

/** The password by the present one; the session that asks goes on under another token. Throws `sign_in_refused`, `invalid`. */
export async function changePassword(
  ask: Ask & { signed: SignedIn },
  current: string,
  next: string,
): Promise<{ token: string }> {
  const { ctx, signed } = ask;
  const person = await proven(ask, signed.person.email, current);
  await refuseWeak(ctx, next, [person.email, person.name], "/next");
  const after = await withPassword(ctx, person, next);
  const { token, operations } = rotating(signed.session, { epoch: after.epoch });
  await ctx.store.transact([changing(person, after), ...operations]);
  ctx.after(sweepSessions(ctx, after));
  return { token };
}

const withPassword = async (ctx: Context, person: Person, password: string): Promise<Person> => ({
  ...person,
  ...{ password: await keep(password), epoch: person.epoch + 1, updatedAt: ctx.now().toISOString() },
});

/** All sessions but the one that asks end at once; it goes on under another token. */
export async function endOthers(ctx: Context, { session, person }: SignedIn): Promise<{ token: string }> {
  const after = { ...person, epoch: person.epoch + 1, updatedAt: ctx.now().toISOString() };
  const { token, operations } = rotating(session, { epoch: after.epoch });
  await ctx.store.transact([changing(person, after), ...operations]);
  ctx.after(sweepSessions(ctx, after));
  return { token };
}
