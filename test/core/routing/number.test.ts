// What was dialled, made sense of.
import fc from "fast-check";
import { getCountries } from "libphonenumber-js/min";
import { describe, expect, test } from "vitest";
import { isEmergency } from "../../../core/routing/emergency.ts";
import { carrierReadings, format, read, toE164 } from "../../../core/routing/number.ts";

const none = () => false;
const country = fc.constantFrom(...getCountries());
const dialled = fc.oneof(
  fc.string({ unit: fc.constantFrom(..."0123456789*#+ ().-"), maxLength: 20 }),
  fc.string(),
  fc.stringMatching(/^\+?\d{1,18}$/),
);

describe("read", () => {
  test("answers for any text in any country, and every E.164 that it gives is one", () => {
    fc.assert(
      fc.property(dialled, country, (text, where) => {
        const said = read(text, where, none);
        if (said.as === "e164") expect(said.number).toMatch(/^\+[1-9]\d{3,14}$/);
        if (said.as === "emergency") expect(isEmergency(said.digits, where)).toBe(true);
        expect(said.as).not.toBe("internal");
      }),
      { numRuns: 500 },
    );
  });

  test("an emergency number is one even where an extension has it, or it is written with blanks", () => {
    expect(read("911", "US", () => true)).toEqual({ as: "emergency", digits: "911" });
    expect(read(" 9-1 1 ", "US", () => true)).toEqual({ as: "emergency", digits: "911" });
    expect(read("112", "JP", none).as).toBe("emergency");
    expect(read("999", "US", none).as).not.toBe("emergency");
    expect(read("+911", "US", none).as).not.toBe("emergency");
  });

  test("a number of the tenant's own comes before the outside's", () => {
    const own = (digits: string) => digits === "2025550100" || digits === "*72";
    expect(read("2025550100", "US", own)).toEqual({ as: "internal", digits: "2025550100" });
    expect(read("(202) 555-0100", "US", own)).toEqual({ as: "internal", digits: "2025550100" });
    expect(read("*72", "US", own)).toEqual({ as: "internal", digits: "*72" });
  });

  test.for([
    ["2025550100", "US", "+12025550100"],
    ["12025550100", "US", "+12025550100"],
    ["011493012345678", "US", "+493012345678"],
    ["+493012345678", "US", "+493012345678"],
    ["030 12345678", "DE", "+493012345678"],
    ["0049 30 12345678", "FR", "+493012345678"],
    ["0011 49 30 12345678", "AU", "+493012345678"],
    ["01 23 45 67 89", "FR", "+33123456789"],
    ["020 7946 0000", "GB", "+442079460000"],
    ["06 1234 5678", "IT", "+390612345678"],
    ["+999123456789", "US", "+999123456789"],
  ] as const)("%s dialled in %s is %s", ([text, where, number]) => {
    expect(read(text, where, none)).toEqual({ as: "e164", number });
  });

  test.for([
    "",
    " ",
    "+",
    "abc",
    "5550100",
    "*72",
    "2025550100#5",
    "2025550100*",
    "1".repeat(33),
    "++12025550100",
    "2025550100x5",
    "2025550100;ext=5",
    "sip:1001@x",
    `\${x}`,
    "１２０２５５５０１００",
  ])("%s is no number", (text) => {
    expect(read(text, "US", none).as).toBe("invalid");
  });
});

describe("toE164", () => {
  test("gives the same again, in any country", () => {
    fc.assert(
      fc.property(dialled, country, country, (text, where, elsewhere) => {
        const number = toE164(text, where);
        if (number !== undefined) expect(toE164(number, elsewhere)).toBe(number);
      }),
      { numRuns: 300 },
    );
  });

  test("finds no number inside of other text", () => {
    for (const text of ["call +12025550100 now", "+12025550100 or +12025550101", "<+12025550100>", "x2025550100"])
      expect(toE164(text, "US")).toBeUndefined();
  });
});

describe("carriers", () => {
  test("may send it with a plus sign, with the country code alone, or national: the likeliest reading first", () => {
    expect(carrierReadings("+12025550100", "US")).toEqual(["+12025550100"]);
    expect(carrierReadings("12025550100", "US")).toEqual(["+12025550100"]);
    expect(carrierReadings("2025550100", "US")).toEqual(["+2025550100", "+12025550100"]);
    expect(carrierReadings("03012345678", "DE")).toEqual(["+03012345678", "+493012345678"]);
    for (const text of ["", "x", "anonymous", "12", "1".repeat(21), "+1 ext 5"])
      expect(carrierReadings(text, "US")).toEqual([]);
  });

  test("get it in the form that their trunk declares", () => {
    expect(format("+12025550100", "e164")).toBe("+12025550100");
    expect(format("+12025550100", "e164-without-plus")).toBe("12025550100");
    expect(format("+12025550100", "national")).toBe("2025550100");
    expect(format("+493012345678", "national")).toBe("03012345678");
    fc.assert(
      fc.property(
        fc.stringMatching(/^\+[1-9]\d{6,14}$/),
        fc.constantFrom("e164", "e164-without-plus", "national"),
        (number, form) => void expect(format(number, form)).toMatch(/^\+?\d{3,16}$/),
      ),
    );
  });
});
