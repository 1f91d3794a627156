// A tenant can't reach another tenant: every route, with every kind of stranger's key. Routes come from the list that the app itself is made of, so a new
// one is walked without being named here; one that checks nothing fails below under its own name.

import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { kindsAt } from "../../../core/registry.ts";
import { eachTouched } from "../../../functions/access/scopes.ts";
import type { Route } from "../../../functions/api/route.ts";
import { routesOf } from "../../../functions/api/routes.ts";
import { newTenant, type Reply, type TestControl, testControl } from "../../support/control.ts";
import { sampleOf } from "../../support/samples.ts";
import { enrolEdge } from "../../support/signed-edge.ts";
import { uploadFor } from "../../support/upload.ts";

const routes = await routesOf(async () => []);
const nameOf = ({ method, path }: Route): string => `${method.toUpperCase()} ${path}`;

/** Routes that any valid key may call, because they tell it of itself and of what it asked for alone. Nothing else belongs here. */
const ofTheKeyItself = ["GET /v1/me", "GET /v1/jobs/{id}"];
/** Routes that need the write scope of each kind that their request names: test/functions/access/scopes.test.ts walks them. */
const ofWhatTheyTouch = ["tenants/{tenant}", "accounts/{account}"].flatMap((owner) =>
  ["apply", "rollback"].map((what) => `POST /v1/${owner}/${what}`),
);
/** Those that only tell, though a body asks. */
const readers = ["POST /v1/tenants/{tenant}/simulate"];

type Estate = {
  account: string;
  accountKey: string;
  tenant: string;
  tenantKey: string;
  ids: Record<string, string>;
  pool: string;
  edge: string;
  keyId: string;
  memberId: string;
};
let control: TestControl;
let ours: Estate;
let sibling: Estate;
let below: Estate;
let halted: Estate;
let played: { accountKey: string; tenantKey: string };
let revoked: string;
let expired: string;
const nobody = { tenant: "ten_01ARZ3NDEKTSV4RRFFQ69G5FAV", account: "acc_01ARZ3NDEKTSV4RRFFQ69G5FAV" };

async function made(path: string, body: unknown, key?: string): Promise<Reply> {
  const reply = await control.call("POST", path, body, key ? { key } : {});
  if (reply.status !== 201) throw new Error(`${path}: ${reply.text}`);
  return reply;
}
const mint = async (owner: Record<string, string>, scopes = ["*"]): Promise<{ key: string; id: string }> => {
  const { body } = await made("/v1/api-keys", { name: "k", scopes, ...owner });
  return { key: String(body.key), id: String(body.id) };
};

/** An account with a tenant, one resource of each kind in both, a pool and an edge. */
async function estate(name: string, above: Record<string, string> = {}): Promise<Estate> {
  const account = String((await made("/v1/accounts", { name, ...above })).body.id);
  const { id: tenant } = await newTenant(control, { name, accountId: account });
  const { key: accountKey, id: keyId } = await mint({ accountId: account });
  const { key: tenantKey } = await mint({ tenantId: tenant });
  const ids: Record<string, string> = {};
  for (const [sort, id] of [
    ["tenants", tenant],
    ["accounts", account],
  ] as const) {
    const path = `/v1/${sort}/${id}`;
    const add = async (kind: string, body: unknown) =>
      (ids[`${sort}/${kind}`] = String((await made(`${path}/${kind}`, body)).body.id));
    const of = { prompt: await add("prompts", { name: "greeting" }), trunk: await add("trunks", sampleOf("trunks")) };
    for (const { plural } of kindsAt(sort === "tenants" ? "tenant" : "account"))
      if (!["prompts", "trunks", "extensions"].includes(plural)) await add(plural, sampleOf(plural, of));
    if (sort === "tenants") await add("extensions", { number: "1001" });
    await add("webhook-endpoints", { url: "https://hooks.example/" });
  }
  const pool = String((await made("/v1/pools", { name }, accountKey)).body.id);
  const token = await made("/v1/edges", { poolId: pool }, accountKey);
  const edge = await enrolEdge(
    {
      ...control,
      call: (method, path, body, more) =>
        path === "/v1/edges" ? Promise.resolve(token) : control.call(method, path, body, more),
    },
    pool,
  );
  const sso = {
    issuer: "https://login.acme.example",
    clientId: "a",
    clientSecret: "b",
    domains: [`${account.slice(4).toLowerCase()}.example`],
  };
  expect((await control.call("PUT", `/v1/accounts/${account}/sso`, sso)).status).toBe(200);
  const person = { email: "ada@acme.example", name: "Ada", role: "admin", accountId: account };
  const memberId = String((await made("/v1/members", person)).body.id);
  return { account, accountKey, tenant, tenantKey, ids, pool, edge: edge.id, keyId, memberId };
}

