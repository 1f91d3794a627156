// The trial of a tenant that signed up: what it may, what is lent to it, and its end.
import { z } from "zod";
import { isTenant } from "../../core/owner.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";
import { parse } from "./body.ts";
import { accepted, send } from "./commands.ts";
import { into } from "./into.ts";
import { ok, type Route } from "./route.ts";

const path = "/v1/tenants/{tenant}/trial";
const wantedPhone = z.strictObject({
  number: z.string().min(1).max(32).describe("Of the tenant's country: in E.164, or as it is dialled there"),
});
const sentCode = z.strictObject({ code: z.string().regex(/^\d{6}$/, "must be the six digits that were spoken") });
const shown = z.object({
  active: z
    .boolean()
    .describe("true: calls go inside and to `onlyNumbers` of the limits alone, two at a time and an hour a day"),
  number: z.string().nullable().describe("The number that is lent"),
  until: z.iso.datetime().nullable().describe("Until when"),
});

/** Few tenants are on trial: what it takes is loaded then. */
const trials = () => import("../identity/trial.ts");
const phones = () => import("../identity/trial-phone.ts");

export const trialRoutes = (): Route[] => [
  {
    method: "get",
    path,
    tag: "tenants",
    summary: "Whether a tenant that signed up is on trial, and which number is lent to it until when",
    scope: "phone-numbers:read",
    answers: { 200: { about: "Nulls: none is lent", schema: shown } },
    async handle(request) {
      const { owner } = await into(request, "tenant");
      const { trialOf } = await trials();
      const trial = await trialOf(request.ctx, owner);
      return ok({ active: trial !== undefined, number: trial?.number ?? null, until: trial?.until ?? null });
    },
  },
  {
    method: "delete",
    path,
    tag: "tenants",
    summary:
      "End a tenant's trial: its limits on calls are lifted, and the number that is lent stays; by an account above",
    scope: "phone-numbers:write",
    answers: { 204: { about: "It is over" } },
    async handle(request) {
      const { ctx, principal, actor } = request;
      const access = await into(request, "tenant");
      if (isTenant(principal.owner)) throw new Problem("forbidden", "Your provider ends the trial: ask there.");
      const gone = { delete: keys.trial(access.owner) };
      const [{ endingTrial, trialOf }, { write }] = await Promise.all([trials(), import("../document/write.ts")]);
      const trial = await trialOf(ctx, access.owner);
      const done = () => [gone, ...request.record({ head: access.head })];
      if (trial) await write(ctx, access, { ...endingTrial(trial), actor, also: async () => done() });
      else await ctx.store.transact(done());
      return { status: 204, body: null };
    },
  },
  {
    method: "post",
    path: `${path}/phone`,
    tag: "tenants",
    summary: "Have a code spoken to the owner's phone: the one number outside that a tenant on trial may call",
    scope: "phone-numbers:write",
    body: wantedPhone,
    example: { number: "+12025550123" },
    answers: accepted,
    async handle(request) {
      const access = await into(request, "tenant");
      const { askCode } = await phones();
      const { number, code } = await askCode(request.ctx, access, parse(wantedPhone, request.body).number);
      return send(request, access, { name: "say-code", arguments: { number }, secret: { code }, edge: undefined });
    },
  },
  {
    method: "post",
    path: `${path}/phone/verify`,
    tag: "tenants",
    summary: "Give back the code that was spoken: from then on the tenant on trial may call that phone",
    scope: "phone-numbers:write",
    body: sentCode,
    example: { code: "123456" },
    answers: { 200: { about: "The number that may be called", schema: z.object({ number: z.string() }) } },
    async handle(request) {
      const { ctx, actor } = request;
      const access = await into(request, "tenant");
      const { code } = parse(sentCode, request.body);
      const { verifyCode } = await phones();
      const also = () => request.record({ head: access.head });
      const number = await verifyCode(ctx, access, code, { actor, also });
      return ok({ number });
    },
  },
];
