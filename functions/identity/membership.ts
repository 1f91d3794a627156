// Where a person is a member: the accounts and tenants among which he chooses.
import { idOf, isTenant, type Owner } from "../../core/owner.ts";
import { keyOf, type Member, read } from "../access/member.ts";
import { readRules } from "../access/sign-in-rules.ts";
import type { Context } from "../context.ts";
import { readHead, sortOf } from "../document/head.ts";
import { fromItem } from "../document/view.ts";
import * as keys from "../keys.ts";
import { allItems, type Item } from "../store/store.ts";

/** `place`: the name of the account or tenant; `secondFactor`: whether it wants one of its members. */
export type Membership = {
  member: Member;
  place: string;
  secondFactor: boolean;
  /** The accounts that it is in, itself perhaps, by their ids. */
  within: string[];
  usedAt: string;
};

/**
 * The one that he used last comes first. What is deleted is not among them; what is gone for good is forgotten. `sso`: those alone that are in this
 * account, since he came by its word.
 */
export async function membershipsOf(ctx: Context, personId: string, sso: string | null): Promise<Membership[]> {
  const pointers: Item[] = [];
  const query = { pk: keys.person(personId).pk, prefix: keys.personMembers };
  for await (const item of allItems((q) => ctx.store.query(q), query)) pointers.push(item);
  const found = await Promise.all(pointers.map((pointer) => membershipAt(ctx, personId, pointer)));
  return found
    .filter((one) => one !== undefined)
    .filter(({ within }) => sso === null || within.includes(sso))
    .sort((a, b) => (a.usedAt < b.usedAt ? 1 : a.usedAt > b.usedAt ? -1 : 0));
}

async function membershipAt(ctx: Context, personId: string, pointer: Item): Promise<Membership | undefined> {
  const owner = pointer.owner as Owner;
  const [item, settings, rules] = await ctx.store.getMany([
    keyOf({ owner, id: String(pointer.id) }),
    keys.resource(owner, sortOf(owner), idOf(owner)),
    keys.signInRules(owner),
  ]);
  const member = item && read(item);
  if (member?.personId !== personId) {
    ctx.after(ctx.store.transact([{ delete: { pk: pointer.pk, sk: pointer.sk } }]).catch(() => undefined));
    return undefined;
  }
  const head = settings && (await readHead(ctx.store, owner));
  if (!head) return undefined;
  const { secondFactor } = readRules(rules);
  const within = isTenant(owner) ? head.path : [idOf(owner), ...head.path];
  const place = String(fromItem(settings).body.name);
  return { member, place, secondFactor, within, usedAt: String(pointer.usedAt) };
}

export const presentMembership = ({ member: { id, name, role, owner }, place }: Membership) => ({
  ...{ id, name, role, place },
  accountId: isTenant(owner) ? null : idOf(owner),
  tenantId: isTenant(owner) ? idOf(owner) : null,
});
