// Operator, reseller, tenant: who reaches whom, what is inherited, and whose a domain is.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Reply, type TestControl, testControl } from "../../support/control.ts";

let control: TestControl;
const records = new Map<string, string[]>();
const asked: string[] = [];
let count = 0;

beforeAll(async () => {
  control = await testControl({
    domains: async (name) => {
      asked.push(name);
      return records.get(name) ?? [];
    },
  });
});
afterAll(() => control.stop());

const post = (path: string, body: unknown, key?: string): Promise<Reply> =>
  control.call("POST", path, body, key ? { key } : {});
const patch = (path: string, body: unknown, key?: string): Promise<Reply> =>
  control.call("PATCH", path, body, key ? { key } : {});

/** An account, and a key of its own. */
async function reseller(
  settings: Record<string, unknown> = {},
  by?: string,
): Promise<{ id: string; path: string; key: string }> {
  const { body, text } = await post("/v1/accounts", { name: `Reseller ${++count}`, ...settings }, by);
  if (!body.id) throw new Error(text);
  const minted = await post("/v1/api-keys", { name: "own", scopes: ["*"], accountId: body.id }, by);
  return { id: String(body.id), path: `/v1/accounts/${body.id}`, key: String(minted.body.key) };
}

describe("the tree", () => {
  test("a reseller's key works on its subtree, at any depth, and nowhere else", async () => {
    const [one, two] = [await reseller(), await reseller()];
    const below = await reseller({}, one.key);
    const tenant = await post("/v1/tenants", { name: "Deep", accountId: below.id }, one.key);
    expect([tenant.status, tenant.body.accountId]).toEqual([201, below.id]);
    const path = `/v1/tenants/${tenant.body.id}`;
    const made = await post(`${path}/extensions`, { number: "1001" }, one.key);
    expect(made.status).toBe(201);
    for (const [key, status] of [
      [control.key, 200],
      [one.key, 200],
      [below.key, 200],
      [two.key, 404],
    ] as const) {
      expect((await control.call("GET", path, undefined, { key })).status).toBe(status);
      expect((await control.call("GET", `${path}/extensions/${made.body.id}`, undefined, { key })).status).toBe(status);
      expect((await control.call("GET", below.path, undefined, { key })).status).toBe(status);
    }
    expect((await control.call("GET", one.path, undefined, { key: below.key })).status).toBe(404);
    const me = await control.call("GET", "/v1/me", undefined, { key: below.key });
    expect(me.body).toMatchObject({ accountId: below.id, tenantId: null, scopes: ["*"] });
    const operator = await control.call("GET", "/v1/me");
    expect(
      (await control.call("GET", `/v1/accounts/${operator.body.accountId}`, undefined, { key: one.key })).status,
    ).toBe(404);
    expect((await control.call("GET", `/v1/accounts/${operator.body.accountId}`)).body.accountId).toBeNull();
  });

  test("a tenant's key makes no tenants, accounts, pools or edges", async () => {
    const one = await reseller();
    const tenant = await post("/v1/tenants", { name: "T" }, one.key);
    const { body } = await post("/v1/api-keys", { name: "own", scopes: ["*"], tenantId: tenant.body.id }, one.key);
    for (const path of ["/v1/tenants", "/v1/accounts", "/v1/pools", "/v1/edges"])
      expect([path, (await post(path, path.endsWith("edges") ? {} : { name: "x" }, String(body.key))).status]).toEqual([
        path,
        403,
      ]);
    expect((await post("/v1/tenants", { name: "x", accountId: one.id }, String(body.key))).status).toBe(404);
    const listed = await control.call("GET", "/v1/tenants", undefined, { key: String(body.key) });
    expect(listed.body.data).toEqual([expect.objectContaining({ id: tenant.body.id })]);
  });

  test("a tenant has its account's country, time zone and language unless it says otherwise", async () => {
    const locale = { country: "FR", timeZone: "Europe/Paris", language: "fr" };
    const one = await reseller(locale);
    const below = await reseller({ language: "fr-CA" }, one.key);
    expect((await control.call("GET", below.path)).body).toMatchObject({ ...locale, language: "fr-CA" });
    expect((await post("/v1/tenants", { name: "T" }, one.key)).body).toMatchObject(locale);
    expect((await post("/v1/tenants", { name: "T", country: "BE" }, below.key)).body).toMatchObject({
      country: "BE",
      timeZone: "Europe/Paris",
      language: "fr-CA",
    });
    for (const wrong of [
      { country: "XX" },
      { country: "constructor" },
      { country: null },
      { timeZone: "Mars/Base" },
      { language: "EN_us" },
      { language: "" },
    ])
      expect((await post("/v1/tenants", { name: "T", ...wrong }, one.key)).status, JSON.stringify(wrong)).toBe(422);
  });

  test("a pool of one's own, or of an account above, takes tenants; a new default takes those after it", async () => {
    const one = await reseller();
    const pool = await post("/v1/pools", { name: "own", default: true }, one.key);
    const below = await reseller({}, one.key);
    expect((await post("/v1/tenants", { name: "T" }, below.key)).body.poolId).toBe(pool.body.id);
    const operators = (await control.call("GET", "/v1/pools")).body.data as unknown as { id: string }[];
    expect((await post("/v1/tenants", { name: "T", poolId: operators[0]?.id }, one.key)).body.poolId).toBe(
      operators[0]?.id,
    );
    expect((await control.call("GET", one.path)).body.revision).toBe(0);
  });
});

