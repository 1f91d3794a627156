// Lists: pages that skip and double nothing, cursors that are only ours, filters, fields, expand.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newTenant, type Reply, type TestControl, testControl } from "../../support/control.ts";

let control: TestControl;
let tenant: { id: string; path: string };
const numbers = Array.from({ length: 45 }, (_, index) => String(1000 + index));

beforeAll(async () => {
  control = await testControl();
  tenant = await newTenant(control);
  await control.call("POST", `${tenant.path}/voicemail-boxes`, { number: "801", label: "Sales" });
  for (const part of [numbers.slice(0, 20), numbers.slice(20)])
    await control.call("POST", `${tenant.path}/apply`, {
      extensions: part.map((number) => ({
        number,
        displayName: Number(number) % 2 ? "odd" : "even",
        voicemailBox: "801",
      })),
    });
});
afterAll(() => control.stop());

const list = (query = "", path = `${tenant.path}/extensions`): Promise<Reply> =>
  control.call("GET", `${path}?${query}`);
const dataOf = (reply: Reply): Record<string, unknown>[] => {
  expect(reply.status, reply.text).toBe(200);
  return reply.body.data as unknown as Record<string, unknown>[];
};

/** All pages; `between` runs after each. */
async function walk(
  query: string,
  path?: string,
  between?: (page: number) => Promise<void>,
): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  let after = "";
  for (let page = 0; ; page++) {
    const reply = await list(`${query}${after && `&after=${after}`}`, path);
    found.push(...dataOf(reply));
    if (reply.body.next === null) return found;
    after = String(reply.body.next);
    await between?.(page);
  }
}

describe("paging", () => {
  test.for([1, 7, 15, 44, 45, 46, 100])("by %i gives every item once, in order of creation", async (limit) => {
    const found = await walk(`limit=${limit}`);
    expect(found.map(({ number }) => number)).toEqual(numbers);
  });

  test("gives what was there once while others are made, renamed and deleted", async () => {
    const { path } = await newTenant(control);
    const original = Array.from({ length: 20 }, (_, index) => String(3000 + index));
    await control.call("POST", `${path}/apply`, { extensions: original.map((number) => ({ number })) });
    const found = await walk("limit=3", `${path}/extensions`, async (page) => {
      await control.call("POST", `${path}/extensions`, { number: String(4000 + page) });
      await control.call("PATCH", `${path}/extensions/${3000 + page}`, { displayName: "touched" });
      if (page === 2) await control.call("DELETE", `${path}/extensions/3008`);
    });
    const ids = found.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(found.map(({ number }) => number).filter((number) => Number(number) < 4000)).toEqual(original);
  });

  test("of history goes on where it was while revisions are added", async () => {
    const { path } = await newTenant(control);
    for (let index = 0; index < 8; index++) await control.call("PATCH", path, { name: `n${index}` });
    const found = await walk("limit=2", `${path}/changes`, async (page) => {
      await control.call("PATCH", path, { name: `later${page}` });
    });
    expect(found.map(({ revision }) => revision)).toEqual([8, 7, 6, 5, 4, 3, 2, 1, 0]);
  });

  test("of tenants gives those of the account", async () => {
    const account = await control.call("POST", "/v1/accounts", { name: "Pages" });
    const made: string[] = [];
    for (let index = 0; index < 5; index++)
      made.push(
        (await control.call("POST", "/v1/tenants", { name: `p${index}`, accountId: account.body.id })).body
          .id as unknown as string,
      );
    await control.call("DELETE", `/v1/tenants/${made[2]}`);
    const found = await walk("limit=2", `/v1/accounts/${account.body.id}/tenants`);
    expect(found.map(({ id }) => id)).toEqual(made.filter((_, index) => index !== 2));
  });
});

describe("a cursor", () => {
  const encode = (text: string): string => Buffer.from(text).toString("base64url");
  test("that is not ours is 400 on every list that takes one", async () => {
    const ours = String((await list("limit=1")).body.next);
    const bad = [
      "x",
      "%00",
      encode("x"),
      encode(""),
      `${ours}A`,
      `${ours}==`,
      `${ours}%20`,
      ours.slice(1),
      ours.toUpperCase(),
      encode("R#extension#"),
      encode("R#trunk#trk_01ARZ3NDEKTSV4RRFFQ69G5FAV"),
      encode("R#extension#ext_01ARZ3NDEKTSV4RRFFQ69G5FAV\u0000"),
      encode("HEAD"),
      encode("r-1"),
      encode("r1.5"),
      encode("rx"),
      encode("2026-01-01T00:00:00Z#../x"),
      encode("2026-13-01T00:00:00.000Z#x"),
      encode("H#TENANT#"),
      "A".repeat(2000),
      `${"A".repeat(499)}`,
    ];
    const { body } = await control.call("GET", tenant.path);
    for (const path of [
      `${tenant.path}/extensions`,
      `${tenant.path}/changes`,
      `${tenant.path}/calls`,
      "/v1/tenants",
      "/v1/accounts",
      `/v1/accounts/${body.accountId}/tenants`,
    ])
      for (const cursor of bad) {
        const reply = await list(`after=${cursor}`, path);
        expect([reply.status, reply.body.code], `${path} ${cursor}: ${reply.text.slice(0, 200)}`).toEqual([
          400,
          "bad_cursor",
        ]);
      }
  });

  test("of another list is 400; of another tenant's same list it shows nothing of that tenant", async () => {
    const ours = String((await list("limit=1")).body.next);
    expect((await list(`after=${ours}`, `${tenant.path}/trunks`)).body.code).toBe("bad_cursor");
    expect((await list(`after=${ours}`, `${tenant.path}/changes`)).body.code).toBe("bad_cursor");
    const other = await newTenant(control);
    await control.call("POST", `${other.path}/extensions`, { number: "1001" });
    const theirs = dataOf(await list(`after=${ours}`, `${other.path}/extensions`));
    expect(theirs.map(({ number }) => number)).toEqual(["1001"]);
  });
});

