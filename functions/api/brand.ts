// What an account's customers see of it, and whether they may sign up.
import { z } from "zod";
import { accountOwner, idOf } from "../../core/owner.ts";
import { brand } from "../../core/resources/brand.ts";
import { enter } from "../access/access.ts";
import { brandFor, branding, brandOn, unbranding } from "../accounts/brand.ts";
import { type Domains, ownDomain } from "../accounts/domain.ts";
import { notFound } from "../problem.ts";
import { parse } from "./body.ts";
import { into } from "./into.ts";
import { writeOne } from "./resources.ts";
import { ok, type Route } from "./route.ts";

const path = "/v1/accounts/{account}/brand";
const tag = "accounts";
const shown = brand.schema
  .extend({
    accountId: z.string().nullable().describe("Whose it is: the account's, or one's above it; null: nobody has one"),
  })
  .meta({ title: "Brand", description: brand.about });
const answers = { 200: { about: "The brand", schema: shown } };

export const brandRoutes = (domains: Domains): Route[] => [
  {
    method: "get",
    path,
    tag,
    summary: "What the account's customers see of it",
    scope: "accounts:read",
    answers,
    async handle(request) {
      const { owner } = await into(request, "account");
      const found = await brandFor(request.ctx.store, owner);
      if (!found) return ok({ ...brand.schema.parse({ name: "Dialplane" }), accountId: null });
      // another's sign-up is not its own
      const own = found.of === owner ? {} : { signUp: null };
      return ok({ ...found.brand, ...own, accountId: idOf(found.of) });
    },
  },
  {
    method: "put",
    path,
    tag,
    summary: "Set what the account's customers see of it, and whether they may sign up, in the place of what was",
    scope: "accounts:write",
    body: brand.schema.meta({ title: "NewBrand" }),
    example: { name: "Acme Voice", color: "#0b6e4f", signUp: { templates: ["Office"], areaPrefix: "+1555" } },
    answers,
    async handle(request) {
      const { ctx, principal } = request;
      const { owner, head } = await into(request, "account");
      const body = parse(brand.schema, request.body);
      const before = await brandOn(ctx.store, owner);
      if (body.domain !== null && body.domain !== before?.domain)
        await ownDomain(ctx, domains, principal, head, body.domain);
      const to = body.signUp?.accountId;
      if (to) {
        const below = await enter(ctx, principal, "account", to, request.scope);
        if (accountOwner(to) !== owner && !below.head.path.includes(idOf(owner))) throw notFound("account", to);
      }
      const access = await into(request, "account");
      return writeOne(request, access, branding(owner, body), async () => ok({ ...body, accountId: idOf(owner) }));
    },
  },
  {
    method: "delete",
    path,
    tag,
    summary: "Remove it: customers see what the account above has, and nobody signs up",
    scope: "accounts:write",
    answers: { 204: { about: "There is none" } },
    async handle(request) {
      const access = await into(request, "account");
      return writeOne(request, access, unbranding(access.owner), async () => ({ status: 204, body: null }));
    },
  },
];
