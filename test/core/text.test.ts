// What a line of text may hold.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { flaw, line } from "../../core/text.ts";

const refused: Record<string, string> = {
  NUL: "\u0000",
  "a line feed": "\n",
  "a carriage return": "\r",
  "a tab": "\t",
  DEL: "\u007f",
  "a C1 control": "\u0085",
  "a line separator": "\u2028",
  "a paragraph separator": "\u2029",
  "a right-to-left override": "\u202e",
  "a pop of it": "\u202c",
  "an isolate": "\u2066",
  "half a pair, high": "\ud800",
  "half a pair, low": "\udc00",
  "a pair the wrong way round": "\udc00\ud800",
  "no character": "\uffff",
};

describe("refuses", () => {
  test.for(Object.entries(refused))("%s, wherever it stands", ([, bad]) => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme-ascii" }), fc.string({ unit: "grapheme-ascii" }), (before, after) => {
        expect(flaw(before + bad + after)).toMatch(/; (send|remove)/);
        expect(line(1000).safeParse(before + bad + after).success).toBe(false);
      }),
    );
  });
});

test("takes every other text as it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (value) => {
      if (Object.values(refused).some((bad) => value.includes(bad)) || flaw(value) !== undefined) return;
      expect(line(10_000).parse(value)).toBe(value);
      expect(JSON.parse(JSON.stringify(value))).toBe(value);
      expect(Buffer.from(value).toString()).toBe(value);
    }),
  );
  for (const value of ["<&\"'>", "مكتب", "👩‍👩‍👧‍👦", "e\u0301", "\u200f", "\u00a0"])
    expect(flaw(value)).toBeUndefined();
});

test("counts code points, from the least to the most", () => {
  expect(line(2).safeParse("").success).toBe(false);
  expect(line(2, 0).safeParse("").success).toBe(true);
  expect(line(2).safeParse("👩x").success).toBe(true);
  expect(line(2).safeParse("👩xy").success).toBe(false);
});
