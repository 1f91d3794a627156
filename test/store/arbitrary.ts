// Random items, transactions and queries that meet often: few keys, few values, and now and then what a store refuses.
import fc from "fast-check";
import type { Condition, Item, Key, Operation, Query, Value } from "../../functions/store/store.ts";

export type Step =
  | { transact: Operation[] }
  | { get: Key }
  | { getMany: Key[] }
  | { query: Query }
  | { queryIndex: Query };

const sortKeys = ["a", "a#", "a#1", "a#10", "aa", "b", "#", "\u0000", "ä", "\ud7ff", "\uff5e", "🐘", "🐘a"];
const anyKey = fc.constantFrom(...sortKeys);
const partition = fc.constantFrom("T#1", "T#2");
const indexPartition = fc.constantFrom("I#1", "I#2");
const key: fc.Arbitrary<Key> = fc.record({ pk: partition, sk: anyKey });

const number = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.maxSafeInteger(),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  fc.double({ min: 1e-129, max: 1e-100, noNaN: true }),
);
const text = fc.oneof(fc.constantFrom("", "x", "y"), fc.string({ unit: "binary" }));
const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    text,
    number,
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array({ maxLength: 9 }),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("a", "b.c", "#d", ":e", "toString", "ä"), tie("value"), { maxKeys: 3 }),
  ),
}));
/** Near the size of an item or above, and what is no value at all. */
const extreme: fc.Arbitrary<Value> = fc.oneof(
  fc.integer({ min: 409_580, max: 409_600 }).map((bytes) => "x".repeat(bytes)),
  fc.integer({ min: 204_780, max: 204_800 }).map((characters) => "ä".repeat(characters)),
  fc.constant("x".repeat(300_000)),
  fc.constantFrom<Value>(Number.NaN, 2 ** 53, "\ud800", [{ "": 1 }], JSON.parse('{"__proto__":1}')),
);

/** Once in about `n` times, else an empty object. */
function seldom<T>(n: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | Record<string, never>> {
  return fc.oneof({ arbitrary: fc.constant({}), weight: n - 1 }, { arbitrary, weight: 1 });
}

const item: fc.Arbitrary<Item> = fc
  .tuple(
    key,
    fc.record({ n: fc.integer({ min: 0, max: 3 }), s: fc.constantFrom("x", "y", 1) }, { requiredKeys: [] }),
    fc.record({ ipk: indexPartition, isk: anyKey }, { requiredKeys: [] }),
    seldom(
      2,
      value.map((any) => ({ any })),
    ),
    seldom(
      40,
      extreme.map((x) => ({ x })),
    ),
    seldom(80, fc.constantFrom<Record<string, Value>>({ ipk: 1 }, { isk: "" }, { sk: "" })),
  )
  .map((parts) => Object.assign({}, ...parts));

const parts = fc.record(
  {
    absent: fc.constant(true as const),
    present: fc.constant(true as const),
    equals: fc.record({ n: fc.integer({ min: 0, max: 3 }), s: fc.constantFrom("x", "y", 1) }, { requiredKeys: [] }),
    below: fc.record({ n: fc.integer({ min: 0, max: 4 }), s: fc.constant(2) }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);
const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.constant<Condition>({ absent: true }),
  fc.constant<Condition>({ present: true }),
  fc.integer({ min: 0, max: 4 }).map((n) => ({ below: { n } })),
  fc.integer({ min: 0, max: 3 }).map((n) => ({ equals: { n } })),
  parts,
);
const maybe = seldom(
  3,
  condition.map((given) => ({ if: given })),
);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { arbitrary: fc.tuple(item, maybe).map(([put, rest]) => ({ put, ...rest })), weight: 8 },
  { arbitrary: fc.tuple(key, maybe).map(([gone, rest]) => ({ delete: gone, ...rest })), weight: 1 },
  { arbitrary: fc.tuple(key, condition).map(([check, given]) => ({ check, if: given })), weight: 1 },
);

const bound = fc.oneof(anyKey, fc.constantFrom("", "a#0", "ab", "\u{10ffff}"), text);
const range = fc.oneof(
  fc.constant({}),
  fc.record({ prefix: fc.constantFrom("", "a", "a#", "🐘", "\ud7ff", "nobody") }),
  fc.record({ from: bound, to: bound }, { requiredKeys: [] }),
);
const paging = fc.record({ limit: fc.integer({ min: 1, max: 4 }), descending: fc.boolean() }, { requiredKeys: [] });
const query = (pk: fc.Arbitrary<string>): fc.Arbitrary<Query> =>
  fc.tuple(fc.record({ pk }), range, paging).map((parts) => Object.assign({}, ...parts));

const step: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: fc.record({ transact: fc.array(operation, { minLength: 1, maxLength: 4 }) }), weight: 6 },
  { arbitrary: fc.record({ get: key }), weight: 1 },
  { arbitrary: fc.record({ getMany: fc.array(key, { maxLength: 6 }) }), weight: 1 },
  { arbitrary: fc.record({ query: query(partition) }), weight: 3 },
  { arbitrary: fc.record({ queryIndex: query(indexPartition) }), weight: 2 },
);

export const steps = fc.array(step, { minLength: 10, maxLength: 40, size: "max" });
