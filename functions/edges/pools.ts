// Pools: groups of edge hosts (a region, a rack) on which tenants are placed. A pool belongs to an account.
import { z } from "zod";
import { accountOwner, idOf } from "../../core/owner.ts";
import { host } from "../../core/resources/network.ts";
import { line } from "../../core/text.ts";
import type { Access } from "../access/access.ts";
import type { Context } from "../context.ts";
import { type Head, readHead } from "../document/head.ts";
import { isId, newId } from "../id.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";
import { allItems, type Operation } from "../store/store.ts";

export const sip = z.strictObject({
  server: host,
  port: z.int().min(1).max(65535),
  transport: z.enum(["udp", "tcp", "tls"]),
});
export const poolInput = z.strictObject({
  name: line(64),
  sip: sip.nullable().default(null).describe("What phones are told; without it, what the pool's first edge reports"),
});

const stored = poolInput.extend({ id: z.string(), account: z.string(), createdAt: z.string() }).loose();
export type Pool = { id: string; account: string; name: string; sip: z.output<typeof sip> | null; createdAt: string };

export function newPool(
  account: string,
  input: z.output<typeof poolInput>,
  createdAt: string,
): { pool: Pool; operations: Operation[] } {
  const pool = { id: newId("pol"), account, createdAt, ...input };
  const item = { ...pool, sip: pool.sip };
  return {
    pool,
    operations: [
      { put: { ...keys.pool(pool.id), ...item }, if: { absent: true } },
      { put: { ...keys.child(accountOwner(account), "POOL", pool.id), id: pool.id } },
    ],
  };
}

export async function readPool(ctx: Context, id: string): Promise<Pool | undefined> {
  const item = isId("pol", id) ? await ctx.store.get(keys.pool(id)) : undefined;
  if (!item) return undefined;
  const { name, account, createdAt, sip: address } = stored.parse(item);
  return { id, name, account, createdAt, sip: address };
}

/** What phones of a tenant on this pool are told; nulls while no edge has enrolled. */
export async function poolSip(
  ctx: Context,
  id: string | undefined,
): Promise<{ server: string | null; port: number | null; transport: string | null }> {
  const nothing = { server: null, port: null, transport: null };
  if (id === undefined) return nothing;
  return (await readPool(ctx, id))?.sip ?? nothing;
}

export async function listPools(ctx: Context, access: Access): Promise<Pool[]> {
  const found: Pool[] = [];
  for await (const item of allItems((q) => ctx.store.query(q), { pk: access.owner, prefix: keys.children("POOL") })) {
    const pool = await readPool(ctx, String(item.id));
    if (pool) found.push(pool);
  }
  return found;
}

/** Where a new tenant of this account goes: its own default pool, else that of the nearest account above. */
export async function defaultPool(ctx: Context, account: Head): Promise<string> {
  if (account.defaultPool) return account.defaultPool;
  for (const id of account.path) {
    const above = await readHead(ctx.store, accountOwner(id));
    if (above?.defaultPool) return above.defaultPool;
  }
  throw new Problem(
    "conflict",
    `Neither the account ${idOf(account.owner)} nor one above it has a default pool; an operator must set one.`,
  );
}
