// What follows from a change of a pool's hosts: tenants without a home get one, those of hosts that are drained or were taken out go elsewhere, homes are
// evened out. A little at a time, from wherever it stands; nothing that dies over it is lost, since what is left is found by the index.
import { accountOwner, type Owner } from "../../core/owner.ts";
import type { Context } from "../context.ts";
import { of as waitingEvents } from "../events/waiting.ts";
import { newId } from "../id.ts";
import * as keys from "../keys.ts";
import { due, take } from "../outbox.ts";
import { allItems, ConditionFailed, type Item, type Operation } from "../store/store.ts";
import { readEdge } from "./edge.ts";
import { able, anew, choose, countHomes, countLoads, move, nowhere, placementItems } from "./placement.ts";
import { tick } from "./release.ts";
import { changeRoster, goneMs, readRoster, withHost, workItem } from "./roster.ts";
import { type Decide, hasCall, type Said, settle } from "./settle.ts";
import { sweepSilent } from "./silent.ts";
import type { Host, PoolRoster } from "./stored-roster.ts";

const atOnce = 8;
const movesAtOnce = 500;
const enteredAtOnce = 1000;
/** Of the owners of tenants; and what comes after all of them. */
const [firstTenant, done] = ["T#", "U"];
/** A drain that waits for calls is looked at so often, and whatever else is left. */
const againMs = 5000;
/** A tenant that is to move waits for the end of its call: it is looked at so often. */
const calmMs = 15_000;
/** The index may be behind: all is looked at once more. */
const onceMoreMs = 60_000;

/** Marks edges as down that are silent, then tends every pool about which something is to be done. Rejects after all were tried, if any failed. */
export async function sweepPools(ctx: Context): Promise<void> {
  const failed: unknown[] = [];
  const tried = (work: Promise<unknown>) => work.catch((error: unknown) => void failed.push(error));
  await tried(sweepSilent(ctx));
  for await (const item of due(ctx, keys.index.pools)) await tried(work(ctx, item));
  if (failed.length > 0) throw new Error("not all pools were tended; the next sweep goes on", { cause: failed[0] });
}

/** What is to be done about the pool now. */
export async function tendPool(ctx: Context, pool: string): Promise<void> {
  const item = await ctx.store.get(keys.poolWork(pool));
  if (item) await work(ctx, item);
}

/** The alarm is set again before the work, so that whoever dies over it is followed by another. */
async function work(ctx: Context, item: Item): Promise<void> {
  const pool = String(item.pool);
  const again = { ...workItem(ctx, pool, againMs), last: item.last ?? null };
  if (!(await takeTurn(ctx, { put: again }, item))) return;
  const left = await tend(ctx, pool, { moves: movesAtOnce });
  if (left === "some") return;
  if (left === "calls") {
    await takeTurn(ctx, { put: { ...workItem(ctx, pool, calmMs), last: null } }, again);
    return;
  }
  // done, but for what the index did not show yet
  const isLast = left === "nothing" && typeof item.last === "string";
  const later = { ...workItem(ctx, pool, onceMoreMs), last: left === "nothing" ? ctx.now().toISOString() : null };
  await takeTurn(ctx, isLast ? { delete: again } : { put: later }, again);
}

const takeTurn = (ctx: Context, operation: { put: Item } | { delete: Item }, at: Item): Promise<boolean> =>
  take(ctx.store, operation, { turn: Number(at.turn) });

/** One at a time in this process: who counts while another moves would move too many. */
const running = new Map<string, Promise<unknown>>();

type Left = "nothing" | "later" | "some" | "calls";

/** `moves`: at most so many tenants. Resolves with what is left: `some` soon, `later` in a while; `calls`: what waits for the end of calls. */
export function tend(ctx: Context, pool: string, bounds: { moves: number }): Promise<Left> {
  const before = running.get(pool) ?? Promise.resolve();
  const mine = before.catch(() => undefined).then(() => tendOnce(ctx, pool, bounds));
  running.set(pool, mine);
  const over = () => void (running.get(pool) === mine && running.delete(pool));
  mine.then(over, over);
  return mine;
}

