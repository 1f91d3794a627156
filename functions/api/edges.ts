// Pools and edges as operators manage them. What edges themselves ask is in edge-protocol.ts.
import { z } from "zod";
import { accountOwner, idOf } from "../../core/owner.ts";
import { type Access, enter, homeAccount } from "../access/access.ts";
import { moveHead, readHead } from "../document/head.ts";
import { listEdges, newToken, present, readEdge, removeEdge } from "../edges/edge.ts";
import { listPools, newPool, poolInput, readPool } from "../edges/pools.ts";
import { notFound, Problem } from "../problem.ts";
import { parse } from "./body.ts";
import { ok, type Request, type Route } from "./route.ts";
import { listOf } from "./schema.ts";

const poolSchema = poolInput.extend({ id: z.string(), account: z.string(), createdAt: z.iso.datetime() });
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
  health: z.unknown(),
});
const tokenInput = z.strictObject({
  poolId: z.string().optional().describe("The pool to join; the account's default pool by default"),
});
const withDefault = poolInput.extend({
  default: z.boolean().default(false).describe("Place the account's new tenants here"),
});

/** Pools and edges are an account's; a tenant's key has none. */
function home(request: Request, scope: string): Promise<Access> {
  const account = homeAccount(request.principal);
  if (account === undefined) throw new Problem("forbidden", "This API key is a tenant's own; use one of its account.");
  return enter(request.ctx, request.principal, "account", account, scope);
}

export const edgeRoutes = (): Route[] => [
  {
    method: "get",
    path: "/v1/pools",
    tag: "edges",
    summary: "List pools",
    scope: "pools:read",
    answers: { 200: { about: "All of them", schema: listOf(poolSchema) } },
    handle: async (request) =>
      ok({ data: await listPools(request.ctx, await home(request, "pools:read")), next: null }),
  },
  {
    method: "post",
    path: "/v1/pools",
    tag: "edges",
    summary: "Make a pool",
    scope: "pools:write",
    body: withDefault,
    example: { name: "Frankfurt", sip: { server: "sip.acme.example", port: 5060, transport: "udp" }, default: true },
    answers: { 201: { about: "Created", schema: poolSchema } },
    async handle(request) {
      const access = await home(request, "pools:write");
      const { default: isDefault, ...input } = parse(withDefault, request.body);
      if (access.head.sandbox !== null)
        throw new Problem("conflict", "A sandbox has a simulated edge and no other; make the pool in a live account.");
      const { pool, operations } = newPool(idOf(access.owner), input, request.ctx.now().toISOString());
      const answer = { status: 201, body: pool };
      const head = await readHead(request.ctx.store, access.owner);
      if (!head) throw notFound("account", idOf(access.owner));
      const choose = isDefault ? [moveHead(head, { ...head, defaultPool: pool.id })] : [];
      await request.ctx.store.transact([
        ...operations,
        ...choose,
        ...request.record({ head, target: { kind: "pool", id: pool.id } }, answer),
      ]);
      return answer;
    },
  },
  {
    method: "post",
    path: "/v1/edges",
    tag: "edges",
    summary: "Make a one-time token with which an edge agent joins a pool",
    scope: "edges:write",
    body: tokenInput,
    answers: {
      201: {
        about: "The token, valid for a day, and the command to run on the host",
        schema: z.object({ token: z.string(), expiresAt: z.iso.datetime(), command: z.string() }),
      },
    },
    async handle(request) {
      const access = await home(request, "edges:write");
      const id =
        parse(tokenInput, request.body).poolId ?? (await readHead(request.ctx.store, access.owner))?.defaultPool;
      const pool = id ? await readPool(request.ctx, id) : undefined;
      if (!pool || accountOwner(pool.account) !== access.owner)
        throw new Problem("reference_not_found", "There is no such pool in this account; name one with poolId.", {
          errors: [{ pointer: "/poolId", detail: "there is no such pool" }],
        });
      const answer = (token: string, expiresAt: string) => ({
        status: 201,
        body: { token, expiresAt, command: `npm run edge -- --join ${request.ctx.publicUrl} ${token}` },
      });
      const { token, expiresAt } = await newToken(request.ctx, idOf(access.owner), pool.id, (made, expires) =>
        request.record({ head: access.head, target: { kind: "pool", id: pool.id } }, answer(made, expires)),
      );
      return answer(token, expiresAt);
    },
  },
  {
    method: "get",
    path: "/v1/edges",
    tag: "edges",
    summary: "List edges",
    scope: "edges:read",
    answers: { 200: { about: "All of them", schema: listOf(edgeSchema) } },
    handle: async (request) =>
      ok({ data: (await listEdges(request.ctx, await home(request, "edges:read"))).map(present), next: null }),
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
      const edge = await readEdge(request.ctx, request.params.id ?? "");
      if (!edge || accountOwner(edge.account) !== access.owner)
        throw notFound("edge", (request.params.id ?? "").slice(0, 64));
      return ok(present(edge));
    },
  },
  {
    method: "delete",
    path: "/v1/edges/{id}",
    tag: "edges",
    summary: "Take an edge out",
    scope: "edges:write",
    answers: { 204: { about: "Removed" } },
    async handle(request) {
      const access = await home(request, "edges:write");
      const id = request.params.id ?? "";
      await removeEdge(request.ctx, access, id, request.record({ head: access.head, target: { kind: "edge", id } }));
      return { status: 204, body: null };
    },
  },
];
