// How the members of an account or a tenant have to sign in.

import { idOf } from "../../core/owner.ts";
import { settingRules, settings, signInRules } from "../access/sign-in-rules.ts";
import { parse } from "./body.ts";
import { into } from "./into.ts";
import type { Sort } from "./resources.ts";
import { ok, type Route } from "./route.ts";

export const signInRoutes = (): Route[] => (["tenant", "account"] as const).flatMap(routesOf);

function routesOf(sort: Sort): Route[] {
  const path = `/v1/${sort}s/{${sort}}/sign-in`;
  const answers = { 200: { about: "How its members have to sign in", schema: settings() } };
  return [
    {
      method: "get",
      path,
      tag: "members",
      summary: `How the members of ${sort === "tenant" ? "a tenant" : "an account"} have to sign in`,
      scope: "members:read",
      answers,
      async handle(request) {
        const { owner } = await into(request, sort);
        const { secondFactor } = await signInRules(request.ctx.store, owner);
        return ok({ secondFactor });
      },
    },
    {
      method: "put",
      path,
      tag: "members",
      summary: `Set how the members of ${sort === "tenant" ? "a tenant" : "an account"} have to sign in`,
      scope: "members:write",
      body: settings(),
      example: { secondFactor: true },
      answers,
      async handle(request) {
        const { owner, head } = await into(request, sort);
        const wanted = parse(settings(), request.body);
        const before = await signInRules(request.ctx.store, owner);
        const done = { head, target: { kind: sort, id: idOf(owner) } };
        await request.ctx.store.transact([settingRules(owner, before, wanted), ...request.record(done)]);
        return ok(wanted);
      },
    },
  ];
}
