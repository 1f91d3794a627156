// Suspending and resuming tenants and accounts: who may, what it stops, that it stops all below with one write, and that it is lifted by nobody else.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { accountOwner, tenantOwner } from "../../../core/owner.ts";
import { readHead } from "../../../functions/document/head.ts";
import { newTenant, type TestControl, testControl } from "../../support/control.ts";

let control: TestControl;
/** operator → reseller → under → deep; and a tenant of the reseller's own. */
let reseller: { id: string; key: string };
let under: { id: string; key: string };
let own: { id: string; path: string; key: string };
let deep: { id: string; path: string; key: string };

const keyOf = async (owner: Record<string, string>): Promise<string> =>
  String((await control.call("POST", "/v1/api-keys", { name: "k", scopes: ["*"], ...owner })).body.key);
const account = async (body: Record<string, string>) => {
  const id = String((await control.call("POST", "/v1/accounts", body)).body.id);
  return { id, key: await keyOf({ accountId: id }) };
};
const tenant = async (accountId: string, name: string) => {
  const made = await newTenant(control, { name, accountId });
  for (const number of ["1001", "1002"]) await control.call("POST", `${made.path}/extensions`, { number });
  return { ...made, key: await keyOf({ tenantId: made.id }) };
};
const suspend = (path: string, reason: string, key?: string, headers: Record<string, string> = {}) =>
  control.call("POST", `${path}/suspend`, { reason }, { headers, ...(key !== undefined && { key }) });
const resume = (path: string, key?: string) =>
  control.call("POST", `${path}/resume`, undefined, key === undefined ? {} : { key });
const outcome = async (path: string) =>
  (await control.call("POST", `${path}/simulate`, { from: "1001", to: "1002" })).body.outcome as unknown as {
    do: string;
  };

beforeAll(async () => {
  control = await testControl();
  reseller = await account({ name: "Reseller" });
  under = await account({ name: "Under", accountId: reseller.id });
  own = await tenant(reseller.id, "Own");
  deep = await tenant(under.id, "Deep");
});
afterAll(() => control.stop());

describe("a suspended tenant", () => {
  test("makes no calls, keeps all it has, and says by whom and why", async () => {
    const before = await control.call("GET", `${deep.path}/extensions`);
    const { status, body, headers } = await suspend(deep.path, "unpaid", reseller.key);
    const suspension = { reason: "unpaid", by: reseller.id, since: expect.any(String), tenantId: deep.id };
    expect([status, body.suspension, headers.get("etag")]).toEqual([200, suspension, '"1"']);
    expect((await control.call("GET", deep.path, undefined, { key: deep.key })).body.suspension).toEqual(suspension);
    expect(await outcome(deep.path)).toMatchObject({ do: "hangup", cause: "rejected" });
    expect((await control.call("GET", `${deep.path}/extensions`)).text).toBe(before.text);
    const [change] = (await control.call("GET", `${deep.path}/changes`)).body.data as unknown as { summary: string }[];
    expect(change?.summary).toBe("suspend: unpaid");
  });

  test("reads with its own keys, and changes nothing; who stands above it does", async () => {
    expect((await control.call("GET", `${deep.path}/extensions`, undefined, { key: deep.key })).status).toBe(200);
    expect(
      (await control.call("POST", `${deep.path}/simulate`, { from: "1001", to: "1002" }, { key: deep.key })).status,
    ).toBe(200);
    for (const [method, path, body] of [
      ["PATCH", deep.path, { name: "x" }],
      ["POST", `${deep.path}/extensions`, { number: "1003" }],
      ["DELETE", `${deep.path}/extensions/1001`, undefined],
      ["POST", `${deep.path}/apply`, {}],
      ["POST", `${deep.path}/rollback`, { revision: 0 }],
      ["POST", `${deep.path}/resume`, undefined],
      ["POST", `${deep.path}/calls`, { from: "1001", to: "1002" }],
      ["POST", "/v1/api-keys", { name: "x", scopes: ["*"] }],
      ["DELETE", deep.path, undefined],
    ] as const) {
      const reply = await control.call(method, path, body, { key: deep.key });
      expect([reply.status, reply.body.code], path).toEqual([403, "suspended"]);
      expect(reply.body.detail).toContain(`by account ${reseller.id} (unpaid)`);
      expect(reply.body.suspension).toMatchObject({ tenantId: deep.id });
    }
    const patched = await control.call(
      "PATCH",
      `${deep.path}/extensions/1001`,
      { displayName: "Ada" },
      { key: under.key },
    );
    expect(patched.status).toBe(200);
    const stranger = await control.call("POST", `${own.path}/extensions`, {}, { key: deep.key });
    expect([stranger.status, stranger.body.code]).toEqual([404, "not_found"]);
  });

  test("is suspended again without a revision; another reason is one", async () => {
    const { revision } = (await control.call("GET", deep.path)).body;
    expect((await suspend(deep.path, "unpaid", reseller.key)).body.revision).toBe(revision);
    const other = await suspend(deep.path, "fraud", reseller.key);
    expect([other.body.revision, other.body.suspension]).toEqual([
      Number(revision) + 1,
      expect.objectContaining({ reason: "fraud" }),
    ]);
  });

  test("is resumed by who suspended it or by who stands above him, not by an account below, nor by rollback, apply or PATCH", async () => {
    expect([(await resume(deep.path, under.key)).status, (await resume(deep.path, under.key)).body.code]).toEqual([
      409,
      "conflict",
    ]);
    // nor does it become his by suspending once more
    expect((await suspend(deep.path, "mine", under.key)).body.suspension).toMatchObject({
      by: reseller.id,
      reason: "fraud",
    });
    expect((await control.call("POST", `${deep.path}/rollback`, { revision: 2 })).status).toBe(200);
    expect((await control.call("PATCH", deep.path, { suspension: null })).status).toBe(422);
    expect((await control.call("POST", `${deep.path}/apply`, { suspensions: [] })).status).toBe(422);
    expect((await control.call("GET", deep.path)).body.suspension).toMatchObject({ reason: "fraud" });
    expect((await resume(deep.path)).body.suspension).toBeNull();
    expect(await outcome(deep.path)).toMatchObject({ do: "ring" });
    const again = await resume(deep.path, reseller.key);
    expect([again.status, again.body.suspension]).toEqual([200, null]);
  });

  test("may be sent back as it was read", async () => {
    await suspend(deep.path, "unpaid");
    const { body } = await control.call("GET", deep.path);
    expect((await control.call("PATCH", deep.path, body)).status).toBe(200);
    await resume(deep.path);
  });

  test("a repeated request with its key gets the first answer, with the suspension in it", async () => {
    const headers = { "idempotency-key": "suspend-1" };
    const [first, second] = [
      await suspend(deep.path, "unpaid", undefined, headers),
      await suspend(deep.path, "unpaid", undefined, headers),
    ];
    expect(first.body.suspension).toMatchObject({ reason: "unpaid" });
    expect(second.text).toBe(first.text);
    await resume(deep.path);
  });
});