async function tendOnce(ctx: Context, pool: string, { moves }: { moves: number }): Promise<Left> {
  const roster = await readRoster(ctx, pool);
  const allEntered = roster.version === 0 || (await enterOld(ctx, pool));
  const loads = await countLoads(ctx, roster);
  const said = await whatEdgesSay(ctx, roster);
  const isBusy = async (owner: Owner, id: string | null): Promise<boolean> => {
    const host = roster.hosts.find((one) => one.id === id);
    return host !== undefined && hasCall(ctx, owner, host, said.get(host.id));
  };
  const room = { moves };
  await each(room, misplaced(ctx, roster), (owner) =>
    settle(ctx, owner, roster, async (before) => {
      const waits = roster.hosts.some(({ id, drain }) => id === before.home && drain !== null);
      return choose(roster, loads, owner, before, waits && (await isBusy(owner, before.home)));
    }),
  );
  const waits = room.moves > 0 && roster.rebalance && !(await even(ctx, roster, room, isBusy));
  for (const host of roster.hosts)
    if (host.drain?.doneAt === null) await endDrain(ctx, roster, host, said.get(host.id));
  if (room.moves <= 0 || !allEntered) return "some";
  const rolling = await tick(ctx, await readRoster(ctx, pool));
  const now = await readRoster(ctx, pool);
  if (now.hosts.some(({ drain }) => drain?.doneAt === null)) return "some";
  if (waits || rolling) return "calls";
  const old = new Date(ctx.now().getTime() - goneMs).toISOString();
  return now.gone.some(({ at }) => at > old) ? "later" : "nothing";
}

/** Some at a time until there is no room for more; `work` says whether it moved one. */
async function each(room: { moves: number }, owners: AsyncIterable<Owner>, work: (owner: Owner) => Promise<boolean>) {
  let some: Owner[] = [];
  const flush = async () => {
    const moved = await Promise.all(some.map(work));
    room.moves -= moved.filter(Boolean).length;
    some = [];
  };
  for await (const owner of owners) {
    some.push(owner);
    if (some.length >= Math.min(atOnce, room.moves)) await flush();
    if (room.moves <= 0) return;
  }
  await flush();
}

async function* misplaced(ctx: Context, { pool, ...roster }: PoolRoster): AsyncGenerator<Owner> {
  const hosts = able({ pool, ...roster });
  const left = roster.gone.map(({ id }) => id);
  const drained = hosts.length > 0 ? roster.hosts.filter(({ drain }) => drain).map(({ id }) => id) : [];
  const lists = [
    keys.index.homes(anew(pool)),
    ...[...left, ...drained].map(keys.index.standbys),
    ...[...left, ...drained, ...(hosts.length > 0 ? [pool] : [])].map(keys.index.homes),
    ...(hosts.length > 1 ? [keys.index.standbys(pool)] : []),
  ];
  for (const list of lists) {
    // read whole before: it changes under the reader's hands
    const owners: Owner[] = [];
    for await (const { isk } of inIndex(ctx, list)) owners.push(isk as Owner);
    yield* owners;
  }
}

/** What the hosts that are drained, or may be emptied, said of their calls. */
async function whatEdgesSay(ctx: Context, roster: PoolRoster): Promise<Map<string, Said>> {
  const said = new Map<string, Said>();
  for (const { id, drain } of roster.hosts) {
    if (!drain && !roster.rebalance) continue;
    const edge = await readEdge(ctx, id);
    const { liveCalls } = (edge?.health ?? {}) as { liveCalls?: number };
    if (edge?.seenAt && liveCalls !== undefined) said.set(id, { liveCalls, at: Date.parse(edge.seenAt) });
  }
  return said;
}

/**
 * Moves homes from the hosts with the most to those with the fewest, but of tenants that are on a call, until they differ by one at most. Resolves with whether
 * it is over: not while some are on a call that are to move.
 */
