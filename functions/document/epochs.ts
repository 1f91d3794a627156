// After the table was taken back to an earlier moment: hosts have later revisions and go forward only. In a greater epoch what the table has counts as
// later than all that they have, so that they take it. Written for every document that hosts hold, deleted ones too, at a measured pace.
import { accountOwner, idOf, type Owner } from "../../core/owner.ts";
import { accountsEverBelow, childrenOf } from "../accounts/below.ts";
import * as keys from "../keys.ts";
import { allItems, ConditionFailed, Conflict, type Store } from "../store/store.ts";
import { putHead, readTombstone } from "./head.ts";

/** The tenth of an hour since 2026: two restores are not in the same, and times 10^9 it is an integer that a number holds for centuries. */
export const epochAt = (now: Date): number => Math.floor((now.getTime() - Date.UTC(2026, 0, 1)) / 360_000);

/** `documents`: how many there are; `raised` of them now, `stood` in that epoch or a later one before. */
export type Raised = { documents: number; raised: number; stood: number };

export type Raising = {
  /** Every document is in this one or a later one afterwards. */
  epoch: number;
  /** Counts only. */
  dryRun?: boolean;
  /** At the most. */
  perSecond?: number;
  told?: (so: Raised) => void;
};

/**
 * Brings every document that is on a pool into `epoch`. Begun again with the same, it goes on where it was stopped, as what is there already is not
 * written. Throws where there is no installation.
 */
export async function raiseEpochs(
  store: Store,
  { epoch, dryRun = false, perSecond = 100, told }: Raising,
): Promise<Raised> {
  const so: Raised = { documents: 0, raised: 0, stood: 0 };
  const began = performance.now();
  for await (const owner of placedOwners(store)) {
    so.documents++;
    if (await raise(store, owner, epoch, dryRun)) so.raised++;
    else so.stood++;
    told?.({ ...so });
    const ahead = (so.raised / perSecond) * 1000 - (performance.now() - began);
    if (!dryRun && ahead > 0) await new Promise((resolve) => setTimeout(resolve, ahead));
  }
  return so;
}

/** Whether it was in an earlier one. */
async function raise(store: Store, owner: Owner, epoch: number, dryRun: boolean): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    const head = await readTombstone(store, owner);
    if (!head || head.epoch >= epoch) return false;
    if (dryRun) return true;
    const placed = [];
    for await (const item of allItems((q) => store.query(q), { pk: owner, prefix: keys.placements })) placed.push(item);
    try {
      // what a pool has besides, as that the document left it, stays as it is
      await store.transact([putHead(head, { ...head, epoch }), ...placed.map((item) => ({ put: { ...item, epoch } }))]);
      return true;
    } catch (error) {
      if (!(error instanceof ConditionFailed || error instanceof Conflict) || attempt === 10) throw error;
    }
  }
}

/** Every document that is or was on a pool, once. */
export async function* placedOwners(store: Store): AsyncGenerator<Owner> {
  const seen = new Set<Owner>();
  for await (const pool of poolsOf(store))
    for await (const { owner } of allItems((q) => store.queryIndex(q), { pk: keys.index.pool(pool) })) {
      if (seen.has(owner as Owner)) continue;
      seen.add(owner as Owner);
      yield owner as Owner;
    }
}

/** The ids of all pools, also of those that went with their account and can be restored. Throws where there is no installation. */
export async function* poolsOf(store: Store): AsyncGenerator<string> {
  const operator = await store.get(keys.operator);
  if (!operator) throw new Error("there is no operator: this is not the table of an installation");
  for await (const account of accountsEverBelow(store, idOf(operator.owner as Owner)))
    for (const what of ["POOL", keys.deleted("POOL")]) yield* childrenOf(store, accountOwner(account), what);
}
