// Pools of an account: groups of hosts on which tenants are placed. What the routes do is in pool-handlers.ts.
import { z } from "zod";
import { poolInput } from "../../core/pool.ts";
import { rollout } from "../edges/rollout.ts";
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
export const releaseInput = z.strictObject({
  version: z.string().max(64),
  canary: z.string().max(64).optional().describe("The host that gets it first; by default the home of the fewest"),
  soakMinutes: z._default(rollout.shape.soakMinutes, 60),
});
const release = {
  about: "The release of the pool's hosts; null: none was begun",
  schema: z.object({
    poolId: z.string(),
    latest: z.string().nullable().describe("The newest that hosts can be brought to"),
    versions: z.array(z.string()),
    release: z.nullable(rollout),
  }),
};

const handlers = () => import("./pool-handlers.ts");
const releases = () => import("./release-handlers.ts");

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
    method: "get",
    path: `${one}/release`,
    tag: "edges",
    summary: "The release of the edge agent that the pool's hosts are brought to, and how far that is",
    scope: "pools:read",
    answers: { 200: release },
    handle: async (request) => (await releases()).show(request),
  },
  {
    method: "put",
    path: `${one}/release`,
    tag: "edges",
    summary:
      "Bring the pool's hosts to a release: one first, then the others one by one, until a host shows that something is wrong",
    scope: "pools:write",
    body: releaseInput,
    example: { version: "0.2.0", soakMinutes: 60 },
    answers: { 200: release },
    handle: async (request) => (await releases()).start(request, parse(releaseInput, request.body)),
  },
  {
    method: "post",
    path: `${one}/release/stop`,
    tag: "edges",
    summary: "Ask no other host to take the release; those that have it keep it",
    scope: "pools:write",
    answers: { 200: release },
    handle: async (request) => (await releases()).stop(request),
  },
  {
    method: "post",
    path: `${one}/release/rollback`,
    tag: "edges",
    summary: "Have the hosts that took the release run again what they ran before, at once",
    scope: "pools:write",
    answers: { 200: release },
    handle: async (request) => (await releases()).rollBack(request),
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
