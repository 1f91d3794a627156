// A process that is killed with -9 while it makes a change larger than a transaction: a new process finds the old document or the new one, and can write.
// KILLS=all: at every step.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readHead } from "../../../functions/document/head.ts";
import { sweepLeases } from "../../../functions/document/large.ts";
import { openSqlite } from "../../../functions/store/sqlite.ts";
import { operatorOn } from "../../support/context.ts";
import { changeIn, contextIn, files, type Steps } from "../../support/killed-change.ts";
import { apply, before, type Fixture } from "../../support/large-change.ts";
import { expectWhole, later, shown } from "../../support/whole.ts";

const everyStep = process.env.KILLS === "all";
const none = { at: 0, applied: false };
let folder: string;
let program: string;
let fixture: Fixture;
let old: string;
/** Transactions of the change where nobody dies. */
let steps: Steps;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dialplane-killed-"));
  program = join(folder, "change.mjs");
  await build({
    ...{ entryPoints: ["test/support/killed-change.ts"], outfile: program, bundle: true, platform: "node" },
    ...{ format: "esm", logLevel: "error" },
    banner: { js: 'import { createRequire } from "node:module";const require = createRequire(import.meta.url);' },
  });
  const first = join(folder, "first");
  mkdirSync(first);
  const store = openSqlite(join(first, files.store));
  const ctx = contextIn(first, store);
  const operator = await operatorOn(ctx);
  const [held, newLines] = [["+15551000001"], ["+15551000002", "+15551000003"]];
  const stocked = [...held, ...newLines.slice(1)];
  await apply(ctx, operator.owner, { "phone-numbers": stocked.map((number) => ({ number })) });
  fixture = { owner: await operator.newTenant(), lines: held, newLines, stock: operator.owner, stocked };
  await apply(ctx, fixture.owner, before(fixture));
  old = await shown(ctx, fixture.owner);
  await store.close();
  writeFileSync(join(first, files.fixture), JSON.stringify(fixture));
  const undisturbed = join(folder, "undisturbed");
  cpSync(first, undisturbed, { recursive: true });
  steps = await changeIn(undisturbed, none);
  expect(await afterwards(undisturbed)).toBe("new");
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Lets a process make the change in a copy of the installation; `from`: it is killed from outside when it says that it comes to this step. */
async function changed(death: typeof none, from = 0): Promise<{ place: string; killed: boolean }> {
  const place = mkdtempSync(join(folder, "copy-"));
  cpSync(join(folder, "first"), place, { recursive: true });
  const args = ["--disable-warning=ExperimentalWarning", program, place, JSON.stringify(death)];
  const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, "cache") };
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (line === `step ${from}`) child.kill("SIGKILL");
  });
  await once(child, "close");
  return { place, killed: child.signalCode === "SIGKILL" };
}

/** Which document a new process finds, after its sweep. Fails where it is neither, or where nobody can write. */
async function afterwards(place: string): Promise<"old" | "new"> {
  const store = openSqlite(join(place, files.store));
  const ctx = contextIn(place, store);
  await sweepLeases(later(ctx));
  await expectWhole(store, fixture);
  const head = await readHead(ctx.store, fixture.owner);
  const now = await shown(ctx, fixture.owner);
  expect(head?.revision === 1 ? now === old : now !== old).toBe(true);
  const next = await apply(ctx, fixture.owner, { extensions: [{ number: "1000", displayName: "next" }] });
  expect(next.revision).toBe(Number(head?.revision) + 1);
  await store.close();
  rmSync(place, { recursive: true });
  return head?.revision === 1 ? "old" : "new";
}

type Kill = { at: number; how: "before" | "after" | "outside" };

/** Which document is left by a process that is killed before or after its transaction `at` was written, or from outside when it comes to that. */
async function leftBy({ at, how }: Kill): Promise<"old" | "new"> {
  const { place, killed } =
    how === "outside" ? await changed(none, at) : await changed({ at, applied: how === "after" });
  expect(killed).toBe(true);
  return afterwards(place);
}

test("whoever is killed at a step leaves the old document or the new one: before it was written, after it, in the middle", {
  timeout: 300_000,
}, async () => {
  if (everyStep) {
    const ends = [];
    for (let at = 1; at <= steps.all; at++)
      ends.push(await leftBy({ at, how: "before" }), await leftBy({ at, how: "after" }));
    // once it is published it stays
    const published = 2 * steps.publishing - 1;
    expect(ends.map((_, index) => (index < published ? "old" : "new"))).toEqual(ends);
    for (let at = 1; at < steps.all; at++) await leftBy({ at, how: "outside" });
    return;
  }
  const ends = [leftBy({ at: steps.publishing, how: "before" }), leftBy({ at: steps.publishing, how: "after" })];
  expect(await Promise.all(ends)).toEqual(["old", "new"]);
  const anywhere = (...how: Kill["how"][]) =>
    fc.record({ at: fc.integer({ min: 2, max: steps.all - 1 }), how: fc.constantFrom(...how) });
  await fc.assert(
    fc.asyncProperty(
      anywhere("before", "after"),
      anywhere("before", "after"),
      anywhere("outside"),
      async (...kills) => {
        await Promise.all(kills.map(leftBy));
      },
    ),
    { numRuns: 1, endOnFailure: true },
  );
});
