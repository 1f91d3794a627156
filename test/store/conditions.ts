// Conditions, and that a transaction is all or nothing.
import { beforeEach, describe, expect, it } from "vitest";
import { type Condition, ConditionFailed, type Key, type Operation } from "../../functions/store/store.ts";
import type { Subject } from "./conformance.ts";

const holdsOf: [string, Condition][] = [
  ["present", { present: true }],
  ["equal text", { equals: { text: "ä" } }],
  ["equal empty text", { equals: { empty: "" } }],
  ["equal number", { equals: { number: 1.5 } }],
  ["equal boolean", { equals: { boolean: false } }],
  ["several equal", { equals: { text: "ä", number: 1.5, boolean: false } }],
  ["equal sort key", { equals: { sk: "there" } }],
  ["below", { below: { number: 1.6 } }],
  ["below with the attribute absent", { below: { unknown: 0 } }],
  ["below with an attribute of every object", { below: { constructor: 0 } }],
  ["a name with a dot and a reserved word", { equals: { "a.b": 1, size: 2 } }],
  ["all parts together", { present: true, equals: { text: "ä" }, below: { number: 2, unknown: 1 } }],
  ["no part", {}],
];
const failsOf: [string, Condition][] = [
  ["absent", { absent: true }],
  ["another text", { equals: { text: "a" } }],
  ["another number", { equals: { number: 1.500001 } }],
  ["a number where text is", { equals: { digits: 5 } }],
  ["text where a number is", { equals: { number: "1.5" } }],
  ["an absent attribute", { equals: { unknown: 1 } }],
  ["an attribute of every object", { equals: { constructor: 1 } }],
  ["below with the same number", { below: { number: 1.5 } }],
  ["below with text", { below: { digits: 9 } }],
  ["below with null", { below: { nothing: 9 } }],
  ["one part of several", { present: true, equals: { text: "ä" }, below: { number: 1 } }],
  ["contradicting parts", { present: true, absent: true }],
];
const holdsOfNothing: [string, Condition][] = [
  ["absent", { absent: true }],
  ["below", { below: { number: 1 } }],
  ["absent and below", { absent: true, below: { number: 1 } }],
];
const failsOfNothing: [string, Condition][] = [
  ["present", { present: true }],
  ["equals", { equals: { text: "ä" } }],
  ["absent and equals", { absent: true, equals: { text: "ä" } }],
];

export function conditions({ store, pk }: Subject): void {
  describe("conditions", () => {
    let there: Key;
    let nothing: Key;
    beforeEach(async () => {
      const partition = pk();
      there = { pk: partition, sk: "there" };
      nothing = { pk: partition, sk: "nothing" };
      const rest = { text: "ä", empty: "", number: 1.5, boolean: false, digits: "5", nothing: null, "a.b": 1, size: 2 };
      await store().transact([{ put: { ...there, ...rest } }]);
    });
    const outcome = (operations: Operation[]) =>
      store()
        .transact(operations)
        .then(
          () => "done",
          (error: unknown) => error,
        );
    /** Put, delete and check, one after the other, and whether each was done. */
    const each = async (key: Key, condition: Condition) => {
      const empty = Object.keys(condition).length === 0;
      const checked = empty ? "done" : await outcome([{ check: key, if: condition }]);
      const put = await outcome([{ put: { ...key, replaced: true }, if: condition }]);
      const before = await store().get(key);
      return { checked, put, replaced: before?.replaced === true };
    };
    const failed = new ConditionFailed([0]);

    it.each(holdsOf)("hold of an item: %s", async (_, condition) => {
      expect(await each(there, condition)).toEqual({ checked: "done", put: "done", replaced: true });
    });
    it.each(failsOf)("fail of an item: %s", async (_, condition) => {
      expect(await each(there, condition)).toEqual({ checked: failed, put: failed, replaced: false });
      expect(await outcome([{ delete: there, if: condition }])).toEqual(failed);
      expect(await store().get(there)).toMatchObject({ text: "ä" });
    });
    it.each(holdsOfNothing)("hold where no item is: %s", async (_, condition) => {
      expect(await outcome([{ delete: nothing, if: condition }])).toBe("done");
      expect(await each(nothing, condition)).toEqual({ checked: "done", put: "done", replaced: true });
    });
    it.each(failsOfNothing)("fail where no item is: %s", async (_, condition) => {
      expect(await each(nothing, condition)).toEqual({ checked: failed, put: failed, replaced: false });
    });
    it("delete only the item of which they hold", async () => {
      expect(await outcome([{ delete: there, if: { equals: { number: 1.5 } } }])).toBe("done");
      expect(await store().get(there)).toBeUndefined();
    });

    it("name every operation that failed, and none of its fellows is done", async () => {
      const added = { pk: there.pk, sk: "added" };
      const error = await outcome([
        { put: added },
        { put: { ...nothing, n: 1 }, if: { present: true } },
        { check: { pk: there.pk, sk: "other" }, if: { absent: true } },
        { delete: there, if: { absent: true } },
      ]);
      expect(error).toBeInstanceOf(ConditionFailed);
      expect(error).toHaveProperty("failed", [1, 3]);
      const { items } = await store().query({ pk: there.pk });
      expect(items.map(({ sk }) => sk)).toEqual(["there"]);
    });

    it("look at the items as they were before the transaction, and all its parts are done", async () => {
      await store().transact([
        { put: { ...nothing, n: 1 }, if: { absent: true } },
        { delete: there, if: { present: true } },
        { check: { pk: there.pk, sk: "third" }, if: { absent: true } },
        { put: { pk: `${there.pk}#other`, sk: "a" } },
      ]);
      const { items } = await store().query({ pk: there.pk });
      expect(items).toEqual([{ ...nothing, n: 1 }]);
      expect(await store().get({ pk: `${there.pk}#other`, sk: "a" })).toBeDefined();
    });
  });
}
