// Invitations: who was added as a member becomes one in person, with an account that he has or makes.
import { accountOwner, idOf, isTenant, type Owner, tenantOwner } from "../../core/owner.ts";
import { becoming, findMember, type Member } from "../access/member.ts";
import { creating, type Language, type Person, personByEmail } from "../access/person.ts";
import { auditOperation } from "../audit/record.ts";
import type { Context } from "../context.ts";
import { type Head, readHead, sortOf } from "../document/head.ts";
import { fromItem } from "../document/view.ts";
import { newId } from "../id.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";
import { ConditionFailed } from "../store/store.ts";
import { keep, refuseWeak } from "./password.ts";
import { type Ask, actorOf } from "./route.ts";
import { type Admitted, admit } from "./second-step.ts";
import { begin, proven } from "./sign-in.ts";
import { placeOf, rules, take } from "./throttle.ts";
import { type Redeemed, redeeming, spent, subjectOf } from "./token.ts";

type Invited = Redeemed & { member: Member; head: Head; person: Person | undefined };

async function invited({ ctx, from }: Ask, token: string): Promise<Invited> {
  await take(ctx, rules.linkFrom, placeOf(from.address));
  const [owner, id] = placeIn(token);
  const [member, head] = await Promise.all([findMember(ctx.store, owner, id), readHead(ctx.store, owner)]);
  if (!member || !head || member.personId !== null) throw spent();
  const redeemed = await redeeming(ctx, keys.memberToken(owner, id, "invitation"), token);
  return { ...redeemed, member, head, person: await personByEmail(ctx.store, member.email) };
}

function placeIn(token: string): [Owner, string] {
  const [place = "", id = ""] = subjectOf(token);
  return [place.startsWith("ten_") ? tenantOwner(place) : accountOwner(place), id];
}

/** What it is about, for who has the link. Throws `link_spent`. */
export async function look(ask: Ask, token: string) {
  const { member, head, person } = await invited(ask, token);
  const { name, email, role } = member;
  return {
    ...{ name, email, role, place: await nameOf(ask.ctx, head) },
    ...{ tenantId: isTenant(head.owner) ? idOf(head.owner) : null },
    known: person !== undefined,
    signedIn: person !== undefined && ask.signed?.person.id === person.id,
  };
}

async function nameOf({ store }: Context, { owner }: Head): Promise<string> {
  const item = await store.get(keys.resource(owner, sortOf(owner), idOf(owner)));
  return item ? String(fromItem(item).body.name) : "";
}

export type Acceptance = { password?: string | undefined; name?: string | undefined; language?: Language | undefined };

/**
 * Who has the address accepts by his session or his password, anybody else chooses one. Begins a session as that member. Throws `link_spent`, `invalid`,
 * `sign_in_refused`.
 */
export async function accept(ask: Ask, token: string, sent: Acceptance): Promise<Admitted> {
  const { ctx, signed } = ask;
  const { member, head, person: known, spending } = await invited(ask, token);
  const here = known !== undefined && signed !== undefined && signed.person.id === known.id;
  if (!here && sent.password === undefined)
    throw new Problem("invalid", "/password: is needed.", { errors: [{ pointer: "/password", detail: "is needed" }] });
  const password = sent.password ?? "";
  if (known && !here) await proven(ask, known.email, password);
  const person = known ?? (await newPerson(ctx, member, await nameOf(ctx, head), { ...sent, password }));
  const { operations } = becoming(member, person.id, ctx.now());
  const actor = { ...actorOf(ask, person), member: { id: member.id, name: member.name } };
  const done = auditOperation(actor, { head, target: { kind: "member", id: member.id } }, accepting);
  try {
    await ctx.store.transact([spending, ...operations, ...(known ? [] : creating(person)), done]);
  } catch (error) {
    // the link was used at the same time, or the address was taken by another
    if (error instanceof ConditionFailed) throw spent();
    throw error;
  }
  if (!here) return admit(ask, person, member);
  const { strong, provenAt, sso } = signed.session;
  return begin(ask, person, { strong, provenAt, sso, wanted: member });
}

const path = "/v1/identity/invitation/accept";
const accepting = { method: "post", route: path, path, status: 200 };

async function newPerson(
  ctx: Context,
  { email, name }: Member,
  place: string,
  sent: Acceptance & { password: string },
): Promise<Person> {
  const shown = sent.name ?? name;
  await refuseWeak(ctx, sent.password, [email, shown, place]);
  const now = ctx.now().toISOString();
  return {
    ...{ id: newId("usr"), email, name: shown, language: sent.language ?? "en", password: await keep(sent.password) },
    ...{ epoch: 1, version: 1, createdAt: now, updatedAt: now },
  };
}
