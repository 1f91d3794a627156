// Where tenants live, whatever happens to the hosts of their pool: on the real store, with nothing around it.
import { generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { accountOwner, idOf, type Owner } from "../../../core/owner.ts";
import type { Placement } from "../../../core/resources/placement.ts";
import type { Roster } from "../../../core/wire.ts";
import type { Context } from "../../../functions/context.ts";
import { remove } from "../../../functions/deletion/remove.ts";
import { restore } from "../../../functions/deletion/restore.ts";
import { readChanges } from "../../../functions/document/change.ts";
import { readHead } from "../../../functions/document/head.ts";
import { type Edge, newToken, readEdge } from "../../../functions/edges/edge.ts";
import { enrol } from "../../../functions/edges/enrol.ts";
import { heartbeat } from "../../../functions/edges/heartbeat.ts";
import { anew, readPlacement } from "../../../functions/edges/placement.ts";
import { refuseHome, removeEdge } from "../../../functions/edges/removal.ts";
import { changeRoster, messageOf, readRoster, withHost } from "../../../functions/edges/roster.ts";
import { sweepPools } from "../../../functions/edges/tend.ts";
import { doSoon } from "../../../functions/jobs/handler.ts";
import * as keys from "../../../functions/keys.ts";
import { Problem } from "../../../functions/problem.ts";
import { openSqlite } from "../../../functions/store/sqlite.ts";
import { allItems } from "../../../functions/store/store.ts";
import { actor, contextOn, operatorOn } from "../../support/context.ts";
import { decodeMessage } from "../../support/queue.ts";
import { pem } from "../../support/signed-edge.ts";

const from = { ip: null, requestId: "req_1" };
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** An installation whose clock the test holds, and whose work after answers it waits for. */
async function installation() {
  const store = openSqlite(":memory:");
  const work: Promise<void>[] = [];
  const clock = { now: Date.now() };
  const told: { url: string; roster: Roster }[] = [];
  const ctx: Context = contextOn(store, {
    after: (one) => void work.push(one.catch(() => undefined)),
    startJob: async (id) => void work.push(doSoon(ctx, id).then(() => undefined)),
    now: () => new Date(clock.now),
    queues: {
      create: async (edge) => `queue:${edge}`,
      async send(url, body) {
        const message = decodeMessage(body);
        if (message.type === "roster") told.push({ url, roster: message });
      },
      remove: async () => {},
      access: () => Promise.reject(new Error("no queues")),
    },
  });
  const operator = await operatorOn(ctx);
  const pool = (await readHead(ctx.store, operator.owner))?.defaultPool ?? expect.fail("no pool");
  const quiet = async () => {
    while (work.length > 0) await Promise.all(work.splice(0));
  };
  closing.push(async () => {
    await quiet();
    await store.close();
  });
  return {
    ...{ ctx, clock, told, pool, operator: operator.owner, quiet },
    async newTenant(): Promise<Owner> {
      const owner = await operator.newTenant();
      await quiet();
      return owner;
    },
    newTenantAtOnce: operator.newTenant,
    async enrol(engine: "freeswitch" | "kamailio" = "freeswitch", name = engine): Promise<Edge> {
      const { token } = await newToken(ctx, idOf(operator.owner), pool);
      const publicKey = pem(generateKeyPairSync("ed25519").publicKey);
      const edge = await enrol(ctx, { token, publicKey, name, engine, sip: null, front: null }, from);
      await quiet();
      return edge;
    },
    async beat(id: string, liveCalls = 0, connected = true, more: { drain?: true; roster?: number | null } = {}) {
      const edge = (await readEdge(ctx, id)) ?? expect.fail("no edge");
      const engine = { connected, version: null };
      const { roster: answer } = await heartbeat(ctx, edge, { version: "1", engine, liveCalls, ...more }, from);
      await quiet();
      return answer;
    },
    async drain(id: string, since: string | null = new Date(clock.now).toISOString()): Promise<void> {
      const drain = since === null ? null : { since, doneAt: null };
      await changeRoster(ctx, pool, (roster) => withHost(roster, id, { drain }));
      await quiet();
    },
    async remove(id: string): Promise<boolean> {
      const edge = (await readEdge(ctx, id)) ?? expect.fail("no edge");
      const isRefused = await refuseHome(ctx, edge).then(
        () => false,
        (error) => error instanceof Problem && error.code === "in_use",
      );
      if (!isRefused) await removeEdge(ctx, { owner: accountOwner(edge.account) }, id, []);
      await quiet();
      return !isRefused;
    },
    async sweep(): Promise<void> {
      await sweepPools(ctx);
      await quiet();
    },
    placement: (owner: Owner): Promise<Placement> => readPlacement(ctx, owner),
    roster: () => readRoster(ctx, pool),
    async call(owner: Owner, edge: string): Promise<() => Promise<void>> {
      const key = keys.liveCall(owner, "cal_1");
      const startedAt = new Date(clock.now).toISOString();
      await ctx.store.transact([{ put: { ...key, edge, startedAt, ttl: Math.floor(clock.now / 1000) + 3600 } }]);
      return () => ctx.store.transact([{ delete: key }]);
    },
  };
}

type Installation = Awaited<ReturnType<typeof installation>>;

async function indexed(ctx: Context, pk: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { isk } of allItems((q) => ctx.store.queryIndex(q), { pk })) found.push(String(isk));
  return found.sort();
}

