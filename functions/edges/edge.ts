// Edges: an engine on a host, and how operators see it. A one-time token lets an agent enrol with the key it made (enrol.ts).
import { hash, randomBytes } from "node:crypto";
import * as z from "zod/mini";
import { lazy } from "../../core/lazy.ts";
import { accountOwner } from "../../core/owner.ts";
import type { Access } from "../access/access.ts";
import { auditOperation, type Via } from "../audit/record.ts";
import type { Context } from "../context.ts";
import type { Actor } from "../document/change.ts";
import { readHead } from "../document/head.ts";
import { isId } from "../id.ts";
import * as keys from "../keys.ts";
import { notFound } from "../problem.ts";
import { allItems, type Operation } from "../store/store.ts";
import { readRoster, stateOf } from "./roster.ts";
import type { PoolRoster } from "./stored-roster.ts";

const tokenSeconds = 24 * 3600;

const stored = lazy(() =>
  z.object({
    id: z.string(),
    pool: z.string(),
    account: z.string(),
    name: z.string(),
    engine: z.string(),
    publicKey: z.string(),
    queueUrl: z.string(),
    sip: z.unknown(),
    createdAt: z.string(),
    seenAt: z.nullable(z.string()),
    health: z.unknown(),
    /** Since when it says that its engine is not connected. */
    engineDownSince: z._default(z.nullable(z.string()), null),
  }),
);
export type Edge = z.output<ReturnType<typeof stored>>;

/** A token that one agent may enrol with, within a day. */
export async function newToken(
  ctx: Context,
  account: string,
  pool: string,
  record: (token: string, expiresAt: string) => Operation[] = () => [],
): Promise<{ token: string; expiresAt: string }> {
  const token = `dpj_${randomBytes(24).toString("base64url")}`;
  const expires = Math.floor(ctx.now().getTime() / 1000) + tokenSeconds;
  const expiresAt = new Date(expires * 1000).toISOString();
  const item = { ...keys.joinToken(hash("sha256", token)), pool, account, state: "new", expires, ttl: expires };
  await ctx.store.transact([{ put: item, if: { absent: true } }, ...record(token, expiresAt)]);
  return { token, expiresAt };
}

export async function readEdge(ctx: Context, id: string): Promise<Edge | undefined> {
  const item = isId("edg", id) ? await ctx.store.get(keys.edge(id)) : undefined;
  return item && stored().parse(item);
}

/** The record of what an edge did by a request `from` somewhere. */
export async function audited(
  ctx: Context,
  edge: Edge,
  from: Pick<Actor, "ip" | "requestId">,
  via: Via,
): Promise<Operation[]> {
  const head = await readHead(ctx.store, accountOwner(edge.account));
  const actor: Actor = { type: "edge", id: edge.id, name: edge.name, ...from };
  return head ? [auditOperation(actor, { head, target: { kind: "edge", id: edge.id } }, via)] : [];
}

export async function listEdges(ctx: Context, access: Access): Promise<Edge[]> {
  const found: Edge[] = [];
  for await (const item of allItems((q) => ctx.store.query(q), { pk: access.owner, prefix: keys.children("EDGE") })) {
    const edge = await readEdge(ctx, String(item.id));
    if (edge && reaches(access, edge)) found.push(edge);
  }
  return found;
}

/** Without a principal it is the control plane itself that asks. */
type Asking = Pick<Access, "owner"> & Partial<Pick<Access, "principal">>;

/** What a pool's key reaches. */
const reaches = ({ principal }: Asking, { pool }: Edge): boolean =>
  principal?.poolId === undefined || pool === principal.poolId;

/** The edge, if it is of the account, and of the key's pool where it has one. Throws `not_found`. */
export async function ownEdge(ctx: Context, access: Asking, id: string): Promise<Edge> {
  const edge = await readEdge(ctx, id);
  if (!edge || accountOwner(edge.account) !== access.owner || !reaches(access, edge))
    throw notFound("edge", id.slice(0, 64));
  return edge;
}

/** An edge as operators see it: without its queue. `tenants`: how many have their home there. */
export function shownEdge(
  { queueUrl: _, engineDownSince: __, ...edge }: Edge,
  { hosts }: PoolRoster,
  tenants: number,
): Record<string, unknown> {
  const host = hosts.find(({ id }) => id === edge.id);
  if (!host) return { ...edge, slot: null, state: null, front: null, drain: null };
  const { slot, front, drain, down } = host;
  const { liveCalls } = (edge.health ?? {}) as { liveCalls?: number };
  const shown = drain && {
    ...{ state: drain.doneAt === null ? "draining" : "drained", since: drain.since },
    ...{ tenantsLeft: tenants, callsLeft: down ? 0 : (liveCalls ?? 0) },
  };
  return { ...edge, slot, state: stateOf(host), front, drain: shown };
}

export async function present(ctx: Context, edge: Edge, rosters = rostersOf(ctx)): Promise<Record<string, unknown>> {
  const roster = await rosters(edge.pool);
  const isDraining = roster.hosts.some(({ id, drain }) => id === edge.id && drain);
  return shownEdge(edge, roster, isDraining ? await (await import("./placement.ts")).countHomes(ctx, edge.id) : 0);
}

/** Reads the roster of each pool once. */
export function rostersOf(ctx: Context): (pool: string) => Promise<PoolRoster> {
  const known = new Map<string, Promise<PoolRoster>>();
  return (pool) => {
    const roster = known.get(pool) ?? readRoster(ctx, pool);
    known.set(pool, roster);
    return roster;
  };
}
