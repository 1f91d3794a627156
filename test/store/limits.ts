// The limits of DynamoDB, refused with the same class of error everywhere, and nothing is written.
import { describe, expect, it } from "vitest";
import { Invalid, limits, type Operation, TooLarge, type Value } from "../../functions/store/store.ts";
import type { Subject } from "./conformance.ts";

const nested = (levels: number): Value => Array.from({ length: levels }).reduce<Value>((inside) => [inside], 1);
/** What code without types could send. */
const untyped = (value: unknown): Value => value as Value;

export function limitsAreKept({ store, pk }: Subject): void {
  const put = (attributes: Record<string, Value>) => {
    const key = { pk: pk(), sk: "a" };
    return { key, done: store().transact([{ put: { ...key, ...attributes } }]) };
  };

  describe("limits", () => {
    it.each<[string, (bytes: number) => Record<string, Value>]>([
      ["text", (bytes) => ({ x: "ä".repeat(bytes / 2) + "x".repeat(bytes % 2) })],
      ["bytes", (bytes) => ({ x: new Uint8Array(bytes) })],
      ["a name", (bytes) => ({ x: "y".repeat(bytes - 60_000), ["n".repeat(59_999)]: true })],
      ["a list", (bytes) => ({ x: ["y".repeat(bytes - 3 - 1 - 1 - 5), -12345] })],
      ["a map", (bytes) => ({ x: { ä: "y".repeat(bytes - 3 - 1 - 2) } })],
    ])("an item of 400 KB fits and one byte more is refused: %s", async (_, make) => {
      const key = { pk: pk(), sk: "a" };
      const room = limits.itemBytes - (2 + key.pk.length + 2 + 1) - 1;
      await store().transact([{ put: { ...key, ...make(room) } }]);
      await expect(store().transact([{ put: { ...key, ...make(room + 1) } }])).rejects.toThrow(TooLarge);
      expect(await store().get(key)).toMatchObject(make(room));
    });

    it("a transaction of 100 operations fits and 101 are refused", async () => {
      const partition = pk();
      const puts = (count: number) => Array.from({ length: count }, (_, n) => ({ put: { pk: partition, sk: `${n}` } }));
      await expect(store().transact(puts(101))).rejects.toThrow(TooLarge);
      expect((await store().query({ pk: partition })).items).toEqual([]);
      await store().transact(puts(100));
      expect((await store().query({ pk: partition })).items).toHaveLength(100);
    });

    it("a transaction of 4 MB fits and more is refused", async () => {
      const partition = pk();
      const puts = (count: number) =>
        Array.from({ length: count }, (_, n) => ({ put: { pk: partition, sk: `${n}`, x: "y".repeat(399_000) } }));
      await expect(store().transact(puts(11))).rejects.toThrow(TooLarge);
      await store().transact(puts(10));
    });

    it("keys of 2048 and 1024 bytes fit, longer ones are refused", async () => {
      const start = pk();
      const key = { pk: start + "ä".repeat(1024 - start.length) + "x".repeat(start.length), sk: "ä".repeat(512) };
      const index = { ipk: key.pk, isk: key.sk };
      await store().transact([{ put: { ...key, ...index } }]);
      expect(await store().get(key)).toEqual({ ...key, ...index });
      const wrong = [{ pk: `${key.pk}x` }, { sk: `${key.sk}x` }, { ipk: `${key.pk}x` }, { isk: `${key.sk}x` }];
      for (const change of wrong) {
        await expect(store().transact([{ put: { ...key, ...index, ...change } }])).rejects.toThrow(TooLarge);
      }
      await expect(store().get({ ...key, sk: `${key.sk}x` })).rejects.toThrow(TooLarge);
    });

    it("values nested to 32 levels fit, deeper ones are refused", async () => {
      const { key, done } = put({ x: nested(31) });
      await done;
      expect(await store().get(key)).toMatchObject({ x: nested(31) });
      await expect(put({ x: nested(32) }).done).rejects.toThrow(Invalid);
    });

    it.each<[string, Record<string, Value>]>([
      ["not a number", { x: Number.NaN }],
      ["infinity", { x: [Number.NEGATIVE_INFINITY] }],
      ["an integer that a number does not hold exactly", { x: { y: 2 ** 53 } }],
      ["a number too near to zero", { x: -1e-131 }],
      ["half of a surrogate pair", { x: "a\ud800" }],
      ["half of a surrogate pair in a name", { "\udc00": 1 }],
      ["half of a surrogate pair in a key", { sk: "\ud800" }],
      ["an empty key", { pk: "" }],
      ["an empty sort key", { sk: "" }],
      ["an empty index key", { ipk: "" }],
      ["an index key that is no string", { isk: 5 }],
      ["an empty name", { "": 1 }],
      ["an empty name within", { x: { "": 1 } }],
      ["the name __proto__", { x: JSON.parse('{"__proto__":1}') }],
      ["undefined", { x: untyped(undefined) }],
      ["undefined in a list", { x: untyped([undefined]) }],
      ["a big integer", { x: untyped(1n) }],
      ["a date", { x: untyped(new Date()) }],
      ["a function", { x: untyped(() => 1) }],
    ])("refused: %s", async (_, attributes) => {
      const { key, done } = put(attributes);
      await expect(done).rejects.toThrow(Invalid);
      expect(await store().get(key)).toBeUndefined();
    });

    it.each<[string, (pk: string) => Operation[]]>([
      ["no operation", () => []],
      ["an item touched twice", (pk) => [{ put: { pk, sk: "a" } }, { check: { pk, sk: "a" }, if: { absent: true } }]],
      ["a check without a condition", (pk) => [{ check: { pk, sk: "a" }, if: {} }]],
      ["a condition on no number", (pk) => [{ put: { pk, sk: "a" }, if: { below: { n: Number.NaN } } }]],
      ["a condition on ill-formed text", (pk) => [{ put: { pk, sk: "a" }, if: { equals: { n: "\ud800" } } }]],
    ])("refused: a transaction with %s", async (_, operations) => {
      const partition = pk();
      await expect(store().transact(operations(partition))).rejects.toThrow(Invalid);
      expect((await store().query({ pk: partition })).items).toEqual([]);
    });

    it("reading refuses an empty key", async () => {
      await expect(store().get({ pk: "", sk: "a" })).rejects.toThrow(Invalid);
      await expect(store().getMany([{ pk: "a", sk: "" }])).rejects.toThrow(Invalid);
      await expect(store().query({ pk: "" })).rejects.toThrow(Invalid);
    });
  });
}
