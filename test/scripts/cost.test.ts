// What each thing asks of the cloud: counted again, and held against docs/cost.md, so that no path grows without anybody noticing.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { indexUnits, writeUnits } from "../../scripts/cost/meter.ts";
import { page, pageFile, stackFile } from "../../scripts/cost/page.ts";
import { measure } from "../../scripts/cost/paths.ts";
import { dollars, none } from "../../scripts/cost/prices.ts";
import { agentRhythm, bill, sizes, totalOf } from "../../scripts/cost/usage.ts";

const stack = JSON.parse(readFileSync(stackFile, "utf8"));
const number = /\d[\d,]*(?:\.\d+)?/g;
const wordsOf = (text: string): string => text.replace(/[\d,.$–-]+/g, "");
const numbersOf = (text: string): number[] =>
  (text.match(number) ?? []).map((each) => Number(each.replaceAll(",", "")));

test("docs/cost.md says what is counted, within a sixth", { timeout: 120_000 }, async () => {
  const said = readFileSync(pageFile, "utf8").split("\n");
  const counted = page(await measure(stack.memoryMb), stack).split("\n");
  const differ = counted.flatMap((line, index) => {
    const other = said[index] ?? "";
    const [is, was] = [numbersOf(line), numbersOf(other)];
    const near = is.every((value, at) => Math.abs(value - (was[at] ?? 0)) <= Math.max(1.01, (was[at] ?? 0) / 6));
    const sameWords = wordsOf(line) === wordsOf(other);
    return near && is.length === was.length && sameWords ? [] : [{ said: other, counted: line }];
  });
  expect(differ, "run `npm run cost` where what is asked of the cloud changed on purpose").toEqual([]);
});

test("items are counted as DynamoDB counts: by the kilobyte, the index by what changes in it", () => {
  const item = (bytes: number, more: Record<string, string> = {}) => ({
    pk: "a",
    sk: "b",
    x: "x".repeat(bytes),
    ...more,
  });
  expect(writeUnits(undefined, item(1))).toBe(1);
  expect(writeUnits(item(3000), item(10))).toBe(3);
  const units = (...items: Parameters<typeof indexUnits>) => indexUnits(...items).reduce((sum, [, n]) => sum + n, 0);
  expect(indexUnits(item(10), item(20))).toEqual([]);
  const indexed = { ipk: "i", isk: "1" };
  expect(units(undefined, item(10, indexed))).toBe(1);
  expect(units(item(10, indexed), item(1500, indexed))).toBe(2);
  expect(units(item(10, indexed), item(10, { ...indexed, isk: "2" }))).toBe(2);
  expect(units(item(1500, indexed), undefined)).toBe(2);
});

test("a month costs more with more of anything, and nothing costs less than nothing", () => {
  const some = Object.fromEntries(
    ["PATCH", "a call", "a heartbeat"].map((name) => [name, { ...none(), writeUnits: 1 }]),
  ) as never;
  const measured = new Proxy(some, { get: (all, name) => all[name as never] ?? none() }) as Parameters<typeof bill>[0];
  const totals = sizes.map((size) => totalOf(bill(measured, stack, agentRhythm, size)));
  expect([...totals].sort((a, b) => a - b)).toEqual(totals);
  expect(dollars({ ...none(), writeUnits: 1_000_000 })).toBe(0.625);
});
