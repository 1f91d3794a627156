// Who am I, and API keys.
import { z } from "zod";
import { accountOwner, idOf, isTenant } from "../../core/owner.ts";
import { cidr } from "../../core/resources/network.ts";
import { line } from "../../core/text.ts";
import { type Access, enter } from "../access/access.ts";
import {
  type ApiKey,
  admits,
  change,
  endOverlap,
  getKey,
  listKeys,
  mint,
  refuseBeyond,
  refuseMemberless,
  revoke,
  rotate,
  type Settings,
} from "../access/api-key.ts";
import { findMember } from "../access/member.ts";
import { roleNames, roles } from "../access/roles.ts";
import { covers, isScope, knownScopes, listed, type Scope } from "../access/scopes.ts";
import type { Done } from "../audit/record.ts";
import type { Context } from "../context.ts";
import type { Stored } from "../document/view.ts";
import { readPool } from "../edges/pools.ts";
import { Problem } from "../problem.ts";
import { parse } from "./body.ts";
import { extensionOf } from "./own.ts";
import { ok, type Request, type Route } from "./route.ts";
import { listOf } from "./schema.ts";

const expiry = z.iso.datetime().nullable();
const allowed = z.array(cidr).max(50);
const described = {
  expiresAt: expiry
    .optional()
    .describe("When it stops working; null: never. As the key's that makes it where it is not sent"),
  allowedIps: allowed
    .optional()
    .describe("Networks that it may be used from; empty: any. As the key's that makes it where it is not sent"),
};
const input = (known: readonly Scope[]) =>
  z.strictObject({
    name: line(64),
    scopes: scopesIn(known)
      .optional()
      .describe("Needed but for a member's key, which has all of the role where they are not sent"),
    ...described,
    memberId: z
      .string()
      .optional()
      .describe(
        "The member, of that account or tenant, whose key it is; a member's own key makes one of his by default",
      ),
    poolId: z
      .string()
      .optional()
      .describe(
        "The pool, of that account, whose hosts alone it reaches and to which alone it joins hosts; its scopes are `edges:read` and `edges:write` at the most, and both where they are not sent",
      ),
    accountId: z.string().optional().describe("The account it acts on; the key's own by default"),
    tenantId: z.string().optional().describe("The tenant it acts on, instead of an account"),
  });
const patchIn = (known: readonly Scope[]) =>
  z.strictObject({ name: line(64), scopes: scopesIn(known), expiresAt: expiry, allowedIps: allowed }).partial();
const rotation = z.strictObject({
  overlapSeconds: z
    .int()
    .min(0)
    .max(7 * 86_400)
    .default(0)
    .describe("How long the present secret works beside the new one"),
});
const shown = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  poolId: z.string().nullable().describe("The pool whose hosts alone it is for"),
  memberId: z.string().nullable().describe("Whose key it is; it may no more than that member's role"),
  accountId: z.string().nullable(),
  tenantId: z.string().nullable(),
  expiresAt: expiry,
  allowedIps: z.array(z.string()),
  lastUsedAt: z.iso.datetime().nullable().describe("To the minute"),
  lastUsedFrom: z.string().nullable(),
  hint: z.string().describe("The end of the secret"),
  previousUntil: z.iso.datetime().nullable().describe("Until when the secret before works too"),
  version: z.int(),
  createdAt: z.iso.datetime(),
});

const shownExtension = ({ id, body: { number, displayName } }: Stored) => ({ id, number, displayName });

/** The owner that a request is about: named, or the caller's own. */
export function about(
  request: Request,
  named: { accountId?: string | undefined; tenantId?: string | undefined },
  verb: string,
): Promise<Access> {
  if (named.accountId !== undefined && named.tenantId !== undefined)
    throw new Problem(
      named === request.query ? "bad_parameter" : "invalid",
      "It is about an account or a tenant; send one of accountId and tenantId.",
    );
  const own = request.principal.owner;
  const sort = named.tenantId !== undefined || (named.accountId === undefined && isTenant(own)) ? "tenant" : "account";
  return enter(request.ctx, request.principal, sort, named.tenantId ?? named.accountId ?? idOf(own), verb);
}

const present = ({ owner, ...key }: Awaited<ReturnType<typeof listKeys>>[number]) => ({
  ...key,
  accountId: owner.startsWith("A#") ? owner.slice(2) : null,
  tenantId: owner.startsWith("T#") ? owner.slice(2) : null,
});
export const ownerQuery = { accountId: "An account below the key's own", tenantId: "A tenant" };

const scopesIn = (known: readonly Scope[]) =>
  z
    .array(
      z.string().refine((value) => isScope(value, known), {
        error: ({ input }) =>
          `there is no scope ${JSON.stringify(String(input).slice(0, 64))}; there are ${listed(known)}, and * for what stands before or after the colon or for all`,
      }),
    )
    .min(1)
    .max(50);

