// The number inventory: phone numbers that stand free in the documents of accounts are assigned to tenants below, claimed by them, and given back.
import { z } from "zod";
import { idOf, isTenant } from "../../core/owner.ts";
import { kindOf } from "../../core/registry.ts";
import { phoneNumber } from "../../core/resources/phone-number.ts";
import { type Access, enter } from "../access/access.ts";
import type { Answer } from "../access/idempotency.ts";
import { freeNumbers, isFreeAt } from "../accounts/inventory.ts";
import type { Context } from "../context.ts";
import { heldMany } from "../document/globals.ts";
import { type Head, hearing } from "../document/head.ts";
import { presentWith } from "../document/present.ts";
import { openView } from "../document/view.ts";
import { notFound, Problem } from "../problem.ts";
import { parse } from "./body.ts";
import { into } from "./into.ts";
import { decodeCursor, encodeCursor, limitOf, paging } from "./list.ts";
import { find, writeOne } from "./resources.ts";
import { ok, type Request, type Route } from "./route.ts";
import { answerOf, listOf } from "./schema.ts";

const kind = kindOf("phone-number");
const tag = kind.plural;
const scope = `${kind.plural}:write`;
const settings = phoneNumber.schema.omit({ number: true }).partial();
const assignment = settings.extend({ tenantId: z.string().describe("A tenant below the account") });
const areaPrefix = z.string().regex(/^\+\d{1,14}$/, "must be + and 1 to 14 digits");
const wish = settings.extend({
  number: phoneNumber.schema.shape.number.optional().describe("A free number of an account above"),
  areaPrefix: areaPrefix.optional().describe("Instead of a number: any free one that begins so"),
});
const shown = answerOf(kind);

export const inventoryRoutes = (): Route[] => [
  {
    method: "post",
    path: "/v1/accounts/{account}/phone-numbers/{id}/assign",
    tag,
    summary: "Assign a free number of the account to a tenant below it",
    scope,
    body: assignment.meta({ title: "PhoneNumberAssignment" }),
    example: { tenantId: "ten_01ARZ3NDEKTSV4RRFFQ69G5FAV", label: "Main line" },
    answers: { 201: { about: "The tenant's phone number, with the settings that were sent", schema: shown } },
    async handle(request) {
      const { ctx, principal, params } = request;
      const access = await into(request, "account");
      const { tenantId: to, ...body } = parse(assignment, request.body);
      const { body: resource } = await find(ctx, access, kind, params.id ?? "");
      const tenant = await enter(ctx, principal, "tenant", to, scope);
      if (!tenant.head.path.includes(idOf(access.owner))) throw notFound("tenant", to);
      const number = String(resource.number);
      await refuseAssigned(ctx, access.head, number);
      return create(request, tenant, { ...body, number });
    },
  },
  {
    method: "post",
    path: "/v1/accounts/{account}/phone-numbers/{id}/release",
    tag,
    summary: "Take a number back from whom it is assigned to",
    scope,
    answers: { 200: { about: "The account's number, free again", schema: shown } },
    async handle(request) {
      const { ctx, principal, params } = request;
      const access = await into(request, "account");
      const resource = await find(ctx, access, kind, params.id ?? "");
      const answer = async () =>
        ok({ ...(await presentWith(ctx, access.head, kind, resource, [])), assignedTo: null }, resource.version);
      const number = String(resource.body.number);
      const [held] = await heldMany(ctx.store, access.head.sandbox, "number", [number]);
      if (!held || held.owner === access.owner) return answer();
      const sort = isTenant(held.owner) ? "tenant" : "account";
      const holder = await enter(ctx, principal, sort, idOf(held.owner), scope);
      const edits = async () => {
        const theirs = await openView(ctx.store, holder.owner).byKey(kind, number);
        return theirs ? [{ op: "delete" as const, kind, id: theirs.id, pointer: "" }] : [];
      };
      return writeOne(request, holder, { edits, summary: `release ${number}` }, answer);
    },
  },
  {
    method: "get",
    path: "/v1/tenants/{tenant}/phone-numbers/free",
    tag,
    summary: "Numbers of the accounts above that the tenant may claim",
    scope: `${kind.plural}:read`,
    query: { ...paging, areaPrefix: "Only those that begin so, as in +4930" },
    answers: { 200: { about: "A page", schema: listOf(z.object({ number: z.string() })) } },
    async handle(request) {
      const { head } = await into(request, "tenant");
      const { query, ctx } = request;
      const limit = limitOf(query);
      const prefix = prefixOf(query.areaPrefix);
      const data: { number: string }[] = [];
      let last = "";
      let looked = 0;
      for await (const { position, number } of freeNumbers(ctx, head, prefix, placeOf(query.after, hearing(head)))) {
        if (data.length === limit || looked === mostLooked) return ok({ data, next: encodeCursor(last) });
        if (number !== undefined) data.push({ number });
        last = position;
        looked++;
      }
      return ok({ data, next: null });
    },
  },
  {
    method: "post",
    path: "/v1/tenants/{tenant}/phone-numbers/claim",
    tag,
    summary: "Claim a free number of an account above",
    scope,
    body: wish.meta({ title: "PhoneNumberClaim" }),
    example: { areaPrefix: "+1555", label: "Main line" },
    answers: { 201: { about: "The tenant's phone number, with the settings that were sent", schema: shown } },
    async handle(request) {
      const { ctx } = request;
      const access = await into(request, "tenant");
      const { areaPrefix: begin, ...body } = parse(wish, request.body);
      const { number } = body;
      if ((number === undefined) === (begin === undefined))
        throw new Problem("invalid", "Send one of number and areaPrefix.", {
          errors: [{ pointer: "/number", detail: "is needed, or areaPrefix in its place" }],
        });
      if (number !== undefined) {
        if (!(await isFree(ctx, access.head, number))) throw noneFree(number);
        return create(request, access, body);
      }
      for await (const { number: found } of freeNumbers(ctx, access.head, begin ?? "")) {
        if (found === undefined) continue;
        try {
          return await create(request, access, { ...body, number: found });
        } catch (error) {
          // somebody else was quicker: the next one
          if (!(error instanceof Problem && error.code === "taken")) throw error;
        }
      }
      throw noneFree(`${begin}…`);
    },
  },
];