/** What must be true once everything has come to rest. */
async function checkAll(the: Installation, tenants: Owner[], slots: Map<number, string>): Promise<void> {
  const roster = await the.roster();
  for (const { slot, id } of roster.hosts) {
    expect(slots.get(slot) ?? id, "a slot is never used again").toBe(id);
    slots.set(slot, id);
  }
  const able = roster.hosts.filter(({ engine, drain }) => engine === "freeswitch" && !drain).map(({ id }) => id);
  const homes = new Map<string, string[]>();
  const standbys = new Map<string, string[]>();
  for (const owner of tenants) {
    const { home, standby } = await the.placement(owner);
    if (able.length > 0) expect(able).toContain(home);
    if (standby !== null) expect(able).toContain(standby);
    expect(standby === null).toBe(able.filter((id) => id !== home).length === 0);
    if (home !== null) expect(standby).not.toBe(home);
    homes.set(home ?? the.pool, [...(homes.get(home ?? the.pool) ?? []), owner]);
    standbys.set(standby ?? the.pool, [...(standbys.get(standby ?? the.pool) ?? []), owner]);
  }
  for (const id of [...slots.values(), the.pool, anew(the.pool)]) {
    expect(await indexed(the.ctx, keys.index.homes(id))).toEqual((homes.get(id) ?? []).sort());
    expect(await indexed(the.ctx, keys.index.standbys(id))).toEqual((standbys.get(id) ?? []).sort());
  }
  const versions = the.told.map(({ roster: { version } }) => version);
  expect(versions).toEqual(versions.toSorted((a, b) => a - b));
  if (roster.hosts.length > 0) expect(the.told.at(-1)?.roster).toEqual(messageOf(roster));
}

const step = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ do: "enrol" } as const) },
  { weight: 1, arbitrary: fc.constant({ do: "front" } as const) },
  { weight: 3, arbitrary: fc.constant({ do: "tenant" } as const) },
  ...(["drain", "resume", "remove", "delete", "restore"] as const).map((what) => ({
    weight: 1,
    arbitrary: fc.record({ do: fc.constant(what), at: fc.nat(9) }),
  })),
  { weight: 1, arbitrary: fc.constant({ do: "rebalance" } as const) },
);

