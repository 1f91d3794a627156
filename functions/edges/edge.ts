// Edges: an engine on a host. A one-time token lets an agent enrol with the key it made; from then on it signs its requests.
import { createPublicKey, hash, randomBytes } from "node:crypto";
import { z } from "zod";
import { accountOwner } from "../../core/owner.ts";
import { flaw } from "../../core/text.ts";
import type { enrolment } from "../../core/wire.ts";
import type { Access } from "../access/access.ts";
import { auditOperation } from "../audit/record.ts";
import type { Context } from "../context.ts";
import type { Actor } from "../document/change.ts";
import { readHead } from "../document/head.ts";
import { isId, newId } from "../id.ts";
import * as keys from "../keys.ts";
import { notFound, Problem } from "../problem.ts";
import { allItems, ConditionFailed, type Item, type Operation } from "../store/store.ts";
import { readPool } from "./pools.ts";

const tokenSeconds = 24 * 3600;

const stored = z.object({
  id: z.string(),
  pool: z.string(),
  account: z.string(),
  name: z.string(),
  engine: z.string(),
  publicKey: z.string(),
  queueUrl: z.string(),
  sip: z.unknown(),
  createdAt: z.string(),
  seenAt: z.string().nullable(),
  health: z.unknown(),
});
export type Edge = z.output<typeof stored>;

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
  return item && stored.parse(item);
}

/** One for one key, however its PEM is laid out. Throws where it is no Ed25519 key. */
function fingerprint(publicKey: string): string {
  const refused = new Problem("invalid", "publicKey: must be an Ed25519 public key, SPKI in PEM.", {
    errors: [{ pointer: "/publicKey", detail: "must be Ed25519, SPKI in PEM" }],
  });
  try {
    const key = createPublicKey(publicKey);
    if (key.asymmetricKeyType === "ed25519" && publicKey.includes("PUBLIC KEY"))
      return hash("sha256", key.export({ type: "spki", format: "der" }));
  } catch {
    throw refused;
  }
  throw refused;
}

/** What others will read must be one line of text. */
function checkText(input: z.output<typeof enrolment>): void {
  for (const [pointer, text] of Object.entries({ "/name": input.name, "/sip/server": input.sip?.server ?? "" })) {
    const detail = flaw(text);
    if (detail !== undefined) throw new Problem("invalid", `${pointer}: ${detail}.`, { errors: [{ pointer, detail }] });
  }
}

/**
 * Enrols the agent: uses the token up, makes its queue. The same key with the same token gets the same edge again, so a lost answer does no harm. `from`:
 * the request that asks, and from where.
 */
export async function enrol(
  ctx: Context,
  input: z.output<typeof enrolment>,
  from: Pick<Actor, "ip" | "requestId">,
): Promise<Edge> {
  checkText(input);
  const place = keys.joinToken(hash("sha256", input.token));
  const token = await ctx.store.get(place);
  const key = fingerprint(input.publicKey);
  const known = await ctx.store.get(keys.edgeByKey(key));
  const before = known && (await readEdge(ctx, String(known.edge)));
  if (before && token?.usedBy === key) return before;
  const fresh = token?.state === "new" && Number(token.expires) * 1000 > ctx.now().getTime();
  if (before && fresh && token.pool === before.pool) {
    await spend(ctx, [used(token, key), ...(await audited(ctx, before, from))]);
    return before;
  }
  if (!token || !fresh)
    throw new Problem(
      "unauthenticated",
      "The join token is unknown, used or older than a day; make a new one with POST /v1/edges.",
    );
  const pool = String(token.pool);
  const id = newId("edg");
  const queueUrl = await ctx.queues.create(id, 1);
  const edge: Edge = {
    id,
    pool,
    account: String(token.account),
    name: input.name,
    engine: input.engine,
    publicKey: input.publicKey,
    queueUrl,
    sip: input.sip,
    createdAt: ctx.now().toISOString(),
    seenAt: null,
    health: null,
  };
  const operations: Operation[] = [
    used(token, key),
    { put: { ...keys.edge(id), ...edge } as Item, if: { absent: true } },
    { put: { ...keys.edgeByKey(key), edge: id } },
    { put: { ...keys.poolEdge(pool, id), id, name: edge.name, engine: edge.engine, queueUrl } },
    { put: { ...keys.child(accountOwner(edge.account), "EDGE", id), id } },
    ...(await adoptSip(ctx, pool, input.sip)),
    ...(await audited(ctx, edge, from)),
  ];
  try {
    await spend(ctx, operations);
  } catch (error) {
    await ctx.queues.remove(queueUrl).catch(() => undefined);
    // the same agent may have asked twice at once
    const now = await ctx.store.get(place);
    const other = now?.usedBy === key ? await ctx.store.get(keys.edgeByKey(key)) : undefined;
    const winner = other && (await readEdge(ctx, String(other.edge)));
    if (winner) return winner;
    throw error;
  }
  return edge;
}

