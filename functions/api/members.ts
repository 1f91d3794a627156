// Members of an account or a tenant, and their roles.
import { z } from "zod";
import { idOf, isTenant } from "../../core/owner.ts";
import { line } from "../../core/text.ts";
import type { Access } from "../access/access.ts";
import type { Answer } from "../access/idempotency.ts";
import {
  addMember,
  changeMember,
  getMember,
  type Member,
  read,
  removeMember,
  type Settings,
} from "../access/member.ts";
import { type Language, languages, sentEmail } from "../access/person.ts";
import { roleNames } from "../access/roles.ts";
import type { Done } from "../audit/record.ts";
import type { Context } from "../context.ts";
import { newId } from "../id.ts";
import * as keys from "../keys.ts";
import { waitingItem } from "../mail/outbox.ts";
import { Problem } from "../problem.ts";
import type { Operation } from "../store/store.ts";
import { about, ownerQuery } from "./access.ts";
import { parse } from "./body.ts";
import { page, paging } from "./list.ts";
import { ok, type Request, type Route } from "./route.ts";
import { listOf } from "./schema.ts";

const settings = {
  email: sentEmail.describe(
    "One member has it in this account or tenant; capitals don't count. With another he is no more who he was, and is to be invited anew",
  ),
  name: line(64),
  role: z.enum(roleNames).describe("What he, and keys made for him, may at the most; `user` only in a tenant"),
};
const inviting = {
  invite: z.boolean().optional().describe("true: mail an invitation at once, by which he comes in himself"),
  language: z.enum(languages).optional().describe("Of the invitation"),
};
const input = z.strictObject({
  ...settings,
  accountId: z.string().optional().describe("The account; the key's own by default"),
  tenantId: z.string().optional().describe("The tenant, instead of an account"),
  ...inviting,
});
const patch = z.strictObject(settings).partial();
const wish = z.strictObject({ language: inviting.language });
const shown = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.enum(roleNames),
  accountId: z.string().nullable(),
  tenantId: z.string().nullable(),
  personId: z.string().nullable().describe("Who signs in as this member, from when he accepted the invitation"),
  invitedAt: z.iso.datetime().nullable().describe("When he was invited last"),
  version: z.int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

const present = ({ owner, ...member }: Member) => ({
  ...member,
  accountId: isTenant(owner) ? null : idOf(owner),
  tenantId: isTenant(owner) ? idOf(owner) : null,
});
const doneTo = ({ head }: Access, id: string): Done => ({ head, target: { kind: "member", id } });

/** When. Throws `conflict` where no mail would go. */
function beginInviting(ctx: Context): string {
  if (!ctx.sendsMail)
    throw new Problem("conflict", "This installation sends no mail; set a sender (MAIL_FROM), or make him an API key.");
  return ctx.now().toISOString();
}

function invitation({ ctx, actor }: Request, { owner, id }: Member, language: Language | undefined): Operation {
  const about = { member: id, by: actor.type === "person" ? actor.name : "", language: language ?? "en" };
  return { put: waitingItem({ owner, task: "invitation", id: newId("mail"), about }, ctx.now()) };
}

function refuseUser({ owner }: Access, role: string | undefined): void {
  if (role === "user" && !isTenant(owner))
    throw new Problem("invalid", "The role user is one of a tenant's people; send its tenantId, or another role.", {
      errors: [{ pointer: "/role", detail: "is of tenants alone" }],
    });
}

