import { describe, expect, it } from "vitest";
import { isSpelt, spelling } from "../../../core/routing/keypad.ts";
import type { Plan } from "../../../core/routing/plan.ts";
import { resolve } from "../../../core/routing/resolve.ts";
import { configOf, type Input } from "../../support/config.ts";

const person = (number: string, displayName: string | null, more: Record<string, unknown> = {}): Input => ({
  kind: "extension",
  id: `ext_${number}`,
  body: { number, displayName, devices: [{ username: number }], ...more },
});
const people = [
  person("1001", "Ada Lovelace"),
  person("1002", "Åsa Łöwe"),
  person("1003", "Adam Smith", { enabled: false }),
  person("1004", null),
  person("1005", "Grace Hopper"),
];
/** 1001 dials 411 and types, one entry after another. */
function dial(typed: string[], body: Record<string, unknown> = {}): Plan {
  const directory: Input = { kind: "directory", id: "dir_1", body: { name: "all", extensionNumber: "411", ...body } };
  const config = configOf([...people, directory]);
  const call = { from: { kind: "extension", id: "ext_1005" } as const, to: "411", at: new Date() };
  let plan = resolve(config, call);
  for (const digits of typed) {
    if (plan.action.do !== "collect") throw new Error(`${plan.action.do} takes no digits`);
    plan = resolve(config, { ...call, resume: { node: plan.action.otherwise, disposition: "done", digits } });
  }
  return plan;
}
const rings = ({ action }: Plan) =>
  action.do === "ring" ? action.groups.flat().map((one) => (one.to === "extension" ? one.number : "")) : action.do;

describe("a directory", () => {
  it.each([
    ["472", "1005", "by the first name"],
    ["467", "1005", "by the last name"],
    ["47", "1005", "by less than was asked for"],
  ])("%s reaches %s %s", (spelt, number) => {
    expect(rings(dial([spelt]))).toEqual([number]);
  });

  it("offers those who are spelt alike one after another, by their numbers", () => {
    const first = dial(["56"]);
    expect(first.action).toMatchObject({
      do: "collect",
      sounds: [{ digits: "1001" }, { word: "press-1-to-accept" }],
      max: 1,
    });
    expect(rings(dial(["56", "1"]))).toEqual(["1001"]);
    expect(dial(["56", ""]).action).toMatchObject({ sounds: [{ digits: "1002" }, { word: "press-1-to-accept" }] });
    expect(rings(dial(["56", "2", "1"]))).toEqual(["1002"]);
    expect(dial(["56", "", ""]).action).toMatchObject({ sounds: [{ word: "invalid" }, { word: "spell-name" }] });
  });

  it("finds nobody who is disabled, has no name or is no member", () => {
    expect(dial(["2326"]).steps.at(-1)?.why).toBe("nobody is spelt 2326 in try 1 of 3");
    expect(rings(dial(["232"], { members: ["ext_1005"] }))).toBe("collect");
    expect(rings(dial(["5"], { members: ["ext_1002", "ext_gone"] }))).toEqual(["1002"]);
  });

  it("sends who found nobody in all tries on", () => {
    const afterwards = { kind: "extension", ref: "ext_1001" };
    expect(rings(dial(["999", "", "888"], { afterwards }))).toEqual(["1001"]);
    expect(dial(["999", "", "888"]).action).toMatchObject({ do: "play", otherwise: "end.done" });
  });

  it("looks at the names that it was told to", () => {
    expect(rings(dial(["232"], { by: "last-name" }))).toBe("collect");
    expect(rings(dial(["232"], { by: "first-name" }))).toEqual(["1001"]);
  });
});

describe("a name on the keys", () => {
  it.each([
    ["Müller", "685537"],
    ["Straße", "7872773"],
    ["Łódź", "5639"],
    ["O'Brien", "627436"],
    ["Smith-Jones", "7648456637"],
    ["İstanbul", "47826285"],
    ["Борис", ""],
    ["R2D2", "7232"],
  ])("%s is %s", (name, digits) => {
    expect(spelling(name)).toBe(digits);
  });

  it("of several words is found by each but the first as a last name", () => {
    expect(isSpelt("Ludwig van Beethoven", "last-name", "826")).toBe(true);
    expect(isSpelt("Ludwig van Beethoven", "last-name", "233")).toBe(true);
    expect(isSpelt("Ludwig van Beethoven", "last-name", "583")).toBe(false);
    expect(isSpelt("Plato", "last-name", "752")).toBe(true);
  });
});
