// The audit log: one record of each change, in the transaction that makes it, readable by those it concerns. That every route leaves one is
// test/functions/api/openapi.test.ts.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { accountOwner } from "../../../core/owner.ts";
import type { AuditRecord } from "../../../functions/audit/shown.ts";
import type { Store } from "../../../functions/store/store.ts";
import { pause, readEndpoint } from "../../../functions/webhooks/endpoint.ts";
import { newTenant, type Reply, type TestControl, testControl } from "../../support/control.ts";
import { enrolEdge } from "../../support/signed-edge.ts";

let control: TestControl;
/** What happens to the next transaction that holds an audit record: it is lost, or its answer is. */
let fault: "before" | "after" | undefined;

function withFaults(store: Store): Store {
  return {
    ...store,
    async transact(operations) {
      const audited = operations.some((operation) => "put" in operation && operation.put.sk.startsWith("AUDIT#"));
      const now = audited ? fault : undefined;
      if (now) fault = undefined;
      if (now === "before") throw new Error("the store is gone (injected)");
      await store.transact(operations);
      if (now === "after") throw new Error("the connection was lost (injected)");
    },
  };
}

beforeAll(async () => {
  control = await testControl({ store: withFaults });
});
afterAll(() => control.stop());
beforeEach(() => {
  fault = undefined;
});

const account = async (name: string, more = {}): Promise<string> =>
  String((await control.call("POST", "/v1/accounts", { name, ...more })).body.id);
const mint = async (owner: Record<string, string>, scopes = ["*"]) =>
  (await control.call("POST", "/v1/api-keys", { name: "k", scopes, ...owner })).body as unknown as {
    id: string;
    key: string;
  };
const requestOf = (reply: Reply): string => String(reply.headers.get("x-request-id"));

async function audit(query: string, key = control.key): Promise<{ data: AuditRecord[]; next: string | null }> {
  const reply = await control.call("GET", `/v1/audit?${query}`, undefined, { key });
  expect(reply.status, reply.text).toBe(200);
  return reply.body as never;
}
const of = async (reply: Reply): Promise<AuditRecord[]> => (await audit(`requestId=${requestOf(reply)}`)).data;

