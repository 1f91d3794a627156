// Impersonation: a member of an account looks at a company below as one of its people would: with no more than he may himself, named in its history and
// audit, over after an hour, at sign-out, and at once where he is less than he was.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { roleNames, roles } from "../../../functions/access/roles.ts";
import { covers } from "../../../functions/access/scopes.ts";
import { newTenant, type TestControl, testControl } from "../../support/control.ts";
import { goodPassword, mailbox, newPerson, type Visitor } from "../../support/visitor.ts";

let control: TestControl;
const mails = mailbox();
beforeAll(async () => {
  control = await testControl({ mailer: mails.mailer });
});
afterAll(() => control.stop());

const path = "/v1/identity/session/impersonation";
let count = 0;
const newAccount = async (above?: string): Promise<string> => {
  const body = { name: `Reseller ${++count}`, ...(above && { accountId: above }) };
  const made = await control.call("POST", "/v1/accounts", body);
  expect(made.status, made.text).toBe(201);
  return String(made.body.id);
};
async function reseller(role = "owner") {
  const accountId = await newAccount();
  const email = `r${++count}@people.example`;
  const made = await newPerson(control, mails, { email, role, accountId, name: "Rhea" });
  const tenant = await newTenant(control, { name: "Below", accountId });
  return { ...made, accountId, email, tenant };
}
const open = (who: Visitor, tenantId: string, role?: string) =>
  who.call("POST", path, { tenantId, ...(role && { role }) });

type Record = {
  actor: { id: string; impersonating?: object };
  method: string | null;
  at: string;
  target: { kind: string; id: string } | null;
};
const recordsOf = async (query: string): Promise<Record[]> =>
  ((await control.call("GET", `/v1/audit?${query}`)).body.data as unknown as Record[]).filter(
    ({ target }) => target?.kind === "impersonation",
  );

describe("a member of an account", () => {
  test("acts in a company below as its owner; its history and audit, and the account's, name him and how he came in", async () => {
    const { who, memberId, accountId, tenant } = await reseller();
    const begun = await open(who, tenant.id);
    expect(begun.status, begun.text).toBe(200);
    expect(begun.body.impersonation).toMatchObject({ tenantId: tenant.id, place: "Below", role: "owner" });
    expect((await who.call("GET", "/v1/me")).body).toMatchObject({ tenantId: tenant.id, accountId: null });
    // of the account and of its other companies there is nothing
    const other = await newTenant(control, { accountId });
    expect((await who.call("GET", `/v1/accounts/${accountId}`)).status).toBe(404);
    expect((await who.call("GET", `${other.path}/extensions`)).status).toBe(404);
    expect((await who.call("POST", `${tenant.path}/extensions`, { number: "1001" })).status).toBe(201);
    const actor = {
      ...{ type: "person", name: "Rhea", member: { id: memberId } },
      impersonating: { accountId, role: "owner" },
    };
    const [change] = (await control.call("GET", `${tenant.path}/changes`)).body.data as unknown as object[];
    expect(change).toMatchObject({ actor });
    for (const query of [`tenantId=${tenant.id}`, `accountId=${accountId}`]) {
      const [record] = (await control.call("GET", `/v1/audit?${query}`)).body.data as unknown as object[];
      expect(record).toMatchObject({ actor, method: "POST", target: { kind: "extension" } });
      // the end is not told before its time
      expect(await recordsOf(query)).toMatchObject([{ actor, method: "POST" }]);
    }
    const left = await who.call("DELETE", path);
    expect(left.body).toMatchObject({ impersonation: null, member: { accountId } });
    expect((await who.call("GET", "/v1/me")).body).toMatchObject({ accountId });
    expect(await recordsOf(`tenantId=${tenant.id}`)).toMatchObject([{ actor, method: "DELETE" }, { method: "POST" }]);
  });

  test("may as any role of the company no more than he may himself", async () => {
    for (const own of ["admin", "billing", "support"] as const) {
      const { who, tenant } = await reseller(own);
      for (const role of roleNames) {
        expect((await open(who, tenant.id, role)).status).toBe(200);
        const { scopes } = (await who.call("GET", "/v1/me")).body as unknown as { scopes: string[] };
        expect(scopes.filter((scope) => !covers(roles[own], scope) || !covers(roles[role], scope))).toEqual([]);
        if (own === "support")
          expect((await who.call("POST", `${tenant.path}/extensions`, { number: "1001" })).status).toBe(403);
        expect((await who.call("DELETE", path)).status).toBe(200);
      }
    }
  });

  test("makes nothing there by which he or another comes back: no key, no member", async () => {
    const { who, tenant } = await reseller();
    await open(who, tenant.id);
    const key = await who.call("POST", "/v1/api-keys", { name: "k", scopes: ["*"] });
    const member = { email: "x@people.example", name: "X", role: "owner" };
    for (const refused of [key, await who.call("POST", "/v1/members", member)])
      expect([refused.status, refused.body.detail]).toEqual([403, expect.stringContaining("leave it first")]);
  });

  test("comes into no company above or beside, and from one company into no other", async () => {
    const above = await newAccount();
    const beside = await newTenant(control, { accountId: await newAccount(above) });
    const overhead = await newTenant(control, { accountId: above });
    const accountId = await newAccount(above);
    const { who } = await newPerson(control, mails, { email: `b${++count}@people.example`, role: "owner", accountId });
    const [first, second] = [await newTenant(control, { accountId }), await newTenant(control, { accountId })];
    for (const { id } of [beside, overhead, { id: "ten_01ARZ3NDEKTSV4RRFFQ69G5FAV" }, { id: "../x" }])
      expect((await open(who, id)).status).toBe(404);
    expect((await open(who, first.id)).status).toBe(200);
    expect((await open(who, second.id)).status).toBe(409);
    expect((await open(who, first.id, "support")).status).toBe(409);
    const { who: customer } = await newPerson(control, mails, {
      ...{ email: `c${++count}@people.example`, role: "owner", tenantId: second.id },
    });
    expect((await open(customer, second.id)).status).toBe(403);
  });
});

