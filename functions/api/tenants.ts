// Tenants and accounts: their settings, where they stand, deleting them.
import { z } from "zod";
import { accountOwner, idOf, isTenant, type Owner, tenantOwner } from "../../core/owner.ts";
import { kindOf } from "../../core/registry.ts";
import { account } from "../../core/resources/account.ts";
import type { Kind } from "../../core/resources/kind.ts";
import { suspension } from "../../core/resources/suspension.ts";
import { tenant } from "../../core/resources/tenant.ts";
import { type Access, demand, enter, type Principal } from "../access/access.ts";
import type { Answer } from "../access/idempotency.ts";
import { type Domains, ownSettings } from "../accounts/domain.ts";
import { resuming, suspending, suspensionAfter } from "../accounts/suspension.ts";
import type { Context } from "../context.ts";
import { type Head, readHead, readTombstone, sortOf } from "../document/head.ts";
import { presentSettings } from "../document/present.ts";
import { fromItem, type Stored } from "../document/view.ts";
import type { Write } from "../document/write.ts";
import { defaultPool, readPool } from "../edges/pools.ts";
import * as keys from "../keys.ts";
import { notFound, Problem } from "../problem.ts";
import { anyObject, parse } from "./body.ts";
import { into } from "./into.ts";
import { flag, page, paging } from "./list.ts";
import { changing, type Sort, writeOne } from "./resources.ts";
import { ok, type Request, type Route } from "./route.ts";
import { listOf, patchOf } from "./schema.ts";
import { shapingOf } from "./shaping.ts";

const shownSuspension = z
  .object({
    ...suspension.schema.shape,
    accountId: z.string().optional().describe("The account that is suspended, with all below it"),
    tenantId: z.string().optional().describe("The tenant that is suspended itself"),
  })
  .nullable()
  .describe("What stops its calls now, emergency calls excepted; its own, else that of the nearest account above");
/** Of what is listed with `deleted=true`. */
const shownDeletion = {
  deletedAt: z.iso.datetime().optional(),
  purgeAt: z.iso.datetime().optional().describe("Until then it can be restored"),
};
export const shownTenant = tenant.schema
  .extend({
    id: z.string(),
    version: z.int(),
    revision: z.int(),
    accountId: z.string(),
    poolId: z.string().nullable(),
    suspension: shownSuspension,
    sandbox: z.boolean().describe("Whether it is in a sandbox, or one: on a simulated edge, for test keys"),
    createdAt: z.iso.datetime(),
    ...shownDeletion,
  })
  .meta({ title: "Tenant", description: tenant.about });
export const shownOf = (sort: Sort) => (sort === "tenant" ? shownTenant : shownAccount);
export const shownAccount = account.schema
  .extend({
    id: z.string(),
    version: z.int(),
    revision: z.int(),
    accountId: z.string().nullable(),
    suspension: shownSuspension,
    sandbox: z.boolean().describe("Whether it is in a sandbox, or one: on a simulated edge, for test keys"),
    createdAt: z.iso.datetime(),
    ...shownDeletion,
  })
  .meta({ title: "Account", description: account.about });

const wantedPlace = z.strictObject({
  accountId: z.string().describe("The account that it goes to"),
  poolId: z
    .string()
    .optional()
    .describe(
      "Where its calls live then; the present pool by default, where that account may use it, else its default",
    ),
});

export function tenantRoutes(domains: Domains): Route[] {
  return [
    ...(["tenant", "account"] as const).flatMap((sort) => [
      ...[list(sort), get(sort), patch(sort, domains)],
      ...[suspend(sort), resume(sort)],
    ]),
    {
      method: "post",
      path: "/v1/tenants/{tenant}/move",
      tag: "tenants",
      summary: "Move a tenant to another account; the key must be of an account above both",
      scope: "tenants:write",
      body: wantedPlace,
      example: { accountId: "acc_01ARZ3NDEKTSV4RRFFQ69G5FAV" },
      answers: { 200: { about: "It is there, with all it has", schema: shownTenant } },
      async handle(request) {
        const { ctx, actor, principal } = request;
        const access = await into(request, "tenant");
        const { accountId, poolId } = parse(wantedPlace, request.body);
        const { head: to } = await enter(ctx, principal, "account", accountId, "tenants:write");
        const target = { kind: "tenant", id: idOf(access.owner) };
        const pool = await poolAfter(ctx, access.head, to, poolId);
        const settings = await settingsOf(ctx, access.owner);
        const answer = async (head: Head) => ok(await presentSettings(ctx, head, settings), settings.version);
        // told where it was, since those who had it see it no more
        const done = (head: Head) => ({ head: access.head, target, revision: head.revision });
        const also = async (head: Head, moved: boolean) =>
          request.record(moved ? done(head) : null, request.recording ? await answer(head) : undefined);
        const { move } = await import("../document/move.ts");
        return answer(await move(ctx, access, { to, pool, actor, also }));
      },
    },
  ];
}