/** Times are compared as text. */
const canonicalTime = (time: string | null): string | null => (time === null ? null : new Date(time).toISOString());

function refusePast(expiresAt: string | null, { ctx }: Request): void {
  if (expiresAt !== null && expiresAt <= ctx.now().toISOString())
    throw new Problem("invalid", "expiresAt is past; choose a later time, or delete the key.", {
      errors: [{ pointer: "/expiresAt", detail: "is past" }],
    });
}

/** Whose a new key is, and its scopes: a member's are within the role. */
async function rightsOf({ ctx, principal }: Request, access: Access, named: string | undefined, scopes?: string[]) {
  const own = access.owner === principal.owner ? principal.member?.id : undefined;
  const memberId = named ?? own ?? null;
  refuseMemberless(principal, memberId);
  const refuse = (pointer: string, detail: string): Problem =>
    new Problem("invalid", `${pointer}: ${detail}.`, { errors: [{ pointer, detail }] });
  if (memberId === null) {
    if (scopes === undefined) throw refuse("/scopes", "name what the key may, as in extensions:read");
    return { memberId, scopes };
  }
  const member = await findMember(ctx.store, access.owner, memberId);
  if (!member) throw refuse("/memberId", "there is no such member in that account or tenant");
  const role: readonly string[] = roles[member.role];
  const beyond = scopes?.findIndex((scope) => !covers(role, scope)) ?? -1;
  if (beyond >= 0) throw refuse(`/scopes/${beyond}`, `${scopes?.[beyond]} is beyond the role ${member.role}`);
  return { memberId, scopes: scopes ?? [...role] };
}

/** Throws `reference_not_found` where the account has no such pool. */
async function ownPool(ctx: Context, { owner }: Access, id: string): Promise<void> {
  const pool = await readPool(ctx, id);
  if (pool && accountOwner(pool.account) === owner) return;
  throw new Problem("reference_not_found", "There is no such pool in this account; name one of GET /v1/pools.", {
    errors: [{ pointer: "/poolId", detail: "there is no such pool" }],
  });
}

const doneTo = ({ head }: Access, id: string): Done => ({ head, target: { kind: "api-key", id } });