beforeAll(async () => {
  control = await testControl();
  ours = await estate("Ours");
  sibling = await estate("Sibling");
  below = await estate("Below", { accountId: ours.account });
  const { key, id } = await mint({ accountId: ours.account });
  revoked = key;
  expect((await control.call("DELETE", `/v1/api-keys/${id}?accountId=${ours.account}`)).status).toBe(204);
  const soon = new Date(Date.now() + 500).toISOString();
  expired = String(
    (await made("/v1/api-keys", { name: "k", scopes: ["*"], accountId: ours.account, expiresAt: soon })).body.key,
  );
  halted = await estate("Halted");
  const sandbox = { name: "Played", accountId: ours.account, sandbox: true };
  const accountId = String((await made("/v1/accounts", sandbox)).body.id);
  const { id: tenantId } = await newTenant(control, { name: "Played", accountId });
  played = { accountKey: (await mint({ accountId })).key, tenantKey: (await mint({ tenantId })).key };
  for (const path of [`/v1/tenants/${halted.tenant}`, `/v1/accounts/${halted.account}`])
    expect((await control.call("POST", `${path}/suspend`, { reason: "unpaid" })).status).toBe(200);
  await vi.waitFor(async () =>
    expect((await control.call("GET", "/v1/me", undefined, { key: expired })).status).toBe(401),
  );
});
afterAll(() => control.stop());

/** A body that the route takes. */
function bodyOf({ method, path, body }: Route): unknown {
  if (method === "get" || method === "delete" || body === undefined) return undefined;
  const last = path.split("/").at(-1) ?? "";
  if (method === "put" && path.endsWith("/pools/{id}/release")) return { version: "0.1.0" };
  if (last === "audio") return { sha256: "0".repeat(64), bytes: 1, contentType: "audio/wav" };
  if (method === "patch") return {};
  if (last === "assign") return { tenantId: ours.tenant };
  if (last === "claim") return { areaPrefix: "+1555" };
  if (last === "move") return { accountId: ours.account };
  if (last === "clone") return { name: "Copy" };
  if (last === "suspend") return { reason: "unpaid" };
  if (last === "rollback") return { revision: 999 };
  if (last === "brand") return { name: "Acme Voice" };
  if (last === "sso")
    return { issuer: "https://login.acme.example", clientId: "a", clientSecret: "b", domains: ["acme.example"] };
  if (last === "sign-in") return { secondFactor: false };
  if (last === "rotate" || last === "invite") return {};
  if (last === "simulate") return { from: "1001", to: "1002" };
  if (last === "calls") return { from: "1001", to: "1002" };
  if (last === "registrations") return { extension: "1001" };
  if (last === "transfer") return { to: "1002" };
  if (last === "recording") return { action: "start" };
  if (last === "apply" || last === "batch" || last === "edges") return {};
  if (last === "webhook-endpoints") return { url: "https://hooks.example/" };
  if (last === "replay") return { from: new Date().toISOString() };
  if (last === "rotate-secret") return {};
  if (last === "members") return { email: "grace@acme.example", name: "Grace", role: "support" };
  if (last === "api-keys") return { name: "k", scopes: ["sync:read"] };
  return sampleOf(last, { prompt: "greeting", trunk: "no such" });
}

const sortOf = ({ path }: Route): "tenant" | "account" | undefined =>
  path.includes("{tenant}") ? "tenant" : path.includes("{account}") ? "account" : undefined;