const via = { method: "post", route: "/v1/edges/enroll", path: "/v1/edges/enroll", status: 201 };

async function audited(ctx: Context, edge: Edge, from: Pick<Actor, "ip" | "requestId">): Promise<Operation[]> {
  const head = await readHead(ctx.store, accountOwner(edge.account));
  const actor: Actor = { type: "edge", id: edge.id, name: edge.name, ...from };
  return head ? [auditOperation(actor, { head, target: { kind: "edge", id: edge.id } }, via)] : [];
}

const used = (token: Item, key: string): Operation => ({
  put: { ...token, state: "used", usedBy: key },
  if: { equals: { state: "new" } },
});

async function spend(ctx: Context, operations: Operation[]): Promise<void> {
  try {
    await ctx.store.transact(operations);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    throw new Problem("unauthenticated", "The join token was used a moment ago; make a new one with POST /v1/edges.");
  }
}

/** A pool without an address of its own tells phones that of its first edge. */
async function adoptSip(ctx: Context, id: string, sip: z.output<typeof enrolment>["sip"]): Promise<Operation[]> {
  const pool = await readPool(ctx, id);
  if (!pool || pool.sip || !sip) return [];
  return [{ put: { ...keys.pool(id), ...pool, sip }, if: { present: true } }];
}

export async function listEdges(ctx: Context, access: Access): Promise<Edge[]> {
  const found: Edge[] = [];
  for await (const item of allItems((q) => ctx.store.query(q), { pk: access.owner, prefix: keys.children("EDGE") })) {
    const edge = await readEdge(ctx, String(item.id));
    if (edge) found.push(edge);
  }
  return found;
}

/** Takes an edge out, in one transaction with `also`: its queue goes, its signature counts for nothing. */
export async function removeEdge(
  ctx: Context,
  access: Pick<Access, "owner">,
  id: string,
  also: Operation[],
): Promise<void> {
  const edge = await readEdge(ctx, id);
  if (!edge || accountOwner(edge.account) !== access.owner) throw notFound("edge", id.slice(0, 64));
  await ctx.store.transact([
    { delete: keys.edge(id) },
    { delete: keys.edgeByKey(fingerprint(edge.publicKey)) },
    { delete: keys.poolEdge(edge.pool, id) },
    { delete: keys.child(access.owner, "EDGE", id) },
    ...also,
  ]);
  // what it told of tenants and has not come to the log yet goes there first
  for await (const { pk, sk } of allItems((q) => ctx.store.query(q), { pk: keys.edge(id).pk }))
    if (!sk.startsWith(keys.eventsWaiting)) await ctx.store.transact([{ delete: { pk, sk } }]);
  await ctx.queues
    .remove(edge.queueUrl)
    .catch((error) => ctx.log.warn({ edge: id, error: String(error) }, "queue not removed"));
}

export async function heartbeat(ctx: Context, edge: Edge, health: unknown): Promise<void> {
  await ctx.store.transact([
    { put: { ...keys.edge(edge.id), ...edge, health, seenAt: ctx.now().toISOString() } as Item, if: { present: true } },
  ]);
}

/** An edge as operators see it: without its queue. */
export function present({ queueUrl: _, ...edge }: Edge): Record<string, unknown> {
  return edge;
}