describe("a record", () => {
  test("tells who did what to what, from where, and as which revision", async () => {
    const { id, path } = await newTenant(control);
    const mine = await mint({ tenantId: id });
    const made = await control.call("POST", `${path}/extensions`, { number: "1001" }, { key: mine.key });
    expect(await of(made)).toEqual([
      {
        id: `aud_${requestOf(made).slice(4)}`,
        at: expect.stringMatching(/^\d{4}-.*Z$/),
        actor: { type: "api-key", id: mine.id, name: "k", ip: "127.0.0.1", requestId: requestOf(made) },
        ...{ method: "POST", route: "/v1/tenants/{tenant}/extensions", path: `${path}/extensions`, status: 201 },
        ...{ accountId: expect.stringMatching(/^acc_/), tenantId: id },
        ...{ target: { kind: "extension", id: made.body.id }, revision: 1 },
      },
    ]);
    expect((await control.call("GET", `${path}/changes/1`)).body.actor).toEqual((await of(made))[0]?.actor);
  });

  test("is left by what people cause without a key too: an edge that enrols, the first start, an endpoint that is paused", async () => {
    const since = new Date().toISOString();
    const operator = String((await control.call("GET", "/v1/me")).body.accountId);
    const edge = await enrolEdge(control);
    const { body } = await control.call("POST", `/v1/accounts/${operator}/webhook-endpoints`, {
      url: "https://h.example/",
    });
    const endpoint = await readEndpoint(control.ctx, accountOwner(operator), String(body.id));
    await pause(control.ctx, endpoint ?? expect.fail(), "it is dead");
    const all = (await audit(`limit=100&from=${since}`)).data;
    expect(all.filter(({ actor }) => actor.type === "edge")).toEqual([
      expect.objectContaining({
        actor: expect.objectContaining({ id: edge.id, ip: "127.0.0.1", requestId: expect.stringMatching(/^req_/) }),
        target: { kind: "edge", id: edge.id },
        route: "/v1/edges/enroll",
      }),
    ]);
    expect(all.filter(({ actor }) => actor.id === "webhooks")).toEqual([
      expect.objectContaining({ target: { kind: "webhook-endpoint", id: body.id }, route: null, accountId: operator }),
    ]);
    expect((await audit(`actor=bootstrap`)).data).toMatchObject([{ target: { kind: "account", id: operator } }]);
  });

  test("is not left by what changes nothing: a dry run, the same again, a refusal, a replay", async () => {
    const { path } = await newTenant(control);
    const once = { headers: { "idempotency-key": "audit-once" } };
    const first = await control.call("POST", `${path}/extensions`, { number: "1001" }, once);
    const replies = [
      await control.call("POST", `${path}/extensions`, { number: "1001" }, once),
      await control.call("POST", `${path}/apply?dryRun=true`, { extensions: [{ number: "1002" }] }),
      await control.call("PATCH", `${path}/extensions/1001`, { number: "1001" }),
      await control.call("POST", `${path}/extensions`, { number: "x" }),
      await control.call("POST", `${path}/extensions`, { number: "1001" }),
      await control.call("DELETE", `${path}/extensions/4711`),
      await control.call("POST", `${path}/extensions`, { number: "1003" }, { key: (await mint({}, ["*:read"])).key }),
    ];
    expect(replies.map(({ status }) => status)).toEqual([201, 200, 200, 422, 409, 404, 403]);
    expect(await of(first)).toHaveLength(1);
    for (const reply of replies) expect(await of(reply)).toEqual([]);
  });

  test("holds no secret and no body", async () => {
    const { id, path } = await newTenant(control);
    const password = "Very-Secret-1";
    await control.call("POST", `${path}/extensions`, { number: "1001", devices: [{ username: "desk", password }] });
    const key = await mint({ tenantId: id });
    const rotated = await control.call("POST", `/v1/api-keys/${key.id}/rotate?tenantId=${id}`, {});
    const hook = await control.call("POST", `${path}/webhook-endpoints`, { url: "https://h.example/token-in-url" });
    const text = JSON.stringify(await audit(`tenantId=${id}&limit=100`));
    for (const secret of [password, key.key, rotated.body.key, hook.body.secret, "token-in-url"])
      expect(text).not.toContain(String(secret));
  });

  test.for(["before", "after"] as const)(
    "and the work are there both or neither, where the store is gone %s the commit",
    async (when) => {
      const { id, path } = await newTenant(control);
      const key = await mint({ tenantId: id });
      await control.call("POST", `${path}/extensions`, { number: "1001" });
      const revision = async () => Number((await control.call("GET", path)).body.revision);
      const count = async (what: string) => (await control.call("GET", what)).body.data as unknown as unknown[];
      const writes: [method: string, path: string, body: unknown, state: () => Promise<unknown>][] = [
        ["POST", `${path}/extensions`, { number: "1002" }, revision],
        ["PATCH", `${path}/extensions/1001`, { displayName: "Ada" }, revision],
        ["PATCH", path, { name: "New" }, revision],
        ["PATCH", `${path}/extensions/1001/runtime`, { doNotDisturb: true }, () => count(`${path}/runtime`)],
        [
          "POST",
          "/v1/api-keys",
          { name: "n", scopes: ["*"], tenantId: id },
          () => count(`/v1/api-keys?tenantId=${id}`),
        ],
        ["POST", `/v1/api-keys/${key.id}/rotate?tenantId=${id}`, {}, () => count(`/v1/api-keys?tenantId=${id}`)],
        ["DELETE", `/v1/api-keys/${key.id}?tenantId=${id}`, undefined, () => count(`/v1/api-keys?tenantId=${id}`)],
        ["POST", `${path}/webhook-endpoints`, { url: "https://h.example/" }, () => count(`${path}/webhook-endpoints`)],
        ["POST", "/v1/pools", { name: "p" }, () => count("/v1/pools")],
        ["DELETE", `${path}/extensions/1001`, undefined, revision],
        ["DELETE", path, undefined, async () => (await control.call("GET", path)).status],
      ];
      for (const [method, at, body, state] of writes) {
        const name = `${method} ${at}`;
        const before = await state();
        fault = when;
        const reply = await control.call(method, at, body);
        expect([reply.status, fault], name).toEqual([500, undefined]);
        expect(JSON.stringify(await state()) !== JSON.stringify(before), name).toBe(when === "after");
        expect(await of(reply), name).toHaveLength(when === "after" ? 1 : 0);
        if (when === "before") expect((await control.call(method, at, body)).status, name).toBeLessThan(300);
      }
    },
  );
});

