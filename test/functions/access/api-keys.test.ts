// What becomes of an API key: expiry, rotation with overlap, addresses, last use; and that no way leads from a key to a wider one.
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { within } from "../../../core/network.ts";
import { callerAddress } from "../../../functions/access/address.ts";
import { frontHeaders } from "../../../functions/access/front-headers.ts";
import { covers } from "../../../functions/access/scopes.ts";
import type { Item } from "../../../functions/store/store.ts";
import { newTenant, type Reply, type TestControl, testControl } from "../../support/control.ts";
import { enrolmentOf, newKey } from "../../support/signed-edge.ts";

let control: TestControl;
let tenant: string;
let realNow: () => Date;
beforeAll(async () => {
  control = await testControl();
  realNow = control.ctx.now;
  ({ id: tenant } = await newTenant(control));
});
afterEach(() => {
  control.ctx.now = realNow;
  control.ctx.trustedProxies = [];
  control.ctx.frontSecret = undefined;
});
afterAll(() => control.stop());

const later = (seconds: number) => {
  const at = control.ctx.now().getTime() + seconds * 1000;
  control.ctx.now = () => new Date(at);
};
const inSeconds = (seconds: number) => new Date(control.ctx.now().getTime() + seconds * 1000).toISOString();
const at = (id = "", more = "") => `/v1/api-keys${id && `/${id}`}${more}`;
const make = async (body: object, key?: string): Promise<{ id: string; key: string; reply: Reply }> => {
  const reply = await control.call("POST", at(), { name: "k", scopes: ["*"], ...body }, key ? { key } : {});
  return { id: String(reply.body.id), key: String(reply.body.key), reply };
};
const me = (key: string, headers = {}) => control.call("GET", "/v1/me", undefined, { key, headers });
const status = async (key: string) => (await me(key)).status;

test("an expired key is refused by name of its time, at that very moment", async () => {
  const expiresAt = inSeconds(60);
  const { key } = await make({ expiresAt });
  expect(await status(key)).toBe(200);
  control.ctx.now = () => new Date(Date.parse(expiresAt) - 1);
  expect(await status(key)).toBe(200);
  control.ctx.now = () => new Date(expiresAt);
  const refused = await me(key);
  expect([refused.status, refused.body.detail]).toEqual([401, expect.stringContaining(expiresAt)]);
  expect((await make({ expiresAt })).reply.body.errors).toEqual([{ pointer: "/expiresAt", detail: "is past" }]);
});

describe("rotation", () => {
  const rotate = async (id: string, overlapSeconds?: number) =>
    (await control.call("POST", at(id, "/rotate"), overlapSeconds === undefined ? {} : { overlapSeconds })).body;

  test("without overlap the old secret ends at once; with overlap both work until then", async () => {
    const { id, key } = await make({});
    const second = await rotate(id);
    expect([await status(key), await status(String(second.key))]).toEqual([401, 200]);
    const third = await rotate(id, 60);
    expect(third.previousUntil).toBe((await control.call("GET", at(id))).body.previousUntil);
    expect([await status(String(second.key)), await status(String(third.key))]).toEqual([200, 200]);
    later(60);
    expect([await status(String(second.key)), await status(String(third.key))]).toEqual([401, 200]);
    expect((await control.call("GET", at(id))).body).toMatchObject({
      previousUntil: null,
      hint: String(third.key).slice(-4),
    });
  });

  test("the overlap can be ended, a further rotation ends it, and revoking ends both secrets", async () => {
    const { id, key } = await make({});
    const second = String((await rotate(id, 600)).key);
    expect((await control.call("DELETE", at(id, "/previous"))).status).toBe(204);
    expect([await status(key), await status(second)]).toEqual([401, 200]);
    const third = String((await rotate(id, 600)).key);
    const fourth = String((await rotate(id, 600)).key);
    expect([await status(second), await status(third), await status(fourth)]).toEqual([401, 200, 200]);
    expect((await control.call("DELETE", at(id))).status).toBe(204);
    expect([await status(third), await status(fourth)]).toEqual([401, 401]);
    expect((await control.call("GET", at(id))).status).toBe(404);
  });

  test("a change reaches both secrets, and If-Match guards it", async () => {
    const { id, key } = await make({ tenantId: tenant });
    const path = at(id, `?tenantId=${tenant}`);
    const rotated = await control.call("POST", at(id, `/rotate?tenantId=${tenant}`), { overlapSeconds: 60 });
    const patched = await control.call("PATCH", path, { scopes: ["trunks:read"] });
    expect([patched.status, patched.body.scopes]).toEqual([200, ["trunks:read"]]);
    for (const secret of [key, String(rotated.body.key)])
      expect((await me(secret)).body.scopes).toEqual(["trunks:read"]);
    const stale = await control.call("PATCH", path, { name: "x" }, { headers: { "if-match": '"1"' } });
    expect([stale.status, stale.body.version]).toEqual([412, patched.body.version]);
  });

  test("rotating and revoking at once leaves no secret that works", async () => {
    for (let round = 0; round < 10; round++) {
      const { id, key } = await make({});
      const [rotated] = await Promise.all([
        control.call("POST", at(id, "/rotate"), { overlapSeconds: 60 }),
        control.call("DELETE", at(id)),
      ]);
      const secrets = [key, ...(rotated.status === 200 ? [String(rotated.body.key)] : [])];
      for (const secret of secrets) expect(await status(secret)).toBe(401);
    }
  });
});