async function even(
  ctx: Context,
  roster: PoolRoster,
  room: { moves: number },
  isBusy: (owner: Owner, home: string | null) => Promise<boolean>,
): Promise<boolean> {
  let busy = 0;
  // others may have moved some meanwhile: it is over when nothing is left to move
  for (let moved = -1; moved !== 0; ) {
    moved = 0;
    busy = 0;
    const loads = await countLoads(ctx, roster);
    const hosts = able(roster).map(({ id }) => id);
    const homes = (id: string): number => loads.get(id)?.homes ?? 0;
    for (const id of hosts) {
      const owners: Owner[] = [];
      for await (const { isk } of inIndex(ctx, keys.index.homes(id))) owners.push(isk as Owner);
      for (const owner of owners) {
        const to = hosts.reduce((a, b) => (homes(b) < homes(a) ? b : a));
        if (room.moves <= 0) return false;
        if (homes(id) - homes(to) < 2) break;
        const decide: Decide = async (before) => {
          if (before.home !== id) return before;
          if (await isBusy(owner, id)) {
            busy++;
            return before;
          }
          return { home: to, standby: before.standby === to ? id : before.standby };
        };
        if (!(await settle(ctx, owner, roster, decide))) continue;
        move(loads, { home: id, standby: null }, { home: to, standby: null });
        room.moves--;
        moved++;
      }
    }
  }
  // in the last round nobody moved, so whoever is on a call would have
  if (busy > 0) return false;
  await changeRoster(ctx, roster.pool, (now) => (now.rebalance ? { ...now, rebalance: false } : undefined));
  return true;
}

const inIndex = (ctx: Context, pk: string): AsyncGenerator<Item> => allItems((q) => ctx.store.queryIndex(q), { pk });

/** A drained host is done when nobody's home is there that could be elsewhere, and its engine has said since that it has no call. */
async function endDrain(ctx: Context, roster: PoolRoster, host: Host, said: Said | undefined): Promise<void> {
  const { since } = host.drain ?? { since: "" };
  const isIdle = host.down || (said?.liveCalls === 0 && said.at >= Date.parse(since));
  if (!isIdle || (able(roster).length > 0 && (await countHomes(ctx, host.id)) > 0)) return;
  const edge = await readEdge(ctx, host.id);
  if (!edge) return;
  const doneAt = ctx.now().toISOString();
  const { id, name } = host;
  const data = { id, name, pool: roster.pool, since };
  const told = (): Operation[] =>
    waitingEvents(
      accountOwner(edge.account),
      newId("evw"),
      [{ type: "edge.drained", owner: accountOwner(edge.account), data }],
      doneAt,
    );
  await changeRoster(
    ctx,
    roster.pool,
    (now) => {
      const drain = now.hosts.find((one) => one.id === id)?.drain;
      return drain?.since === since && drain.doneAt === null
        ? withHost(now, id, { drain: { since, doneAt } })
        : undefined;
    },
    told,
  );
}

/**
 * Tenants from before there were rosters stand in no list yet: they are entered among those without a home, some at a time. Resolves with whether all are.
 */
async function enterOld(ctx: Context, pool: string): Promise<boolean> {
  const key = keys.entered(pool);
  const from = String((await ctx.store.get(key))?.upTo ?? firstTenant);
  if (from === done) return true;
  const { items } = await ctx.store.queryIndex({ pk: keys.index.pool(pool), from, limit: enteredAtOnce });
  const owners = items.flatMap(({ deleted, owner }) => (deleted === true ? [] : [owner as Owner]));
  const known = await ctx.store.getMany(owners.map(keys.home));
  for (const owner of owners.filter((_, index) => known[index] === undefined)) {
    const operations = placementItems(owner, pool, nowhere).map((one): Operation => ({ ...one, if: { absent: true } }));
    await ctx.store.transact(operations).catch((error: unknown) => {
      if (!(error instanceof ConditionFailed)) throw error;
    });
  }
  const isAll = items.length < enteredAtOnce;
  await ctx.store.transact([{ put: { ...key, upTo: isAll ? done : `${items.at(-1)?.owner}~` } }]);
  return isAll;
}
