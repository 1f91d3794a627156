// Members: the people of an account or a tenant. Each has a role, which bounds what the API keys made for him may, at every request. An account or tenant
// that has an owner keeps one.
import * as z from "zod/mini";
import { lazy } from "../../core/lazy.ts";
import type { Owner } from "../../core/owner.ts";
import type { Context } from "../context.ts";
import { checkVersion } from "../document/version.ts";
import { isId, newId } from "../id.ts";
import * as keys from "../keys.ts";
import { notFound, Problem } from "../problem.ts";
import { ConditionFailed, Conflict, type Item, type Operation, type Store } from "../store/store.ts";
import type { Access, Principal } from "./access.ts";
import { type Role, roleNames, roles } from "./roles.ts";
import { covers } from "./scopes.ts";

const stored = lazy(() =>
  z.object({
    id: z.string(),
    owner: z.pipe(
      z.string(),
      z.transform((value) => value as Owner),
    ),
    email: z.string(),
    name: z.string(),
    role: z.enum(roleNames),
    /** The id of the extension that is his; it may be gone (api/own.ts). Of a tenant's members alone. */
    extension: z._default(z.nullable(z.string()), null),
    /** The person who he is, from when the invitation was accepted. */
    personId: z._default(z.nullable(z.string()), null),
    /** When he was asked last to accept one. */
    invitedAt: z._default(z.nullable(z.string()), null),
    version: z.int(),
    createdAt: z.string(),
    updatedAt: z.string(),
  }),
);
export type Member = z.output<ReturnType<typeof stored>>;
export type Settings = Pick<Member, "email" | "name" | "role"> & { extension?: string | null };

export const keyOf = ({ owner, id }: Pick<Member, "owner" | "id">) => keys.child(owner, "MEMBER", id);
/** One member for one address, in one account or tenant. */
const claimOf = ({ owner, email }: Pick<Member, "owner" | "email">) => keys.child(owner, "EMAIL", email);

export const read = (item: Item): Member => stored().parse(item);

/** First-hand: from the founding of what he is the owner of. */
export const foundingMember = (member: Member): Operation[] => [
  { put: { ...keyOf(member), ...member }, if: { absent: true } },
  { put: { ...claimOf(member), id: member.id }, if: { absent: true } },
  { put: { ...keys.owners(member.owner), ids: [member.id], version: 1 }, if: { absent: true } },
];

export async function findMember(store: Store, owner: Owner, id: string): Promise<Member | undefined> {
  const item = isId("mbr", id) ? await store.get(keyOf({ owner, id })) : undefined;
  return item && read(item);
}

/** Who has the address in that account or tenant. */
export async function memberByEmail(store: Store, owner: Owner, email: string): Promise<Member | undefined> {
  const claim = await store.get(claimOf({ owner, email }));
  return claim && findMember(store, owner, String(claim.id));
}

export async function getMember(ctx: Context, { owner }: Access, id: string): Promise<Member> {
  const found = await findMember(ctx.store, owner, id);
  if (!found) throw notFound("member", id.slice(0, 64));
  return found;
}

/** Throws `forbidden` where the role may something that the principal may not: he gives no such role, and takes none from whoever has it. */
export function refuseWider(principal: Principal, role: Role): void {
  const beyond = roles[role].find((scope) => !covers(principal.scopes, scope));
  if (beyond === undefined) return;
  const detail = `the role ${role} may ${beyond}, which is beyond this key`;
  throw new Problem("forbidden", `Only whoever has all rights of a role gives or takes it: ${detail}.`, {
    errors: [{ pointer: "/role", detail }],
  });
}

/** `also` makes the answer part of the transaction. Throws `forbidden`, `taken`. */
export async function addMember(
  ctx: Context,
  { owner, principal }: Access,
  settings: Settings & { invitedAt?: string },
  also: (member: Member) => Promise<Operation[]>,
): Promise<void> {
  refuseWider(principal, settings.role);
  const now = ctx.now().toISOString();
  const member: Member = {
    ...{ id: newId("mbr"), owner, extension: null, personId: null, invitedAt: null, ...settings },
    ...{ version: 1, createdAt: now, updatedAt: now },
  };
  await commit(ctx, owner, async (owners) => [
    { put: { ...keyOf(member), ...member }, if: { absent: true } },
    await claiming(ctx, member),
    ...owners.with(member.id, member.role === "owner"),
    ...(await also(member)),
  ]);
}

