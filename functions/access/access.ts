// Who may do what: a principal comes from an API key or a person's session; Access to an owner's things comes only from `enter`, which checks the account tree and the scope.
import { accountOwner, type Owner, tenantOwner } from "../../core/owner.ts";
import { refuseSuspended } from "../accounts/suspended.ts";
import type { Context } from "../context.ts";
import { type Head, isPurged, readHead, readTombstone } from "../document/head.ts";
import { isId } from "../id.ts";
import { notFound, Problem } from "../problem.ts";
import type { Role } from "./roles.ts";
import { allows, eachTouched, type Scope } from "./scopes.ts";

export type Principal = {
  id: string;
  name: string;
  /** The key or member acts on this owner and on everything below it. */
  owner: Owner;
  scopes: Scope[];
  /** Null: never. */
  expiresAt: string | null;
  /** Networks that it may be used from; empty: any. */
  allowedIps: string[];
  /** Of hosts it reaches those of this pool alone. */
  poolId?: string;
  /** Whom the key was made for, or as whom the person acts. */
  member: {
    id: string;
    name: string;
    role: Role;
    /** The id of the extension that he has; it may be gone. */
    extension: string | null;
  } | null;
  /** Who is signed in, where it is no key; the principal's id is the member's then. */
  person?: { id: string; name: string };
  /** He acts in a tenant as somebody of it with this role would, from the account that he is a member of. */
  impersonating?: { accountId: string; role: Role };
};

/** What would outlast an impersonation. */
const lasting: readonly Scope[] = ["api-keys:write", "members:write"];

declare const entered: unique symbol;
/** The right to act on one owner's things; only `enter` makes one, so forgetting the check is a type error. */
export type Access = { owner: Owner; head: Head; principal: Principal; [entered]: true };

/** Throws `forbidden`, with the scope as its member `scope`. What `eachTouched` comes to is known, and asked for, when the body was read. */
export function demand(principal: Principal, scope: Scope): void {
  if (principal.impersonating && lasting.includes(scope))
    throw new Problem("forbidden", "Whoever acts for a company makes no keys or members in it; leave it first.", {
      extra: { scope },
    });
  if (scope === eachTouched || allows(principal.scopes, scope)) return;
  const lacking = principal.person
    ? `which your role here, ${principal.member?.role}, does not have; ask an owner or admin for it.`
    : "which the API key lacks; use a key that has it.";
  throw new Problem("forbidden", `This needs the scope ${scope}, ${lacking}`, { extra: { scope } });
}

/** Whether what the head is of is the principal's own or below it. */
export const inside = (principal: Principal, head: Head): boolean =>
  head.owner === principal.owner || head.path.some((id) => accountOwner(id) === principal.owner);

/** Access to a tenant or account. A stranger's id answers like one that does not exist; a key of somebody suspended may not write. */
export async function enter(
  ctx: Context,
  principal: Principal,
  sort: "tenant" | "account",
  id: string,
  scope: Scope,
): Promise<Access> {
  const owner = sort === "tenant" ? tenantOwner(id) : accountOwner(id);
  const head = isId(sort === "tenant" ? "ten" : "acc", id) ? await readHead(ctx.store, owner) : undefined;
  if (!head || !inside(principal, head)) throw notFound(sort, id.slice(0, 64));
  demand(principal, scope);
  if (scope.endsWith(":write")) await refuseSuspended(ctx, principal, head);
  return { owner, head, principal } as Access;
}

/** The same for one that may be deleted, as long as it can be restored. */
export async function enterDeleted(
  ctx: Context,
  principal: Principal,
  sort: "tenant" | "account",
  id: string,
  scope: Scope,
): Promise<Access> {
  const owner = sort === "tenant" ? tenantOwner(id) : accountOwner(id);
  const head = isId(sort === "tenant" ? "ten" : "acc", id) ? await readTombstone(ctx.store, owner) : undefined;
  if (!head || isPurged(head) || !inside(principal, head)) throw notFound(sort, id.slice(0, 64));
  demand(principal, scope);
  await refuseSuspended(ctx, principal, head);
  return { owner, head, principal } as Access;
}

/** The account that a principal stands in: its own, or its tenant's. */
export const homeAccount = (principal: Principal): string | undefined =>
  principal.owner.startsWith("A#") ? principal.owner.slice(2) : undefined;
