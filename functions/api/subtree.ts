// What stands below an account, as one: its accounts, tenants, phone numbers, calls, edges, and where their documents are live.
import { z } from "zod";
import { extend } from "zod/mini";
import { accountOwner, idOf, isTenant, type Owner, tenantOwner } from "../../core/owner.ts";
import { kindOf } from "../../core/registry.ts";
import { accountsBelow, childrenOf, type Place } from "../accounts/below.ts";
import { limitsOn } from "../accounts/limits.ts";
import type { Context } from "../context.ts";
import { globalHolder, heldMany } from "../document/globals.ts";
import { type Head, readHead } from "../document/head.ts";
import { present, presentSettings } from "../document/present.ts";
import { fromItem, naturalKey } from "../document/view.ts";
import { present as presentEdge, readEdge, rostersOf } from "../edges/edge.ts";
import { edgesOf, summary } from "../edges/sync.ts";
import { recordsOf } from "../events/calls.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";
import { inChunks } from "../store/chunks.ts";
import { allItems } from "../store/store.ts";
import { pageBelow, type Reader } from "./below.ts";
import { filters as callFilters, fits, instant, maxLooked, shownCall } from "./calls.ts";
import { edgeSchema } from "./edges.ts";
import { into } from "./into.ts";
import { decodeCursor, encodeCursor, filtersOf, flag, limitOf, paging, passing } from "./list.ts";
import { ok, type Request, type Route } from "./route.ts";
import { answerOf, listOf } from "./schema.ts";
import { children, deleted, settingsOf, shownAccount, shownTenant } from "./tenants.ts";

const base = "/v1/accounts/{account}";
const tag = "accounts";
const whose = {
  accountId: z.string(),
  tenantId: z.string().nullable().describe("Null: free, in the account's own document"),
  inventoryId: z.string().nullable().describe("The account whose inventory it came from and goes back to"),
};
/** `counts` and `plans` are told of what is there, not of what was deleted. */
const tenantBelow = shownTenant
  .extend({
    counts: z
      .object({ extensions: z.int(), phoneNumbers: z.int() })
      .nullable()
      .optional()
      .describe("How many it has; null where it was not written since they are counted"),
    plans: z.array(z.string()).optional().describe("The ids of the plans that it has"),
  })
  .meta({ title: "TenantBelow", description: shownTenant.description ?? "" });
const standing = z.object({
  tenantId: z.string(),
  accountId: z.string(),
  name: z.string(),
  revision: z.int(),
  edges: z.int().describe("How many edges are to have it"),
  behind: z.int().describe("How many of them have not all of it in place"),
  applied: z.int().nullable().describe("The least revision in place on any of them; null where one has none"),
  failures: z.int().describe("How many resources did not take, over all edges"),
  inStep: z.boolean(),
});

export const subtreeRoutes = (): Route[] => [
  {
    method: "get",
    path: `${base}/tenants`,
    tag,
    summary: "The tenants of an account and of all accounts below it",
    scope: "tenants:read",
    query: { ...paging, ...filtersOf(kindOf("tenant")), deleted },
    answers: { 200: { about: "A page", schema: listOf(tenantBelow) } },
    handle: (request) => thereOrDeleted(request, "tenant", "domain"),
  },
  {
    method: "get",
    path: `${base}/accounts`,
    tag,
    summary: "The accounts below an account, on all levels",
    scope: "accounts:read",
    query: { ...paging, ...filtersOf(kindOf("account")), deleted },
    answers: { 200: { about: "A page", schema: listOf(shownAccount) } },
    handle: (request) => thereOrDeleted(request, "account"),
  },
  {
    method: "get",
    path: `${base}/phone-numbers`,
    tag: "phone-numbers",
    summary: "The phone numbers of an account, of the accounts below it and of their tenants",
    scope: "phone-numbers:read",
    query: { ...paging, ...filtersOf(kindOf("phone-number")) },
    answers: {
      200: {
        about: "A page",
        schema: listOf((answerOf(kindOf("phone-number")) as z.ZodObject).extend(whose)),
      },
    },
    handle: (request) => listed(request, (head) => numberReader(request, head), "number"),
  },
  {
    method: "get",
    path: `${base}/edges`,
    tag: "edges",
    summary: "The edges of an account and of all accounts below it",
    scope: "edges:read",
    query: paging,
    answers: { 200: { about: "A page", schema: listOf(edgeSchema) } },
    async handle(request) {
      if (request.principal.poolId !== undefined)
        throw new Problem("forbidden", "This API key is for one pool's hosts, which GET /v1/edges lists.");
      return listed(request, () => edgeReader(request.ctx));
    },
  },
  {
    method: "get",
    path: `${base}/sync`,
    tag: "sync",
    summary: "How far the documents of all tenants below an account are live",
    scope: "sync:read",
    query: { ...paging, behind: "true: only tenants of which an edge has not all in place" },
    answers: { 200: { about: "A page", schema: listOf(standing) } },
    handle: (request) => listed(request, (head) => syncReader(request, head)),
  },
  {
    method: "get",
    path: `${base}/calls`,
    tag: "calls",
    summary: "Call records of all tenants below an account, newest first",
    scope: "calls:read",
    query: { ...paging, ...callFilters, tenantId: "Only calls of this tenant" },
    answers: { 200: { about: "A page", schema: listOf(extend(shownCall, { tenantId: z.string() })) } },
    handle: calls,
  },
];

