// Who stands below an account: the accounts, and their tenants, in an order that writes don't disturb. Each account comes before those below it, siblings
// in the order of their ids; so a place in the walk is an id, and what is made between two pages can neither double nor hide what was there.
import { accountOwner, type Owner } from "../../core/owner.ts";
import { readTombstone } from "../document/head.ts";
import { isId } from "../id.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";
import { allItems, type Store } from "../store/store.ts";

/** Ids that one read asks for: a walk that stops early has not read all of a large account. */
const chunk = 100;

/** Where a walk stands: at an account, none of whose tenants was given yet, or at one of its tenants. */
export type Place = { account: string; tenant?: string };

/**
 * The ids of an account and of all accounts below it, from after the account `after`. One read per account and hundred below it.
 * Throws `bad_cursor` where `after` is none of them.
 */
export async function* accountsBelow(store: Store, top: string, after?: string): AsyncGenerator<string> {
  if (after === undefined) yield top;
  yield* within(store, top, after === undefined ? [] : await lineTo(store, top, after));
}

/** `passed`: the accounts from below `account` down to the last that was given. */
async function* within(store: Store, account: string, passed: string[]): AsyncGenerator<string> {
  const [last, ...deeper] = passed;
  if (last !== undefined) yield* within(store, last, deeper);
  for await (const id of childrenOf(store, accountOwner(account), "ACCOUNT", last)) {
    yield id;
    yield* within(store, id, []);
  }
}

/** The accounts from below `top` down to `id`, which may be deleted by now. Throws `bad_cursor` where it is not below it. */
export async function lineTo(store: Store, top: string, id: string): Promise<string[]> {
  if (id === top) return [];
  const head = isId("acc", id) ? await readTombstone(store, accountOwner(id)) : undefined;
  const at = head ? head.path.indexOf(top) : -1;
  if (!head || at < 0)
    throw new Problem("bad_cursor", "Send `after` as it stood in `next`, or leave it out to begin again.");
  return [id, ...head.path.slice(0, at)].reverse();
}

/** The same from the top with the accounts that were deleted, as long as they can be restored. One read more per account. */
export async function* accountsEverBelow(store: Store, account: string): AsyncGenerator<string> {
  yield account;
  for (const what of ["ACCOUNT", keys.deleted("ACCOUNT")])
    for await (const id of childrenOf(store, accountOwner(account), what)) yield* accountsEverBelow(store, id);
}

/** Ids of what an account holds: `TENANT`, `ACCOUNT`, `EDGE` …, in their order, from after `after`. */
export async function* childrenOf(store: Store, owner: Owner, what: string, after?: string): AsyncGenerator<string> {
  const prefix = keys.children(what);
  const from = after === undefined ? prefix : `${keys.child(owner, what, after).sk}\u0001`;
  for await (const item of allItems((query) => store.query(query), {
    pk: owner,
    from,
    to: `${prefix}\u{10FFFF}`,
    limit: chunk,
  }))
    yield String(item.id);
}

/**
 * Every account from `top` down, each followed by its own tenants, from after the place `after`. An account is given even where it has no tenant, so that
 * whoever fills a page can stop there. A tenant that moves during the walk is met where it stands when the walk comes by.
 */
export async function* placesBelow(store: Store, top: string, after?: Place): AsyncGenerator<Place> {
  const passed = after && (await lineTo(store, top, after.account));
  if (after) yield* tenantsOf(store, after.account, after.tenant);
  else yield* entering(store, top);
  for await (const account of within(store, top, passed ?? [])) yield* entering(store, account);
}

async function* entering(store: Store, account: string): AsyncGenerator<Place> {
  yield { account };
  yield* tenantsOf(store, account);
}

async function* tenantsOf(store: Store, account: string, after?: string): AsyncGenerator<Place> {
  for await (const tenant of childrenOf(store, accountOwner(account), "TENANT", after)) yield { account, tenant };
}