/** The route's path in `owner`, with ids of the resources of `of`. */
function pathOf({ path }: Route, owner: { tenant: string; account: string }, of: Estate): string {
  const [, , sort, , kind = ""] = path.split("/");
  const id =
    { edges: of.edge, pools: of.pool, "api-keys": of.keyId, members: of.memberId }[sort ?? ""] ??
    of.ids[`${sort}/${kind}`];
  return path
    .replace("{tenant}", owner.tenant)
    .replace("{account}", owner.account)
    .replace("{revision}", "0")
    .replace("{device}", "1001")
    .replace("{source}", "192.0.2.1")
    .replace("{member}", "6f1c4d3e-0000-4000-8000-000000000001")
    .replace("{message}", "msg_01ARZ3NDEKTSV4RRFFQ69G5FAV")
    .replace("{id}", id ?? "cal_01ARZ3NDEKTSV4RRFFQ69G5FAV");
}

const call = (route: Route, path: string, key: string | null): Promise<Reply> =>
  control.call(route.method.toUpperCase(), path, route.upload ? undefined : bodyOf(route), {
    key,
    ...(route.upload && uploadFor(route.upload, route.path)),
  });
const bare = (reply: Reply, ...ids: string[]): string =>
  ids.reduce((text, id) => text.replaceAll(id, "<id>"), reply.text).replace(/req_[0-9A-Z]{26}/g, "<request>");

describe.for(routes.map((route) => [nameOf(route), route] as const))("%s", ([name, route]) => {
  test("needs a key that is known, was not revoked and has not expired", async () => {
    for (const key of [null, revoked, expired, "dp_live_x", `dp_live_${"0".repeat(40)}`, control.key.slice(0, -1)]) {
      const reply = await call(route, pathOf(route, ours, ours), key);
      expect([reply.status, reply.body.code, reply.headers.get("www-authenticate")]).toEqual([
        401,
        "unauthenticated",
        expect.stringContaining("Bearer"),
      ]);
    }
  });

  test("states its scope", () => {
    if (route.scope === null) expect(ofTheKeyItself).toContain(name);
    else if (route.scope === eachTouched) expect(ofWhatTheyTouch).toContain(name);
    else expect(route.scope).toMatch(/^[a-z][a-z-]*:(read|write)$/);
    expect(
      route.scope === null || route.method === "get" || route.scope.endsWith(":write") || readers.includes(name),
    ).toBe(true);
  });

  if (route.scope !== null && route.scope !== eachTouched)
    test("needs the scope that its reference names, and no other", async () => {
      const others = ["sync:read", "registrations:read", "pools:write", "edges:read", "trunks:*"].filter((scope) => {
        const [what, verb] = (route.scope ?? "").split(":");
        return scope !== route.scope && !(scope === "trunks:*" && what === "trunks") && !(what === "*" && verb === "");
      });
      const [without, within] = await Promise.all([
        mint({ accountId: ours.account }, others),
        mint({ accountId: ours.account }, [route.scope ?? ""]),
      ]);
      const path = pathOf(route, ours, ours);
      const refused = await call(route, path, without.key);
      expect([refused.status, refused.body.code, refused.body.scope]).toEqual([403, "forbidden", route.scope]);
      expect(refused.body.detail).toContain(`the scope ${route.scope},`);
      if (route.method === "delete") return;
      const allowed = await call(route, path, within.key);
      if (/^\/v1\/(api-keys|members)|\/sso$/.test(route.path) && route.method !== "get") {
        const pointer = route.path.startsWith("/v1/api-keys") ? "/scopes/0" : "/role";
        expect(allowed.body.errors).toEqual([expect.objectContaining({ pointer })]);
      }
      // and of each kind that is copied: test/functions/api/cloning.test.ts
      else if (route.path.endsWith("/clone")) expect(allowed.body.scope).toMatch(/^(?!tenants)[a-z-]+:write$/);
      else expect([401, 403], allowed.text).not.toContain(allowed.status);
    });

  const sort = sortOf(route);
  if (sort)
    test("answers a stranger as if there were nothing", async () => {
      const strangers = {
        "a sibling reseller": sibling.accountKey,
        "a sibling's tenant": sibling.tenantKey,
        "a reseller below": below.accountKey,
        "a tenant below": below.tenantKey,
        "a sandbox below": played.accountKey,
        "a sandbox's tenant below": played.tenantKey,
        ...(sort === "account" && { "the account's own tenant": ours.tenantKey }),
      };
      for (const [who, key] of Object.entries(strangers)) {
        const real = await call(route, pathOf(route, ours, ours), key);
        const unreal = await call(route, pathOf(route, nobody, ours), key);
        expect([real.status, real.body.code], `${who}: ${real.text}`).toEqual([404, "not_found"]);
        expect(bare(real, ours[sort]), who).toBe(bare(unreal, nobody[sort]));
        expect([...real.headers.keys()].sort()).toEqual([...unreal.headers.keys()].sort());
      }
    });

  if (sort)
    test("lets a key of somebody suspended read, and change nothing", async () => {
      const key = sort === "tenant" ? halted.tenantKey : halted.accountKey;
      const reply = await call(route, pathOf(route, halted, halted), key);
      if (route.method === "get" || readers.includes(name)) expect([401, 403], reply.text).not.toContain(reply.status);
      else expect([reply.status, reply.body.code], reply.text).toEqual([403, "suspended"]);
    });

  if (route.path.includes("{id}"))
    test("answers for another's resource, in one's own place, as if there were none", async () => {
      const key = sort === "tenant" ? ours.tenantKey : ours.accountKey;
      const theirs = pathOf(route, ours, sibling);
      const [, id = ""] =
        /\/(\w+_[0-9A-Z]{26})(?:\/(?:devices\/.*|messages.*|hangup|transfer|sip-token|rotate|invite|approve|previous|recording|rotate-secret|test|replay|deliveries|audio|runtime|holidays\/import|live|lock|unlock|members.*|assign|release(?:\/\w+)?|drain|resume|rebalance|bans.*))?$/.exec(
          theirs,
        ) ?? [];
      const none = `${id.slice(0, 4)}01ARZ3NDEKTSV4RRFFQ69G5FAV`;
      const real = await call(route, theirs, key);
      const unreal = await call(route, theirs.replace(id, none), key);
      expect([real.status, real.body.code], real.text).toEqual([404, "not_found"]);
      expect(bare(real, id)).toBe(bare(unreal, none));
    });

  if (sort && route.method === "get")
    test("answers the owner and those above", async () => {
      for (const key of [sort === "tenant" ? ours.tenantKey : ours.accountKey, ours.accountKey, control.key]) {
        const reply = await call(route, pathOf(route, ours, ours), key);
        if (/\/(calls|commands)\/\{id\}$/.test(route.path)) expect(reply.body.detail).toMatch(/no (call|command) /);
        else if (/\/(messages|recordings)\/.*audio$/.test(route.path))
          expect(reply.body.detail).toMatch(/no (message|recording) /);
        else expect(reply.status, reply.text).toBe(200);
      }
    });
});

