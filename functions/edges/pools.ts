// Pools: groups of edge hosts (a region, a rack) on which tenants are placed. A pool belongs to an account.
import { z } from "zod";
import { accountOwner, idOf } from "../../core/owner.ts";
import { poolInput } from "../../core/pool.ts";
import type { Placement } from "../../core/resources/placement.ts";
import type { Access } from "../access/access.ts";
import type { Context } from "../context.ts";
import { type Head, readHead } from "../document/head.ts";
import { isId, newId } from "../id.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";
import { allItems, type Item, type Operation } from "../store/store.ts";
import { readRoster } from "./roster.ts";
import type { Host, PoolRoster } from "./stored-roster.ts";

const stored = poolInput
  .extend({ id: z.string(), account: z.string(), createdAt: z.string(), sipFrom: z.string().optional() })
  .loose();
type Input = z.output<typeof poolInput>;
type Address = NonNullable<Input["sip"]>;
export type Pool = {
  id: string;
  account: string;
  name: string;
  sip: Address | null;
  iceServers: Input["iceServers"];
  /** The edge whose address it is, where nobody chose one for the pool. */
  sipFrom?: string;
  createdAt: string;
};

export function newPool(account: string, input: Input, createdAt: string): { pool: Pool; operations: Operation[] } {
  const pool = { id: newId("pol"), account, createdAt, ...input };
  return {
    pool,
    operations: [
      { put: { ...keys.pool(pool.id), ...pool } as Item, if: { absent: true } },
      { put: { ...keys.child(accountOwner(account), "POOL", pool.id), id: pool.id } },
    ],
  };
}

/** With what is sent changed, null clearing it; an address that is sent is one that somebody chose. */
export function changedPool(
  pool: Pool,
  patch: Partial<z.input<typeof poolInput>>,
): { pool: Pool; operation: Operation } {
  const { sipFrom, ...before } = pool;
  const { name, sip: address, iceServers } = { ...before, ...patch };
  const input = poolInput.parse({ name, sip: address, iceServers: iceServers ?? undefined });
  const isKept = sipFrom !== undefined && patch.sip === undefined;
  const next: Pool = { ...before, ...input, ...(isKept && { sipFrom }) };
  return { pool: next, operation: { put: { ...keys.pool(pool.id), ...next } as Item, if: { present: true } } };
}

export async function readPool(ctx: Context, id: string): Promise<Pool | undefined> {
  const item = isId("pol", id) ? await ctx.store.get(keys.pool(id)) : undefined;
  if (!item) return undefined;
  const { name, account, createdAt, sip: address, sipFrom, iceServers } = stored.parse(item);
  return { id, name, account, createdAt, sip: address, iceServers, ...(sipFrom !== undefined && { sipFrom }) };
}

export type PoolSip = { server: string | null; port: number | null; transport: string | null; servers: Address[] };

/**
 * What phones of a tenant on this pool are told: `servers` to try in this order, of which the first is told by itself too; nulls while no edge has enrolled.
 * Where nobody chose one address for the pool, these are those of its Kamailio hosts, else of the tenant's home and its standby.
 */
export async function poolSip(ctx: Context, id: string | undefined, placed: Placement): Promise<PoolSip> {
  const pool = id === undefined ? undefined : await readPool(ctx, id);
  const chosen = pool?.sip && pool.sipFrom === undefined ? [pool.sip] : undefined;
  const servers = chosen ?? (pool ? serversOf(await readRoster(ctx, pool.id), placed) : []);
  const all = servers.length > 0 ? servers : [pool?.sip ?? []].flat();
  const [first] = all;
  return { ...(first ?? { server: null, port: null, transport: null }), servers: all };
}

/** The hosts at which a tenant's phones register, the best first: the pool's Kamailio hosts, else the tenant's home and its standby. */
export function registrars({ hosts }: PoolRoster, { home, standby }: Placement): Host[] {
  const fronts = hosts.filter(({ engine }) => engine === "kamailio");
  const own = [home, standby].flatMap((id) => hosts.find((one) => one.id === id) ?? []);
  const isAway = ({ down, drain }: Host): number => Number(down || drain !== null);
  return fronts.length > 0 ? fronts.toSorted((a, b) => isAway(a) - isAway(b)) : own;
}

function serversOf(roster: PoolRoster, placed: Placement): Address[] {
  const first = registrars(roster, placed);
  const addresses = new Map(first.flatMap(({ sip: address }) => (address ? [[JSON.stringify(address), address]] : [])));
  return [...addresses.values()];
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
