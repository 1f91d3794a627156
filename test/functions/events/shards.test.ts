// An account's log in several shards, read as one: with writers whose clocks differ, and shards that come meanwhile, on a real store.
import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { accountOwner, type Owner, tenantOwner } from "../../../core/owner.ts";
import type { Context } from "../../../functions/context.ts";
import { append, entriesOf, events, find, idAfter, type Levels } from "../../../functions/events/log.ts";
import { headsOf, mostShards, shardsOf, widen } from "../../../functions/events/shards.ts";
import { newId } from "../../../functions/id.ts";
import * as keys from "../../../functions/keys.ts";
import { openSqlite } from "../../../functions/store/sqlite.ts";

const store = openSqlite(":memory:");
afterAll(() => store.close());

const ctxAt = (skewMs: number) => ({ store, now: () => new Date(Date.now() + skewMs) }) as Context;
const ctx = ctxAt(0);
const newAccount = (): Owner => accountOwner(newId("acc"));
const newTenants = (count: number): Owner[] => Array.from({ length: count }, () => tenantOwner(newId("ten")));
const content = (about: Owner, number: number, padding = "") => ({
  ...{ type: "command.done", createdAt: new Date().toISOString(), accountId: "acc", tenantId: about.slice(2) },
  ...{ livemode: true, data: { number, padding } },
});
const write = (by: Context, levels: Levels, number: number) => append(by, levels, content(levels[0], number), () => []);
async function all(owner: Owner, range: Parameters<typeof events>[2] = {}): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of events(ctx, owner, range)) ids.push(id);
  return ids;
}

it("nothing is put before what a reader has seen, whatever clocks writers have and however many shards come meanwhile", async () => {
  const writer = fc.record({ skewMs: fc.integer({ min: -3000, max: 3000 }), events: fc.integer({ min: 1, max: 8 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(writer, { minLength: 2, maxLength: 6 }), fc.nat(3), async (writers, widenings) => {
      const account = newAccount();
      const written: string[] = [];
      const writing = newTenants(writers.length).map(async (tenant, index) => {
        const { skewMs = 0, events: count = 0 } = writers[index] ?? {};
        for (let number = 0; number < count; number++) {
          written.push((await write(ctxAt(skewMs), [tenant, account], number)).id);
          if (index === 0 && number < widenings) await widen(ctx, account);
        }
      });
      let going = true;
      const done = Promise.all(writing).finally(() => {
        going = false;
      });
      const seen: string[] = [];
      while (going) {
        seen.push(...(await all(account, { after: seen.at(-1) })));
        await setImmediate();
      }
      await done;
      seen.push(...(await all(account, { after: seen.at(-1) })));
      expect(seen).toEqual([...written].sort());
      expect(await all(account, { newestFirst: true })).toEqual([...seen].reverse());
    }),
    { numRuns: 12 },
  );
});

it("a log whose events are in one another's way gets more shards, and one that is written by turns does not", async () => {
  const [busy, calm] = [newAccount(), newAccount()];
  await Promise.all(newTenants(120).map((tenant, number) => write(ctx, [tenant, busy], number)));
  expect(await shardsOf(ctx, busy)).toBeGreaterThan(1);
  const one = newTenants(1)[0] as Owner;
  await Promise.all(Array.from({ length: 10 }, (_, number) => write(ctx, [one, calm], number)));
  expect(await shardsOf(ctx, calm)).toBe(1);
  expect((await all(busy)).length).toBe(120);
  expect((await all(calm)).length).toBe(10);
});

it("pages go on after any event, in both orders, through every shard", async () => {
  const account = newAccount();
  await write(ctx, [account], 0);
  while ((await shardsOf(ctx, account)) < 8) await widen(ctx, account);
  for (const tenant of newTenants(30)) await write(ctx, [tenant, account], 1);
  const ids = await all(account);
  expect(ids).toEqual([...new Set(ids)].sort());
  expect(ids).toHaveLength(31);
  for (const at of [0, 7, 29, 30]) {
    const [after] = ids.slice(at);
    expect(await all(account, { after })).toEqual(ids.slice(at + 1));
    expect(await all(account, { after, newestFirst: true })).toEqual(ids.slice(0, at).reverse());
  }
  // read to the end, each shard stands there
  const heads = await headsOf(ctx, account);
  expect(new Set(heads.map(({ last }) => last))).toEqual(new Set([ids.at(-1)]));
});

it("an event is found in each log that has it, by its id alone or with whom it is about, and so is what was there before shards came", async () => {
  const account = newAccount();
  const [tenant] = newTenants(1) as [Owner];
  const before = await append(ctx, [tenant, account], content(tenant, 1, "long ".repeat(1000)), () => []);
  while ((await shardsOf(ctx, account)) < mostShards) await widen(ctx, account);
  await widen(ctx, account);
  expect(await shardsOf(ctx, account)).toBe(mostShards);
  const after = await write(ctx, [tenant, account], 2);
  for (const event of [before, after]) {
    expect(await find(ctx, account, event.id)).toEqual(event);
    expect(await find(ctx, account, event.id, tenant)).toEqual(event);
    expect(await find(ctx, tenant, event.id, tenant)).toEqual(event);
    const there = await store.getMany(entriesOf([tenant, account], tenant, event.id));
    expect(there.filter(Boolean)).toHaveLength(2);
  }
  const packed = await store.get(keys.logged(tenant, before.id));
  expect(packed?.packed).toSatisfy((bytes: Uint8Array) => bytes.length < 500);
});

it("a log as earlier releases wrote it is read, and goes on after its last event", async () => {
  const account = newAccount();
  const [tenant] = newTenants(1) as [Owner];
  // by a clock that was ahead
  const old = { id: idAfter("", new Date(Date.now() + 60_000)), ...content(tenant, 1) };
  await store.transact([
    { put: { ...keys.logHead(account), last: old.id } },
    {
      put: { ...keys.logged(account, old.id), type: old.type, text: JSON.stringify(old), ttl: 9_999_999_999 },
    },
  ]);
  expect(await all(account)).toEqual([old.id]);
  const next = await write(ctx, [tenant, account], 2);
  expect(await all(account)).toEqual([old.id, next.id]);
  await widen(ctx, account);
  const last = await write(ctx, [tenant, account], 3);
  expect(await all(account, { after: old.id })).toEqual([next.id, last.id]);
});

it("no two events get one id, though they follow the same", () => {
  const now = new Date();
  for (const last of ["", idAfter("", now), idAfter("", new Date(now.getTime() + 5000))]) {
    const ids = Array.from({ length: 200 }, () => idAfter(last, now));
    expect(new Set(ids).size).toBe(200);
    expect(ids.every((id) => id > last)).toBe(true);
  }
});
