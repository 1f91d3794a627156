// A store whose process dies at one of its transactions.
import type { Operation, Store } from "../../functions/store/store.ts";

export type Death = { at: number; applied: boolean };
/** Dies at the `at`-th transaction, before or after it was applied, and does nothing any more. */
export function mortal(store: Store, { at, applied }: Death): Store & { died: () => boolean } {
  let [count, dead] = [0, false];
  const alive = <A extends unknown[], R>(work: (...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      if (dead) throw new Error("dead");
      return work(...args);
    };
  };
  return {
    ...store,
    get: alive(store.get),
    getMany: alive(store.getMany),
    query: alive(store.query),
    transact: alive(async (operations: Operation[]) => {
      dead = ++count === at;
      if (!dead || applied) await store.transact(operations);
      if (dead) throw new Error("dead");
    }),
    died: () => dead,
  };
}
