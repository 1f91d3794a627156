// Values that are unique in the whole installation, a sandbox in itself (a domain, a phone number): who holds one, how it is taken, and where it goes back to. A phone number
// that stands free in the document of an account is inventory: tenants and accounts below take it from there, and what they give up goes back.
import { accountOwner, idOf, isTenant, type Owner } from "../../core/owner.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";
import { type Condition, ConditionFailed, type Item, type Operation, type Store } from "../store/store.ts";
import type { GlobalClaim } from "./claims.ts";
import { type Head, isPurged, readTombstone } from "./head.ts";

/** `from`: the inventories that it was taken out of, the nearest first. */
export type Held = { owner: Owner; from: Owner[] };

const heldOf = (claim: Item): Held => ({
  owner: claim.owner as Owner,
  from: String(claim.from ?? "")
    .split(",")
    .filter(Boolean) as Owner[],
});

/** Where values are unique: live, null, or in a sandbox. */
type Realm = Head["sandbox"];

/** Who holds each value now; a deleted document may be among them. */
export async function heldMany(
  store: Store,
  realm: Realm,
  what: string,
  values: string[],
): Promise<(Held | undefined)[]> {
  const claims = await store.getMany(values.map((value) => keys.global(realm, what, value)));
  return claims.map((claim) => claim && heldOf(claim));
}

/** The document that holds the value, also while it is deleted and can be restored. A purged one holds nothing: a claim of its that still stands goes back or away. */
export async function globalHolder(
  store: Store,
  realm: Realm,
  what: string,
  value: string,
): Promise<Owner | undefined> {
  return (await living(store, realm, what, value))?.owner as Owner | undefined;
}

async function living(store: Store, realm: Realm, what: string, value: string): Promise<Item | undefined> {
  for (;;) {
    const claim = await store.get(keys.global(realm, what, value));
    if (!claim) return undefined;
    const head = await readTombstone(store, claim.owner as Owner);
    if (!head || !isPurged(head)) return claim;
    await store.transact([await back(store, claim)]).catch((error) => {
      if (!(error instanceof ConditionFailed)) throw error;
    });
  }
}

/** Nobody has touched the claim since it was read. */
const unmoved = (claim: Item) => ({
  equals: { owner: String(claim.owner), ...(claim.from !== undefined && { from: String(claim.from) }) },
});

/** Gives the value to the inventory that it came from, the nearest one that is still there; else it is free. */
export async function back(store: Store, claim: Item): Promise<Operation> {
  const { from } = heldOf(claim);
  for (const [index, owner] of from.entries()) {
    const head = await readTombstone(store, owner);
    if (head && !isPurged(head))
      return {
        put: claimItem(claim, claim.kind as string, { owner, from: from.slice(index + 1) }),
        if: unmoved(claim),
      };
  }
  return { delete: { pk: claim.pk, sk: claim.sk }, if: unmoved(claim) };
}

/** The claim, on condition that nobody came between. */
export type Taking = { put: Item; if: Condition };

const claimItem = ({ pk, sk }: Item | ReturnType<typeof keys.global>, kind: string, { owner, from }: Held): Item => ({
  ...{ pk, sk, owner, kind },
  ...(from.length > 0 && { from: from.join(",") }),
});

/**
 * What takes a value for the document: one that is free (unless `fromInventory`), or a phone number in an inventory above it. `known`: somebody was seen
 * to hold it. Throws `taken`.
 */
export async function take(
  store: Store,
  head: Head,
  { what, value, kind, pointer }: GlobalClaim,
  fromInventory: boolean,
  known: boolean,
): Promise<Taking> {
  const key = keys.global(head.sandbox, what, value);
  const taken = new Problem("taken", `The ${what} ${value} is taken; choose another.`, {
    errors: [{ pointer, detail: "is taken" }],
    extra: { [what]: value },
  });
  const claim = known ? await living(store, head.sandbox, what, value) : undefined;
  if (!claim && fromInventory) throw taken;
  if (!claim) return { put: claimItem(key, kind, { owner: head.owner, from: [] }), if: { absent: true } };
  const held = heldOf(claim);
  if (held.owner === head.owner) return { put: claim, if: unmoved(claim) };
  if (!(await readTombstone(store, held.owner)))
    throw new Problem("busy", `Something with the ${what} ${value} is just being made; try again in some seconds.`, {
      errors: [{ pointer, detail: "is perhaps taken" }],
      headers: { "Retry-After": "5" },
    });
  if (what === "number" && !isTenant(held.owner) && head.path.includes(idOf(held.owner)))
    return { put: claimItem(key, kind, { owner: head.owner, from: [held.owner, ...held.from] }), if: unmoved(claim) };
  throw taken;
}

/** What gives up a value that the document holds. Throws `in_use` where it is in the hands of somebody below. */
export async function give(
  store: Store,
  { owner, sandbox }: Pick<Head, "owner" | "sandbox">,
  what: string,
  value: string,
): Promise<Operation[]> {
  const claim = await living(store, sandbox, what, value);
  if (!claim) return [];
  const held = heldOf(claim);
  if (held.owner === owner) return [await back(store, claim)];
  if (!held.from.includes(owner)) return [];
  const holder = idOf(held.owner);
  throw new Problem("in_use", `The ${what} ${value} is assigned to ${holder}; release it there first.`, {
    extra: { users: [{ id: holder }] },
  });
}

/** Those of the numbers that came out of the inventory of an account that is not in `path`. */
export async function leftBehind(store: Store, realm: Realm, numbers: string[], path: string[]): Promise<string[]> {
  const held = await heldMany(store, realm, "number", numbers);
  const outside = ({ from }: Held): boolean => from.some((owner) => !path.map(accountOwner).includes(owner));
  return numbers.filter((_, index) => {
    const one = held[index];
    return one !== undefined && outside(one);
  });
}
