// Looking at a company below as one of its members would: "Open as this company". What holds of such a session is in access/impersonation.ts.
import { z } from "zod";
import { pick } from "zod/mini";
import { idOf, isTenant } from "../../core/owner.ts";
import { enter, type Principal } from "../access/access.ts";
import {
  beginRecords,
  endingAt,
  endRecords,
  type Impersonation,
  impersonation,
  longestMs,
} from "../access/impersonation.ts";
import { findMember } from "../access/member.ts";
import { roleNames, roles } from "../access/roles.ts";
import { rotating, type SignedIn } from "../access/session.ts";
import { signInRules } from "../access/sign-in-rules.ts";
import { parse } from "../api/body.ts";
import type { Described } from "../api/route.ts";
import { fromItem } from "../document/view.ts";
import { newId } from "../id.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";
import { membershipsOf } from "./membership.ts";
import { type Ask, actorOf, bySession, type IdentityRoute, type Reply } from "./route.ts";
import type { Begun } from "./sign-in.ts";

type Signed = Ask & { signed: SignedIn };

const path = "/v1/identity/session/impersonation";
const wanted = z.strictObject({
  tenantId: z.string(),
  role: z.enum(roleNames).optional().describe("As whom of the company; its owner without it"),
});
export const shownImpersonation = pick(impersonation(), { tenantId: true, place: true, role: true, until: true });

/** Throws `conflict` where he does so already, `forbidden` for who is no account's member, `not_found` for a tenant that is not below it. */
async function impersonate(ask: Signed, { tenantId, role = "owner" }: z.output<typeof wanted>): Promise<Begun> {
  const { ctx, signed } = ask;
  const { session, person } = signed;
  if (session.acting) throw new Problem("conflict", `You act for ${session.acting.place} already; leave it first.`);
  const at = session.member;
  const member = at && (await findMember(ctx.store, at.owner, at.id));
  if (!member || member.personId !== person.id || isTenant(member.owner))
    throw new Problem("forbidden", "Only a member of an account opens the companies below it; choose such a place.");
  const self: Principal = {
    ...{ id: member.id, name: person.name, owner: member.owner, scopes: [...roles[member.role]] },
    ...{ expiresAt: null, allowedIps: [], member, person },
  };
  const { head, owner } = await enter(ctx, self, "tenant", tenantId, "tenants:read");
  const rules = await Promise.all([signInRules(ctx.store, member.owner), signInRules(ctx.store, owner)]);
  if (!session.strong && rules.some(({ secondFactor }) => secondFactor))
    throw new Problem(
      "second_factor_needed",
      "Members there need a second factor; set one up on your page “Security”.",
    );
  const item = await ctx.store.get(keys.resource(owner, "tenant", idOf(owner)));
  const until = new Date(ctx.now().getTime() + longestMs);
  const acting: Impersonation = {
    ...{ id: newId("imp"), tenantId, place: item ? String(fromItem(item).body.name) : "", role },
    ...{
      by: { id: member.id, name: member.name, role: member.role },
      until: until.toISOString(),
      ending: endingAt(until),
    },
  };
  const by = {
    ...actorOf(ask, person),
    member: { id: member.id, name: member.name },
    impersonating: { accountId: idOf(member.owner), role },
  };
  const { token, session: next, operations } = rotating(session, { acting });
  const via = { method: "post", route: path, path, status: 200 };
  await ctx.store.transact([...operations, ...beginRecords(by, head, acting, via)]);
  return { token, session: next, person, memberships: await membershipsOf(ctx, person.id, session.sso) };
}

async function leave(ask: Signed): Promise<Begun> {
  const { ctx, signed } = ask;
  const { person } = signed;
  const memberships = await membershipsOf(ctx, person.id, signed.session.sso);
  const { token, session, operations } = rotating(signed.session, { acting: null });
  const via = { method: "delete", route: path, path, status: 200 };
  const records = await endRecords(ctx, signed.session, actorOf(ask, person), via);
  await ctx.store.transact([...operations, ...records]);
  return { token, session, person, memberships };
}

export const impersonationRoutes = (begun: (made: Begun) => Reply, answers: Described["answers"]): IdentityRoute[] => [
  bySession({
    method: "post",
    path,
    tag: "identity",
    summary:
      "Act in a tenant below one's account as a member of it would, for an hour, with no more than one's own rights",
    body: wanted,
    example: { tenantId: "ten_01ARZ3NDEKTSV4RRFFQ69G5FAV", role: "admin" },
    answers,
    async handle(ask) {
      return begun(await impersonate(ask, parse(wanted, ask.body)));
    },
  }),
  bySession({
    method: "delete",
    path,
    tag: "identity",
    summary: "Leave the tenant, and act as oneself again",
    answers,
    async handle(ask) {
      return begun(await leave(ask));
    },
  }),
];
