// Tenants that come to a pool, as its deletion must know of them: whoever founds one looked at the pool a while ago, and the index by which a pool's tenants are
// found may be behind. Each leaves a mark beside the pool, one of several so that those who come at once are seldom in each other's way; a closed pool takes none.
import { randomInt } from "node:crypto";
import { isTenant, type Owner } from "../../core/owner.ts";
import type { Context } from "../context.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";
import type { Condition, Operation } from "../store/store.ts";

const marks = 8;
/** Longer than any request takes, or the index is behind. */
const keptSeconds = 24 * 60 * 60;

/** The rest of a mark: no two are the same, and none stays for good. */
const marked = (ctx: Context) => ({
  turn: randomInt(2 ** 47),
  ttl: Math.floor(ctx.now().getTime() / 1000) + keptSeconds,
});

/** It belongs into the transaction by which a tenant comes to be on these pools, whose condition fails where one is deleted. */
export const arriving = (ctx: Context, owner: Owner, pools: string[]): Operation[] =>
  isTenant(owner)
    ? pools.map((pool) => ({
        put: { ...keys.arrival(pool, randomInt(marks)), owner, ...marked(ctx) },
        if: { below: { closed: 1 } },
      }))
    : [];

/** After a transaction that failed. Throws `busy` where one of the pools was deleted: whoever asks again is told, or gets another. */
export async function refuseClosed(ctx: Context, pools: string[]): Promise<void> {
  const items = await ctx.store.getMany(pools.map(keys.pool));
  if (items.some((item) => item === undefined))
    throw new Problem("busy", "Its pool was deleted in this very moment; try again.", {
      headers: { "Retry-After": "1" },
    });
}

/** The tenants that came last, and what closes the pool unless another comes meanwhile. */
export async function closing(ctx: Context, pool: string): Promise<{ last: Owner[]; operations: Operation[] }> {
  const all = Array.from({ length: marks }, (_, part) => keys.arrival(pool, part));
  const items = await ctx.store.getMany(all);
  const unchanged = (turn: unknown): Condition =>
    turn === undefined ? { absent: true } : { equals: { turn: Number(turn) } };
  return {
    last: items.flatMap((item) => (item?.owner === undefined ? [] : [item.owner as Owner])),
    operations: all.map((key, part) => ({
      put: { ...key, closed: 1, ...marked(ctx) },
      if: unchanged(items[part]?.turn),
    })),
  };
}
