// Queries of the table and of the index: order, ranges, cursors, pages.
import { describe, expect, it } from "vitest";
import { allItems, BadCursor, Invalid, type Item, type Page, type Query } from "../../functions/store/store.ts";
import type { Subject } from "./conformance.ts";

/** In byte order of UTF-8; U+FF5E before U+1F418 tells it from the order of UTF-16. */
const ordered = [
  "#",
  "A",
  "R#",
  "R#a#1",
  "R#a#10",
  "R#a#2",
  "R#b",
  "R$",
  "Z",
  "a",
  "z",
  "\u00e4",
  "\ud7ff",
  "\ue000",
  "\uff5e",
  "🐘",
  "🐘a",
  "🐙",
  "\u{10ffff}",
  "\u{10ffff}a",
];

export function queries({ store, pk }: Subject): void {
  const keysOf = (items: Item[]): string[] => items.map(({ sk }) => sk);

  async function filled(keys = ordered): Promise<string> {
    const partition = pk();
    const shuffled = keys.toSorted((a, b) => a.length - b.length || (a < b ? 1 : -1));
    const puts = shuffled.map((sk) => ({ put: { pk: partition, sk, ipk: `I#${partition}`, isk: sk } }));
    await store().transact([...puts, { put: { pk: `${partition}0`, sk: "stranger" } }]);
    return partition;
  }

  describe.each(["query", "queryIndex"] as const)("%s", (verb) => {
    const read = (query: Query) => store()[verb]({ ...query, pk: verb === "query" ? query.pk : `I#${query.pk}` });
    const found = async (query: Query) => keysOf((await read(query)).items);

    it("answers one partition in byte order of the sort keys, and descending", async () => {
      const partition = await filled();
      expect(await read({ pk: partition })).toMatchObject({ next: undefined });
      expect(await found({ pk: partition })).toEqual(ordered);
      expect(await found({ pk: partition, descending: true })).toEqual(ordered.toReversed());
      expect(await read({ pk: `${partition}-nobody` })).toEqual({ items: [], next: undefined });
    });

    it("selects by prefix, from and to", async () => {
      const partition = await filled();
      const at = (query: Omit<Query, "pk">) => found({ pk: partition, ...query });
      expect(await at({ prefix: "R#" })).toEqual(["R#", "R#a#1", "R#a#10", "R#a#2", "R#b"]);
      expect(await at({ prefix: "R#a#1", descending: true })).toEqual(["R#a#10", "R#a#1"]);
      expect(await at({ prefix: "🐘" })).toEqual(["🐘", "🐘a"]);
      expect(await at({ prefix: "\ud7ff" })).toEqual(["\ud7ff"]);
      expect(await at({ prefix: "\u{10ffff}" })).toEqual(["\u{10ffff}", "\u{10ffff}a"]);
      expect(await at({ prefix: "nothing" })).toEqual([]);
      expect(await at({ prefix: "" })).toEqual(ordered);
      expect(await at({ from: "z" })).toEqual(ordered.slice(ordered.indexOf("z")));
      expect(await at({ to: "R#a#1" })).toEqual(["#", "A", "R#", "R#a#1"]);
      expect(await at({ from: "R#a#1", to: "R#a#2" })).toEqual(["R#a#1", "R#a#10", "R#a#2"]);
      expect(await at({ from: "R#a#11", to: "R#aa", descending: true })).toEqual(["R#a#2"]);
      expect(await at({ from: "b", to: "a" })).toEqual([]);
      expect(await at({ from: "", to: "A" })).toEqual(["#", "A"]);
      expect(await at({ to: "" })).toEqual([]);
    });

    it("tells whether anything follows a page", async () => {
      const partition = await filled(["a", "b", "c"]);
      expect(await read({ pk: partition, limit: 3 })).toMatchObject({ next: undefined });
      const page = await read({ pk: partition, limit: 2 });
      expect(keysOf(page.items)).toEqual(["a", "b"]);
      const rest = await read({ pk: partition, limit: 2, after: page.next ?? "" });
      expect(keysOf(rest.items)).toEqual(["c"]);
      expect(rest.next).toBeUndefined();
    });

    it.each([{}, { prefix: "R#" }, { from: "R#a#1" }, { to: "🐘" }, { from: "A", to: "z" }])(
      "continues after a cursor, in both directions, within %j",
      async (range) => {
        const partition = await filled();
        for (const descending of [false, true]) {
          const query = { pk: partition, ...range, descending };
          const paged = await all(read, { ...query, limit: 2 });
          expect(keysOf(paged)).toEqual(await found(query));
        }
      },
    );

    it("continues where a page ended although its last item is gone", async () => {
      const partition = await filled(["a", "b", "c"]);
      const { next = "" } = await read({ pk: partition, limit: 2 });
      await store().transact([{ delete: { pk: partition, sk: "b" } }]);
      expect(await found({ pk: partition, after: next })).toEqual(["c"]);
    });

    it("refuses a cursor that is none of this query", async () => {
      const partition = await filled(["a", "b", "c"]);
      const { next = "" } = await read({ pk: partition, limit: 1, from: "a" });
      const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
      const strange = [
        "",
        "a",
        "%",
        encode(null),
        encode([]),
        encode([1, 2, 3]),
        encode(["a", "b"]),
        encode([""]),
        encode(["\ud800"]),
      ];
      for (const after of strange) await expect(read({ pk: partition, after })).rejects.toThrow(BadCursor);
      for (const range of [{ prefix: "b" }, { from: "b" }, { from: "A", to: "Z" }]) {
        await expect(read({ pk: partition, ...range, after: next })).rejects.toThrow(BadCursor);
      }
    });

    it("refuses a query that makes no sense", async () => {
      const wrong: Query[] = [
        { pk: "a", prefix: "a", from: "a" },
        { pk: "a", prefix: "a", to: "b" },
        ...[0, -1, 1.5, Number.NaN].map((limit) => ({ pk: "a", limit })),
        { pk: "a", prefix: "\ud800" },
        { pk: "a", to: "x".repeat(1025) },
      ];
      for (const query of wrong) await expect(read(query)).rejects.toThrow(Invalid);
    });

    it("cuts a page that reaches 1 MB", async () => {
      const partition = pk();
      const filler = "x".repeat(300_000);
      for (const sk of ["a", "b", "c", "d", "e"]) {
        await store().transact([{ put: { pk: partition, sk, filler, ipk: `I#${partition}`, isk: sk } }]);
      }
      const page = await read({ pk: partition });
      expect(keysOf(page.items)).toEqual(["a", "b", "c", "d"]);
      expect(await found({ pk: partition, after: page.next ?? "" })).toEqual(["e"]);
      expect(await found({ pk: partition, limit: 2 })).toEqual(["a", "b"]);
    });
  });

  describe("the index", () => {
    it("holds whole items that have both of its keys, and only as long as they do", async () => {
      const key = { pk: pk(), sk: "a" };
      const index = { pk: `I#${key.pk}` };
      const steps: [Item, number][] = [
        [{ ...key, ipk: index.pk }, 0],
        [{ ...key, isk: "x" }, 0],
        [{ ...key, ipk: index.pk, isk: "x", more: [1] }, 1],
        [{ ...key, ipk: `${index.pk}#other`, isk: "x" }, 0],
        [{ ...key, ipk: index.pk, isk: "y" }, 1],
        [key, 0],
      ];
      for (const [put, count] of steps) {
        await store().transact([{ put }]);
        expect((await store().queryIndex(index)).items).toEqual(count === 1 ? [put] : []);
      }
      await store().transact([{ put: { ...key, ipk: index.pk, isk: "z" } }]);
      await store().transact([{ delete: key }]);
      expect((await store().queryIndex(index)).items).toEqual([]);
    });

    it("gives every item once, page after page, where index keys are the same", async () => {
      const partition = pk();
      const puts = Array.from({ length: 12 }, (_, n) => ({
        put: { pk: `${partition}#${n % 3}`, sk: `${n}`, ipk: partition, isk: "same" },
      }));
      await store().transact(puts);
      for (const descending of [false, true]) {
        const items = await all(store().queryIndex, { pk: partition, limit: 5, descending });
        expect(keysOf(items).toSorted()).toEqual(puts.map(({ put }) => put.sk).toSorted());
      }
    });
  });
}

async function all(read: (query: Query) => Promise<Page>, query: Query): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of allItems(read, query)) items.push(item);
  return items;
}