/** Throws `not_found`, `version_mismatch`, `forbidden`, `taken`, `conflict` where nobody would be left as owner. */
export async function changeMember(
  ctx: Context,
  access: Access,
  id: string,
  patch: Partial<Settings & { invitedAt: string }>,
  { ifVersion, also }: { ifVersion: number | undefined; also(after: Member): Promise<Operation[]> },
): Promise<Member> {
  let after: Member | undefined;
  await commit(ctx, access.owner, async (owners) => {
    const before = await getMember(ctx, access, id);
    checkVersion(before, ifVersion);
    refuseWider(access.principal, before.role);
    const moved = patch.email !== undefined && patch.email !== before.email;
    after = { ...before, ...patch, version: before.version + 1, updatedAt: ctx.now().toISOString() };
    // whoever has the new address is to be invited anew
    if (moved) after = { ...after, personId: null, invitedAt: null };
    refuseWider(access.principal, after.role);
    return [
      { put: { ...keyOf(after), ...after }, if: { equals: { version: before.version } } },
      ...(moved ? [{ delete: claimOf(before) }, await claiming(ctx, after), ...parting(before)] : []),
      ...owners.with(id, after.role === "owner"),
      ...(await also(after)),
    ];
  });
  return after as unknown as Member;
}

/** His keys work no more. Throws as a change does. */
export async function removeMember(
  ctx: Context,
  access: Access,
  id: string,
  { ifVersion, also }: { ifVersion: number | undefined; also: Operation[] },
): Promise<void> {
  await commit(ctx, access.owner, async (owners) => {
    const before = await getMember(ctx, access, id);
    checkVersion(before, ifVersion);
    refuseWider(access.principal, before.role);
    return [
      { delete: keyOf(before), if: { equals: { version: before.version } } },
      { delete: claimOf(before) },
      ...parting(before),
      ...owners.with(id, false),
      ...also,
    ];
  });
}

/** He is that person no more, nor can he become one by what was mailed. */
const parting = ({ owner, id, personId }: Member): Operation[] => [
  { delete: keys.memberToken(owner, id, "invitation") },
  ...(personId === null ? [] : [{ delete: keys.personMember(personId, owner, id) }]),
];

/** He is this person from now on, if nobody changed him since he was read. */
export function becoming(before: Member, personId: string, now: Date): { member: Member; operations: Operation[] } {
  const at = now.toISOString();
  const member = { ...before, personId, version: before.version + 1, updatedAt: at };
  const put: Operation = { put: { ...keyOf(member), ...member }, if: { equals: { version: before.version } } };
  return { member, operations: [put, membership(member, personId, now)] };
}

/** That he acted last as this member stands with the person: the latest is chosen when he signs in. */
export const membership = ({ owner, id }: Pick<Member, "owner" | "id">, personId: string, now: Date): Operation => ({
  put: { ...keys.personMember(personId, owner, id), owner, id, usedAt: now.toISOString() },
});

async function claiming(ctx: Context, member: Member): Promise<Operation> {
  const key = claimOf(member);
  if (await ctx.store.get(key))
    throw new Problem("taken", `There is a member with the address ${member.email} here already; change that one.`, {
      errors: [{ pointer: "/email", detail: "is taken" }],
      extra: { email: member.email },
    });
  return { put: { ...key, id: member.id }, if: { absent: true } };
}

type Owners = { with(id: string, isOwner: boolean): Operation[] };

/** Who is an owner stands in one item, which each change of that is made on condition of: of two who remove one another, one stays. */
async function ownersOf(ctx: Context, owner: Owner): Promise<Owners> {
  const key = keys.owners(owner);
  const item = await ctx.store.get(key);
  const [ids, version] = [(item?.ids as string[] | undefined) ?? [], Number(item?.version ?? 0)];
  return {
    with(id, isOwner) {
      if (ids.includes(id) === isOwner) return [];
      const left = isOwner ? [...ids, id] : ids.filter((one) => one !== id);
      if (left.length === 0)
        throw new Problem("conflict", "This is the last owner; make somebody else an owner first.");
      const put = { ...key, ids: left, version: version + 1 };
      return [{ put, if: item ? { equals: { version } } : { absent: true } }];
    },
  };
}

/** Reads, makes and commits until nobody came between. */
async function commit(ctx: Context, owner: Owner, make: (owners: Owners) => Promise<Operation[]>): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const operations = await make(await ownersOf(ctx, owner));
    try {
      return await ctx.store.transact(operations);
    } catch (error) {
      if (!(error instanceof ConditionFailed || error instanceof Conflict) || attempt === 20) throw error;
    }
  }
}
