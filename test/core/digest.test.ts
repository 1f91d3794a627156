// The digest of a document is a sum: order is of no account, and what was counted in can be taken out.
import fc from "fast-check";
import { expect, test } from "vitest";
import { bucketOf, weighStanding } from "../../core/comparison.ts";
import { empty, shift, weigh } from "../../core/digest.ts";
import { tenantOwner } from "../../core/owner.ts";
import { sha256 } from "../support/reckoning.ts";

const weight = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n });
const digest = fc.array(weight).map((weights) => shift(empty, weights));

test("is 32 hexadecimal digits, whatever is added and removed", () => {
  fc.assert(
    fc.property(
      digest,
      fc.array(weight),
      fc.array(weight),
      (start, add, remove) => void expect(shift(start, add, remove)).toMatch(/^[0-9a-f]{32}$/),
    ),
  );
});

test("does not depend on the order, or on how the writes are grouped", () => {
  fc.assert(
    fc.property(digest, fc.array(weight, { maxLength: 20 }), (start, weights) => {
      const once = shift(start, weights);
      expect(shift(start, [...weights].reverse())).toBe(once);
      expect(weights.reduce((sum, one) => shift(sum, [one]), start)).toBe(once);
    }),
  );
});

test("comes back when what was added is removed, in one step or in many, in any order", () => {
  fc.assert(
    fc.property(digest, fc.array(weight), (start, weights) => {
      expect(shift(shift(start, weights), [], weights)).toBe(start);
      expect(shift(start, weights, weights)).toBe(start);
      expect(weights.reduce((sum, one) => shift(sum, [], [one]), shift(start, [...weights].reverse()))).toBe(start);
    }),
  );
});

test("wraps at 2^128", () => {
  expect(shift("f".repeat(32), [1n])).toBe(empty);
  expect(shift(empty, [], [1n])).toBe("f".repeat(32));
});

test("a weight tells kind, id and text apart", () => {
  const weights = [
    ["a", "b", "c"],
    ["ab", "", "c"],
    ["a", "bc", ""],
    ["", "ab", "c"],
    ["a", "b", "d"],
  ].map(([kind = "", id = "", text = ""]) => weigh(sha256, kind, id, text));
  expect(new Set(weights).size).toBe(weights.length);
  expect(weigh(sha256, "extension", "ext_1", "{}")).toBe(BigInt(`0x${sha256("extension\next_1\n{}").slice(0, 32)}`));
});

test("buckets are the first byte of the owner's hash, and a standing's weight tells all its parts", () => {
  const owner = tenantOwner("ten_01ARZ3NDEKTSV4RRFFQ69G5FAV");
  expect(bucketOf(sha256, owner)).toBe(Number.parseInt(sha256(owner).slice(0, 2), 16));
  const standing = { owner, epoch: 1, revision: 1, digest: empty };
  const others = [
    { ...standing, epoch: 2 },
    { ...standing, revision: 2 },
    { ...standing, digest: "f".repeat(32) },
    { ...standing, owner: tenantOwner("ten_01ARZ3NDEKTSV4RRFFQ69G5FAW") },
  ];
  expect(new Set([standing, ...others].map((one) => weighStanding(sha256, one))).size).toBe(5);
});