function create(request: Request, access: Access, body: Record<string, unknown>): Promise<Answer> {
  const edits = () => [{ op: "create" as const, kind, body, pointer: "" }];
  return writeOne(request, access, { edits, fromInventory: true }, async ({ head, draft }) => {
    const made = draft.changes[0]?.after;
    if (!made) throw new Error("nothing was made");
    return {
      status: 201,
      body: await presentWith(request.ctx, head, kind, made, []),
      headers: { ETag: `"${made.version}"`, Location: `/v1/tenants/${idOf(head.owner)}/${kind.plural}/${made.id}` },
    };
  });
}

async function refuseAssigned(ctx: Context, account: Head, number: string): Promise<void> {
  const [held] = await heldMany(ctx.store, account.sandbox, "number", [number]);
  if (!held || held.owner === account.owner) return;
  throw new Problem("taken", `The number ${number} is assigned to ${idOf(held.owner)}; release it first.`, {
    extra: { assignedTo: idOf(held.owner) },
  });
}

const noneFree = (number: string): Problem =>
  new Problem("taken", `No account above has ${number} to give; GET …/phone-numbers/free lists what is free.`, {
    errors: [{ pointer: number.endsWith("…") ? "/areaPrefix" : "/number", detail: "is not free" }],
  });

async function isFree(ctx: Context, head: Head, number: string): Promise<boolean> {
  const [held] = await heldMany(ctx.store, head.sandbox, "number", [number]);
  return hearing(head).some((account) => isFreeAt(account, held));
}

/** A page looks at so many numbers for those that are free. */
const mostLooked = 2000;

function prefixOf(sent: string | undefined): string {
  if (sent === undefined) return "";
  if (areaPrefix.safeParse(sent).success) return sent;
  throw new Problem("bad_parameter", "areaPrefix must be + and 1 to 14 digits; in a URL, + is %2B.", {
    errors: [{ pointer: "?areaPrefix", detail: "must be + and 1 to 14 digits" }],
  });
}

const position = /^acc_[0-9A-HJKMNP-TV-Z]{26}\/num_[0-9A-HJKMNP-TV-Z]{26}$/;

/** Throws `bad_cursor`, also for an account that is not above. */
function placeOf(cursor: string | undefined, path: string[]): { account: string; id: string } | undefined {
  if (cursor === undefined) return undefined;
  const [account = "", id = ""] = decodeCursor(cursor, position).split("/");
  if (!path.includes(account))
    throw new Problem("bad_cursor", "Send `after` as it stood in `next`, or leave it out to begin again.");
  return { account, id };
}