test("whatever hosts come, go and are drained, each tenant lives on one that takes calls, and no other than its standby stands by", {
  timeout: 60_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 14 }), async (steps) => {
      const the = await installation();
      const hosts: string[] = [];
      const tenants: Owner[] = [];
      const deleted: Owner[] = [];
      const slots = new Map<number, string>();
      for (const one of steps) {
        const host = "at" in one ? hosts[one.at % Math.max(1, hosts.length)] : undefined;
        if (one.do === "enrol") hosts.push((await the.enrol()).id);
        if (one.do === "front") await the.enrol("kamailio");
        if (one.do === "tenant") tenants.push(await the.newTenant());
        if (one.do === "drain" && host) await the.drain(host);
        if (one.do === "resume" && host) await the.drain(host, null);
        if (one.do === "remove" && host && (await the.remove(host))) hosts.splice(hosts.indexOf(host), 1);
        if (one.do === "delete" && tenants.length > 0) {
          const [gone] = tenants.splice(one.at % tenants.length, 1);
          if (gone) await remove(the.ctx, gone, { actor, purgeAt: new Date(the.clock.now + 86_400_000) });
          if (gone) deleted.push(gone);
        }
        const back = one.do === "restore" ? deleted.shift() : undefined;
        if (back) await restore(the.ctx, back, actor);
        if (back) tenants.push(back);
        if (one.do === "rebalance") await changeRoster(the.ctx, the.pool, (roster) => ({ ...roster, rebalance: true }));
        await the.quiet();
        await checkAll(the, tenants, slots);
        if (one.do !== "rebalance") continue;
        const able = (await the.roster()).hosts.filter(({ engine, drain }) => engine === "freeswitch" && !drain);
        const loads = await Promise.all(
          able.map(async ({ id }) => (await indexed(the.ctx, keys.index.homes(id))).length),
        );
        if (loads.length > 0) expect(Math.max(...loads) - Math.min(...loads)).toBeLessThan(2);
      }
    }),
    { numRuns: Number(process.env.PLACEMENT_RUNS ?? 8) },
  );
});

test("two hundred tenants made at once are all there, spread evenly over the hosts", { timeout: 60_000 }, async () => {
  const the = await installation();
  for (let n = 0; n < 4; n++) await the.enrol();
  const tenants = await Promise.all(Array.from({ length: 200 }, () => the.newTenantAtOnce()));
  await the.quiet();
  for (const { id } of (await the.roster()).hosts) {
    expect(await indexed(the.ctx, keys.index.homes(id))).toHaveLength(50);
    const standbys = (await indexed(the.ctx, keys.index.standbys(id))).length;
    expect(Math.abs(standbys - 50), String(standbys)).toBeLessThan(4);
  }
  for (const owner of tenants) expect((await readHead(the.ctx.store, owner))?.revision).toBe(0);
});

test("tenants of a pool without a FreeSWITCH are placed when the first one joins, those from before there were rosters too", async () => {
  const the = await installation();
  const [old, young] = [await the.newTenant(), await the.newTenant()];
  await the.ctx.store.transact([{ delete: keys.home(old) }, { delete: keys.standby(old) }]);
  await the.enrol("kamailio");
  expect(await the.placement(young)).toEqual({ home: null, standby: null });
  const { id } = await the.enrol();
  for (const owner of [old, young]) expect(await the.placement(owner)).toEqual({ home: id, standby: null });
  for await (const { actor: by, diff } of readChanges(the.ctx.store, young, 1, { upTo: 1 })) {
    expect(by).toMatchObject({ type: "system", name: "platform" });
    expect(diff).toMatchObject([{ op: "create", kind: "placement", after: { home: id } }]);
  }
});

test("a host that is drained keeps a tenant with a call until that ends, gives up the others at once, and says when it is done", async () => {
  const the = await installation();
  const [one, two] = [(await the.enrol()).id, (await the.enrol()).id];
  const all = [await the.newTenant(), await the.newTenant(), await the.newTenant(), await the.newTenant()];
  const mine: Owner[] = [];
  for (const owner of all) if ((await the.placement(owner)).home === one) mine.push(owner);
  const [talks = all[0] as Owner, ...others] = mine;
  expect(mine).toHaveLength(2);
  const hangUp = await the.call(talks, one);
  await the.beat(one, 1);

  const asked = await the.beat(one, 1, true, { drain: true, roster: 0 });
  expect(asked?.hosts).toMatchObject([
    { id: one, state: "draining" },
    { id: two, state: "up" },
  ]);
  expect(await the.placement(talks)).toEqual({ home: one, standby: two });
  for (const owner of others) expect(await the.placement(owner)).toEqual({ home: two, standby: null });
  expect(await the.remove(one)).toBe(false);

  await hangUp();
  the.clock.now += 1000;
  await the.beat(one, 0);
  expect(await the.placement(talks)).toEqual({ home: two, standby: null });
  expect((await the.roster()).hosts[0]?.drain?.doneAt).toBe(new Date(the.clock.now).toISOString());
  const waiting = [];
  for await (const { text } of allItems((q) => the.ctx.store.query(q), {
    pk: the.operator,
    prefix: keys.eventsWaiting,
  }))
    waiting.push(...JSON.parse(String(text)));
  expect(waiting.filter(({ type }) => type === "edge.drained")).toMatchObject([{ data: { id: one, pool: the.pool } }]);
  expect(await the.remove(one)).toBe(true);
});