describe("addresses", () => {
  test("a key works from its networks alone, IPv4 and IPv6; the refusal names the address", async () => {
    control.ctx.trustedProxies = ["127.0.0.1", "::1", "::ffff:127.0.0.1"];
    const { key } = await make({ allowedIps: ["192.0.2.0/24", "2001:db8::/32"] });
    for (const [from, expected] of [
      ["192.0.2.200", 200],
      ["2001:db8:9::1", 200],
      ["::ffff:192.0.2.1", 200],
      ["192.0.3.1", 403],
      ["2001:db9::1", 403],
    ] as const) {
      const reply = await me(key, { "x-forwarded-for": from });
      expect([from, reply.status]).toEqual([from, expected]);
      if (expected === 403) expect(reply.body).toMatchObject({ code: "address_refused", address: from });
    }
  });

  test("a header of the caller's own is not believed: only what trusted hops wrote", async () => {
    const { key } = await make({ allowedIps: ["192.0.2.0/24"] });
    expect((await me(key, { "x-forwarded-for": "192.0.2.1" })).status).toBe(403);
    control.ctx.trustedProxies = ["127.0.0.0/8"];
    expect((await me(key, { "x-forwarded-for": "192.0.2.1, 203.0.113.9" })).status).toBe(403);
    expect((await me(key, { "x-forwarded-for": "203.0.113.9, 192.0.2.1" })).status).toBe(200);
    expect(callerAddress("10.0.0.1", "1.2.3.4, 10.0.0.2", ["10.0.0.0/8"])).toBe("1.2.3.4");
    expect(callerAddress("10.0.0.1", "1.2.3.4, <script>", ["10.0.0.0/8"])).toBe("10.0.0.1");
    expect(callerAddress("203.0.113.1", "1.2.3.4", ["10.0.0.0/8"])).toBe("203.0.113.1");
    expect(callerAddress("10.0.0.1", undefined, ["10.0.0.0/8"])).toBe("10.0.0.1");
  });

  test("our own front says who called, by its secret: whoever writes its headers without that is believed in nothing", async () => {
    control.ctx.frontSecret = "s".repeat(40);
    const { key } = await make({ allowedIps: ["192.0.2.0/24", "2001:db8::/32"] });
    const from = (viewer: string, secret: string) =>
      me(key, { [frontHeaders.viewer]: viewer, [frontHeaders.secret]: secret });
    expect((await from("192.0.2.7", "s".repeat(40))).status).toBe(200);
    expect((await from("2001:db8::7", "s".repeat(40))).status).toBe(200);
    expect((await from("203.0.113.9", "s".repeat(40))).body).toMatchObject({ address: "203.0.113.9" });
    for (const secret of ["", "s".repeat(39), "x".repeat(40)])
      expect((await from("192.0.2.7", secret)).body).toMatchObject({ address: expect.stringContaining("127.0.0.1") });
    control.ctx.frontSecret = undefined;
    expect((await from("192.0.2.7", "undefined")).status).toBe(403);
  });

  test("a list that shuts out the caller's own key is refused unless forced", async () => {
    const { id, key } = await make({});
    const patch = (query = "") => control.call("PATCH", at(id, query), { allowedIps: ["192.0.2.0/24"] }, { key });
    const refused = await patch();
    expect([refused.status, refused.body.errors]).toEqual([422, [expect.objectContaining({ pointer: "/allowedIps" })]]);
    expect(await status(key)).toBe(200);
    expect((await patch("?force=true")).status).toBe(200);
    expect(await status(key)).toBe(403);
    for (const bad of ["192.0.2.0/33", "example.com", ""])
      expect((await make({ allowedIps: [bad] })).reply.status).toBe(422);
  });
});

