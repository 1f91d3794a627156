// What holds when many write at once.
import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { ConditionFailed, Conflict, type Store } from "../../functions/store/store.ts";
import type { Subject } from "./conformance.ts";

export function concurrency({ store, pk }: Subject): void {
  describe("many writers", () => {
    it("200 writers that read, add one and try again end with 200", async () => {
      const key = { pk: pk(), sk: "HEAD" };
      await store().transact([{ put: { ...key, n: 0 } }]);
      await Promise.all(Array.from({ length: 200 }, () => addOne(store(), key)));
      expect(await store().get(key)).toMatchObject({ n: 200 });
    }, 60_000);

    it("of 20 claims on one key exactly one is granted", async () => {
      const key = { pk: pk(), sk: "CLAIM" };
      const claims = Array.from({ length: 20 }, (_, by) =>
        store().transact([{ put: { ...key, by }, if: { absent: true } }]),
      );
      const results = await Promise.allSettled(claims);
      const granted = results.flatMap(({ status }, by) => (status === "fulfilled" ? [by] : []));
      expect(granted).toHaveLength(1);
      expect(await store().get(key)).toMatchObject({ by: granted[0] });
    });

    it("a reader of an acknowledged write sees it", async () => {
      const partition = pk();
      const writers = Array.from({ length: 30 }, async (_, n) => {
        const item = { pk: partition, sk: `${n}`, n };
        await store().transact([{ put: item }]);
        expect(await store().get(item)).toEqual(item);
      });
      await Promise.all(writers);
    });
  });
}

async function addOne(store: Store, key: { pk: string; sk: string }): Promise<void> {
  for (let longestMs = 100; ; longestMs = Math.min(longestMs * 2, 1600)) {
    const item = await store.get(key);
    const n = Number(item?.n);
    try {
      return await store.transact([{ put: { ...key, n: n + 1 }, if: { equals: { n } } }]);
    } catch (error) {
      if (!(error instanceof ConditionFailed || error instanceof Conflict)) throw error;
      await setTimeout(Math.random() * longestMs);
    }
  }
}
