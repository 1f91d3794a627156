// Whether a document is on a pool now or was there: what its edges still tell of it counts. Of one that was purged nothing does. All of sandboxes, and nothing
// else, is on the simulated edge.
import type { Owner } from "../../core/owner.ts";
import type { Context } from "../context.ts";
import { readHead } from "../document/head.ts";
import * as keys from "../keys.ts";
import { simulated } from "./simulated.ts";

export async function isPlaced(ctx: Context, pool: string, owner: Owner): Promise<boolean> {
  if (pool === simulated.pool) return typeof (await readHead(ctx.store, owner))?.sandbox === "string";
  const item = await ctx.store.get(keys.placement(owner, pool));
  return item !== undefined && item.purged !== true;
}
