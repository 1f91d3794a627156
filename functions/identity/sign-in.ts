// Signing in with address and password, and what a session is told about itself.

import { endRecords } from "../access/impersonation.ts";
import { membership } from "../access/member.ts";
import type { Person } from "../access/person.ts";
import { personByEmail } from "../access/person.ts";
import { beginning, ending, rotating, type SignedIn } from "../access/session.ts";
import { ssoFor } from "../accounts/sso.ts";
import type { Context } from "../context.ts";
import { Problem, unauthenticated } from "../problem.ts";
import type { Operation } from "../store/store.ts";
import { type Membership, membershipsOf } from "./membership.ts";
import { isRight } from "./password.ts";
import { type Ask, actorOf } from "./route.ts";
import { giveBack, placeOf, rules, take } from "./throttle.ts";

export type Begun = SignedIn & { token: string; memberships: Membership[] };

/**
 * The person with that address and password. Each try counts, until it was right. Throws `sign_in_refused`, the same for an address that nobody has and for
 * a wrong password, `rate_limited`, and `sso_required` for any address of a domain that signs in so alone.
 */
export async function proven({ ctx, from }: Ask, email: string, password: string): Promise<Person> {
  await refuseBesideSso(ctx, email);
  const place = placeOf(from.address);
  const tries = [
    [rules.signInFrom, place],
    [rules.signInNear, `${place} ${email}`],
    [rules.signInOf, email],
  ] as const;
  for (const [rule, who] of tries) await take(ctx, rule, who);
  const person = await personByEmail(ctx.store, email);
  if (!(await isRight(password, person?.password ?? null)) || !person)
    throw unauthenticated(
      "Address and password do not go together; check both, or choose a new password.",
      "sign_in_refused",
    );
  for (const [rule, who] of tries) await giveBack(ctx, rule, who);
  return person;
}

/** Throws `sso_required` where an account wants who has such an address to sign in by its provider alone. */
export async function refuseBesideSso(ctx: Context, email: string): Promise<void> {
  if ((await ssoFor(ctx, email))?.required)
    throw new Problem(
      "sso_required",
      "Addresses of your company sign in by single sign-on; choose that on the sign-in page.",
    );
}

/** `strong`: he showed a second factor. `provenAt`: when he showed that it is he, if not now. `sso`: the account by whose word he comes. As `wanted`, or as whom he was last. */
export type Beginning = {
  strong: boolean;
  provenAt?: string | null;
  sso?: string | null;
  wanted?: { owner: string; id: string } | undefined;
};

/** A new session in the place of the one that came along. */
export async function begin(
  ask: Pick<Ask, "ctx" | "from" | "signed" | "requestId">,
  person: Person,
  { strong, provenAt, sso = null, wanted }: Beginning,
  also: Operation[] = [],
): Promise<Begun> {
  const { ctx, from, signed } = ask;
  const before = await membershipsOf(ctx, person.id, sso);
  const chosen = before.find(({ member }) => member.id === wanted?.id) ?? before[0];
  const member = chosen ? { owner: chosen.member.owner, id: chosen.member.id } : null;
  const { token, session, operations } = beginning(person, { ...from, member, strong, provenAt, sso }, ctx.now());
  await ctx.store.transact([...operations, ...(signed ? await endingOf(ask, signed) : []), ...also]);
  return { token, session, person, memberships: before };
}

type Asked = Pick<Ask, "ctx" | "from" | "requestId">;

const endingOf = async (ask: Asked, { session, person }: SignedIn): Promise<Operation[]> => [
  ...ending(session),
  ...(await endRecords(ask.ctx, session, actorOf(ask, person))),
];

/** One of his sessions is over. */
export async function signOut(ask: Asked, signed: SignedIn): Promise<void> {
  await ask.ctx.store.transact(await endingOf(ask, signed));
}

/** The session acts as that member from now on, under another token. Throws `not_found`. */
export async function switchTo(ask: Asked, { session, person }: SignedIn, memberId: string): Promise<Begun> {
  const { ctx } = ask;
  const memberships = await membershipsOf(ctx, person.id, session.sso);
  const chosen = memberships.find(({ member }) => member.id === memberId)?.member;
  if (!chosen) throw new Problem("not_found", "You are no such member; choose one of your places.");
  const rotated = rotating(session, { member: { owner: chosen.owner, id: chosen.id }, acting: null });
  const records = await endRecords(ctx, session, actorOf(ask, person));
  await ctx.store.transact([...rotated.operations, ...records, membership(chosen, person.id, ctx.now())]);
  return { ...rotated, person, memberships };
}
