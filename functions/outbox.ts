// Work that waits in the store: written in the transaction of what it follows from, found by when it is due, done by whoever takes it first.
import { hash } from "node:crypto";
import type { Context } from "./context.ts";
import { oldestFirst } from "./store/merge.ts";
import { allItems, ConditionFailed, type Item, type Operation, type Store } from "./store/store.ts";

/**
 * What an item bears that stands in the partition `ipk` of the index until it is due. `name` tells it from others of the same moment. Where more is written
 * than a partition takes (1,000 units a second), it is one of so many `shards`, by its name.
 */
export const dueAt = (ipk: string, due: Date, name: string, shards = 1): { ipk: string; isk: string } => ({
  ipk: shards === 1 ? ipk : `${ipk}#${Number.parseInt(hash("sha256", name).slice(0, 8), 16) % shards}`,
  isk: `${due.toISOString()}#${name}`,
});

/** Everything of the index's partition, and of its `shards`, that is due, the longest first. */
export function due(ctx: Context, ipk: string, shards = 1): AsyncGenerator<Item> {
  const of = (pk: string): AsyncGenerator<Item> =>
    allItems((query) => ctx.store.queryIndex(query), { pk, to: `${ctx.now().toISOString()}#~` });
  // what was written before there were shards stands in the partition itself
  return shards === 1
    ? of(ipk)
    : oldestFirst([ipk, ...Array.from({ length: shards }, (_, n) => `${ipk}#${n}`)].map(of));
}

/** Carries `operation` out if the item still is at `mark`, a counter that moves whenever somebody takes it. False where somebody else has. */
export async function take(
  store: Store,
  operation: { put: Item } | { delete: Item },
  mark: Record<string, number>,
): Promise<boolean> {
  const taken: Operation = { ...operation, if: { equals: mark } };
  try {
    await store.transact([taken]);
    return true;
  } catch (error) {
    if (error instanceof ConditionFailed) return false;
    throw error;
  }
}
