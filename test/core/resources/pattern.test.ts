import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fits, numberPattern } from "../../../core/resources/pattern.ts";

/** What a pattern means, in a language that everybody knows. */
const reference = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/\+/, "\\+")
      .replace(/X/g, "[0-9]")
      .replace(/Z/g, "[1-9]")
      .replace(/N/g, "[2-9]")
      .replace(/\*$/, ".*")}$`,
  );
const pattern = fc.stringMatching(/^\+?[0-9XZN]{0,20}\*?$/).filter((text) => text !== "");
const number = fc.stringMatching(/^\+?[0-9]{0,15}$/);

describe("a pattern", () => {
  it("fits what the same regular expression matches", () => {
    fc.assert(
      fc.property(pattern, number, (wanted, given) => {
        expect(numberPattern.safeParse(wanted).success).toBe(true);
        expect(fits(wanted, given)).toBe(reference(wanted).test(given));
      }),
    );
  });

  it("fits every number that it was made of", () => {
    fc.assert(
      fc.property(number, fc.nat(15), (given, keep) => {
        expect(fits(`${given.slice(0, keep)}*`, given)).toBe(true);
        expect(fits(given.replace(/\d/g, "X"), given)).toBe(true);
      }),
    );
  });

  it.each(["", "+1**", "+1(", "+1.", "^1", "+1|2", "+1{2}", "a", "+49 30", "X".repeat(21)])("%j is none", (text) =>
    expect(numberPattern.safeParse(text).success).toBe(false),
  );
});
