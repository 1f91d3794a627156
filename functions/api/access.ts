// Who am I, and API keys.
import { z } from "zod";
import { idOf, isTenant } from "../../core/owner.ts";
import { line } from "../../core/text.ts";
import { type Access, enter } from "../access/access.ts";
import { listKeys, mint, revoke } from "../access/api-key.ts";
import { covers, isScope, knownScopes, listed, type Scope } from "../access/scopes.ts";
import { Problem } from "../problem.ts";
import { parse } from "./body.ts";
import { ok, type Request, type Route } from "./route.ts";
import { listOf } from "./schema.ts";

const input = (known: readonly Scope[]) =>
  z.strictObject({
    name: line(64),
    scopes: scopesIn(known),
    accountId: z.string().optional().describe("The account it acts on; the key's own by default"),
    tenantId: z.string().optional().describe("The tenant it acts on, instead of an account"),
  });
const shown = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  accountId: z.string().nullable(),
  tenantId: z.string().nullable(),
  hint: z.string(),
  createdAt: z.iso.datetime(),
});

/** The owner that a request for keys is about: named, or the caller's own. */
function about(
  request: Request,
  named: { accountId?: string | undefined; tenantId?: string | undefined },
  verb: string,
): Promise<Access> {
  if (named.accountId !== undefined && named.tenantId !== undefined)
    throw new Problem("invalid", "A key is an account's or a tenant's; send one of accountId and tenantId.");
  const own = request.principal.owner;
  const sort = named.tenantId !== undefined || (named.accountId === undefined && isTenant(own)) ? "tenant" : "account";
  return enter(request.ctx, request.principal, sort, named.tenantId ?? named.accountId ?? idOf(own), verb);
}

const present = ({ owner, ...key }: Awaited<ReturnType<typeof listKeys>>[number]) => ({
  ...key,
  accountId: owner.startsWith("A#") ? owner.slice(2) : null,
  tenantId: owner.startsWith("T#") ? owner.slice(2) : null,
});
const ownerQuery = { accountId: "An account below the key's own", tenantId: "A tenant" };

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

/** `stated`: the scopes of all other routes. */
export function accessRoutes(stated: readonly (Scope | null)[]): Route[] {
  const known = knownScopes([...stated, "api-keys:read", "api-keys:write"]);
  const created = input(known);
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
          }),
        },
      },
      async handle({ principal }) {
        const { id, name, scopes, owner } = principal;
        return ok({
          id,
          name,
          scopes,
          accountId: isTenant(owner) ? null : idOf(owner),
          tenantId: isTenant(owner) ? idOf(owner) : null,
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
      answers: { 201: { about: "The key", schema: shown.extend({ key: z.string() }) } },
      async handle(request) {
        const { name, scopes, ...named } = parse(created, request.body);
        const access = await about(request, named, "api-keys:write");
        const beyond = scopes.find((wanted) => !covers(request.principal.scopes, wanted));
        if (beyond !== undefined)
          throw new Problem("forbidden", `A key can give no more than it has; it lacks ${beyond}.`, {
            errors: [{ pointer: "/scopes", detail: `${beyond} is beyond this key` }],
          });
        const { key, record, operations } = mint(access.owner, name, scopes, request.ctx.now().toISOString());
        const answer = { status: 201, body: { ...present(record), key } };
        await request.ctx.store.transact([...operations, ...request.record(answer)]);
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
      method: "delete",
      path: "/v1/api-keys/{id}",
      tag: "api-keys",
      summary: "Revoke an API key",
      scope: "api-keys:write",
      query: ownerQuery,
      answers: { 204: { about: "Revoked" } },
      async handle(request) {
        const access = await about(request, request.query, "api-keys:write");
        await revoke(request.ctx, access, request.params.id ?? "");
        return { status: 204, body: null };
      },
    },
  ];
}
