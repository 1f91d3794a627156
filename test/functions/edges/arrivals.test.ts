// A pool is deleted while tenants come to it: on the real store, each at every point of the other.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { idOf, type Owner, tenantOwner } from "../../../core/owner.ts";
import { poolInput } from "../../../core/pool.ts";
import { contact } from "../../../core/resources/contact.ts";
import { tenant as tenantKind } from "../../../core/resources/tenant.ts";
import type { Context } from "../../../functions/context.ts";
import { found } from "../../../functions/document/found.ts";
import { moveHead, readHead } from "../../../functions/document/head.ts";
import { move } from "../../../functions/document/move.ts";
import { deletePool } from "../../../functions/edges/pool-removal.ts";
import { newPool, type Pool, readPool } from "../../../functions/edges/pools.ts";
import { newId } from "../../../functions/id.ts";
import { Problem } from "../../../functions/problem.ts";
import { openSqlite } from "../../../functions/store/sqlite.ts";
import type { Operation } from "../../../functions/store/store.ts";
import { accessTo, actor, contextOn, operatorOn } from "../../support/context.ts";

let ctx: Context;
let operator: Owner;
let elsewhere: () => Promise<Owner>;
let pool: Pool;
beforeAll(async () => {
  ctx = contextOn(openSqlite(":memory:"));
  const made = await operatorOn(ctx);
  operator = made.owner;
  elsewhere = made.newTenant;
});
afterAll(() => ctx.store.close());
beforeEach(async () => {
  const made = newPool(idOf(operator), poolInput.parse({ name: "edge of town" }), ctx.now().toISOString());
  await ctx.store.transact(made.operations);
  pool = made.pool;
});

/** A founding that looked at the pool before. `large`: one that takes several transactions. */
async function founding(on: Context = ctx, large = false): Promise<Owner> {
  const owner = tenantOwner(newId("ten"));
  const domain = `${idOf(owner).toLowerCase().replace("_", "-")}.example`;
  const settings = tenantKind.schema.parse({ name: "Acme", domain });
  const edits = Array.from({ length: large ? 120 : 0 }, (_, n) => ({
    ...{ op: "create" as const, kind: contact, pointer: "" },
    body: { name: `c${n}`, number: `+4930${1000 + n}` },
  }));
  await found(on, { owner, path: [idOf(operator)], pools: [pool.id], settings, edits, actor });
  return owner;
}
async function moving(on: Context, owner: Owner): Promise<void> {
  const to = (await readHead(ctx.store, operator)) ?? expect.fail("no operator");
  await move(on, await accessTo(on, owner), { to, pool: pool.id, actor, also: async () => [] });
}
const deletion = async (on: Context = ctx): Promise<void> => deletePool(on, await accessTo(on, operator), pool, []);

/** Does `meanwhile` in the last moment before the transaction that is about the pool, once. */
function interrupted(meanwhile: () => Promise<unknown>): Context {
  const isAbout = (one: Operation): boolean => "put" in one && one.put.pk === `POOL#${pool.id}`;
  let isOver = false;
  return {
    ...ctx,
    store: {
      ...ctx.store,
      async transact(operations) {
        if (!isOver && operations.some(isAbout)) {
          isOver = true;
          await meanwhile();
        }
        return ctx.store.transact(operations);
      },
    },
  };
}
/** As in the cloud an index may be: behind. */
const behind = (on: Context): Context => ({
  ...on,
  store: { ...on.store, queryIndex: async () => ({ items: [], next: undefined }) },
});
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "done",
    (error) => (error instanceof Problem ? error.code : String(error)),
  );
const isThere = async (): Promise<boolean> => (await readPool(ctx, pool.id)) !== undefined;

test.each([false, true])(
  "whoever founds a tenant (large: %s) on a pool that is deleted before it is there is told",
  async (large) => {
    expect(await codeOf(founding(interrupted(deletion), large))).toBe("busy");
    expect(await isThere()).toBe(false);
  },
);

test("whoever moves a tenant to a pool that is deleted meanwhile is told, and the tenant stays where it is", async () => {
  const owner = await elsewhere();
  const before = await readHead(ctx.store, owner);
  expect(await codeOf(moving(interrupted(deletion), owner))).toBe("busy");
  expect(await readHead(ctx.store, owner)).toEqual(before);
  expect(await isThere()).toBe(false);
});

test.each([
  ["is founded on it", () => founding()],
  ["is founded on it by several transactions", () => founding(ctx, true)],
  ["is moved to it", async () => moving(ctx, await elsewhere())],
])("a pool stays when a tenant %s while it is deleted, whatever the index shows", async (_, come) => {
  expect(await codeOf(deletion(behind(interrupted(come))))).toBe("busy");
  expect(await codeOf(deletion(behind(ctx)))).toBe("in_use");
  expect(await isThere()).toBe(true);
});

test("a pool that becomes its account's default while it is deleted stays", async () => {
  const choose = async () => {
    const head = (await readHead(ctx.store, operator)) ?? expect.fail("no operator");
    await ctx.store.transact([moveHead(head, { ...head, defaultPool: pool.id })]);
  };
  expect(await codeOf(deletion(interrupted(choose)))).toBe("busy");
  expect(await codeOf(deletion())).toBe("conflict");
});

test("of many that found and delete at once, none leaves a tenant on a pool that is gone", async () => {
  const all = await Promise.all(
    Array.from({ length: 24 }, (_, n) => codeOf(n % 4 === 3 ? deletion(behind(ctx)) : founding())),
  );
  expect(all).toContain("done");
  const founded = all.filter((code, n) => n % 4 !== 3 && code === "done").length;
  expect(await isThere()).toBe(founded > 0);
});

test("a pool that every tenant has left is deleted, and its marks expire", async () => {
  const owner = await founding();
  const forGood = async () => {
    const { items } = await ctx.store.query({ pk: `POOL#${pool.id}`, prefix: "ARRIVED#" });
    expect(items.length).toBeGreaterThan(0);
    return items.filter(({ ttl }) => ttl === undefined);
  };
  expect(await forGood()).toEqual([]);
  const [head, home] = [await readHead(ctx.store, operator), await readHead(ctx.store, await elsewhere())];
  const [back] = home?.pools ?? [];
  await move(ctx, await accessTo(ctx, owner), { to: head ?? expect.fail(), pool: back, actor, also: async () => [] });
  expect(await codeOf(deletion(behind(ctx)))).toBe("done");
  expect(await forGood()).toEqual([]);
});