export async function settingsOf(ctx: Context, owner: Owner): Promise<Stored> {
  const item = await ctx.store.get(keys.resource(owner, sortOf(owner), idOf(owner)));
  if (!item) throw notFound(sortOf(owner), idOf(owner));
  return fromItem(item);
}

export async function usablePool(ctx: Context, account: Head, id: string): Promise<string> {
  if (account.sandbox !== null)
    throw new Problem("conflict", "A sandbox's tenants live on its simulated edge and on no pool; leave poolId out.", {
      errors: [{ pointer: "/poolId", detail: "must be left out in a sandbox" }],
    });
  const pool = await readPool(ctx, id);
  if (!pool || (accountOwner(pool.account) !== account.owner && !account.path.includes(pool.account)))
    throw new Problem("reference_not_found", `There is no pool ${id.slice(0, 64)}.`, {
      errors: [{ pointer: "/poolId", detail: "there is no such pool" }],
    });
  return id;
}

/** The pool that is asked for, else the present one where the new account may use it, else that account's default; none in a sandbox. */
export async function poolAfter(
  ctx: Context,
  head: Head,
  to: Head,
  wanted: string | undefined,
): Promise<string | undefined> {
  if (wanted !== undefined) return usablePool(ctx, to, wanted);
  if (to.sandbox !== null) return undefined;
  const [present] = head.pools;
  const pool = present === undefined ? undefined : await readPool(ctx, present);
  const usable = pool && (accountOwner(pool.account) === to.owner || to.path.includes(pool.account));
  return usable ? pool.id : defaultPool(ctx, to);
}

export const deleted = "true: what was deleted in the account itself and can be restored, instead of what is there";

/** What is directly in an account; with `deleted=true` in the request, what was. */
export async function children(request: Request, owner: Owner, sort: "tenant" | "account") {
  const of = sort === "tenant" ? tenantOwner : accountOwner;
  const name = sort.toUpperCase();
  const found = await page(
    request.ctx.store,
    { pk: owner, prefix: keys.children(flag(request.query, "deleted") ? keys.deleted(name) : name) },
    request.query,
    (item) => of(String(item.id)),
  );
  const data = await Promise.all(
    found.data.map(async (child) => {
      const head = await readTombstone(request.ctx.store, child);
      const settings = await request.ctx.store.get(keys.resource(child, sort, idOf(child)));
      // it may have been purged a moment ago
      return head && settings && presentSettings(request.ctx, head, fromItem(settings));
    }),
  );
  return { data: data.filter((shown) => shown !== undefined), next: found.next };
}

/** A tenant's own key sees itself; an account's key sees what is directly in the account. */
async function ownList(request: Request, principal: Principal, sort: "tenant" | "account") {
  if (!isTenant(principal.owner)) return children(request, principal.owner, sort);
  const isThere = sort === "tenant" && !flag(request.query, "deleted");
  const head = isThere ? await readHead(request.ctx.store, principal.owner) : undefined;
  return {
    data: head ? [await presentSettings(request.ctx, head, await settingsOf(request.ctx, head.owner))] : [],
    next: null,
  };
}

const list = (sort: "tenant" | "account"): Route => ({
  method: "get",
  path: `/v1/${sort}s`,
  tag: `${sort}s`,
  summary: `List the ${sort}s of the key's account`,
  scope: `${sort}s:read`,
  query: { ...paging, deleted },
  answers: { 200: { about: "A page", schema: listOf(sort === "tenant" ? shownTenant : shownAccount) } },
  async handle(request) {
    demand(request.principal, `${sort}s:read`);
    return ok(await ownList(request, request.principal, sort));
  },
});

