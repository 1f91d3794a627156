// After the table was taken back to an earlier moment: what was founded after it, or came to another pool, is on hosts and in no table any more. The table
// that was replaced still knows it, and by it hosts are told to drop it.
import type { Owner } from "../../core/owner.ts";
import * as keys from "../keys.ts";
import { allItems, ConditionFailed, type Item, type Operation, type Store } from "../store/store.ts";
import { poolsOf } from "./epochs.ts";
import { type Head, headItem, readTombstone } from "./head.ts";

export type Lost = { owner: Owner; pool: string };
export type Losing = {
  /** That of the restored documents (epochs.ts): later than all that hosts have. */
  epoch: number;
  now: Date;
  /** Finds only. */
  dryRun?: boolean;
  /** Each that is found. */
  told?: (lost: Lost) => void;
};

/**
 * Writes down in `store` that the documents are deleted which `replaced` has on pools that both know, and `store` has not. Begun again it goes on. Resolves
 * with how many there were, and with the pools that `store` does not know: their hosts are strangers to it, and have to be joined anew.
 */
export async function dropLost(
  store: Store,
  replaced: Store,
  { epoch, now, dryRun = false, told }: Losing,
): Promise<{ lost: number; pools: string[] }> {
  const known = new Set<string>();
  for await (const pool of poolsOf(store)) known.add(pool);
  const so = { lost: 0, pools: [] as string[] };
  for await (const pool of poolsOf(replaced)) {
    if (!known.has(pool)) {
      so.pools.push(pool);
      continue;
    }
    for await (const item of allItems((q) => replaced.queryIndex(q), { pk: keys.index.pool(pool) })) {
      const owner = item.owner as Owner;
      if (item.deleted === true || (await store.get(keys.placement(owner, pool)))) continue;
      so.lost++;
      told?.({ owner, pool });
      if (!dryRun) await drop(store, replaced, { ...item, ...keys.placement(owner, pool) }, epoch, now);
    }
  }
  return so;
}

/** As a purge leaves it: its head, and that it was on the pool. */
async function drop(store: Store, replaced: Store, placed: Item, epoch: number, now: Date): Promise<void> {
  const owner = placed.owner as Owner;
  const operations: Operation[] = [
    { put: { ...placed, epoch, deleted: true, restorable: false }, if: { absent: true } },
  ];
  if (!(await readTombstone(store, owner))) {
    const head = await readTombstone(replaced, owner);
    if (head) operations.push({ put: headItem(tombstone(head, epoch, now)), if: { absent: true } });
  }
  await store.transact(operations).catch((error: unknown) => {
    // another run did it
    if (!(error instanceof ConditionFailed)) throw error;
  });
}

const tombstone = (head: Head, epoch: number, now: Date): Head => ({
  ...{ ...head, epoch, deletedAt: now.toISOString() },
  ...{ purgeAt: null, deletedWith: null, changing: null, counted: [] },
});
