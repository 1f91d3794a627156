// After a restore: a host that is ahead of the table takes what the table has, once every document is in a later epoch.
import { copyFileSync, existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { accountOwner, type Owner, tenantOwner } from "../../../core/owner.ts";
import type { Cloud } from "../../../edge-agent/cloud.ts";
import { silent } from "../../../edge-agent/log.ts";
import { compare } from "../../../edge-agent/reconcile.ts";
import { openState, type State } from "../../../edge-agent/state.ts";
import { createSync } from "../../../edge-agent/sync.ts";
import { createTraces } from "../../../edge-agent/traces.ts";
import { epochAt, raiseEpochs } from "../../../functions/document/epochs.ts";
import { readTombstone } from "../../../functions/document/head.ts";
import { parseWanted, run } from "../../../scripts/raise-epochs.ts";
import { newTenant, type TestControl, testControl } from "../../support/control.ts";
import { enrolEdge, type SignedEdge } from "../../support/signed-edge.ts";

let control: TestControl;
let edge: SignedEdge;
let state: State;
beforeAll(async () => {
  control = await testControl();
  edge = await enrolEdge(control);
  state = openState(":memory:");
});
afterAll(async () => {
  state.close();
  await control.stop();
});

/** Its timed comparison, with the requests that the control plane checks. */
async function compared(): Promise<void> {
  const ask = async (method: "GET" | "POST", path: string, body?: unknown) => {
    const { status, body: answer, text } = await edge.request(method, path, body);
    if (status >= 300) throw new Error(`${path}: ${text}`);
    return answer;
  };
  const cloud: Cloud = {
    get: async (path, schema) => z.parse(schema, await ask("GET", path)),
    post: async (path, body, schema) => z.parse(schema, await ask("POST", path, body)),
    send: async () => "",
  };
  const runtime = { hear: () => {}, catchUp: async () => {} };
  const changed = () => {};
  const sync = createSync({
    traces: createTraces(),
    ...{ state, cloud, runtime, log: silent, hearRoster: changed, changed, retryMilliseconds: 1 },
    commands: { receive: async () => undefined } as never,
  });
  await compare({ state, cloud, sync, runtime, changed });
  await sync.stop();
}
const numbersOf = (owner: Owner): string[] | undefined =>
  state.documents
    .config(owner)
    ?.list("extension")
    .map(({ body }) => String(body.number))
    .sort();
const standings = (...owners: Owner[]) => Promise.all(owners.map((owner) => readTombstone(control.ctx.store, owner)));

it("every host has the table's document after the tool, whatever it had, and only then", async () => {
  const [ahead, deleted, still] = await Promise.all([newTenant(control), newTenant(control), newTenant(control)]);
  const extension = (of: { path: string }, number: string) => control.call("POST", `${of.path}/extensions`, { number });
  await extension(ahead, "1001");
  await extension(deleted, "2001");
  const account = await control.call("GET", "/v1/me");
  await compared();
  const db = join(control.dataDir, "control.db");
  const backup = join(control.dataDir, "backup.db");
  const open = new DatabaseSync(db);
  open.exec(`VACUUM INTO '${backup}'`);
  open.close();
  // after the moment of the backup: changes, and a deletion
  for (const number of ["1002", "1003"]) await extension(ahead, number);
  expect((await control.call("DELETE", deleted.path)).status).toBeLessThan(300);
  const founded = await newTenant(control);
  await extension(founded, "3001");
  const { body: spare } = await control.call("POST", "/v1/pools", { name: "spare" });
  const elsewhere = await newTenant(control, { poolId: String(spare.id) });
  await compared();
  const [aheadOwner, deletedOwner, stillOwner] = [ahead, deleted, still].map(({ id }) => tenantOwner(id)) as [
    Owner,
    Owner,
    Owner,
  ];
  expect(numbersOf(aheadOwner)).toEqual(["1001", "1002", "1003"]);
  expect(state.standing(deletedOwner)).toBeUndefined();

  const { dataDir } = control;
  const replaced = join(dataDir, "replaced");
  mkdirSync(replaced);
  // its hosts know that address
  const port = Number(new URL(control.url).port);
  await control.stop(true);
  for (const name of ["control.db", "control.db-wal", "control.db-shm"])
    if (existsSync(join(dataDir, name))) renameSync(join(dataDir, name), join(replaced, name));
  copyFileSync(backup, db);
  const said: string[] = [];
  const asked = (...more: string[]) => run(parseWanted(["--data", dataDir, ...more]), (line) => said.push(line));
  await asked("--dry-run");
  control = await testControl({ dataDir, port });
  await compared();
  // it goes forward only: what was restored counts for nothing yet
  expect(numbersOf(aheadOwner)).toEqual(["1001", "1002", "1003"]);
  const before = await standings(aheadOwner, deletedOwner, stillOwner);
  expect(before.map((head) => head?.epoch)).toEqual([1, 1, 1]);

  await control.stop(true);
  await asked("--epoch", "77", "--per-second", "100000");
  await asked("--epoch", "77");
  expect(
    said.filter((line) => line.includes("documents:")).map((line) => line.replace(/\d+ documents/, "n documents")),
  ).toEqual([
    expect.stringMatching(/^n documents: [1-9]\d* to be raised, 0 in/),
    expect.stringMatching(/^n documents: [1-9]\d* raised, 0 in/),
    expect.stringMatching(/^n documents: 0 raised, [1-9]\d* in/),
  ]);
  control = await testControl({ dataDir, port });
  await compared();
  const after = await standings(aheadOwner, deletedOwner, stillOwner);
  expect(after.map((head) => head?.epoch)).toEqual([77, 77, 77]);
  expect(numbersOf(aheadOwner)).toEqual(["1001"]);
  expect(numbersOf(deletedOwner)).toEqual(["2001"]);
  for (const head of after)
    expect(state.standing(head?.owner as Owner)).toMatchObject({
      epoch: 77,
      revision: head?.revision,
      digest: head?.digest,
    });
  expect(state.standing(accountOwner(String(account.body.accountId)))).toMatchObject({ epoch: 77 });
  // of what was founded later it knows nothing; the table that was replaced does
  expect(numbersOf(tenantOwner(founded.id))).toEqual(["3001"]);
  await control.stop(true);
  said.length = 0;
  await asked("--epoch", "77", "--replaced", replaced, "--dry-run");
  await asked("--epoch", "77", "--replaced", replaced);
  await asked("--epoch", "77", "--replaced", replaced);
  const line = `${founded.id} on ${edge.pool} is not in what was restored`;
  const strange = `${spare.id} is not in what was restored: join its hosts anew`;
  expect(said.filter((one) => !/^Epoch|documents:/.test(one))).toEqual([
    ...[line, "1 to be dropped by hosts", strange],
    ...[line, "1 dropped by hosts", strange],
    ...["0 dropped by hosts", strange],
  ]);
  control = await testControl({ dataDir, port });
  await compared();
  expect(state.standing(tenantOwner(founded.id))).toBeUndefined();
  expect(numbersOf(aheadOwner)).toEqual(["1001"]);
  for (const { path } of [founded, elsewhere]) expect((await control.call("GET", path)).status).toBe(404);
  // and it goes on from there
  await extension(ahead, "1009");
  await compared();
  expect(numbersOf(aheadOwner)).toEqual(["1001", "1009"]);
});

it("one that was stopped goes on, and keeps to its pace", async () => {
  const seen: number[] = [];
  const { store } = control.ctx;
  const stopped = raiseEpochs(store, {
    ...{ epoch: 99, perSecond: 100_000 },
    told({ raised }) {
      seen.push(raised);
      if (raised === 2) throw new Error("killed");
    },
  });
  await expect(stopped).rejects.toThrow("killed");
  const began = performance.now();
  const { documents, raised, stood } = await raiseEpochs(store, { epoch: 99, perSecond: 50 });
  expect([stood, raised]).toEqual([2, documents - 2]);
  expect(performance.now() - began).toBeGreaterThanOrEqual((raised / 50) * 1000 - 1);
});

it("a later restore has a later epoch, which the table's numbers hold", () => {
  const hour = (n: number) => new Date(Date.UTC(2026, 10, 27, n));
  expect(epochAt(hour(9))).toBeGreaterThan(epochAt(hour(8)));
  const last = epochAt(new Date(Date.UTC(2090, 0, 1)));
  expect(Number.isSafeInteger(last * 1e9 + 1e9)).toBe(true);
  expect(last * 1e9 + 1 < last * 1e9 + 2).toBe(true);
});

it.each([[[]], [["--stage", "prod", "--data", "x"]], [["--stage", "nowhere"]], [["--data", "x", "--per-second", "0"]]])(
  "%j is refused with what is missing",
  (args) => expect(() => parseWanted(args)).toThrow("npm run raise-epochs"),
);