describe("a suspended reseller", () => {
  test("stops every tenant below it with one write, which its pools' edges are told", async () => {
    const standing = (owner: string) => readHead(control.ctx.store, owner as `T#${string}`);
    const before = await Promise.all([own.id, deep.id].map((id) => standing(tenantOwner(id))));
    const head = await standing(accountOwner(reseller.id));
    expect((await suspend(`/v1/accounts/${reseller.id}`, "unpaid")).status).toBe(200);
    expect(await Promise.all([own.id, deep.id].map((id) => standing(tenantOwner(id))))).toEqual(before);
    const after = await standing(accountOwner(reseller.id));
    expect(after?.revision).toBe(Number(head?.revision) + 1);
    // the tenants' pool is one of the account's own, so its edges hold the account's document
    expect(after?.pools).toEqual(before[0]?.pools);
    for (const { path } of [own, deep]) expect(await outcome(path)).toMatchObject({ do: "hangup" });
    const { body } = await control.call("GET", deep.path, undefined, { key: deep.key });
    expect(body.suspension).toMatchObject({ accountId: reseller.id, reason: "unpaid" });
  });

  test("changes nothing, nor does an account or tenant below; the operator does", async () => {
    for (const [path, key] of [
      [own.path, reseller.key],
      [`/v1/accounts/${under.id}`, under.key],
      [deep.path, under.key],
      [deep.path, deep.key],
    ] as const) {
      const reply = await control.call("PATCH", path, {}, { key });
      expect([reply.status, reply.body.code], path).toEqual([403, "suspended"]);
      expect((await control.call("GET", path, undefined, { key })).status).toBe(200);
    }
    for (const [path, body] of [
      ["/v1/tenants", { name: "More" }],
      ["/v1/pools", { name: "More" }],
    ] as const)
      expect((await control.call("POST", path, body, { key: reseller.key })).body.code).toBe("suspended");
    expect((await control.call("PATCH", deep.path, { name: "Deeper" })).status).toBe(200);
  });

  test("is not resumed with a tenant below it, whose own suspension outlives the reseller's", async () => {
    await suspend(own.path, "own");
    expect((await resume(own.path)).body.suspension).toMatchObject({ accountId: reseller.id });
    await suspend(own.path, "own");
    expect((await resume(`/v1/accounts/${reseller.id}`)).body.suspension).toBeNull();
    expect((await control.call("GET", own.path)).body.suspension).toMatchObject({ tenantId: own.id, reason: "own" });
    expect(await outcome(own.path)).toMatchObject({ do: "hangup" });
    expect(await outcome(deep.path)).toMatchObject({ do: "ring" });
    await resume(own.path);
  });
});

test("nobody suspends or resumes himself, and a reason is a line of text", async () => {
  const paths: [string, string][] = [
    [own.path, own.key],
    [`/v1/accounts/${reseller.id}`, reseller.key],
  ];
  for (const [path, key] of paths)
    for (const reply of [await suspend(path, "x", key), await resume(path, key)])
      expect([reply.status, reply.body.code]).toEqual([409, "conflict"]);
  for (const body of [{}, { reason: "" }, { reason: "a\nb" }, { reason: "x".repeat(201) }, { reason: "x", by: "y" }])
    expect((await control.call("POST", `${own.path}/suspend`, body)).status, JSON.stringify(body)).toBe(422);
  expect((await control.call("GET", own.path)).body.suspension).toBeNull();
});