async function thereOrDeleted(request: Request, sort: "tenant" | "account", unique?: "domain") {
  if (!flag(request.query, "deleted")) return listed(request, (head) => settingsReader(request, head, sort), unique);
  const { owner } = await into(request, "account");
  return ok(await children(request, owner, sort));
}

async function listed<T>(request: Request, reader: (top: Head) => Reader<T>, unique?: "domain" | "number") {
  const { owner, head } = await into(request, "account");
  const read = reader(head);
  const { ctx, query } = request;
  const value = unique && query[unique];
  if (value === undefined || query.after !== undefined) return ok(await pageBelow(ctx.store, idOf(owner), query, read));
  const place = await holderBelow(ctx, head, unique ?? "", value);
  const found = place ? await read(place, undefined, limitOf(query)) : [];
  return ok({ data: found.map(({ shown }) => shown), next: null });
}

/** Where a value that is unique in the installation is, if that is below: a look-up in place of a walk. */
async function holderBelow(ctx: Context, top: Head, what: string, value: string): Promise<Place | undefined> {
  const holder = value.length <= 253 ? await globalHolder(ctx.store, top.sandbox, what, value) : undefined;
  const head = holder && (await readHead(ctx.store, holder));
  if (!head || !(head.owner === top.owner || head.path.includes(idOf(top.owner)))) return undefined;
  const [account] = head.path;
  if (!isTenant(head.owner)) return { account: idOf(head.owner) };
  return account === undefined ? undefined : { account, tenant: idOf(head.owner) };
}

const headOf = ({ ctx }: Request, place: Place): Promise<Head | undefined> =>
  readHead(ctx.store, place.tenant === undefined ? accountOwner(place.account) : tenantOwner(place.tenant));

/** The one thing that a place is, by its id. */
const itself =
  <T>(sort: "tenant" | "account", read: (place: Place) => Promise<T | undefined>): Reader<T> =>
  async (place, after) => {
    if ((place.tenant === undefined) === (sort === "tenant") || after !== undefined) return [];
    const shown = await read(place);
    return shown === undefined ? [] : [{ id: place.tenant ?? place.account, shown }];
  };

/** Three reads an account, four a tenant. Tenants of a sandbox are the sandbox's to tell. */
function settingsReader(request: Request, top: Head, sort: "tenant" | "account"): Reader<Record<string, unknown>> {
  const passes = passing(kindOf(sort), request.query);
  return itself(sort, async (place) => {
    if (sort === "account" && place.account === request.params.account) return undefined;
    const head = await headOf(request, place);
    if (sort === "tenant" && head?.sandbox !== top.sandbox) return undefined;
    const settings = head && (await settingsOf(request.ctx, head.owner));
    if (!settings || !passes(settings.body)) return undefined;
    const shown = presentSettings(request.ctx, head, settings);
    return sort === "tenant" ? { ...(await shown), ...(await having(request.ctx, head)) } : shown;
  });
}

async function having({ store }: Context, { owner, counts }: Head): Promise<Record<string, unknown>> {
  const plans = (await limitsOn(store, owner)).flatMap(({ plan }) => plan ?? []);
  return { counts: counts && { extensions: counts.extension, phoneNumbers: counts["phone-number"] }, plans };
}

