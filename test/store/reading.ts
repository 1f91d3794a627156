// What is written is what is read.
import { describe, expect, it } from "vitest";
import type { Item } from "../../functions/store/store.ts";
import type { Subject } from "./conformance.ts";

export function reading({ store, pk }: Subject): void {
  describe("what is written is what is read", () => {
    it("gives back every type of value as it was put", async () => {
      const item: Item = {
        pk: pk(),
        sk: "R#extension#1",
        text: "Ädä 🐘 \u0000 <&>",
        empty: "",
        whole: Number.MAX_SAFE_INTEGER,
        part: 0.1 + 0.2,
        tiny: 1e-7,
        minus: -12.5,
        yes: true,
        no: false,
        nothing: null,
        bytes: new Uint8Array([0, 255, 7]),
        list: [1, "s", "b", [], [null], new Uint8Array([1])],
        map: { "a.b": 1, "#c": "b64", inner: { bytes: new Uint8Array() } },
      };
      await store().transact([{ put: item }]);
      expect(await store().get(item)).toEqual(item);
      expect(await store().getMany([item])).toEqual([item]);
      expect((await store().query({ pk: item.pk })).items).toEqual([item]);
    });

    it("gives back zero for minus zero", async () => {
      const key = { pk: pk(), sk: "a" };
      await store().transact([{ put: { ...key, n: -0, list: [-0] } }]);
      expect(await store().get(key)).toEqual({ ...key, n: 0, list: [0] });
    });

    it("replaces an item as a whole", async () => {
      const key = { pk: pk(), sk: "a" };
      await store().transact([{ put: { ...key, old: 1 } }]);
      await store().transact([{ put: { ...key, fresh: 2 } }]);
      expect(await store().get(key)).toEqual({ ...key, fresh: 2 });
    });

    it("answers undefined for what was never there and for what was deleted", async () => {
      const key = { pk: pk(), sk: "a" };
      expect(await store().get(key)).toBeUndefined();
      await store().transact([{ put: key }]);
      await store().transact([{ delete: key }]);
      expect(await store().get(key)).toBeUndefined();
      await store().transact([{ delete: key }]);
    });

    it("keeps nothing of the caller's objects, and gives each reader an item of its own", async () => {
      const item = { pk: pk(), sk: "a", list: [1] };
      const condition = { equals: { n: 1 } };
      await store().transact([{ put: { ...item, n: 1 } }]);
      const put = store().transact([{ put: item, if: condition }]);
      item.list.push(2);
      condition.equals.n = 2;
      await put;
      Object.assign((await store().get(item)) ?? {}, { list: "spoilt" });
      expect(await store().get(item)).toEqual({ ...item, list: [1] });
    });

    it("answers getMany in the order asked, with gaps and repetitions, beyond what one request takes", async () => {
      const partition = pk();
      const items = Array.from({ length: 230 }, (_, n) => ({ pk: partition, sk: `k${n}`, n }));
      for (let start = 0; start < items.length; start += 100) {
        await store().transact(items.slice(start, start + 100).map((put) => ({ put })));
      }
      const keys = [...items.toReversed(), { pk: partition, sk: "nobody" }, ...items.slice(0, 3)];
      const answers = await store().getMany(keys);
      expect(answers).toEqual([...items.toReversed(), undefined, ...items.slice(0, 3)]);
      expect(await store().getMany([])).toEqual([]);
    });

    it("takes a whole item for a key", async () => {
      const item = { pk: pk(), sk: "a", n: 1 };
      const changed = { ...item, n: 5 };
      await store().transact([{ put: item }]);
      await store().transact([{ check: changed, if: { equals: { n: 1 } } }]);
      expect(await store().get(changed)).toEqual(item);
      await store().transact([{ delete: changed }]);
      expect(await store().getMany([changed])).toEqual([undefined]);
    });

    it("still answers an item past its ttl", async () => {
      const item = { pk: pk(), sk: "a", ttl: Math.floor(Date.now() / 1000) - 60 };
      await store().transact([{ put: item }]);
      expect(await store().get(item)).toEqual(item);
      expect((await store().query({ pk: item.pk })).items).toEqual([item]);
    });
  });
}