describe("what is no path", () => {
  test("an account, tenant or pool named in a body or query is a stranger's too", async () => {
    const key = ours.accountKey;
    for (const [theirs, none] of [[sibling.account, nobody.account]] as const)
      for (const path of ["/v1/tenants", "/v1/accounts"]) {
        const [real, unreal] = await Promise.all(
          [theirs, none].map((accountId) => control.call("POST", path, { name: "x", accountId }, { key })),
        );
        expect(real?.status).toBe(404);
        expect(real && bare(real, theirs)).toBe(unreal && bare(unreal, none));
      }
    const pools = await Promise.all(
      [sibling.pool, "pol_01ARZ3NDEKTSV4RRFFQ69G5FAV", "x#y", "\u0000"].map((poolId) =>
        control.call("POST", "/v1/tenants", { name: "x", poolId }, { key }),
      ),
    );
    expect(pools.map(({ status, body }) => [status, body.code])).toEqual(Array(4).fill([422, "reference_not_found"]));
    expect((await control.call("POST", "/v1/edges", { poolId: sibling.pool }, { key })).body.code).toBe(
      "reference_not_found",
    );
    for (const [field, theirs] of [
      ["accountId", sibling.account],
      ["tenantId", sibling.tenant],
    ] as const) {
      expect(
        (await control.call("POST", "/v1/api-keys", { name: "x", scopes: ["sync:read"], [field]: theirs }, { key }))
          .status,
      ).toBe(404);
      expect((await control.call("GET", `/v1/api-keys?${field}=${theirs}`, undefined, { key })).status).toBe(404);
      expect(
        (await control.call("DELETE", `/v1/api-keys/${sibling.keyId}?${field}=${theirs}`, undefined, { key })).status,
      ).toBe(404);
    }
    expect((await control.call("DELETE", `/v1/api-keys/${sibling.keyId}`, undefined, { key })).status).toBe(404);
  });

  test("what is another's takes as long to refuse as what is not there", async () => {
    const median = (times: number[]): number => times.sort((a, b) => a - b)[times.length >> 1] ?? 0;
    for (const path of [
      (tenant: string) => `/v1/tenants/${tenant}`,
      (tenant: string) => `/v1/tenants/${tenant}/sync`,
    ]) {
      const times = { real: [] as number[], unreal: [] as number[] };
      for (let round = 0; round < 40; round++)
        for (const [which, tenant] of [
          ["real", sibling.tenant],
          ["unreal", nobody.tenant],
        ] as const) {
          const from = performance.now();
          await control.call("GET", path(tenant), undefined, { key: ours.accountKey });
          times[which].push(performance.now() - from);
        }
      const ratio = median(times.real) / median(times.unreal);
      expect(ratio).toBeGreaterThan(0.4);
      expect(ratio).toBeLessThan(2.5);
    }
  });

  test("lists hold what is one's own", async () => {
    const seen = async (path: string, key: string) => (await control.call("GET", path, undefined, { key })).text;
    for (const path of ["/v1/tenants", "/v1/accounts", "/v1/pools", "/v1/edges", "/v1/api-keys"]) {
      const text = await seen(path, ours.accountKey);
      for (const id of [sibling.tenant, sibling.account, sibling.pool, sibling.edge, sibling.keyId])
        expect(text, path).not.toContain(id);
      if (path.endsWith("pools") || path.endsWith("edges"))
        expect((await control.call("GET", path, undefined, { key: ours.tenantKey })).status).toBe(403);
      else expect(await seen(path, ours.tenantKey)).not.toContain(below.tenant);
    }
    expect(await seen("/v1/tenants", ours.tenantKey)).toContain(ours.tenant);
  });

  test("a key gives no more than it has", async () => {
    const narrow = await mint({ accountId: ours.account }, ["api-keys:write", "extensions:*", "*:read"]);
    const give = async (scopes: string[], more = {}) =>
      (await control.call("POST", "/v1/api-keys", { name: "x", scopes, ...more }, { key: narrow.key })).status;
    for (const scopes of [
      ["*"],
      ["*:write"],
      ["*:*"],
      ["trunks:write"],
      ["trunks:*"],
      ["extensions:read", "tenants:write"],
    ])
      expect(await give(scopes)).toBe(403);
    for (const scopes of [["extensions:read"], ["extensions:*"], ["trunks:read"], ["*:read"], ["api-keys:write"]])
      expect(await give(scopes, { tenantId: ours.tenant })).toBe(201);
    for (const scopes of [
      [],
      ["extensions"],
      ["x:read"],
      ["extensions:read:write"],
      ["extensions:foo:read"],
      [":read"],
      ["*:delete"],
      ["sync:write"],
    ])
      expect(await give(scopes)).toBe(422);
    expect(
      (
        await control.call("POST", "/v1/api-keys", {
          name: "x",
          scopes: ["*:read"],
          tenantId: ours.tenant,
          accountId: ours.account,
        })
      ).status,
    ).toBe(422);
  });

  test("scopes mean what they say", async () => {
    const may = async (scopes: string[]) => {
      const { key } = await mint({ tenantId: ours.tenant }, scopes);
      const path = `/v1/tenants/${ours.tenant}`;
      const statuses = await Promise.all([
        control.call("GET", `${path}/extensions`, undefined, { key }),
        control.call("PATCH", `${path}/extensions/1001`, {}, { key }),
        control.call("GET", `${path}/trunks`, undefined, { key }),
        control.call("POST", `${path}/apply`, { extensions: [] }, { key }),
      ]);
      return statuses.map(({ status }) => (status === 200 ? "y" : status === 403 ? "n" : String(status))).join("");
    };
    expect(await may(["*"])).toBe("yyyy");
    expect(await may(["*:*"])).toBe("yyyy");
    expect(await may(["*:read"])).toBe("ynyn");
    expect(await may(["*:write"])).toBe("nyny");
    expect(await may(["extensions:*"])).toBe("yyny");
    expect(await may(["extensions:read"])).toBe("ynnn");
    expect(await may(["extensions:write", "trunks:write"])).toBe("nyny");
  });
});
