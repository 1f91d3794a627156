// Whether a document is on a pool now or was there: what its edges still tell of it counts. Of one that was purged nothing does.
import type { Owner } from "../../core/owner.ts";
import type { Context } from "../context.ts";
import * as keys from "../keys.ts";

export async function isPlaced(ctx: Context, pool: string, owner: Owner): Promise<boolean> {
  const item = await ctx.store.get(keys.placement(owner, pool));
  return item !== undefined && item.purged !== true;
}