export const memberRoutes = (): Route[] => [
  {
    method: "get",
    path: "/v1/members",
    tag: "members",
    summary: "List members",
    scope: "members:read",
    query: { ...paging, ...ownerQuery },
    answers: { 200: { about: "A page", schema: listOf(shown) } },
    async handle(request) {
      const { owner } = await about(request, request.query, request.scope);
      const range = { pk: owner, prefix: keys.children("MEMBER") };
      return ok(await page(request.ctx.store, range, request.query, (item) => present(read(item))));
    },
  },
  {
    method: "post",
    path: "/v1/members",
    tag: "members",
    summary: "Add a member, with a role that is no wider than the caller's rights",
    scope: "members:write",
    body: input,
    example: { email: "ada@acme.example", name: "Ada", role: "admin" },
    answers: { 201: { about: "The member", schema: shown } },
    async handle(request) {
      const { accountId, tenantId, invite, language, ...wanted } = parse(input, request.body);
      const access = await about(request, { accountId, tenantId }, request.scope);
      refuseUser(access, wanted.role);
      const invited = invite === true ? { invitedAt: beginInviting(request.ctx) } : {};
      let answer: Answer | undefined;
      await addMember(request.ctx, access, { ...wanted, ...invited }, (member) => {
        const headers = { ETag: '"1"', Location: `/v1/members/${member.id}` };
        answer = { status: 201, body: present(member), headers };
        const mail = member.invitedAt === null ? [] : [invitation(request, member, language)];
        return [...mail, ...request.record(doneTo(access, member.id), answer)];
      });
      return answer as unknown as Answer;
    },
  },
  {
    method: "get",
    path: "/v1/members/{id}",
    tag: "members",
    summary: "Get a member",
    scope: "members:read",
    query: ownerQuery,
    answers: { 200: { about: "The member", schema: shown } },
    async handle(request) {
      const access = await about(request, request.query, request.scope);
      const member = await getMember(request.ctx, access, request.params.id ?? "");
      return ok(present(member), member.version);
    },
  },
  {
    method: "patch",
    path: "/v1/members/{id}",
    tag: "members",
    summary: "Change a member whose role is no wider than the caller's rights, to one that is no wider either",
    scope: "members:write",
    query: ownerQuery,
    body: patch,
    example: { role: "support" },
    answers: {
      200: { about: "The member; keys made for it may no more than the new role from now on", schema: shown },
    },
    async handle(request) {
      const access = await about(request, request.query, request.scope);
      const id = request.params.id ?? "";
      const sent = parse(patch, request.body) as Partial<Settings>;
      refuseUser(access, sent.role);
      const { ifVersion } = request;
      const also = () => request.record(doneTo(access, id));
      const member = await changeMember(request.ctx, access, id, sent, { ifVersion, also });
      return ok(present(member), member.version);
    },
  },
  {
    method: "post",
    path: "/v1/members/{id}/invite",
    tag: "members",
    summary: "Mail a member an invitation, by which he comes in himself; one that was mailed before is no longer good",
    scope: "members:write",
    query: ownerQuery,
    body: wish,
    example: { language: "fr" },
    answers: { 200: { about: "The invitation is on its way and good for seven days", schema: shown } },
    async handle(request) {
      const access = await about(request, request.query, request.scope);
      const id = request.params.id ?? "";
      const { language } = parse(wish, request.body);
      const invitedAt = beginInviting(request.ctx);
      const member = await changeMember(
        request.ctx,
        access,
        id,
        { invitedAt },
        {
          ifVersion: undefined,
          also: (after) => {
            if (after.personId !== null)
              throw new Problem(
                "conflict",
                "He accepted an invitation already; a new password he gets on the sign-in page.",
              );
            const answer = ok(present(after), after.version);
            return [invitation(request, after, language), ...request.record(doneTo(access, id), answer)];
          },
        },
      );
      return ok(present(member), member.version);
    },
  },
  {
    method: "delete",
    path: "/v1/members/{id}",
    tag: "members",
    summary: "Remove a member; keys made for it work no more",
    scope: "members:write",
    query: ownerQuery,
    answers: { 204: { about: "Removed" } },
    async handle(request) {
      const access = await about(request, request.query, request.scope);
      const id = request.params.id ?? "";
      const { ifVersion } = request;
      await removeMember(request.ctx, access, id, { ifVersion, also: request.record(doneTo(access, id)) });
      return { status: 204, body: null };
    },
  },
];