test("homes are evened out but for tenants on a call, which move once it is over, without being asked for again", async () => {
  const the = await installation();
  const one = (await the.enrol()).id;
  const tenants = [await the.newTenant(), await the.newTenant(), await the.newTenant(), await the.newTenant()];
  const calls = await Promise.all(tenants.map((owner) => the.call(owner, one)));
  await the.beat(one, 4);
  const two = (await the.enrol()).id;
  const homes = async () => (await Promise.all(tenants.map(the.placement))).map(({ home }) => home);
  await changeRoster(the.ctx, the.pool, (roster) => ({ ...roster, rebalance: true }));
  await the.quiet();
  expect(await homes()).toEqual([one, one, one, one]);
  expect((await the.roster()).rebalance).toBe(true);
  const later = async () => {
    the.clock.now += 16_000;
    await the.beat(two);
    await the.beat(one, 4);
    await the.sweep();
  };
  await later();
  expect(await homes()).toEqual([one, one, one, one]);
  await calls[3]?.();
  await later();
  expect(await homes()).toEqual([one, one, one, two]);
  await calls[0]?.();
  await later();
  expect(await homes()).toEqual([two, one, one, two]);
  // those that still talk stay: it is even
  expect((await the.roster()).rebalance).toBe(false);
});

test("a call of which a host no longer knows keeps nobody from moving", async () => {
  const the = await installation();
  const one = (await the.enrol()).id;
  const owner = await the.newTenant();
  await the.enrol();
  await the.call(owner, one);
  await the.drain(one);
  expect((await the.placement(owner)).home).toBe(one);
  the.clock.now += 70_000;
  await the.beat(one, 0);
  expect((await the.placement(owner)).home).not.toBe(one);
});

test("a host is down when nothing is heard of it for 90 s, or its engine is away for longer than a restart; up again with a heartbeat", async () => {
  const the = await installation();
  const [one, two] = [(await the.enrol()).id, (await the.enrol()).id];
  const states = async () => messageOf(await the.roster()).hosts.map(({ state }) => state);
  await the.sweep();
  for (let n = 0; n < 2; n++) {
    the.clock.now += 60_000;
    await the.beat(two);
    await the.sweep();
  }
  expect(await states()).toEqual(["down", "up"]);
  await the.beat(one);
  expect(await states()).toEqual(["up", "up"]);

  await the.beat(two, 0, false);
  await the.sweep();
  expect(await states()).toEqual(["up", "up"]);
  the.clock.now += 16_000;
  await the.sweep();
  expect(await states()).toEqual(["up", "down"]);
  await the.beat(two, 0, false);
  expect(await states()).toEqual(["up", "down"]);
  await the.beat(two);
  expect(await states()).toEqual(["up", "up"]);
});

test("after an outage of the cloud's own no host is down before it could be heard", async () => {
  const the = await installation();
  await the.enrol();
  await the.sweep();
  the.clock.now += 3_600_000;
  await the.sweep();
  expect(messageOf(await the.roster()).hosts).toMatchObject([{ state: "up" }]);
  the.clock.now += 91_000;
  await the.sweep();
  expect(messageOf(await the.roster()).hosts).toMatchObject([{ state: "down" }]);
});

test("edges that join at once get a slot each, and one from before there were rosters is in it with its next heartbeat", async () => {
  const the = await installation();
  const made = await Promise.all(Array.from({ length: 8 }, () => the.enrol()));
  const { hosts } = await the.roster();
  expect(hosts.map(({ slot }) => slot)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(hosts.map(({ id }) => id).sort()).toEqual(made.map(({ id }) => id).sort());

  await the.ctx.store.transact([{ delete: keys.roster(the.pool) }]);
  const [one] = made;
  const told = await the.beat(one?.id ?? "", 0, true, { roster: null });
  expect(told?.hosts).toMatchObject([{ id: one?.id, slot: 1, state: "up" }]);
});