describe("it is over", () => {
  /** What the requests of somebody who acts get, once something happened. */
  const isOver = async (who: Visitor, tenant: { path: string }) => {
    const refused = await who.call("GET", `${tenant.path}/extensions`);
    expect([refused.status, refused.body.code]).toEqual([401, "impersonation_over"]);
    // nothing else is acted on in its place until he leaves
    expect((await who.call("GET", "/v1/accounts")).status).toBe(401);
  };

  test("after an hour, which the audit tells by itself", async () => {
    const { who, tenant, accountId } = await reseller();
    await open(who, tenant.id);
    const now = control.ctx.now;
    try {
      control.ctx.now = () => new Date(now().getTime() + 3_600_000);
      await isOver(who, tenant);
      const [end, begin] = await recordsOf(`tenantId=${tenant.id}`);
      expect(end).toMatchObject({ method: null, actor: { impersonating: { accountId } } });
      expect(Date.parse(end?.at ?? "") - Date.parse(begin?.at ?? "")).toBeGreaterThanOrEqual(3_599_000);
      expect((await who.call("DELETE", path)).status).toBe(200);
      expect(await recordsOf(`tenantId=${tenant.id}`)).toHaveLength(2);
    } finally {
      control.ctx.now = now;
    }
    expect((await who.call("GET", "/v1/me")).body).toMatchObject({ accountId });
  });

  test("at once when his role is lowered, his membership is removed, or the company moves away", async () => {
    const ends: ((one: Awaited<ReturnType<typeof reseller>>) => Promise<number>)[] = [
      async ({ memberId, accountId }) => {
        await newPerson(control, mails, { email: `o${++count}@people.example`, role: "owner", accountId });
        return (await control.call("PATCH", `/v1/members/${memberId}?accountId=${accountId}`, { role: "support" }))
          .status;
      },
      async ({ tenant }) =>
        (await control.call("POST", `${tenant.path}/move`, { accountId: await newAccount() })).status,
      async ({ tenant }) => (await control.call("DELETE", tenant.path)).status,
    ];
    for (const end of ends) {
      const one = await reseller();
      expect((await open(one.who, one.tenant.id)).status).toBe(200);
      expect(await end(one)).toBeLessThan(300);
      await isOver(one.who, one.tenant);
      expect((await one.who.call("DELETE", path)).status).toBe(200);
    }
    const { who, memberId, accountId, tenant } = await reseller("admin");
    await open(who, tenant.id);
    expect((await control.call("DELETE", `/v1/members/${memberId}?accountId=${accountId}`)).status).toBe(204);
    expect((await who.call("GET", `${tenant.path}/extensions`)).body.code).toBe("unauthenticated");
  });

  test("when he signs out, signs in anew, or acts as another of his members; each leaves one record of the end", async () => {
    const { who, tenant, email, memberId } = await reseller();
    const ends = [
      () => who.call("POST", "/v1/identity/session/member", { memberId }),
      () => who.call("POST", "/v1/identity/sign-in", { email, password: goodPassword }),
      () => who.call("POST", "/v1/identity/sign-out"),
    ];
    for (const [index, end] of ends.entries()) {
      expect((await open(who, tenant.id)).status).toBe(200);
      expect((await end()).status).toBeLessThan(300);
      expect((await who.call("GET", "/v1/identity/session")).body.impersonation).toBe(null);
      expect(await recordsOf(`tenantId=${tenant.id}`)).toHaveLength((index + 1) * 2);
    }
  });
});