/** Each number where it is: what an account has assigned is told with whom it is assigned to. One read a place, and one for each number. */
function numberReader({ ctx, query }: Request, { sandbox }: Head): Reader<Record<string, unknown>> {
  const kind = kindOf("phone-number");
  const passes = passing(kind, query);
  return async ({ account, tenant }, after, limit) => {
    const owner: Owner = tenant === undefined ? accountOwner(account) : tenantOwner(tenant);
    const prefix = keys.resources(kind.kind);
    const from = after === undefined ? prefix : `${keys.resource(owner, kind.kind, after).sk}\u0001`;
    const found = [];
    const stored = allItems((q) => ctx.store.query(q), { pk: owner, from, to: `${prefix}\u{10FFFF}`, limit });
    for await (const items of inChunks(stored, () => limit)) {
      const numbers = items.map(fromItem).filter(({ body }) => passes(body));
      const claims = await heldMany(ctx.store, sandbox, "number", numbers.map(naturalKey));
      for (const [index, number] of numbers.entries()) {
        const held = claims[index];
        if (held?.owner !== owner) continue;
        const [inventory] = held.from.map(idOf);
        const place = { accountId: account, tenantId: tenant ?? null, inventoryId: inventory ?? null };
        found.push({ id: number.id, shown: { ...present(number), ...place } });
        if (found.length === limit) return found;
      }
    }
    return found;
  };
}

/** One read an account, pool and edge, and of one that is being drained its tenants. */
const edgeReader =
  (ctx: Context): Reader<Record<string, unknown>> =>
  async ({ account, tenant }, after, limit) => {
    const found = [];
    const rosters = rostersOf(ctx);
    if (tenant !== undefined) return [];
    for await (const id of childrenOf(ctx.store, accountOwner(account), "EDGE", after)) {
      const edge = await readEdge(ctx, id);
      if (edge) found.push({ id, shown: await presentEdge(ctx, edge, rosters) });
      if (found.length === limit) break;
    }
    return found;
  };

/** Three reads a tenant, and one for each edge of its pool. */
function syncReader(request: Request, { sandbox }: Head): Reader<Record<string, unknown>> {
  const { ctx, query } = request;
  const behind = flag(query, "behind");
  const edges = edgesOf(ctx);
  return itself("tenant", async (place) => {
    const head = await headOf(request, place);
    const found = head?.sandbox === sandbox ? await summary(ctx, head, edges) : undefined;
    if (!head || !found || (behind && found.inStep)) return undefined;
    const { name } = (await settingsOf(ctx, head.owner)).body;
    return { tenantId: place.tenant, accountId: place.account, name, ...found };
  });
}

const position = /^\d{4}-(0\d|1[0-2])-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d\.\d{3}Z#[\w.-]{1,80}#ten_[0-9A-HJKMNP-TV-Z]{26}$/;

/** One read for each account and fifty of its calls, and one for each tenant on the page. What a tenant called before it came below is its own to tell. */
async function calls(request: Request) {
  const { ctx, query } = request;
  const { owner, head: top } = await into(request, "account");
  const limit = limitOf(query);
  const range = {
    from: instant(query, "startedAt[gte]"),
    to: instant(query, "startedAt[lte]"),
    before: query.after === undefined ? undefined : decodeCursor(query.after, position),
  };
  const accounts: string[] = [];
  for await (const account of accountsBelow(ctx.store, idOf(owner))) accounts.push(account);
  const below = new Map<string, Promise<boolean>>();
  const isBelow = async (tenant: string): Promise<boolean> => {
    const head = await readHead(ctx.store, tenantOwner(tenant));
    return head?.sandbox === top.sandbox && head.path.includes(idOf(owner));
  };
  const data = [];
  let last = "";
  let looked = 0;
  for await (const { position: at, tenant, record } of recordsOf(ctx, accounts, range)) {
    if (data.length === limit || looked === maxLooked) return ok({ data, next: encodeCursor(last) });
    const here = below.get(tenant) ?? isBelow(tenant);
    below.set(tenant, here);
    const wanted = (query.tenantId === undefined || query.tenantId === tenant) && fits(record, query);
    if (wanted && (await here)) data.push({ ...record, tenantId: tenant });
    last = at;
    looked++;
  }
  return ok({ data, next: null });
}