test("the last use is known to the minute, and written once in it however many requests there are", async () => {
  const { id, key } = await make({});
  const shown = async () => (await control.call("GET", at(id))).body;
  expect(await shown()).toMatchObject({ lastUsedAt: null, lastUsedFrom: null });
  const first = inSeconds(0);
  control.ctx.now = () => new Date(first);
  let writes = 0;
  const stop = control.ctx.store.subscribe((changes) => {
    writes += changes.filter(({ key: { sk } }) => sk === `H#KEYUSE#${id}`).length;
  });
  await Promise.all(Array.from({ length: 20 }, () => me(key)));
  await expect.poll(shown).toMatchObject({ lastUsedAt: first, lastUsedFrom: expect.stringContaining("127.0.0.1") });
  later(59);
  await me(key);
  later(1);
  await me(key);
  await expect.poll(shown).toMatchObject({ lastUsedAt: new Date(Date.parse(first) + 60_000).toISOString() });
  expect(writes).toBe(2);
  stop();
});

test("no sequence of key operations yields a secret that can do what the first key could not", async () => {
  const pool = [
    "*",
    "*:read",
    "*:write",
    "extensions:*",
    "extensions:read",
    "api-keys:*",
    "api-keys:write",
    "trunks:write",
  ];
  const ips = [undefined, [], ["127.0.0.0/8"], ["127.0.0.1", "::1"], ["0.0.0.0/0"], ["126.0.0.0/7"]];
  const lives = [undefined, null, 60, 3600, 7200];
  const settings = fc.record({
    scopes: fc.subarray(pool, { minLength: 1, maxLength: 3 }),
    allowedIps: fc.constantFrom(...ips),
    life: fc.constantFrom(...lives),
  });
  const step = fc.record({
    op: fc.constantFrom("make", "change", "rotate", "previous", "revoke"),
    with: fc.nat(),
    on: fc.nat(),
    settings,
    overlap: fc.constantFrom(0, 60, 604_800),
  });
  await fc.assert(
    fc.asyncProperty(fc.subarray(pool, { minLength: 1 }), fc.array(step, { maxLength: 12 }), async (scopes, steps) => {
      const mine = ["api-keys:*", ...scopes.filter((scope) => !["*", "*:write"].includes(scope))];
      const expiresAt = inSeconds(3600);
      const first = await make({ tenantId: tenant, scopes: mine, expiresAt, allowedIps: ["127.0.0.0/8"] });
      const wide = await make({ tenantId: tenant });
      const secrets = [first.key];
      const ids = [first.id, wide.id];
      for (const one of steps) {
        const key = secrets[one.with % secrets.length] ?? "";
        const id = ids[one.on % ids.length] ?? "";
        const { scopes: wanted, allowedIps, life } = one.settings;
        const sent = {
          ...{ scopes: wanted, ...(allowedIps && { allowedIps }) },
          ...(life !== undefined && { expiresAt: life === null ? null : inSeconds(life) }),
        };
        const call = (method: string, more = "", body?: object) => control.call(method, at(id, more), body, { key });
        const reply =
          one.op === "make"
            ? await control.call("POST", at(), { name: "k", ...sent }, { key })
            : one.op === "change"
              ? await call("PATCH", "?force=true", sent)
              : one.op === "rotate"
                ? await call("POST", "/rotate", { overlapSeconds: one.overlap })
                : await call("DELETE", one.op === "previous" ? "/previous" : "");
        expect(reply.status, reply.text).toBeLessThan(500);
        if (reply.status >= 300 || !reply.body.key) continue;
        secrets.push(String(reply.body.key));
        if (one.op === "make") ids.push(String(reply.body.id));
      }
      for (const secret of secrets) {
        const { status: is, body } = await me(secret);
        if (is !== 200) continue;
        for (const scope of body.scopes as unknown as string[]) expect(covers(mine, scope), scope).toBe(true);
        expect(body.tenantId).toBe(tenant);
        expect(body.expiresAt !== null && String(body.expiresAt) <= expiresAt).toBe(true);
        expect(body.allowedIps).not.toEqual([]);
        for (const network of body.allowedIps as unknown as string[]) expect(within(network, "127.0.0.0/8")).toBe(true);
      }
    }),
    { numRuns: 25 },
  );
});

test("a wider key is neither changed nor rotated by a narrower one", async () => {
  const { key } = await make({ scopes: ["api-keys:*", "extensions:*"], tenantId: tenant });
  const wide = await make({ tenantId: tenant });
  for (const [method, more, body] of [
    ["PATCH", "", { name: "mine" }],
    ["PATCH", "", { scopes: ["extensions:read"] }],
    ["POST", "/rotate", {}],
  ] as const) {
    const reply = await control.call(method, at(wide.id, more), body, { key });
    expect([reply.status, reply.body.code], reply.text).toEqual([403, "forbidden"]);
  }
  expect(await status(wide.key)).toBe(200);
});