describe("filters", () => {
  test("by each declared field, alone and together, also where they match late or not at all", async () => {
    expect(dataOf(await list("number=1007")).map(({ number }) => number)).toEqual(["1007"]);
    expect(await walk("limit=4&displayName=odd")).toHaveLength(22);
    expect(await walk("limit=4&displayName=odd&enabled=true&number=1041")).toHaveLength(1);
    expect((await list("displayName=none")).body).toEqual({ data: [], next: null });
    expect((await list("enabled=false")).body).toEqual({ data: [], next: null });
  });

  test("find part of a text in any field that is searched, in small or capital letters", async () => {
    expect(await walk("limit=4&q=ODD")).toHaveLength(22);
    expect(dataOf(await list("q=104&displayName=even")).map(({ number }) => number)).toEqual(["1040", "1042", "1044"]);
    expect((await list("q=.*")).body).toEqual({ data: [], next: null });
  });

  test("on other fields are 400", async () => {
    for (const query of ["ringSeconds=25", "id=x", "voicemailBox=801", "q=", "number[gte]=1"])
      expect((await list(query)).body).toMatchObject({ code: "bad_parameter", status: 400 });
  });
});

describe("fields and expand", () => {
  test("answer with the members named, and id", async () => {
    expect(dataOf(await list("limit=1&fields=number,sip"))[0]).toEqual({
      id: expect.any(String),
      number: "1000",
      sip: expect.objectContaining({ username: "1000" }),
    });
    const one = await control.call("GET", `${tenant.path}/extensions/1000?fields=displayName`);
    expect(one.body).toEqual({ id: expect.any(String), displayName: "even" });
  });

  test("put what a reference names in its place, one level deep", async () => {
    const [first] = dataOf(await list("limit=1&expand=voicemailBox&fields=voicemailBox"));
    expect(first?.voicemailBox).toMatchObject({ number: "801", label: "Sales", version: 1 });
  });

  test("reach into lists, destinations and settings, and leave what is of an account above to keys that may read it", async () => {
    const account = String((await control.call("POST", "/v1/accounts", { name: "Above" })).body.id);
    const { path, id } = await newTenant(control, { accountId: account });
    await control.call("POST", `/v1/accounts/${account}/trunks`, { name: "shared", host: "c.example" });
    await control.call("POST", `${path}/apply`, {
      extensions: [{ number: "1001" }, { number: "1002" }],
      "ring-groups": [
        { name: "sales", members: [{ extension: "1001" }, { number: "+15550123" }, { extension: "1002" }] },
      ],
      "phone-numbers": [{ number: "+15550177", destination: { kind: "ring-group", ref: "sales" } }],
      "outbound-routes": [{ name: "out", patterns: ["+1*"], trunks: ["shared"] }],
    });
    const own = String(
      (await control.call("POST", "/v1/api-keys", { name: "k", scopes: ["*"], tenantId: id })).body.key,
    );
    const get = async (what: string, key?: string) =>
      (await control.call("GET", `${path}/${what}`, undefined, key === undefined ? {} : { key })).body;
    expect(await get("ring-groups/sales?expand=members.extension&fields=members")).toMatchObject({
      members: [{ extension: { number: "1001" } }, { number: "+15550123" }, { extension: { number: "1002" } }],
    });
    expect(await get("phone-numbers?expand=destination.ref")).toMatchObject({
      data: [{ destination: { kind: "ring-group", ref: { name: "sales", version: 1 } } }],
    });
    expect(await get("outbound-routes/out?expand=trunks")).toMatchObject({ trunks: [{ host: "c.example" }] });
    expect(await get("outbound-routes/out?expand=trunks", own)).toMatchObject({
      trunks: [expect.stringMatching(/^trk_/)],
    });
    expect(await control.call("GET", `${path}?fields=domain`)).toMatchObject({
      body: { id, domain: expect.any(String) },
    });
    for (const query of ["expand=members", "expand=destination", "fields=pk", "expand=", "expand=members.extension,x"])
      expect(await get(`ring-groups/sales?${query}`), query).toMatchObject({ code: "bad_parameter" });
    expect((await control.call("GET", `${path}?fields=x`)).body.code).toBe("bad_parameter");
  });

  test("of what the key may not read is 403", async () => {
    const { body } = await control.call("POST", "/v1/api-keys", {
      name: "narrow",
      scopes: ["extensions:read"],
      tenantId: tenant.id,
    });
    const key = String(body.key);
    expect((await control.call("GET", `${tenant.path}/extensions/1000`, undefined, { key })).status).toBe(200);
    expect(
      (await control.call("GET", `${tenant.path}/extensions/1000?expand=voicemailBox`, undefined, { key })).status,
    ).toBe(403);
  });
});