const beside = ["version", "revision", "accountId", "suspension", "sandbox", "createdAt"];
const shapingOfSettings = {
  tenant: shapingOf(kindOf("tenant"), [...beside, "poolId"]),
  account: shapingOf(kindOf("account"), beside),
};

const get = (sort: "tenant" | "account"): Route => ({
  method: "get",
  path: `/v1/${sort}s/{${sort}}`,
  tag: `${sort}s`,
  summary: `Get one ${sort}`,
  scope: `${sort}s:read`,
  query: shapingOfSettings[sort].query,
  answers: {
    200: {
      about: "Its settings and where its document stands",
      schema: sort === "tenant" ? shownTenant : shownAccount,
    },
  },
  async handle(request) {
    const access = await into(request, sort, `${sort}s:read`);
    const shape = shapingOfSettings[sort].begin(request, access);
    const settings = await settingsOf(request.ctx, access.owner);
    return ok(await shape(await presentSettings(request.ctx, access.head, settings)), settings.version);
  },
});

const patch = (sort: "tenant" | "account", domains: Domains): Route => ({
  method: "patch",
  path: `/v1/${sort}s/{${sort}}`,
  tag: `${sort}s`,
  summary: `Change a ${sort}'s settings`,
  scope: `${sort}s:write`,
  body: patchOf(sort === "tenant" ? tenant.schema : account.schema).meta({
    title: sort === "tenant" ? "TenantPatch" : "AccountPatch",
  }),
  example: { name: "Acme Inc.", timeZone: "Europe/Paris" },
  answers: { 200: { about: "Changed", schema: sort === "tenant" ? shownTenant : shownAccount } },
  async handle(request) {
    const access = await into(request, sort);
    const kind: Kind = (sort === "tenant" ? tenant : account) as unknown as Kind;
    const body = parse(anyObject, request.body);
    await ownSettings(request.ctx, domains, access, body);
    return writeOne(request, access, { edits: changing(request, kind, idOf(access.owner), body) }, async (outcome) => {
      const settings = outcome.draft.changes[0]?.after ?? (await settingsOf(request.ctx, access.owner));
      return ok(await presentSettings(request.ctx, outcome.head, settings), settings.version);
    });
  },
});

const wanted = z.strictObject({ reason: suspension.schema.shape.reason });

const suspend = (sort: Sort): Route => ({
  method: "post",
  path: `/v1/${sort}s/{${sort}}/suspend`,
  tag: `${sort}s`,
  summary: `Suspend ${sort === "tenant" ? "a tenant" : "an account and all below it"}: calls stop but for emergency numbers, nothing is deleted`,
  scope: `${sort}s:write`,
  body: wanted,
  example: { reason: "Unpaid" },
  answers: { 200: { about: "Suspended, also where it was before", schema: shownOf(sort) } },
  async handle(request) {
    const access = await into(request, sort);
    return changed(request, access, suspending(request.ctx, access, parse(wanted, request.body).reason));
  },
});

const resume = (sort: Sort): Route => ({
  method: "post",
  path: `/v1/${sort}s/{${sort}}/resume`,
  tag: `${sort}s`,
  summary: `Lift the suspension of ${sort === "tenant" ? "a tenant" : "an account"}`,
  scope: `${sort}s:write`,
  answers: { 200: { about: "Resumed; `suspension` still shows one of an account above", schema: shownOf(sort) } },
  async handle(request) {
    const access = await into(request, sort);
    return changed(request, access, resuming(request.ctx, access));
  },
});

const changed = (request: Request, access: Access, change: Pick<Write, "edits" | "summary">): Promise<Answer> =>
  writeOne(request, access, change, async (outcome) => {
    const settings = await settingsOf(request.ctx, access.owner);
    const after = suspensionAfter(request.ctx, outcome.head, outcome.draft.changes);
    return ok(await presentSettings(request.ctx, outcome.head, settings, after), settings.version);
  });
