// Limits: which hold for a tenant or account, from whom, and how much is used; and those that a key's own account sets.
import { z } from "zod";
import { type Bound, boundsOn, lineOf } from "../../core/limits.ts";
import { isTenant, type Owner } from "../../core/owner.ts";
import { type LimitName, limitFields, limitNames, limits } from "../../core/resources/limits.ts";
import type { Access } from "../access/access.ts";
import type { Answer } from "../access/idempotency.ts";
import { boundsFor, scopeId } from "../accounts/bounds.ts";
import { completeCounter, countsBelow, countsOf, startCounter } from "../accounts/counts.ts";
import { bodyFor, lifting, limitsOn, notePlan, setting } from "../accounts/limits.ts";
import type { Context } from "../context.ts";
import type { Counts } from "../document/head.ts";
import * as keys from "../keys.ts";
import { allItems } from "../store/store.ts";
import { parse } from "./body.ts";
import { into } from "./into.ts";
import { type Sort, writeOne } from "./resources.ts";
import { ok, type Request, type Route } from "./route.ts";

const wanted = z.strictObject({
  plan: z.string().min(1).max(128).nullable().default(null).describe("A plan of the key's account or of one above it"),
  ...limitFields,
});

const from = z.object({
  accountId: z.string().optional().describe("The account whose use, with all below it, is bounded"),
  tenantId: z.string().optional().describe("The tenant whose use is bounded"),
  by: z.string().describe("The id of who set it"),
  planId: z.string().nullable().describe("The plan that says so; null: it is set directly"),
  value: z.unknown(),
  used: z
    .int()
    .nullable()
    .describe("How much there is; null where it is counted on the hosts, or is not the key's to see"),
});
const shown = z.object({
  limits: z
    .record(z.string(), z.object({ value: z.unknown(), left: z.int().nullable(), from: z.array(from) }).nullable())
    .describe("By its name, what holds: `value` is the tightest. null: no limit"),
  set: z.array(limits.schema).describe("What is set on it itself, by each who set any"),
});

export const limitRoutes = (): Route[] => (["tenant", "account"] as const).flatMap(routesOf);

function routesOf(sort: Sort): Route[] {
  const path = `/v1/${sort}s/{${sort}}/limits`;
  const answers = { 200: { about: "Its limits", schema: shown } };
  return [
    {
      method: "get",
      path,
      tag: "limits",
      summary: `The limits of ${sort === "tenant" ? "a tenant" : "an account and all below it"}, from whom they are, and how much is used`,
      scope: "limits:read",
      answers,
      async handle(request) {
        return ok(await present(request, await into(request, sort)));
      },
    },
    {
      method: "put",
      path,
      tag: "limits",
      summary:
        "Set the limits that the key's own account sets on it, in the place of those that it had set; others' stay",
      scope: "limits:write",
      body: wanted.meta({ title: "NewLimits" }),
      example: { plan: null, extensions: 50, countries: ["US", "CA"], dailySpend: { amount: 100, currency: "USD" } },
      answers,
      async handle(request) {
        const { ctx, principal } = request;
        const access = await into(request, sort);
        const body = await bodyFor(ctx, principal, parse(wanted, request.body));
        await Promise.all([startCounter(ctx, access.owner), notePlan(ctx, body, access.owner)]);
        return changed(request, access, setting(body));
      },
    },
    {
      method: "delete",
      path,
      tag: "limits",
      summary: "Lift the limits that the key's own account set on it; others' stay",
      scope: "limits:write",
      answers,
      async handle(request) {
        return changed(request, await into(request, sort), lifting(request.principal));
      },
    },
  ];
}

const changed = (request: Request, access: Access, change: ReturnType<typeof setting>): Promise<Answer> =>
  writeOne(request, access, change, async () => {
    if (!isTenant(access.owner)) await completeCounter(request.ctx, access.owner);
    return ok(await present(request, access));
  });

/** Of accounts above the key's own, what they use is not told: that is what its siblings have. */
async function present({ ctx, principal }: Request, { owner, head }: Access): Promise<Record<string, unknown>> {
  const line = lineOf(owner, head.path);
  const seen = line.slice(0, line.indexOf(principal.owner) + 1);
  const bounds = await boundsFor(ctx.store, owner, head.path);
  const counts = new Map<Owner, Counts | undefined>(
    await Promise.all(
      seen.map(
        async (one) => [one, isTenant(one) ? await countsOf(ctx.store, head) : await countsBelow(ctx, one)] as const,
      ),
    ),
  );
  const live = isTenant(owner) ? await liveCalls(ctx, owner) : null;
  const used = (scope: Owner, name: LimitName): number | null => {
    if (name === "extensions") return counts.get(scope)?.extension ?? null;
    if (name === "phoneNumbers") return counts.get(scope)?.["phone-number"] ?? null;
    return name === "concurrentCalls" && scope === owner ? live : null;
  };
  const shownLimits = limitNames.map((name) => [name, effective(bounds, name, (scope) => used(scope, name))]);
  return { limits: Object.fromEntries(shownLimits), set: await limitsOn(ctx.store, owner) };
}

function effective(bounds: readonly Bound[], name: LimitName, usedBy: (scope: Owner) => number | null) {
  const from = boundsOn(bounds, name).map(({ bound: { scope, by, plan }, value }) => ({
    ...{ ...scopeId(scope), by, planId: plan, value, used: usedBy(scope) },
  }));
  if (from.length === 0) return null;
  const left = from.flatMap(({ value, used }) => (typeof value === "number" && used !== null ? [value - used] : []));
  return {
    value: tightest(from.map(({ value }) => value)),
    left: left.length > 0 ? Math.max(0, Math.min(...left)) : null,
    from,
  };
}

/** The least number; the countries that all lists have; the least amount, as far as amounts compare. */
function tightest(values: unknown[]): unknown {
  const lists = values.filter((value) => Array.isArray(value)) as string[][];
  if (lists.length > 0) return lists[0]?.filter((country) => lists.every((list) => list.includes(country)));
  const amount = (value: unknown): number => (typeof value === "number" ? value : (value as { amount: number }).amount);
  return values.reduce((least, value) => (amount(value) < amount(least) ? value : least));
}

async function liveCalls(ctx: Context, owner: Owner): Promise<number> {
  let count = 0;
  for await (const _ of allItems((query) => ctx.store.query(query), { pk: owner, prefix: keys.liveCall(owner, "").sk }))
    count++;
  return count;
}