test("a key of before, without the newer members, works and changes as ever", async () => {
  const { id, key } = await make({ tenantId: tenant });
  const changed = control.ctx.store;
  const child = await changed.get({ pk: `T#${tenant}`, sk: `H#APIKEY#${id}` });
  const newer = ["expiresAt", "allowedIps", "version", "previous"];
  const old = Object.fromEntries(Object.entries(child ?? {}).filter(([name]) => !newer.includes(name))) as Item;
  await changed.transact([{ put: old }, { put: { ...old, pk: `K#${String(old.hash)}`, sk: "KEY" } }]);
  expect((await me(key)).body).toMatchObject({ id, expiresAt: null, allowedIps: [] });
  const reply = await control.call("POST", at(id, `/rotate?tenantId=${tenant}`), {});
  expect([reply.status, await status(key), await status(String(reply.body.key))]).toEqual([200, 401, 200]);
});

describe("a pool's key", () => {
  type Made = { id: string; key: string };
  let [pools, edges] = [0, 0];
  const pool = async (): Promise<string> =>
    String((await control.call("POST", "/v1/pools", { name: `p${++pools}` })).body.id);
  const join = async (key: string, body: object = {}) => {
    const asked = await control.call("POST", "/v1/edges", body, { key });
    const wanted = enrolmentOf(String(asked.body.token), newKey().publicKey, { name: `edge${++edges}` });
    const enrolled = asked.status === 201 && (await control.call("POST", "/v1/edges/enroll", wanted, { key: null }));
    return { asked, edge: enrolled ? String(enrolled.body.edge) : "" };
  };
  const bound = async (poolId: string): Promise<Made> => {
    const { body, text } = await control.call("POST", at(), { name: "hosts", poolId });
    expect(body, text).toMatchObject({ poolId, scopes: ["edges:read", "edges:write"] });
    return { id: String(body.id), key: String(body.key) };
  };

  test("joins hosts to that pool and no other, and reaches its hosts alone", async () => {
    const [own, other] = [await pool(), await pool()];
    const { key } = await bound(own);
    const { edge: mine } = await join(key);
    const { edge: theirs } = await join(control.key, { poolId: other });
    const refused = await join(key, { poolId: other });
    expect([refused.asked.status, refused.asked.body.detail]).toEqual([403, expect.stringContaining(own)]);
    const call = (method: string, path: string) => control.call(method, path, undefined, { key });
    const listed = (await call("GET", "/v1/edges")).body.data as unknown as { id: string; pool: string }[];
    expect(listed.map(({ id, pool: of }) => [id, of])).toEqual([[mine, own]]);
    for (const [method, path] of [
      ["GET", `/v1/edges/${theirs}`],
      ["POST", `/v1/edges/${theirs}/drain`],
      ["GET", `/v1/edges/${theirs}/bans`],
      ["DELETE", `/v1/edges/${theirs}`],
    ] as const)
      expect((await call(method, path)).status, path).toBe(404);
    const { accountId, poolId } = (await me(key)).body;
    expect(poolId).toBe(own);
    for (const path of [`/v1/accounts/${accountId}/edges`, "/v1/pools", "/v1/tenants", "/v1/api-keys"])
      expect((await call("GET", path)).status, path).toBe(403);
    expect((await call("DELETE", `/v1/edges/${mine}`)).status).toBe(204);
  });

  test("is for hosts alone, also when it is changed, and of a pool of that account", async () => {
    const { id, key } = await bound(await pool());
    const wider = { scopes: ["edges:read", "tenants:read"] };
    const changed = await control.call("PATCH", at(id), wider);
    expect([changed.status, changed.body.errors]).toMatchObject([422, [{ pointer: "/scopes/1" }]]);
    expect((await control.call("PATCH", at(id), { scopes: ["edges:*"] })).status).toBe(200);
    expect((await make({ poolId: await pool() })).reply.body.errors).toMatchObject([{ pointer: "/scopes/0" }]);
    const { body: account } = await control.call("POST", "/v1/accounts", { name: "Reseller" });
    const poolId = await pool();
    for (const whose of [{ accountId: account.id }, { tenantId: tenant }])
      expect((await control.call("POST", at(), { name: "h", poolId, ...whose })).body.code).toBe("reference_not_found");
    const second = String((await control.call("POST", at(id, "/rotate"), {})).body.key);
    expect([await status(key), (await me(second)).body.poolId]).toEqual([401, expect.stringMatching(/^pol_/)]);
  });
});
