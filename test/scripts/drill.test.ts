// The drill of a restore, on DynamoDB Local, which can't restore: a stand-in copies the table when the request for that comes.
import {
  type DynamoDBClient,
  ListTablesCommand,
  RestoreTableToPointInTimeCommand,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Owner } from "../../core/owner.ts";
import { placedOwners } from "../../functions/document/epochs.ts";
import { headItem, readTombstone } from "../../functions/document/head.ts";
import * as keys from "../../functions/keys.ts";
import { fromAttributes } from "../../functions/store/attributes.ts";
import { openDynamo } from "../../functions/store/dynamodb.ts";
import type { Item, Store } from "../../functions/store/store.ts";
import { drill, parseWanted, told } from "../../scripts/drill.ts";
import { newTenant, type TestControl, testControl } from "../support/control.ts";
import { type DynamoLocal, hasDynamoLocal, startDynamoLocal } from "../support/dynamodb-local.ts";

describe.runIf(hasDynamoLocal())("on DynamoDB Local", () => {
  let local: DynamoLocal;
  let control: TestControl;
  let table: string;
  let store: Store;
  let owners: Owner[];
  beforeAll(async () => {
    local = await startDynamoLocal();
    table = await local.createTable();
    store = openDynamo({ client: local.client(), table });
    // an installation that lives in that table
    control = await testControl({ store: () => store });
    for (let n = 0; n < 3; n++) {
      const { path } = await newTenant(control);
      await control.call("POST", `${path}/extensions`, { number: `100${n}` });
    }
    owners = [];
    for await (const owner of placedOwners(store)) owners.push(owner);
  }, 90_000);
  afterAll(async () => {
    await control?.stop();
    await local.stop();
  });

  const itemsOf = async (name: string): Promise<Item[]> =>
    ((await local.client().send(new ScanCommand({ TableName: name }))).Items ?? []).map(fromAttributes);

  /** A client whose restores are copies, changed by `bent`. */
  function standIn(asked: object[], bent: (item: Item) => Item | undefined): DynamoDBClient {
    const client = local.client();
    const send = client.send.bind(client) as (command: unknown) => Promise<unknown>;
    return Object.assign(client, {
      async send(command: unknown) {
        if (!(command instanceof RestoreTableToPointInTimeCommand)) return send(command);
        asked.push(command.input);
        const { TargetTableName = "" } = command.input;
        await local.createTable(TargetTableName);
        const copy = openDynamo({ client: local.client(), table: TargetTableName });
        const puts = (await itemsOf(String(command.input.SourceTableName))).flatMap((item) => bent(item) ?? []);
        for (let start = 0; start < puts.length; start += 50)
          await copy.transact(puts.slice(start, start + 50).map((put) => ({ put })));
        return {};
      },
    }) as DynamoDBClient;
  }
  async function drilled(bent: (item: Item) => Item | undefined, more: { at?: string; keep?: boolean } = {}) {
    const asked: object[] = [];
    const copy = `copy-${Math.random().toString(36).slice(2)}`;
    const said: string[] = [];
    const running = drill({
      ...{
        client: standIn(asked, bent),
        table,
        copy,
        sample: 1000,
        pollMs: 10,
        say: (line: string) => said.push(line),
      },
      ...more,
    });
    const report = await running.catch((error: Error) => error);
    const { TableNames = [] } = await local.client().send(new ListTablesCommand());
    return { report, asked, copy, said, isLeft: TableNames.includes(copy) };
  }

  it("says that every document is there as it was, asks for the latest moment or the one that is wanted, and leaves no copy", async () => {
    const { report, asked, copy, isLeft } = await drilled((item) => item);
    expect(report).toMatchObject({ documents: owners.length, same: owners.length, earlier: 0, missing: 0, flaws: [] });
    expect(asked).toEqual([{ SourceTableName: table, TargetTableName: copy, UseLatestRestorableTime: true }]);
    expect(isLeft).toBe(false);
    const at = "2026-11-27T08:00:00.000Z";
    const other = await drilled((item) => item, { at, keep: true });
    expect(other.asked).toMatchObject([{ RestoreDateTime: new Date(at) }]);
    expect(other.isLeft).toBe(true);
  });

  it("tells what changed since from what is wrong: resources that are not those of their digest, and a copy that is ahead", async () => {
    const tenants = owners.filter((owner) => owner.startsWith("T#"));
    const [changed, broken, later] = tenants as [Owner, Owner, Owner];
    const heads = new Map(
      await Promise.all(tenants.map(async (owner) => [owner, await readTombstone(store, owner)] as const)),
    );
    const { report } = await drilled((item) => {
      const head = item.sk === keys.head(item.pk as Owner).sk ? heads.get(item.pk as Owner) : undefined;
      if (item.pk === broken && item.sk.startsWith(keys.resources("extension"))) return undefined;
      if (head && item.pk === changed) return headItem({ ...head, version: head.version - 1 });
      if (head && item.pk === later) return headItem({ ...head, version: head.version + 1 });
      return item;
    });
    expect(report).toMatchObject({ documents: owners.length, same: owners.length - 2, earlier: 2, missing: 0 });
    expect((report as { flaws: string[] }).flaws.sort()).toEqual(
      [
        `${broken}: its resources are not those of revision ${heads.get(broken)?.revision}`,
        `${later}: the copy is later than what is there now`,
      ].sort(),
    );
    expect(told(report as never).at(-1)).toContain("WRONG");
  });

  it("deletes the copy where comparing fails, too", async () => {
    const { report, isLeft } = await drilled((item) => (item.sk === "HEAD" ? { ...item, epoch: "none" } : item));
    expect(report).toBeInstanceOf(Error);
    expect(isLeft).toBe(false);
  });
});

it.each([
  [[]],
  [["--stage", "nowhere"]],
  [["--stage", "dev", "--at", "yesterday"]],
  [["--stage", "dev", "--sample", "0"]],
])("%j is refused with what is missing", (args) => expect(() => parseWanted(args)).toThrow("npm run drill"));
