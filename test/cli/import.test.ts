import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { sample } from "../importers/fusionpbx/sample.ts";
import { cliWith, processWith } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";

const cli = cliWith({});
const from = (folder: string, name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

test("the import of a compressed dump is written for its owner alone, with a warning that it holds passwords", async () => {
  const folder = temporaryFolder();
  const out = join(folder, "out");
  const ended = await cli([
    "import",
    "fusionpbx",
    from(folder, "dump.sql.gz", gzipSync(sample)),
    "--out",
    out,
    "--domain",
    "beta.example",
  ]);
  expect(ended).toMatchObject({ code: 0, stderr: expect.stringContaining("hold passwords") });
  expect(readdirSync(out)).toEqual(["account.json", "beta.example.json", "report.csv", "report.json", "summary.txt"]);
  expect(statSync(out).mode & 0o777).toBe(0o700);
  for (const file of readdirSync(out)) expect(statSync(join(out, file)).mode & 0o777, file).toBe(0o600);
  expect(readFileSync(join(out, "summary.txt"), "utf8")).toBe(ended.stdout);
});

test("it reads a pipe", async () => {
  const out = join(temporaryFolder(), "out");
  const run = processWith({});
  expect(await run(["import", "fusionpbx", "-", "--out", out], { input: sample })).toMatchObject({ code: 0 });
  expect(readdirSync(out)).toContain("acme.example.json");
});

test("what can't be read or written is refused, and nothing is left behind", async () => {
  const folder = temporaryFolder();
  const dump = from(folder, "dump.sql", sample);
  const refused: [args: string[], code: number, says: string][] = [
    [[dump], 2, "--out FOLDER"],
    [[dump, "--out", folder], 2, "is there already"],
    [[dump, "--out", join(folder, "a"), "--country", "XX"], 2, "ISO 3166-1"],
    [[dump, "--out", join(folder, "b"), "--domain", "nobody.example"], 1, "no domain nobody.example"],
    [[from(folder, "cut.sql", sample.slice(0, 20_000)), "--out", join(folder, "c")], 1, "breaks off"],
    [[from(folder, "x.dump", "PGDMP\u0001\u000e\u0000"), "--out", join(folder, "d")], 1, "pg_restore"],
    [[join(folder, "none.sql"), "--out", join(folder, "e")], 1, "ENOENT"],
  ];
  const before = readdirSync(folder);
  for (const [args, code, says] of refused)
    expect(await cli(["import", "fusionpbx", ...args])).toMatchObject({ code, stderr: expect.stringContaining(says) });
  expect(readdirSync(folder)).toEqual(before);
});
