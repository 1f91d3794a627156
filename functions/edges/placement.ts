// Where a tenant's calls live: which hosts of its pool are its home and its standby, and by which items the tenants of a host are found and counted.
import { hash } from "node:crypto";
import { idOf, isTenant, type Owner } from "../../core/owner.ts";
import { placement as kind, type Placement } from "../../core/resources/placement.ts";
import type { Context } from "../context.ts";
import type { ChangedResource } from "../document/draft.ts";
import type { Head } from "../document/head.ts";
import { fromItem } from "../document/view.ts";
import * as keys from "../keys.ts";
import { allItems, type Item, type Operation } from "../store/store.ts";
import { workItem } from "./roster.ts";
import type { Host, PoolRoster } from "./stored-roster.ts";

export const nowhere: Placement = { home: null, standby: null };

/** A document has one at most: its id is made of the owner's. */
export const placementId = (owner: Owner): string => `${kind.prefix}_${idOf(owner).slice(4)}`;

export const placementKey = (owner: Owner) => keys.resource(owner, kind.kind, placementId(owner));
export const placementFrom = (item: Item | undefined): Placement =>
  item ? (fromItem(item).body as Placement) : nowhere;

export async function readPlacement(ctx: Context, owner: Owner): Promise<Placement> {
  return placementFrom(await ctx.store.get(placementKey(owner)));
}

/** The items by which it is found among the tenants of its hosts, or among those of the pool that have none. */
export function placementItems(owner: Owner, pool: string, { home, standby }: Placement): Operation[] {
  return [
    { put: { ...keys.home(owner), ipk: keys.index.homes(home ?? pool), isk: owner } },
    { put: { ...keys.standby(owner), ipk: keys.index.standbys(standby ?? pool), isk: owner } },
  ];
}

/** They belong into the transaction of a revision that makes these changes. */
export function placing({ owner, pools: [pool] }: Head, changes: ChangedResource[]): Operation[] {
  const change = changes.find(({ after }) => after?.kind === kind.kind);
  return change?.after && pool !== undefined ? placementItems(owner, pool, change.after.body as Placement) : [];
}

/** In the place of a host: where those are found that are to be placed anew, whatever hosts the pool has by then. */
export const anew = (pool: string): string => `${pool} anew`;

/** The tenant is to be placed anew: in another pool, or come back from its deletion. */
export const unplacing = (ctx: Context, owner: Owner, pools: string[]): Operation[] =>
  isTenant(owner)
    ? pools.flatMap((pool) => [
        ...placementItems(owner, pool, { home: anew(pool), standby: anew(pool) }),
        { put: workItem(ctx, pool) },
      ])
    : [];

/** The tenant is gone, and counts on no host. */
export const displacing = (owner: Owner): Operation[] =>
  isTenant(owner) ? [{ delete: keys.home(owner) }, { delete: keys.standby(owner) }] : [];

/** How many tenants have their home and their standby on each host. */
export type Loads = Map<string, { homes: number; standbys: number }>;

/** Hosts that carry calls at all. */
export const carriers = (roster: PoolRoster): Host[] => roster.hosts.filter(({ engine }) => engine !== "kamailio");

/** Those that may be given tenants: of the ones that are not being drained those that are up, if any is. */
export function able(roster: PoolRoster): Host[] {
  const hosts = carriers(roster).filter(({ drain }) => drain === null);
  const up = hosts.filter(({ down }) => !down);
  return up.length > 0 ? up : hosts;
}

async function countOf(ctx: Context, ipk: string): Promise<number> {
  let count = 0;
  for await (const _ of allItems((q) => ctx.store.queryIndex(q), { pk: ipk })) count++;
  return count;
}

export const countHomes = (ctx: Context, edge: string): Promise<number> => countOf(ctx, keys.index.homes(edge));

export async function countLoads(ctx: Context, roster: PoolRoster): Promise<Loads> {
  const loads: Loads = new Map();
  for (const { id } of carriers(roster)) {
    const [homes, standbys] = [await countHomes(ctx, id), await countOf(ctx, keys.index.standbys(id))];
    loads.set(id, { homes, standbys });
  }
  return loads;
}

/** Counting costs a read of every tenant: new ones are placed by what was counted some seconds ago, and what this process placed since. */
const knownMs = 30_000;
const known = new WeakMap<Context, Map<string, { at: number; loads: Promise<Loads> }>>();

export async function knownLoads(ctx: Context, roster: PoolRoster): Promise<Loads> {
  const pools = known.get(ctx) ?? new Map<string, { at: number; loads: Promise<Loads> }>();
  known.set(ctx, pools);
  const hosts = carriers(roster).map(({ id }) => id);
  const name = `${roster.pool} ${hosts}`;
  const before = pools.get(name);
  if (before && before.at > ctx.now().getTime() - knownMs) return before.loads;
  const loads = countLoads(ctx, roster);
  pools.set(name, { at: ctx.now().getTime(), loads });
  loads.catch(() => pools.delete(name));
  return loads;
}

/** Tenants were moved: what is known is counted anew. */
export const forgetLoads = (ctx: Context): void => void known.delete(ctx);

/** Of those with the fewest one, not for every tenant the same. */
function least(hosts: Host[], loads: Loads, what: "homes" | "standbys", owner: Owner): string | null {
  const of = (id: string) => loads.get(id)?.[what] ?? 0;
  const fewest = Math.min(...hosts.map(({ id }) => of(id)));
  const even = hosts.filter(({ id }) => of(id) === fewest).map(({ id }) => id);
  if (even.length < 2) return even[0] ?? null;
  const rank = (id: string) => hash("sha256", `${owner} ${id}`);
  return even.reduce((a, b) => (rank(a) < rank(b) ? a : b));
}

/**
 * Where a tenant belongs that is placed like `before`, counted into `loads`. It stays where it is, but for a host that is drained or was taken out. Then its
 * standby becomes its home, where its new calls are by now; `busy`: with a call on a host that is being drained it waits there.
 */
export function choose(roster: PoolRoster, loads: Loads, owner: Owner, before: Placement, busy = false): Placement {
  const hosts = able(roster);
  const is = (id: string | null) => carriers(roster).find((one) => one.id === id);
  const stays = (id: string | null): boolean => is(id)?.drain === null;
  const waits = is(before.home) !== undefined && (busy || hosts.length === 0);
  const isAble = hosts.some(({ id }) => id === before.standby);
  const home =
    stays(before.home) || waits ? before.home : isAble ? before.standby : least(hosts, loads, "homes", owner);
  const others = hosts.filter(({ id }) => id !== home);
  const keeps = stays(before.standby) && before.standby !== home;
  const standby = keeps ? before.standby : least(others, loads, "standbys", owner);
  move(loads, before, { home, standby });
  return { home, standby };
}

/** Counts a tenant from one place to another. */
export function move(loads: Loads, from: Placement, to: Placement): void {
  const add = (id: string | null, what: "homes" | "standbys", by: number) => {
    const load = id === null ? undefined : loads.get(id);
    if (load) load[what] += by;
  };
  for (const [place, by] of [[from, -1] as const, [to, 1] as const]) {
    add(place.home, "homes", by);
    add(place.standby, "standbys", by);
  }
}
