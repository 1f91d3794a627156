// Making tenants and accounts. A tenant can be made with all that it has, by one request and as one revision.
import { z } from "zod";
import { accountOwner, idOf, type Owner, tenantOwner } from "../../core/owner.ts";
import { byPlural } from "../../core/registry.ts";
import { account } from "../../core/resources/account.ts";
import type { Body } from "../../core/resources/kind.ts";
import { locale } from "../../core/resources/locale.ts";
import { tenant } from "../../core/resources/tenant.ts";
import { type Access, demand, enter, homeAccount } from "../access/access.ts";
import type { Answer } from "../access/idempotency.ts";
import { startCounter } from "../accounts/counts.ts";
import { type Domains, ownDomain, zoneDomain } from "../accounts/domain.ts";
import { bodyFor, notePlan } from "../accounts/limits.ts";
import type { Context } from "../context.ts";
import { appliedOf } from "../document/applied.ts";
import { beginningOf, type Creation, nothing, together } from "../document/beginning.ts";
import type { Founded } from "../document/found.ts";
import { type Head, sortOf } from "../document/head.ts";
import { presentSettings } from "../document/present.ts";
import { templateOf } from "../document/template.ts";
import { defaultPool } from "../edges/pools.ts";
import { newId } from "../id.ts";
import { Problem } from "../problem.ts";
import { anyObject, parse } from "./body.ts";
import { applied, documentOf } from "./documents.ts";
import { flag } from "./list.ts";
import { ok, type Request, type Route } from "./route.ts";
import { settingsOf, shownAccount, shownTenant, usablePool } from "./tenants.ts";

const placing = {
  plan: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .describe("The plan that it has: of the key's account or one above it, by id or name; see its limits"),
  accountId: z.string().optional().describe("The account that it is made in; the key's own by default"),
};
const tenantBody = tenant.schema.partial({ domain: true }).extend({
  ...placing,
  musicOnHold: z.null().optional().describe("What there can be is in the document, whose settings may name it"),
  poolId: z.string().optional().describe("Where its calls live; the account's default pool by default"),
  template: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .describe(
      "Of its account or one above it, by id or name: the document is merged over the template's, by natural key",
    ),
  document: z.optional(anyObject),
});
/** What an item of the document holds is looked at when it is drafted. */
const newTenant = () => tenantBody.extend({ document: documentOf("tenant").optional() });
const newAccount = account.schema.extend({
  ...placing,
  sandbox: z
    .boolean()
    .optional()
    .describe("Whether it is a sandbox, with all that is ever made below it; for good. Below one everything is"),
});
export const foundedTenant = shownTenant.extend({
  secrets: applied.shape.secrets.describe("Secrets that were made; shown only in this answer"),
});

export function foundingRoutes(domains: Domains): Route[] {
  return [
    {
      method: "post",
      path: "/v1/tenants",
      tag: "tenants",
      summary: "Create a tenant, with all that it has: the whole of it or nothing",
      scope: "tenants:write",
      query: { dryRun: "true: run every check and tell what would be made, make nothing" },
      body: newTenant().meta({ title: "NewTenant" }),
      example: {
        name: "Acme",
        country: "US",
        timeZone: "America/New_York",
        document: { extensions: [{ number: "1001" }] },
      },
      answers: {
        200: { about: "What would be made: the answer to dryRun", schema: applied },
        201: { about: "Created", schema: foundedTenant.meta({ title: "FoundedTenant" }) },
      },
      async handle(request) {
        const { ctx, principal } = request;
        const {
          accountId,
          poolId,
          plan,
          template,
          domain,
          document = {},
          ...settings
        } = parse(tenantBody, request.body);
        if (template !== undefined) demand(principal, "templates:read");
        for (const { plural } of Object.keys(document).flatMap((name) => byPlural(name) ?? []))
          demand(principal, `${plural}:write`);
        const { head: above } = await parentAccount(request, accountId, "tenants:write");
        const under = template === undefined ? undefined : await templateOf(ctx, above, template);
        const beginning = together(together(nothing, under ?? nothing), beginningOf(document, "/document"));
        const pools = await poolsOf(ctx, above, poolId);
        const sent = { ...beginning.settings, ...said(request, settings) };
        const first = { ...(await inherited(ctx, above, sent)), ...sent };
        const what = { settings: first, items: beginning.items, pools, plan };
        const summary = under && ((name: string) => `create tenant ${name} from template ${under.name}`);
        return foundTenant(request, domains, above, domain ?? sent.domain, { ...what, ...(summary && { summary }) });
      },
    },
    {
      method: "post",
      path: "/v1/accounts",
      tag: "accounts",
      summary: "Create an account below another",
      scope: "accounts:write",
      body: newAccount.meta({ title: "NewAccount" }),
      example: { name: "Reseller", country: "US" },
      answers: { 201: { about: "Created", schema: shownAccount } },
      async handle(request) {
        const { ctx, principal } = request;
        const { accountId, plan, sandbox, ...sent } = parse(newAccount, request.body);
        const { head: above } = await parentAccount(request, accountId, "accounts:write");
        const settings = { ...sent, ...(await inherited(ctx, above, parse(anyObject, request.body))) };
        if (sandbox === false && above.sandbox !== null)
          throw new Problem("conflict", "Below a sandbox everything is one; leave sandbox out, or use a live account.");
        if (settings.sipZone !== null && !sandbox) await ownDomain(ctx, domains, principal, above, settings.sipZone);
        const isNew = sandbox === true && above.sandbox === null;
        const what = { settings, items: [], pools: [], plan, isNewSandbox: isNew };
        return establish(request, accountOwner(newId("acc")), above, what);
      },
    },
  ];
}