describe("a domain", () => {
  test("is made of the name and the nearest account's zone; a taken one gets -2", async () => {
    const one = await reseller({ sipZone: "one.example" });
    const below = await reseller({}, one.key);
    const domainOf = async (name: string) => (await post("/v1/tenants", { name }, below.key)).body.domain;
    expect(await domainOf("Acme & Sons, Ltd.")).toBe("acme-sons-ltd.one.example");
    expect(await domainOf("acme sons ltd")).toBe("acme-sons-ltd-2.one.example");
    expect(await domainOf("ACME--SONS--LTD")).toBe("acme-sons-ltd-3.one.example");
    expect(await domainOf("Crème Brûlée")).toBe("creme-brulee.one.example");
    expect(await domainOf("株式会社")).toBe("tenant.one.example");
    expect(await domainOf("-".repeat(100))).toBe("tenant-2.one.example");
    expect(await domainOf(`${"a".repeat(39)} b`)).toBe(`${"a".repeat(39)}.one.example`);
  });

  test("in one's own zone needs no proof, one label deep; an operator needs none at all", async () => {
    const one = await reseller({ sipZone: "zone.example" });
    const status = async (domain: string, key?: string) =>
      (await post("/v1/tenants", { name: "T", domain }, key)).status;
    expect(await status("sales.zone.example", one.key)).toBe(201);
    expect(await status("a.b.zone.example", one.key)).toBe(409);
    expect(await status("zone.example", one.key)).toBe(409);
    expect(await status("xzone.example", one.key)).toBe(409);
    expect(await status("elsewhere.example", one.key)).toBe(409);
    expect(await status("elsewhere.example")).toBe(201);
    expect(await status("ELSEWHERE.example")).toBe(409);
  });

  test("of one's own needs a TXT record that the answer names, and is good only for that account", async () => {
    const [one, two] = [await reseller(), await reseller()];
    const refused = await post("/v1/tenants", { name: "T", domain: "proved.example" }, one.key);
    expect([refused.status, refused.body.code]).toEqual([409, "conflict"]);
    const record = refused.body.record as unknown as { name: string; type: string; value: string };
    expect(record).toEqual({
      name: "_dialplane.proved.example",
      type: "TXT",
      value: expect.stringMatching(/^dialplane=[0-9a-f]{32}$/),
    });
    expect(refused.body.detail).toContain(record.value);
    expect(asked.at(-1)).toBe(record.name);
    records.set(record.name, ["v=spf1 -all", record.value]);
    expect((await post("/v1/tenants", { name: "T", domain: "proved.example" }, two.key)).status).toBe(409);
    const made = await post("/v1/tenants", { name: "T", domain: "proved.example" }, one.key);
    expect([made.status, made.body.domain]).toEqual([201, "proved.example"]);
    records.clear();
    expect(
      (await patch(`/v1/tenants/${made.body.id}`, { name: "New", domain: "proved.example" }, one.key)).status,
    ).toBe(200);
    expect((await patch(`/v1/tenants/${made.body.id}`, made.body, one.key)).body.code).toBe("version_mismatch");
  });

  test("can't be taken through PATCH or apply without proof either, by whomever", async () => {
    const one = await reseller({ sipZone: "three.example" });
    const tenant = await post("/v1/tenants", { name: "T" }, one.key);
    const path = `/v1/tenants/${tenant.body.id}`;
    const { body } = await post("/v1/api-keys", { name: "own", scopes: ["*"], tenantId: tenant.body.id }, one.key);
    for (const key of [one.key, String(body.key)])
      for (const reply of [
        await patch(path, { domain: "bank.example" }, key),
        await post(`${path}/apply`, { settings: { domain: "bank.example" } }, key),
        await post(`${path}/apply?dryRun=true`, { settings: { domain: "BANK.example" } }, key),
        await patch(one.path, { sipZone: "bank.example" }, one.key),
        await post(`${one.path}/apply`, { settings: { sipZone: "bank.example" } }, one.key),
        await post("/v1/accounts", { name: "x", sipZone: "bank.example" }, one.key),
      ])
        expect([reply.status, reply.body.code], reply.text).toEqual([409, "conflict"]);
    expect((await patch(path, { domain: "new.three.example" }, one.key)).body.domain).toBe("new.three.example");
    expect((await patch(path, { domain: "bank.example" })).status).toBe(200);
  });

  test("zone is one account's, and free again when that gives it up", async () => {
    const one = await reseller({ sipZone: "shared.pbx.example" });
    const two = await reseller();
    const wanted = () => patch(two.path, { sipZone: "shared.pbx.example" }, two.key);
    expect((await wanted()).body).toMatchObject({ code: "taken", errors: [{ pointer: "/sipZone" }] });
    expect((await post("/v1/accounts", { name: "x", sipZone: "shared.pbx.example" }, two.key)).body).toMatchObject({
      code: "taken",
      errors: [{ pointer: "/sipZone" }],
    });
    expect((await patch(one.path, { sipZone: null }, one.key)).status).toBe(200);
    expect((await wanted()).status).toBe(200);
  });

  test("must be one: malformed names are refused with their place", async () => {
    for (const domain of [
      "localhost",
      "-a.example",
      "a..example",
      "a.example.",
      "a b.example",
      `${"a".repeat(64)}.example`,
      "a.1",
      "a_b.example",
      "ä.example",
      "a.example/x",
      "",
      5,
      null,
      `${"a.".repeat(130)}example`,
    ])
      expect((await post("/v1/tenants", { name: "T", domain })).body.errors, String(domain)).toEqual([
        expect.objectContaining({ pointer: "/domain" }),
      ]);
    expect((await post("/v1/tenants", { name: "T", domain: "MiXed.Example" })).body.domain).toBe("mixed.example");
  });
});
