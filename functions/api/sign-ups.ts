// Sign-ups that wait for somebody of the account.
import { z } from "zod";
import type { Access } from "../access/access.ts";
import { languages } from "../access/person.ts";
import type { Context } from "../context.ts";
import { newId } from "../id.ts";
import { findSignUp, present, type SignUp } from "../identity/sign-up-record.ts";
import * as keys from "../keys.ts";
import { waitingItem } from "../mail/outbox.ts";
import { notFound } from "../problem.ts";
import { into } from "./into.ts";
import { page, paging } from "./list.ts";
import { ok, type Request, type Route } from "./route.ts";
import { listOf } from "./schema.ts";

const path = "/v1/accounts/{account}/sign-ups";
const tag = "accounts";
const shown = z.object({
  id: z.string(),
  accountId: z.string(),
  email: z.string(),
  name: z.string(),
  company: z.string(),
  template: z.string().nullable(),
  language: z.enum(languages),
  createdAt: z.iso.datetime(),
});

async function waiting(ctx: Context, { owner }: Access, id: string): Promise<SignUp> {
  const one = await findSignUp(ctx, id);
  if (one?.state !== "review" || one.account !== owner) throw notFound("sign-up", id.slice(0, 64));
  return one;
}

const doneTo = ({ params, record }: Request, { head }: Access) =>
  record({ head, target: { kind: "sign-up", id: params.id ?? "" } });

export const signUpRoutes = (): Route[] => [
  {
    method: "get",
    path,
    tag,
    summary: "Sign-ups that wait for approval",
    scope: "accounts:read",
    query: paging,
    answers: { 200: { about: "A page", schema: listOf(shown) } },
    async handle(request) {
      const { owner } = await into(request, "account");
      const range = { pk: owner, prefix: keys.children("SIGNUP") };
      const found = await page(request.ctx.store, range, request.query, (item) => String(item.id));
      const all = await Promise.all(found.data.map((id) => findSignUp(request.ctx, id)));
      return ok({ data: all.flatMap((one) => (one ? [present(one)] : [])), next: found.next });
    },
  },
  {
    method: "post",
    path: `${path}/{id}/approve`,
    tag,
    summary: "Approve a sign-up: the tenant is made, and its owner told by mail",
    scope: "accounts:write",
    answers: { 200: { about: "The tenant", schema: z.object({ tenantId: z.string() }) } },
    async handle(request) {
      const { ctx, actor } = request;
      const access = await into(request, "account");
      const one = await waiting(ctx, access, request.params.id ?? "");
      const { foundFor } = await import("../identity/sign-up-founding.ts");
      const about = { email: one.email };
      const mail = waitingItem({ owner: access.owner, task: "approved", id: newId("mail"), about }, ctx.now());
      const { owner } = await foundFor(ctx, one, {
        actor: () => actor,
        also: (_, done) => [{ put: mail }, ...request.record(done)],
      });
      return ok({ tenantId: owner.slice(2) });
    },
  },
  {
    method: "delete",
    path: `${path}/{id}`,
    tag,
    summary: "Refuse a sign-up; whoever asked is told nothing",
    scope: "accounts:write",
    answers: { 204: { about: "It is gone" } },
    async handle(request) {
      const { ctx } = request;
      const access = await into(request, "account");
      const { id } = await waiting(ctx, access, request.params.id ?? "");
      await ctx.store.transact([
        { delete: keys.signUp(id) },
        { delete: keys.child(access.owner, "SIGNUP", id) },
        ...doneTo(request, access),
      ]);
      return { status: 204, body: null };
    },
  },
];
