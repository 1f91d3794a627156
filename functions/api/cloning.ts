// Making a tenant of another: the same phone system for another company, or to try something out on.
import { z } from "zod";
import { idOf, tenantOwner } from "../../core/owner.ts";
import { byPlural } from "../../core/registry.ts";
import type { Body } from "../../core/resources/kind.ts";
import { tenant } from "../../core/resources/tenant.ts";
import { demand, enter } from "../access/access.ts";
import type { Domains } from "../accounts/domain.ts";
import { beginningOf } from "../document/beginning.ts";
import { parentOf, refuseCrossing } from "../document/head.ts";
import { newId } from "../id.ts";
import { Problem } from "../problem.ts";
import { parse } from "./body.ts";
import { applied } from "./documents.ts";
import { foundedTenant, foundTenant } from "./founding.ts";
import { into } from "./into.ts";
import { flag } from "./list.ts";
import type { Route } from "./route.ts";
import { poolAfter } from "./tenants.ts";

const { name, domain } = tenant.schema.shape;
const wanted = z.strictObject({
  name,
  domain: domain.optional().describe("A name in the account's SIP zone by default"),
  accountId: z.string().optional().describe("The account that it is made in; the copied one's by default"),
  poolId: z.string().optional().describe("Where its calls live; the copied one's pool by default, where that may be"),
});
const leftOut = z.object({
  leftOut: z
    .array(z.object({ kind: z.string(), key: z.string(), pointer: z.string().optional(), why: z.string() }))
    .describe("What the copy has not: phone numbers, and caller ids that are one of them"),
});

export const cloningRoutes = (domains: Domains): Route[] => [
  {
    method: "post",
    path: "/v1/tenants/{tenant}/clone",
    tag: "tenants",
    summary: "Make a tenant that has all that this one has, but for phone numbers and what is kept beside the document",
    scope: "tenants:write",
    query: { dryRun: "true: run every check and tell what would be made, make nothing" },
    body: wanted.meta({ title: "CloneTenant" }),
    example: { name: "Acme West" },
    answers: {
      200: { about: "What would be made: the answer to dryRun", schema: applied.extend(leftOut.shape) },
      201: {
        about: "Created",
        schema: foundedTenant.extend(leftOut.shape).meta({ title: "ClonedTenant" }),
      },
    },
    async handle(request) {
      const { ctx, principal } = request;
      const { head } = await into(request, "tenant", "tenants:write");
      const sent = parse(wanted, request.body);
      const account = sent.accountId ?? parentOf(head) ?? "";
      const { head: above } = await enter(ctx, principal, "account", account, "tenants:write");
      refuseCrossing(head, above);
      const pool = await poolAfter(ctx, head, above, sent.poolId);
      const { copyAudio, copyOf } = await import("../document/clone.ts");
      const copy = await copyOf(ctx, head);
      for (const { plural } of Object.keys(copy.document).flatMap((name) => byPlural(name) ?? []))
        demand(principal, `${plural}:write`);
      const { settings, items } = beginningOf(copy.document, "");
      const what = {
        settings: { ...settings, name: sent.name },
        items,
        pools: pool === undefined ? [] : [pool],
        summary: (of: string) => `create tenant ${of} as a copy of ${idOf(head.owner)}`,
        beside: { leftOut: copy.leftOut } satisfies Body,
      };
      const owner = tenantOwner(newId("ten"));
      const forgetAudio = await copyAudio(ctx, copy.document, head.owner, owner);
      try {
        const answer = await foundTenant(request, domains, above, sent.domain, what, owner);
        if (flag(request.query, "dryRun")) await forgetAudio();
        return answer;
      } catch (error) {
        // of anything else it isn't known whether the tenant is there
        if (error instanceof Problem) await forgetAudio();
        throw error;
      }
    },
  },
];
