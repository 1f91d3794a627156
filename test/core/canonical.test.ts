// Canonical JSON: one text for one value, and nothing lost.
import fc from "fast-check";
import { expect, test } from "vitest";
import { canonical } from "../../core/canonical.ts";

const json = fc.jsonValue({ stringUnit: "grapheme", depthSize: "medium" });

/** The same value with its keys put in the other way round, at every level. */
function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, shuffled(member)]),
  );
}

test("is JSON that says the same", () => {
  fc.assert(
    fc.property(json, (value) => void expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)))),
  );
});

test("is the same text whatever the order of the keys, and for what was read back", () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(canonical(shuffled(value))).toBe(canonical(value));
      expect(canonical(JSON.parse(canonical(value)))).toBe(canonical(value));
    }),
  );
});

test("is another text for another value", () => {
  fc.assert(
    fc.property(json, json, (a, b) => {
      const same = JSON.stringify(shuffled(shuffled(a))) === JSON.stringify(b);
      if (same) expect(canonical(a)).toBe(canonical(b));
      else if (canonical(a) === canonical(b))
        expect(JSON.parse(JSON.stringify(a))).toEqual(JSON.parse(JSON.stringify(b)));
    }),
  );
});

test("leaves out what is undefined, sorts by code units, and writes no white space", () => {
  expect(canonical({ b: 1, a: [1, undefined, { z: undefined, y: null }], "": 0, B: -0 })).toBe(
    '{"":0,"B":0,"a":[1,null,{"y":null}],"b":1}',
  );
  expect(canonical({ "\u{1F600}": 1, "\uFB33": 2, é: 3, "1": 4 })).toBe('{"1":4,"é":3,"\u{1F600}":1,"\uFB33":2}');
  expect(canonical('a"\\\u0001\u2028')).toBe('"a\\"\\\\\\u0001\u2028"');
});
