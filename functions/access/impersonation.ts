// Impersonation: a session of an account's member acts for a while in a tenant below, as one of its members would see it. It may what both roles may; the audit
// tells when it began and ended. Its end is written when it begins, at the time at which it ends by itself, and moves where it ends sooner.
import * as z from "zod/mini";
import { lazy } from "../../core/lazy.ts";
import { accountOwner, idOf, type Owner, tenantOwner } from "../../core/owner.ts";
import { auditOperation, type Via } from "../audit/record.ts";
import type { Context } from "../context.ts";
import type { Actor } from "../document/change.ts";
import { type Head, isPurged, readHead, readTombstone } from "../document/head.ts";
import { newIdAt } from "../id.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";
import type { Operation, Store } from "../store/store.ts";
import type { Principal } from "./access.ts";
import type { Member } from "./member.ts";
import type { Person } from "./person.ts";
import { roleNames, roles } from "./roles.ts";
import { common, covers } from "./scopes.ts";

export const longestMs = 3_600_000;

/** As a session has it. */
export const impersonation = lazy(() =>
  z.object({
    id: z.string(),
    tenantId: z.string(),
    /** The tenant's name when it began. */
    place: z.string(),
    role: z.enum(roleNames),
    /** The account's member, as he was then: who is less now is out. */
    by: z.object({ id: z.string(), name: z.string(), role: z.enum(roleNames) }),
    until: z.iso.datetime(),
    /** `req_…` of the audit record that tells the end. */
    ending: z.string(),
  }),
);
export type Impersonation = z.output<ReturnType<typeof impersonation>>;

export const endingAt = (until: Date): string => newIdAt("req", until);

const over = (why: string): Problem =>
  new Problem("impersonation_over", `${why} Leave the company by DELETE /v1/identity/session/impersonation.`);

/** Who the session is now. Throws `impersonation_over` where the time is up, his role is less than it was, or the tenant is no longer below. */
export async function actingIn(
  ctx: Context,
  acting: Impersonation,
  member: Member,
  person: Person,
): Promise<Principal> {
  const { tenantId, role, by, until } = acting;
  if (until <= ctx.now().toISOString()) throw over("The hour in which you looked as the company is over.");
  const now = roles[member.role];
  if (!roles[by.role].every((scope) => covers(now, scope))) throw over("Your own role has been lowered.");
  const owner = tenantOwner(tenantId);
  const head = await readHead(ctx.store, owner);
  const accountId = idOf(member.owner);
  if (!head?.path.includes(accountId)) throw over("The company is no longer below your account.");
  return {
    ...{ id: member.id, name: person.name, owner, scopes: common(now, roles[role]), expiresAt: null, allowedIps: [] },
    // nobody's extension: what is one's own is not looked into
    member: { id: member.id, name: member.name, role, extension: null },
    person: { id: person.id, name: person.name },
    impersonating: { accountId, role },
  };
}

const recordOf = (by: Actor, head: Head, { id }: Impersonation, via: Via | null): Operation =>
  auditOperation(by, { head, target: { kind: "impersonation", id } }, via);

/** The records of its beginning and of its end, which nobody is shown before its time. */
export const beginRecords = (by: Actor, head: Head, acting: Impersonation, via: Via): Operation[] => [
  recordOf(by, head, acting, via),
  recordOf({ ...by, requestId: acting.ending }, head, acting, null),
];

/** What belongs into the transaction in which a session ends or acts as somebody else: the record of the end moves to now, unless it ended by itself. */
export async function endRecords(
  ctx: Context,
  { acting, member }: { acting: Impersonation | null; member: { owner: Owner } | null },
  by: Actor,
  via: Via | null = null,
): Promise<Operation[]> {
  if (!acting || !member || acting.until <= ctx.now().toISOString()) return [];
  const owner = tenantOwner(acting.tenantId);
  const head = await findHead(ctx.store, owner);
  if (!head) return [];
  const { id, name } = acting.by;
  const actor = { ...by, member: { id, name }, impersonating: { accountId: idOf(member.owner), role: acting.role } };
  return [{ delete: keys.audit(owner, `aud_${acting.ending.slice(4)}`) }, recordOf(actor, head, acting, via)];
}

/** Also of a tenant that can be restored; one that was purged has no log any more. */
async function findHead(store: Store, owner: Owner): Promise<Head | undefined> {
  const head = await readTombstone(store, owner);
  return head && !isPurged(head) ? head : undefined;
}

/** Whether what changed may end it: the account's members stand with the account. */
export const touchesActing = ({ impersonating }: Pick<Principal, "impersonating">, pk: string): boolean =>
  impersonating !== undefined && pk === accountOwner(impersonating.accountId);