/** Without what the schema filled in. */
function said(request: Request, settings: Body): Body {
  const sent = parse(anyObject, request.body);
  return Object.fromEntries(Object.entries(settings).filter(([name]) => name in sent && name !== "musicOnHold"));
}

/** Country, time zone and language are those of the account above where nothing is said. */
async function inherited(ctx: Context, above: Head, sent: Body): Promise<Body> {
  const { body } = await settingsOf(ctx, above.owner);
  return Object.fromEntries(Object.keys(locale).flatMap((name) => (name in sent ? [] : [[name, body[name]]])));
}

/** Where its calls live; nowhere in a sandbox. */
async function poolsOf(ctx: Context, above: Head, wanted: string | undefined): Promise<string[]> {
  if (wanted !== undefined) return [await usablePool(ctx, above, wanted)];
  return above.sandbox === null ? [await defaultPool(ctx, above)] : [];
}

type Wanted = {
  settings: Body & { name?: unknown };
  items: Creation[];
  pools: string[];
  plan?: string | undefined;
  isNewSandbox?: boolean;
  /** Of the change, by the new one's name. */
  summary?: (name: string) => string;
  /** What the answer tells beside it. */
  beside?: Body;
};

/** A tenant of the account `above`, under the domain that is wanted or one of the account's zone. With `dryRun` in the request it is only told. */
export async function foundTenant(
  request: Request,
  domains: Domains,
  above: Head,
  wanted: unknown,
  what: Wanted,
  owner = tenantOwner(newId("ten")),
): Promise<Answer> {
  const { ctx, principal } = request;
  const own = typeof wanted === "string" ? wanted : undefined;
  if (own !== undefined) await ownDomain(ctx, domains, principal, above, own);
  for (let attempt = 1; ; attempt++) {
    const domain = own ?? (await zoneDomain(ctx, above, String(what.settings.name)));
    try {
      const settings = { ...what.settings, domain };
      return await establish(request, owner, above, { ...what, settings });
    } catch (error) {
      // another tenant of that name may just have got the domain that was free a moment ago
      const lost = error instanceof Problem && error.code === "taken" && error.extra.domain === domain;
      if (!lost || own !== undefined || attempt === 20) throw error;
    }
  }
}

async function establish(request: Request, owner: Owner, above: Head, wanted: Wanted): Promise<Answer> {
  const { ctx, principal, actor } = request;
  const { settings, items: edits, pools, plan, summary, isNewSandbox, beside = {} } = wanted;
  const sandbox = isNewSandbox ? idOf(owner) : above.sandbox;
  const dryRun = flag(request.query, "dryRun");
  if (plan !== undefined) demand(principal, "limits:write");
  const limits = plan === undefined ? undefined : await bodyFor(ctx, principal, { plan });
  if (limits && !dryRun) await Promise.all([notePlan(ctx, limits, owner), startCounter(ctx, owner)]);
  const { found } = await import("../document/found.ts");
  const made = await found(ctx, {
    ...{ owner, path: [idOf(above.owner), ...above.path], sandbox, pools, settings, edits, limits, actor, dryRun },
    ...(summary && { summary: summary(String(settings.name)) }),
    async also(founded) {
      const target = { kind: sortOf(owner), id: idOf(owner) };
      return request.record({ head: founded.head, target, revision: 0 }, await answerOf(ctx, founded, beside));
    },
  });
  return dryRun ? ok({ ...appliedOf(made), ...beside }) : answerOf(ctx, made, beside);
}

async function answerOf(ctx: Context, founded: Founded, beside: Body): Promise<Answer> {
  const { head, settings } = founded;
  const { secrets } = appliedOf(founded);
  return {
    status: 201,
    body: { ...(await presentSettings(ctx, head, settings)), ...(secrets !== undefined && { secrets }), ...beside },
    headers: { ETag: '"1"', Location: `/v1/${sortOf(head.owner)}s/${idOf(head.owner)}` },
  };
}

async function parentAccount(request: Request, id: string | undefined, scope: string): Promise<Access> {
  const account = id ?? homeAccount(request.principal);
  if (account === undefined) throw new Problem("forbidden", "This API key is a tenant's own; use one of its account.");
  return enter(request.ctx, request.principal, "account", account, scope);
}
