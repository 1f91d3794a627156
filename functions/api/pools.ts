// Pools of an account: groups of hosts on which tenants are placed. What the routes do is in pool-handlers.ts.
import { z } from "zod";
import { poolInput } from "../../core/pool.ts";
import { parse } from "./body.ts";
import type { Route } from "./route.ts";
import { listOf, patchOf } from "./schema.ts";

const pool = poolInput.extend({
  id: z.string(),
  account: z.string(),
  createdAt: z.iso.datetime(),
  default: z.boolean().describe("Whether the account's new tenants are placed here"),
});
const host = z.object({ id: z.string(), name: z.string(), tenants: z.int().describe("Whose home it is") });
const whole = pool.extend({
  tenants: z.int().describe("Tenants on it, of the account and those below"),
  deletedTenants: z.int().describe("Deleted ones that would be restored to it"),
  hosts: z.array(host).describe("Those that carry calls"),
});
const newPool = poolInput.extend({
  default: z.boolean().default(false).describe("Place the account's new tenants here"),
});
const poolPatch = patchOf(poolInput).extend({
  default: z.literal(true).optional().describe("Place the account's new tenants here, and no more where they were"),
});
const one = "/v1/pools/{id}";

const handlers = () => import("./pool-handlers.ts");

export const poolRoutes = (): Route[] => [
  {
    method: "get",
    path: "/v1/pools",
    tag: "edges",
    summary: "List pools",
    scope: "pools:read",
    answers: { 200: { about: "All of them", schema: listOf(pool) } },
    handle: async (request) => (await handlers()).list(request),
  },
  {
    method: "post",
    path: "/v1/pools",
    tag: "edges",
    summary: "Make a pool",
    scope: "pools:write",
    body: newPool,
    example: { name: "Frankfurt", sip: { server: "sip.acme.example", port: 5060, transport: "udp" }, default: true },
    answers: { 201: { about: "Created", schema: pool } },
    handle: async (request) => (await handlers()).make(request, parse(newPool, request.body)),
  },
  {
    method: "get",
    path: one,
    tag: "edges",
    summary: "One pool, with how many tenants are on it and whose home each host is",
    scope: "pools:read",
    answers: { 200: { about: "The pool", schema: whole } },
    handle: async (request) => (await handlers()).show(request),
  },
  {
    method: "patch",
    path: one,
    tag: "edges",
    summary: "Change a pool's name, its address or its servers for browser phones, or make it the default",
    scope: "pools:write",
    body: poolPatch,
    example: { name: "Frankfurt 1" },
    answers: { 200: { about: "Changed", schema: pool } },
    handle: async (request) => (await handlers()).change(request, parse(poolPatch, request.body)),
  },
  {
    method: "post",
    path: `${one}/rebalance`,
    tag: "edges",
    summary:
      "Even out on how many tenants' home each host is, but for tenants that are on a call; it goes on after the answer",
    scope: "pools:write",
    answers: {
      202: {
        about: "Of how many tenants each host that may carry some is the home before",
        schema: z.object({ poolId: z.string(), hosts: z.array(host) }),
      },
    },
    handle: async (request) => (await handlers()).rebalance(request),
  },
  {
    method: "delete",
    path: one,
    tag: "edges",
    summary: "Delete a pool in which nothing is: no host, no tenant, and the default of no account",
    scope: "pools:write",
    answers: { 204: { about: "Deleted" } },
    handle: async (request) => (await handlers()).remove(request),
  },
];
