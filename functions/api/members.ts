// Members of an account or a tenant, and their roles.
import { z } from "zod";
import { idOf, isTenant, type Owner } from "../../core/owner.ts";
import { kindOf } from "../../core/registry.ts";
import { line } from "../../core/text.ts";
import { type Access, demand } from "../access/access.ts";
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
import { type Language, languages } from "../access/person.ts";
import { roleNames } from "../access/roles.ts";
import { sentEmail } from "../access/sent-email.ts";
import type { Done } from "../audit/record.ts";
import type { Context } from "../context.ts";
import { openView } from "../document/view.ts";
import { isId, newId } from "../id.ts";
import * as keys from "../keys.ts";
import { waitingItem } from "../mail/outbox.ts";
import { readReturned, reasons, returnedMail } from "../mail/returned.ts";
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
  extension: z
    .string()
    .max(64)
    .nullable()
    .optional()
    .describe(
      "The extension that is his, by id or number: its calls, messages and settings are his under `/v1/me`. Only in a tenant",
    ),
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
  extension: z.string().nullable().describe("The id of his extension; null also where it was deleted"),
  accountId: z.string().nullable(),
  tenantId: z.string().nullable(),
  personId: z.string().nullable().describe("Who signs in as this member, from when he accepted the invitation"),
  invitedAt: z.iso.datetime().nullable().describe("When he was invited last"),
  mailReturned: z
    .object({ reason: z.enum(reasons), at: z.iso.datetime(), until: z.iso.datetime() })
    .nullable()
    .describe("Mail to him comes back: it bounced for good, or he called it spam; until then none is sent to him"),
  version: z.int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

const keyOfExtension = (owner: Owner, id: string) => keys.resource(owner, "extension", id);

/** Members of one owner as callers see them. An extension that was deleted is not there until it is brought back. */
async function presentAll({ store, now }: Context, members: Member[]) {
  const mailboxes = members.map(({ email }) => keys.returnedMail(email));
  const held = members.flatMap(({ owner, extension }) =>
    extension === null ? [] : [keyOfExtension(owner, extension)],
  );
  const found = members.length === 0 ? [] : await store.getMany([...mailboxes, ...held]);
  const there = new Set(found.slice(members.length).map((item) => item?.id));
  return members.map(({ owner, extension, ...member }, index) => ({
    ...member,
    extension: there.has(extension) ? extension : null,
    accountId: isTenant(owner) ? null : idOf(owner),
    tenantId: isTenant(owner) ? idOf(owner) : null,
    mailReturned: readReturned(found[index], now()) ?? null,
  }));
}
const present = async (ctx: Context, member: Member) => (await presentAll(ctx, [member]))[0];

/** What he may do who has an extension, and so must whoever gives it. */
const comesWithIt = ["extensions:write", "runtime:write", "voicemail-boxes:write", "calls:read"];

/** The id of the extension that a member is to have. Throws `forbidden`, `invalid`, `reference_not_found`. */
async function extensionFor({ ctx }: Request, { owner, principal }: Access, ref: string): Promise<string> {
  if (!isTenant(owner))
    throw new Problem("invalid", "Only a tenant has extensions; send its tenantId, or no extension.", {
      errors: [{ pointer: "/extension", detail: "is of tenants alone" }],
    });
  for (const scope of comesWithIt) demand(principal, scope);
  const view = openView(ctx.store, owner);
  const found = isId("ext", ref) ? await view.get("extension", ref) : await view.byKey(kindOf("extension"), ref);
  if (found) return found.id;
  const detail = `there is no extension ${JSON.stringify(ref)} in this tenant; create it first or name another`;
  throw new Problem("reference_not_found", `/extension: ${detail}.`, { errors: [{ pointer: "/extension", detail }] });
}

/** `sent` with the extension's id in place of what names it. */
async function resolved<T extends { extension?: string | null | undefined }>(
  request: Request,
  access: Access,
  { extension, ...sent }: T,
): Promise<Omit<T, "extension"> & { extension?: string | null }> {
  if (extension === undefined) return sent;
  return { ...sent, extension: extension === null ? null : await extensionFor(request, access, extension) };
}
const doneTo = ({ head }: Access, id: string): Done => ({ head, target: { kind: "member", id } });

/** When. Throws `conflict` where no mail would go. */
function beginInviting(ctx: Context): string {
  if (!ctx.sendsMail)
    throw new Problem("conflict", "This installation sends no mail; set a sender (MAIL_FROM), or make him an API key.");
  return ctx.now().toISOString();
}

/** An address that mail came back from is tried anew. Throws `conflict` where its reader called it spam. */
async function invitation(
  { ctx, actor }: Request,
  { owner, id, email }: Member,
  language: Language | undefined,
): Promise<Operation[]> {
  const returned = await returnedMail(ctx.store, email, ctx.now());
  if (returned?.reason === "complaint") {
    const detail = `Whoever reads mail at ${email} called mail from here spam; none is sent there until ${returned.until}. Enter another address.`;
    throw new Problem("conflict", detail);
  }
  const about = { member: id, by: actor.type === "person" ? actor.name : "", language: language ?? "en" };
  const put = waitingItem({ owner, task: "invitation", id: newId("mail"), about }, ctx.now());
  return [...(returned ? [{ delete: keys.returnedMail(email) }] : []), { put }];
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
      const { data, next } = await page(request.ctx.store, range, request.query, read);
      return ok({ data: await presentAll(request.ctx, data), next });
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
      const { accountId, tenantId, invite, language, ...sent } = parse(input, request.body);
      const access = await about(request, { accountId, tenantId }, request.scope);
      refuseUser(access, sent.role);
      const wanted = await resolved(request, access, sent);
      const invited = invite === true ? { invitedAt: beginInviting(request.ctx) } : {};
      let answer: Answer | undefined;
      await addMember(request.ctx, access, { ...wanted, ...invited }, async (member) => {
        const headers = { ETag: '"1"', Location: `/v1/members/${member.id}` };
        answer = { status: 201, body: await present(request.ctx, member), headers };
        const mail = member.invitedAt === null ? [] : await invitation(request, member, language);
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
      return ok(await present(request.ctx, member), member.version);
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
      const sent = (await resolved(request, access, parse(patch, request.body))) as Partial<Settings>;
      refuseUser(access, sent.role);
      const { ifVersion } = request;
      const also = async () => request.record(doneTo(access, id));
      const member = await changeMember(request.ctx, access, id, sent, { ifVersion, also });
      return ok(await present(request.ctx, member), member.version);
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
          also: async (after) => {
            if (after.personId !== null)
              throw new Problem(
                "conflict",
                "He accepted an invitation already; a new password he gets on the sign-in page.",
              );
            const answer = ok(await present(request.ctx, after), after.version);
            return [...(await invitation(request, after, language)), ...request.record(doneTo(access, id), answer)];
          },
        },
      );
      return ok(await present(request.ctx, member), member.version);
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
