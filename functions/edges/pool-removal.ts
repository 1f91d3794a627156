// Deleting a pool, once nothing is in it.
import { isTenant, type Owner } from "../../core/owner.ts";
import type { Access } from "../access/access.ts";
import type { Context } from "../context.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";
import { allItems, ConditionFailed, Conflict, type Item, type Operation } from "../store/store.ts";
import { closing } from "./arrivals.ts";
import type { Pool } from "./pools.ts";
import { readRoster } from "./roster.ts";

type Found = { tenants: number; deletedTenants: number };

function count(found: Found, item: Item | undefined): void {
  if (!item || !isTenant(item.owner as Owner)) return;
  if (item.deleted !== true) found.tenants++;
  else if (item.restorable === true) found.deletedTenants++;
}

/** How many tenants are on it, and how many that were deleted would come back to it: by the index, or else those of `last`, which it may not show yet. */
export async function tenantsOn(ctx: Context, pool: string, last: Owner[] = []): Promise<Found> {
  const found: Found = { tenants: 0, deletedTenants: 0 };
  for await (const item of allItems((q) => ctx.store.queryIndex(q), { pk: keys.index.pool(pool) })) count(found, item);
  if (found.tenants + found.deletedTenants > 0) return found;
  const owners = [...new Set(last)];
  for (const item of await ctx.store.getMany(owners.map((owner) => keys.placement(owner, pool)))) count(found, item);
  return found;
}

const several = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;

/** In one transaction with `also`. Throws `conflict` for its account's default, `in_use` while hosts or tenants are in it, `busy`. */
export async function deletePool(ctx: Context, access: Access, { id, name }: Pool, also: Operation[]): Promise<void> {
  if (access.head.defaultPool === id)
    throw new Problem(
      "conflict",
      `The account's new tenants are placed on ${name}; choose another pool for them first, with PATCH /v1/pools/{id} {"default":true}.`,
    );
  const roster = await readRoster(ctx, id);
  const edges = (await ctx.store.query({ pk: keys.pool(id).pk, prefix: "E#" })).items.length;
  if (edges > 0)
    throw new Problem(
      "in_use",
      `${several(edges, "host is", "hosts are")} in ${name}; take them out first, with DELETE /v1/edges/{id}.`,
      { extra: { edges } },
    );
  const { last, operations: closed } = await closing(ctx, id);
  const { tenants, deletedTenants } = await tenantsOn(ctx, id, last);
  if (tenants + deletedTenants > 0) {
    const gone = several(deletedTenants, "deleted one", "deleted ones");
    throw new Problem(
      "in_use",
      `${several(tenants, "tenant", "tenants")} and ${gone} that can be restored ${tenants + deletedTenants === 1 ? "is" : "are"} on ${name}; move them with POST /v1/tenants/{tenant}/move {"accountId","poolId"}, or purge what is deleted.`,
      { extra: { tenants, deletedTenants } },
    );
  }
  try {
    await ctx.store.transact([
      { delete: keys.pool(id), if: { present: true } },
      ...closed,
      // whoever makes it the default meanwhile changes it
      { check: keys.head(access.owner), if: { equals: { version: access.head.version } } },
      // a host that joins meanwhile changes it
      {
        delete: keys.roster(id),
        if: roster.version === 0 ? { absent: true } : { equals: { version: roster.version } },
      },
      { delete: keys.child(access.owner, "POOL", id) },
      { delete: keys.entered(id) },
      { delete: keys.poolWork(id) },
      ...also,
    ]);
  } catch (error) {
    if (!(error instanceof ConditionFailed || error instanceof Conflict)) throw error;
    throw new Problem("busy", "Others changed this pool at the same time; try again.", {
      headers: { "Retry-After": "1" },
    });
  }
}