describe("the log", () => {
  test("of an account is of all below it, newest first; of a tenant its own; strangers' as if it were not there", async () => {
    const reseller = await account("Reseller");
    const under = await account("Under", { accountId: reseller });
    const other = await account("Other");
    const mine = await newTenant(control, { accountId: reseller });
    const deep = await newTenant(control, { accountId: under });
    const theirs = await newTenant(control, { accountId: other });
    for (const { path } of [mine, deep, theirs])
      await control.call("POST", `${path}/contacts`, { name: "A", number: "+15550123" });
    const whose = async (query: string, key: string) =>
      (await audit(query, key)).data.map(({ target, tenantId, accountId }) => [target?.kind, tenantId ?? accountId]);
    const { key } = await mint({ accountId: reseller });
    expect(await whose("", key)).toEqual([
      ["api-key", reseller],
      ["contact", deep.id],
      ["contact", mine.id],
      ["tenant", deep.id],
      ["tenant", mine.id],
      ["account", under],
      ["account", reseller],
    ]);
    expect(await whose(`accountId=${under}`, key)).toEqual([
      ["contact", deep.id],
      ["tenant", deep.id],
      ["account", under],
    ]);
    const tenantKey = (await mint({ tenantId: deep.id })).key;
    expect(await whose("", tenantKey)).toEqual([
      ["api-key", deep.id],
      ["contact", deep.id],
      ["tenant", deep.id],
    ]);
    const { requestId } = (await audit(`tenantId=${theirs.id}`)).data[0]?.actor ?? expect.fail();
    expect(await whose(`requestId=${requestId}`, key)).toEqual([]);
    for (const query of [`tenantId=${theirs.id}`, `accountId=${other}`, "tenantId=ten_01ARZ3NDEKTSV4RRFFQ69G5FAV"])
      expect((await control.call("GET", `/v1/audit?${query}`, undefined, { key })).status).toBe(404);
    const blind = await mint({ accountId: reseller }, ["events:read"]);
    expect((await control.call("GET", "/v1/audit", undefined, { key: blind.key })).body.scope).toBe("audit:read");
  });

  test("of an account keeps what was done in accounts that were deleted below it, as long as they can be restored", async () => {
    const top = await account("Keeps");
    const mid = await account("Mid", { accountId: top });
    const deep = await account("Deep", { accountId: mid });
    const tenant = await newTenant(control, { accountId: deep });
    await control.call("PATCH", `/v1/accounts/${deep}`, { name: "Changed" });
    const { key } = await mint({ accountId: top });
    const ids = async () => (await audit("limit=100", key)).data.map(({ id }) => id);
    const before = await ids();
    expect(before).toHaveLength(6);
    const remove = (path: string) => control.call("DELETE", path, undefined, { key });
    // by itself, and then with the account that it is in
    const gone = await of(await remove(`/v1/accounts/${deep}?cascade=true`));
    expect(gone).toMatchObject([{ accountId: mid, target: { kind: "account", id: deep } }]);
    expect(await ids()).toEqual([gone[0]?.id, ...before]);
    const with_ = await of(await remove(`/v1/accounts/${mid}?cascade=true`));
    await expect.poll(async () => (await control.call("GET", tenant.path)).status).toBe(404);
    expect(await ids()).toEqual([with_[0]?.id, gone[0]?.id, ...before]);
    expect(
      (await audit("limit=100&actor=nobody", (await mint({ accountId: await account("Stranger") })).key)).data,
    ).toEqual([]);
  });

  test("by pages gives each record once while others are made, of several accounts", async () => {
    const top = await account("Top");
    const places = [top];
    for (let index = 0; index < 3; index++) places.push(await account(`A${index}`, { accountId: places.at(-1) }));
    const touch = async (round: number) => {
      for (const place of places) await control.call("PATCH", `/v1/accounts/${place}`, { name: `round ${round}` });
    };
    for (let round = 0; round < 4; round++) await touch(round);
    const { key } = await mint({ accountId: top });
    const all = (await audit("limit=100", key)).data.map(({ id }) => id);
    expect(all).toHaveLength(21);
    expect(all).toEqual([...all].sort().reverse());
    const found: string[] = [];
    for (let after = "", page = 0; after !== "null"; page++) {
      const { data, next } = await audit(`limit=4${after && `&after=${after}`}`, key);
      found.push(...data.map(({ id }) => id));
      after = String(next);
      if (page < 2) await touch(10 + page);
    }
    expect(found).toEqual(all);
  });

  test("is asked by who, by request and by time; what can't be understood is refused", async () => {
    const { id, path } = await newTenant(control);
    const mine = await mint({ tenantId: id });
    const first = await control.call("PATCH", path, { name: "One" }, { key: mine.key });
    const second = await control.call("PATCH", path, { name: "Two" });
    const [one, two] = [(await of(first))[0], (await of(second))[0]];
    const ids = async (query: string) => (await audit(`tenantId=${id}&${query}`)).data.map((record) => record.id);
    expect(await ids(`actor=${mine.id}`)).toEqual([one?.id]);
    expect(await ids(`requestId=${requestOf(second)}`)).toEqual([two?.id]);
    expect(await ids(`from=${one?.at}`)).toEqual([two?.id, one?.id]);
    expect(await ids(`from=${one?.at}&to=${one?.at}`)).toEqual([one?.id]);
    expect(await ids(`from=${two?.at}&to=${one?.at}`)).toEqual([]);
    for (const query of ["from=yesterday", "to=1", "requestId=4711", "limit=0", "who=me"])
      expect((await control.call("GET", `/v1/audit?${query}`)).body.code, query).toBe("bad_parameter");
    for (const cursor of ["x", Buffer.from("aud_1").toString("base64url")])
      expect((await control.call("GET", `/v1/audit?after=${cursor}`)).body.code).toBe("bad_cursor");
  });

  test("keeps a record for 400 days, and where the tenant was then", async () => {
    const [from, to] = [await account("From"), await account("To")];
    const { id, path } = await newTenant(control, { accountId: from });
    const moved = await control.call("POST", `${path}/move`, { accountId: to });
    expect(await of(moved)).toMatchObject([{ accountId: from, tenantId: id, target: { kind: "tenant", id } }]);
    expect((await audit(`accountId=${to}`)).data.map(({ tenantId }) => tenantId)).not.toContain(id);
    expect((await audit(`accountId=${from}`)).data.map(({ tenantId }) => tenantId)).toContain(id);
    const again = await control.call("POST", `${path}/move`, { accountId: to });
    expect([again.status, await of(again)]).toEqual([200, []]);
    const { now } = control.ctx;
    const count = async (days: number) => {
      control.ctx.now = () => new Date(Date.now() + days * 86_400_000);
      return (await audit(`tenantId=${id}`)).data.length;
    };
    const counts = [await count(0), await count(399.9), await count(400.1)];
    control.ctx.now = now;
    expect(counts).toEqual([2, 2, 0]);
  });
});
