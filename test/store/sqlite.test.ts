// The store on SQLite: the port's guarantees, and what is this adapter's own.
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openSqlite } from "../../functions/store/sqlite.ts";
import { type Changed, ConditionFailed, Conflict, type Store } from "../../functions/store/store.ts";
import { writeUntilKilled } from "../support/killed-writer.ts";
import { conforms } from "./conformance.ts";

conforms("the store on SQLite", async () => openSqlite(":memory:"));

describe("a file", () => {
  let folder = "";
  let path = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "dialplane-store-"));
    path = join(folder, "store.db");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("holds all that was acknowledged when its process was killed, and no half of a transaction", async () => {
    const acknowledged = await writeUntilKilled(path, 300);
    const store = openSqlite(path);
    const items = await store.getMany(acknowledged.map((sk) => ({ pk: "a", sk })));
    expect(items.filter((item) => item === undefined)).toEqual([]);
    const [a, b] = await Promise.all(
      ["a", "b"].map(async (pk) => (await store.query({ pk })).items.map(({ sk }) => sk)),
    );
    expect(a).toEqual(b);
    await store.close();
  });

  it("is for its owner's eyes only, and holds after a restart what it held", async () => {
    const store = openSqlite(path);
    void store.transact([{ put: { pk: "a", sk: "b", bytes: new Uint8Array([1]) } }]);
    await store.close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const again = openSqlite(path);
    expect(await again.get({ pk: "a", sk: "b" })).toEqual({ pk: "a", sk: "b", bytes: new Uint8Array([1]) });
    await again.close();
  });

  it("that another process is writing to gives a Conflict, and nothing is written", async () => {
    const store = openSqlite(path, 5);
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    await expect(store.transact([{ put: { pk: "a", sk: "b" } }])).rejects.toThrow(Conflict);
    other.exec("ROLLBACK");
    expect(await store.get({ pk: "a", sk: "b" })).toBeUndefined();
    await store.transact([{ put: { pk: "a", sk: "b" } }]);
    other.close();
    await store.close();
  });

  it("loses what expired more than an hour ago when it is opened, however much it is", async () => {
    const now = Math.floor(Date.now() / 1000);
    const store = openSqlite(path);
    const item = (n: number) => ({
      put: { pk: n % 2 ? "old" : "fresh", sk: `${n}`, ttl: now - (n % 2 ? 3700 : 3500) },
    });
    for (let start = 0; start < 500; start += 100) {
      await store.transact(Array.from({ length: 100 }, (_, n) => item(start + n)));
    }
    await store.close();
    const again = openSqlite(path);
    await expect.poll(async () => (await again.query({ pk: "old" })).items.length).toBe(0);
    expect((await again.query({ pk: "fresh" })).items).toHaveLength(250);
    await again.close();
  });
});

describe("subscribe", () => {
  let store: Store;
  let told: Changed[];
  beforeEach(() => {
    store = openSqlite(":memory:");
    told = [];
  });
  afterEach(() => store.close());

  it("tells of each change after it is committed, with the item before and after, in order", async () => {
    store.subscribe((changes) => told.push(...changes));
    const key = { pk: "a", sk: "b" };
    await store.transact([{ put: { ...key, n: 1 } }, { put: { pk: "a", sk: "c" } }]);
    await Promise.all([store.transact([{ put: { ...key, n: 2 } }]), store.transact([{ delete: key }])]);
    await vi.waitFor(() => expect(told).toHaveLength(4));
    expect(told).toEqual([
      { key, before: undefined, after: { ...key, n: 1 } },
      { key: { pk: "a", sk: "c" }, before: undefined, after: { pk: "a", sk: "c" } },
      { key, before: { ...key, n: 1 }, after: { ...key, n: 2 } },
      { key, before: { ...key, n: 2 }, after: undefined },
    ]);
  });

  it("says nothing of what failed or changed nothing, nor after it was stopped", async () => {
    const stopped: Changed[] = [];
    const stop = store.subscribe((changes) => stopped.push(...changes));
    stop();
    await store.transact([{ put: { pk: "a", sk: "b" } }]);
    const listener = vi.fn((changes: Changed[]) => told.push(...changes));
    store.subscribe(listener);
    const failing = store.transact([
      { put: { pk: "a", sk: "c" } },
      { check: { pk: "a", sk: "b" }, if: { absent: true } },
    ]);
    await expect(failing).rejects.toThrow(ConditionFailed);
    await store.transact([{ put: { pk: "a", sk: "b" } }, { delete: { pk: "a", sk: "nobody" } }]);
    await store.transact([{ put: { pk: "a", sk: "last" } }]);
    await vi.waitFor(() => expect(told.map(({ key }) => key.sk)).toEqual(["last"]));
    expect(listener).toHaveBeenCalledTimes(1);
    expect(stopped).toEqual([]);
  });
});

it("a transaction that fails takes no other of the same turn with it", async () => {
  const store = openSqlite(":memory:");
  const put = (sk: string) => store.transact([{ put: { pk: "a", sk }, if: { absent: true } }]);
  const results = await Promise.allSettled([put("x"), put("x"), put("y"), put("x")]);
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "rejected"]);
  await store.close();
});