/** `stated`: the scopes of all other routes. */
export function accessRoutes(stated: readonly (Scope | null)[]): Route[] {
  const known = knownScopes([...stated, "api-keys:read", "api-keys:write"]);
  const created = input(known);
  const patch = patchIn(known);
  return [
    {
      method: "get",
      path: "/v1/me",
      tag: "api-keys",
      summary: "What this API key is and what it may do",
      scope: null,
      answers: {
        200: {
          about: "The key",
          schema: z.object({
            id: z.string(),
            name: z.string(),
            scopes: z.array(z.string()),
            accountId: z.string().nullable(),
            tenantId: z.string().nullable(),
            expiresAt: expiry,
            allowedIps: z.array(z.string()),
            poolId: z.string().nullable().describe("The pool whose hosts alone the key is for"),
            member: z
              .object({
                id: z.string(),
                name: z.string(),
                role: z.enum(roleNames),
                extension: z
                  .object({ id: z.string(), number: z.string(), displayName: z.string().nullable() })
                  .nullable()
                  .describe("His own: see `/v1/me/extension`"),
              })
              .nullable()
              .describe("Whose key it is; `scopes` are what both may"),
          }),
        },
      },
      async handle({ ctx, principal }) {
        const { id, name, scopes, owner, expiresAt, allowedIps, member, poolId = null } = principal;
        const extension = await extensionOf(ctx, principal);
        return ok({
          id,
          name,
          scopes,
          accountId: isTenant(owner) ? null : idOf(owner),
          tenantId: isTenant(owner) ? idOf(owner) : null,
          expiresAt,
          allowedIps,
          poolId,
          member: member && { ...member, extension: extension ? shownExtension(extension) : null },
        });
      },
    },
    {
      method: "post",
      path: "/v1/api-keys",
      tag: "api-keys",
      summary: "Make an API key; it is shown only in this answer",
      scope: "api-keys:write",
      body: created,
      example: { name: "Billing", scopes: ["calls:read", "tenants:read"] },
      answers: { 201: { about: "The key", schema: shown.extend({ key: z.string() }) } },
      async handle(request) {
        const { principal } = request;
        const { name, expiresAt, allowedIps, memberId, poolId, ...sent } = parse(created, request.body);
        const { scopes = poolId === undefined ? undefined : ["edges:read", "edges:write"], ...named } = sent;
        const access = await about(request, named, "api-keys:write");
        if (poolId !== undefined) await ownPool(request.ctx, access, poolId);
        const settings = {
          ...{ name, poolId: poolId ?? null, ...(await rightsOf(request, access, memberId, scopes)) },
          expiresAt: canonicalTime(expiresAt === undefined ? principal.expiresAt : expiresAt),
          allowedIps: allowedIps ?? principal.allowedIps,
        };
        refusePast(settings.expiresAt, request);
        refuseBeyond(principal, settings);
        const { key, record, operations } = mint(access.head, settings, request.ctx.now());
        const headers = { ETag: `"${record.version}"`, Location: `/v1/api-keys/${record.id}` };
        const answer = { status: 201, body: { ...present(record), key }, headers };
        await request.ctx.store.transact([...operations, ...request.record(doneTo(access, record.id), answer)]);
        return answer;
      },
    },
    {
      method: "get",
      path: "/v1/api-keys",
      tag: "api-keys",
      summary: "List API keys",
      scope: "api-keys:read",
      query: ownerQuery,
      answers: { 200: { about: "All of them", schema: listOf(shown) } },
      async handle(request) {
        const access = await about(request, request.query, "api-keys:read");
        return ok({ data: (await listKeys(request.ctx, access)).map(present), next: null });
      },
    },
    {
      method: "get",
      path: "/v1/api-keys/{id}",
      tag: "api-keys",
      summary: "Get an API key, without its secret",
      scope: "api-keys:read",
      query: ownerQuery,
      answers: { 200: { about: "The key", schema: shown } },
      async handle(request) {
        const access = await about(request, request.query, "api-keys:read");
        const key = await getKey(request.ctx, access, request.params.id ?? "");
        return ok(present(key), key.version);
      },
    },
    {
      method: "patch",
      path: "/v1/api-keys/{id}",
      tag: "api-keys",
      summary: "Change an API key that is no wider than the caller's, to what is no wider either",
      scope: "api-keys:write",
      query: { ...ownerQuery, force: "true: also to a list of addresses that shuts out the caller himself" },
      body: patch,
      example: { name: "Billing", scopes: ["calls:read"] },
      answers: { 200: { about: "The key", schema: shown } },
      async handle(request) {
        const access = await about(request, request.query, "api-keys:write");
        const { principal, actor, ifVersion } = request;
        const { expiresAt, ...sent } = parse(patch, request.body);
        const changes = { ...sent, ...(expiresAt !== undefined && { expiresAt: canonicalTime(expiresAt) }) };
        if (expiresAt !== undefined) refusePast(changes.expiresAt ?? null, request);
        const id = request.params.id ?? "";
        const key = await change(request.ctx, access, id, changes as Partial<Settings>, {
          ifVersion,
          also: request.record(doneTo(access, id)),
          allow(before, after) {
            refuseBeyond(principal, before);
            refuseBeyond(principal, after);
            if (id === principal.id && request.query.force !== "true" && !admits(after.allowedIps, actor.ip))
              throw new Problem(
                "invalid",
                `Your own address ${actor.ip} is not on the list, so this key would shut itself out; add it, or send force=true.`,
                { errors: [{ pointer: "/allowedIps", detail: "would shut out the caller" }] },
              );
          },
        });
        return ok(present(key), key.version);
      },
    },
    {
      method: "post",
      path: "/v1/api-keys/{id}/rotate",
      tag: "api-keys",
      summary: "Give an API key that is no wider than the caller's a new secret, shown only in this answer",
      scope: "api-keys:write",
      query: ownerQuery,
      body: rotation,
      example: { overlapSeconds: 3600 },
      answers: { 200: { about: "The key with its new secret", schema: shown.extend({ key: z.string() }) } },
      async handle(request) {
        const access = await about(request, request.query, "api-keys:write");
        const { overlapSeconds } = parse(rotation, request.body);
        const answer = (made: ApiKey & { key: string }) => ok({ ...present(made), key: made.key }, made.version);
        const made = await rotate(request.ctx, access, request.params.id ?? "", overlapSeconds, {
          allow(key) {
            refuseMemberless(request.principal, key.memberId);
            refuseBeyond(request.principal, key);
          },
          record: (key) => request.record(doneTo(access, key.id), answer(key)),
        });
        return answer(made);
      },
    },
    {
      method: "delete",
      path: "/v1/api-keys/{id}/previous",
      tag: "api-keys",
      summary: "End a rotation's overlap: the secret before works no more",
      scope: "api-keys:write",
      query: ownerQuery,
      answers: { 204: { about: "It works no more" } },
      async handle(request) {
        const access = await about(request, request.query, "api-keys:write");
        const id = request.params.id ?? "";
        await endOverlap(request.ctx, access, id, request.record(doneTo(access, id)));
        return { status: 204, body: null };
      },
    },
    {
      method: "delete",
      path: "/v1/api-keys/{id}",
      tag: "api-keys",
      summary: "Revoke an API key",
      scope: "api-keys:write",
      query: ownerQuery,
      answers: { 204: { about: "Revoked" } },
      async handle(request) {
        const access = await about(request, request.query, "api-keys:write");
        const id = request.params.id ?? "";
        const also = request.record(doneTo(access, id));
        await revoke(request.ctx, access, id, { ifVersion: request.ifVersion, also });
        return { status: 204, body: null };
      },
    },
  ];
}
