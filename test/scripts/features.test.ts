// docs/features.md names tests that there are, and proves or explains every row.
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const root = new URL("../../", import.meta.url);
const text = readFileSync(new URL("docs/features.md", root), "utf8");
const rows = text
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| FusionPBX") && !line.startsWith("| here"))
  .map((line) => line.slice(1, -1).split("|"))
  .map((cells) => cells.map((cell) => cell.trim()));
const tests = (cell: string): string[] =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, path = ""]) =>
    path.replace(/^E\//, "test/engines/freeswitch/").replace(/^C\//, "test/core/routing/"),
  );

describe("a feature's row", () => {
  it.each(rows.map((row) => [row[0] ?? "", row.at(-1) ?? ""]))("%s", (_, proof) => {
    const missing = tests(proof).filter((path) => !path.endsWith(".test.ts") || !existsSync(new URL(path, root)));
    expect(missing, "no such test").toEqual([]);
    if (tests(proof).length === 0) expect(proof).toMatch(/^(missing\b|left out: \w)/);
  });
});

it("stands for each thing of FusionPBX's once", () => {
  const names = rows.flatMap(([name = ""]) => (name === "– not there" ? [] : name.split(", ")));
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});
