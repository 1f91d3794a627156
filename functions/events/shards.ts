// An account's log, in as many partitions as its events need: one takes 1,000 write units a second, and its head moves once in a transaction's time. Each
// shard has a head; what enters it later has a greater id. Who reads several as one raises the heads that are behind first: so nothing is ever put
// before what he has seen.
import { hash } from "node:crypto";
import { isTenant, type Owner } from "../../core/owner.ts";
import type { Context } from "../context.ts";
import * as keys from "../keys.ts";
import { ConditionFailed, Conflict, type Item, type Operation, type Store } from "../store/store.ts";

/** A power of two, so that what was in a shard of half as many is in one of two. */
export const mostShards = 64;
const attempts = 50;

/** `last`: no event that enters the shard from now on has an id that is not greater. `event`: the last that did; it may not have been noted. */
export type Head = { owner: Owner; shard: number; last: string; event: string; item: Item | undefined };

/** Where events about `about` stand in a log of so many shards: an account's own, and all of a tenant's log, in the first. */
const shardOf = (owner: Owner, about: Owner, shards: number): number =>
  owner === about || shards === 1 ? 0 : Number.parseInt(hash("sha256", about).slice(0, 8), 16) % shards;

/** Every shard in which an event about `about` may stand, since there were fewer once. */
export function placesOf(owner: Owner, about: Owner): number[] {
  const places = new Set<number>();
  if (isTenant(owner)) return [0];
  for (let shards = 1; shards <= mostShards; shards *= 2) places.add(shardOf(owner, about, shards));
  return [...places];
}

/** What this process knows: there may be more by now. Who writes into one of fewer writes into one that there is. */
const known = new WeakMap<Store, Map<Owner, number>>();

/** In how many shards a log is. `anew`: as it is now. */
export async function shardsOf({ store }: Context, owner: Owner, anew = true): Promise<number> {
  if (isTenant(owner)) return 1;
  const counts = known.get(store) ?? new Map<Owner, number>();
  known.set(store, counts);
  const before = counts.get(owner);
  if (before !== undefined && !anew) return before;
  const count = Number((await store.get(keys.logShards(owner)))?.shards ?? 1);
  counts.set(owner, count);
  return count;
}

type Place = { owner: Owner; shard: number };

async function readHeads(ctx: Context, places: Place[]): Promise<Head[]> {
  const items = await ctx.store.getMany(places.map(({ owner, shard }) => keys.logHead(owner, shard)));
  return places.map((place, index) => {
    const item = items[index];
    const last = String(item?.last ?? "");
    return { ...place, last, event: String(item?.event ?? last), item };
  });
}

/** The heads of the shards of these logs that events about `about` enter. */
export async function headsFor(ctx: Context, levels: Owner[], about: Owner, anew: boolean): Promise<Head[]> {
  const placing = levels.map(async (owner) => ({
    owner,
    shard: shardOf(owner, about, await shardsOf(ctx, owner, anew)),
  }));
  return readHeads(ctx, await Promise.all(placing));
}

/** Moves a head on, if nobody did meanwhile. `event`: the last in the shard. */
export function move({ owner, shard, item }: Head, last: string, event = last): Operation {
  const put = { ...keys.logHead(owner, shard), last, event };
  return { put, if: item ? { equals: { last: String(item.last) } } : { absent: true } };
}

/** The heads of all shards, none of them below `atLeast`. Throws Conflict where they don't come to rest. */
export async function headsOf(ctx: Context, owner: Owner, atLeast = ""): Promise<Head[]> {
  let shards = await shardsOf(ctx, owner, false);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const places = Array.from({ length: shards }, (_, shard) => ({ owner, shard }));
    const heads = await readHeads(ctx, places);
    const behind = heads.filter(({ last }) => last < atLeast);
    if (behind.length > 0) {
      await Promise.all(behind.map((head) => raise(ctx, head, atLeast)));
      continue;
    }
    // asked after the heads: shards that came since begin above them
    const count = await shardsOf(ctx, owner);
    if (count === shards) return heads;
    shards = count;
  }
  throw new Conflict("the log moves too fast to be read");
}

async function raise(ctx: Context, head: Head, last: string): Promise<void> {
  try {
    await ctx.store.transact([move(head, last, head.event)]);
  } catch (error) {
    // it has moved, and is looked at again
    if (!(error instanceof ConditionFailed)) throw error;
  }
}

/** Doubles the shards of an account's log, up to the most. Somebody else may do so at the same time. */
export async function widen(ctx: Context, owner: Owner): Promise<void> {
  const shards = await shardsOf(ctx, owner);
  const first = await ctx.store.get(keys.logHead(owner));
  if (shards >= mostShards || !first || isTenant(owner)) return;
  const last = String(first.last);
  const more = Array.from({ length: shards }, (_, n): Operation => {
    const put = { ...keys.logHead(owner, shards + n), last, event: "" };
    return { put, if: { absent: true } };
  });
  try {
    await ctx.store.transact([
      {
        put: { ...keys.logShards(owner), shards: 2 * shards },
        if: shards === 1 ? { absent: true } : { equals: { shards } },
      },
      { check: keys.logHead(owner), if: { equals: { last } } },
      ...more,
    ]);
  } catch (error) {
    if (!(error instanceof ConditionFailed || error instanceof Conflict)) throw error;
  }
  await shardsOf(ctx, owner);
}
