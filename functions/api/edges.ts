// Edges as operators manage them; their pools are in pools.ts. What edges themselves ask is in edge-protocol.ts.
import { z } from "zod";
import { front } from "../../core/wire.ts";
import { health } from "../../core/wire-host.ts";
import { type Access, enter, homeAccount } from "../access/access.ts";
import type { Answer } from "../access/idempotency.ts";
import { listEdges, ownEdge, present, rostersOf, shownEdge } from "../edges/edge.ts";
import { countHomes } from "../edges/placement.ts";
import { changeRoster, withHost } from "../edges/roster.ts";
import type { Host, PoolRoster } from "../edges/stored-roster.ts";
import { Problem } from "../problem.ts";
import { parse } from "./body.ts";
import { ok, type Request, type Route } from "./route.ts";
import { listOf } from "./schema.ts";

export const edgeSchema = z.object({
  id: z.string(),
  pool: z.string(),
  account: z.string(),
  name: z.string(),
  engine: z.string(),
  publicKey: z.string(),
  sip: z.unknown(),
  createdAt: z.iso.datetime(),
  seenAt: z.iso.datetime().nullable(),
  health: z.nullable(health).describe("What its agent said last"),
  slot: z.int().nullable().describe("Its number within the pool"),
  state: z
    .enum(["up", "draining", "down"])
    .nullable()
    .describe("down: nothing was heard of it, or of its engine, for too long; null: not in the roster yet"),
  front: front.check(z.describe("Where the other hosts of its pool reach it")),
  drain: z
    .object({
      state: z.enum(["draining", "drained"]),
      since: z.iso.datetime(),
      tenantsLeft: z.int().describe("Tenants whose home it still is"),
      callsLeft: z.int().describe("Calls that it said it has"),
    })
    .nullable(),
});
const tokenInput = z.strictObject({
  poolId: z
    .string()
    .optional()
    .describe("The pool to join; by default the API key's, or else the account's default pool"),
});

/** Pools and edges are an account's; a tenant's key has none. */
export function home(request: Request, scope: string): Promise<Access> {
  const account = homeAccount(request.principal);
  if (account === undefined) throw new Problem("forbidden", "This API key is a tenant's own; use one of its account.");
  return enter(request.ctx, request.principal, "account", account, scope);
}

export const edgeRoutes = (): Route[] => [
  {
    method: "post",
    path: "/v1/edges",
    tag: "edges",
    summary: "Make a one-time token with which an edge agent joins a pool",
    scope: "edges:write",
    body: tokenInput,
    answers: {
      201: {
        about: "The token, valid for a day, and the line to paste on the host",
        schema: z.object({
          token: z.string(),
          expiresAt: z.iso.datetime(),
          command: z.string().describe("To paste on the host, as one who may become root"),
          fromSource: z.string().describe("The same where this repository lies, for development"),
        }),
      },
    },
    handle: async (request) => (await import("./edge-tokens.ts")).make(request, parse(tokenInput, request.body).poolId),
  },
  {
    method: "get",
    path: "/v1/edges",
    tag: "edges",
    summary: "List edges",
    scope: "edges:read",
    answers: { 200: { about: "All of them", schema: listOf(edgeSchema) } },
    async handle(request) {
      const edges = await listEdges(request.ctx, await home(request, "edges:read"));
      const rosters = rostersOf(request.ctx);
      const data = await Promise.all(edges.map((edge) => present(request.ctx, edge, rosters)));
      return ok({ data, next: null });
    },
  },
  {
    method: "get",
    path: "/v1/edges/{id}",
    tag: "edges",
    summary: "One edge",
    scope: "edges:read",
    answers: { 200: { about: "The edge", schema: edgeSchema } },
    async handle(request) {
      const access = await home(request, "edges:read");
      return ok(await present(request.ctx, await ownEdge(request.ctx, access, request.params.id ?? "")));
    },
  },
  drain(),
  resume(),
  {
    method: "delete",
    path: "/v1/edges/{id}",
    tag: "edges",
    summary: "Take an edge out; refused while it is the home of tenants that another host could carry: drain it first",
    scope: "edges:write",
    answers: { 204: { about: "Removed" } },
    async handle(request) {
      const access = await home(request, "edges:write");
      const id = request.params.id ?? "";
      const { refuseHome, removeEdge } = await import("../edges/removal.ts");
      await refuseHome(request.ctx, await ownEdge(request.ctx, access, id));
      await removeEdge(request.ctx, access, id, request.record({ head: access.head, target: { kind: "edge", id } }));
      return { status: 204, body: null };
    },
  },
];

/** Changes the edge's host in the roster; undefined changes nothing. */
async function changed(request: Request, change: (host: Host) => Partial<Host> | undefined): Promise<Answer> {
  const { ctx } = request;
  const access = await home(request, "edges:write");
  const edge = await ownEdge(ctx, access, request.params.id ?? "");
  const tenants = await countHomes(ctx, edge.id);
  const answer = (roster: PoolRoster) => ok(shownEdge(edge, roster, tenants));
  const done = { head: access.head, target: { kind: "edge", id: edge.id } };
  let isChanged = false;
  const withChange = (roster: PoolRoster): PoolRoster | undefined => {
    const host = roster.hosts.find(({ id }) => id === edge.id);
    if (!host)
      throw new Problem("conflict", "The edge has not reported since this version is installed; wait for its agent.");
    const different = change(host);
    isChanged = different !== undefined;
    return different && withHost(roster, edge.id, different);
  };
  const roster = await changeRoster(ctx, edge.pool, withChange, (next) => request.record(done, answer(next)));
  const rest = isChanged ? [] : request.record(null, answer(roster));
  if (rest.length > 0) await ctx.store.transact(rest);
  return answer(roster);
}

const drain = (): Route => ({
  method: "post",
  path: "/v1/edges/{id}/drain",
  tag: "edges",
  summary:
    "No new calls go to the host; its tenants get another home as soon as they have no call there. Watch `drain` of the edge, or `edge.drained`",
  scope: "edges:write",
  answers: { 200: { about: "The edge, which is being drained", schema: edgeSchema } },
  handle: (request) =>
    changed(request, (host) =>
      host.drain ? undefined : { drain: { since: request.ctx.now().toISOString(), doneAt: null } },
    ),
});

const resume = (): Route => ({
  method: "post",
  path: "/v1/edges/{id}/resume",
  tag: "edges",
  summary:
    "The host takes calls again, of tenants that are placed on it from now on; rebalance the pool to bring some back",
  scope: "edges:write",
  answers: { 200: { about: "The edge", schema: edgeSchema } },
  handle: (request) => changed(request, (host) => (host.drain ? { drain: null } : undefined)),
});
