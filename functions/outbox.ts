// Work that waits in the store: written in the transaction of what it follows from, found by when it is due, done by whoever takes it first.
import type { Context } from "./context.ts";
import { allItems, ConditionFailed, type Item, type Operation, type Store } from "./store/store.ts";

/** What an item bears that stands in the partition `ipk` of the index until it is due. `name` tells it from others of the same moment. */
export const dueAt = (ipk: string, due: Date, name: string): { ipk: string; isk: string } => ({
  ipk,
  isk: `${due.toISOString()}#${name}`,
});

/** Everything of the index's partition that is due, the longest first. */
export const due = (ctx: Context, ipk: string): AsyncGenerator<Item> =>
  allItems((query) => ctx.store.queryIndex(query), { pk: ipk, to: `${ctx.now().toISOString()}#~` });

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
