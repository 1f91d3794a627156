// Sandboxes: test keys reach them and nothing else, nothing in them is in the way of anything live, and what follows a call there is what follows a real one.
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Body } from "../../../core/resources/kind.ts";
import type { CallRecord } from "../../../core/wire-events.ts";
import { newTenant, type Reply, type TestControl, testControl } from "../../support/control.ts";
import { type Receiver, startReceiver } from "../../support/receiver.ts";

let control: TestControl;
let receiver: Receiver;
type Place = { account: string; key: string; tenant: { id: string; path: string; domain: string } };
let reseller: string;
let live: Place;
let one: Place;
let two: Place;

const made = async (path: string, body: unknown, key?: string): Promise<Body> => {
  const reply = await control.call("POST", path, body, key ? { key } : {});
  if (reply.status !== 201) throw new Error(`${path}: ${reply.text}`);
  return reply.body;
};
const document = {
  extensions: [
    { number: "1001", displayName: "Ada" },
    { number: "1002", displayName: "Grace", ringSeconds: 20 },
    { number: "1003", displayName: "Carol", voicemailBox: "1003" },
  ],
  "voicemail-boxes": [{ number: "1003", label: "Carol's" }],
  "ring-groups": [
    { name: "sales", extensionNumber: "600", ringSeconds: 20, members: [{ extension: "1002" }, { extension: "1003" }] },
  ],
  "phone-numbers": [{ number: "+15550100", destination: { kind: "ring-group", ref: "sales" } }],
};
async function place(name: string, settings: Body, key?: string): Promise<Place> {
  const account = String((await made("/v1/accounts", { name, ...settings }, key)).id);
  const minted = await made("/v1/api-keys", { name: "k", scopes: ["*"], accountId: account }, key);
  const tenant = await newTenant(control, { name: "Acme", accountId: account, document });
  return { account, key: String(minted.key), tenant };
}
const play = (body: Body, { key, tenant } = one, path = "calls"): Promise<Reply> =>
  control.call("POST", `${tenant.path}/sandbox/${path}`, { from: "1001", ...body }, { key });
const get = async (path: string, key = one.key): Promise<Body> => {
  const reply = await control.call("GET", path, undefined, { key });
  expect(reply.status, reply.text).toBe(200);
  return reply.body;
};
const played = async (body: Body): Promise<CallRecord> => {
  const reply = await play(body);
  expect(reply.status, reply.text).toBe(201);
  return reply.body.call as unknown as CallRecord;
};
const ways = ({ segments }: CallRecord) => segments?.map(({ kind, number, outcome }) => `${kind} ${number} ${outcome}`);
const idsOf = (body: Body) => (body.data as Body[]).map(({ id }) => id);

beforeAll(async () => {
  control = await testControl({ webhookAllow: ["127.0.0.1"] });
  receiver = await startReceiver();
  reseller = String((await made("/v1/accounts", { name: "Reseller" })).id);
  const { key } = await made("/v1/api-keys", { name: "k", scopes: ["*"], accountId: reseller });
  live = { account: reseller, key: String(key), tenant: await newTenant(control, { accountId: reseller, document }) };
  // the same names, domains and numbers, twice more
  one = await place("Sandbox", { sandbox: true }, live.key);
  two = await place("Another", { sandbox: true }, live.key);
});
afterAll(async () => {
  await control.stop();
  await receiver.close();
});

describe("a sandbox", () => {
  it("has test keys, also after their rotation, and whatever is live has others", async () => {
    expect(live.key).toMatch(/^dp_live_/);
    expect(one.key).toMatch(/^dp_test_[0-9A-Za-z]{40}$/);
    const inside = await made("/v1/api-keys", { name: "k", scopes: ["*"], tenantId: one.tenant.id }, one.key);
    expect(inside.key).toMatch(/^dp_test_/);
    const rotated = await control.call(
      "POST",
      `/v1/api-keys/${inside.id}/rotate?tenantId=${one.tenant.id}`,
      {},
      { key: one.key },
    );
    expect(rotated.body.key).toMatch(/^dp_test_/);
  });

  it("is one for good, with all that is made below it, and shows it", async () => {
    expect(await get(`/v1/accounts/${one.account}`)).toMatchObject({ sandbox: true, accountId: reseller });
    expect(await get(one.tenant.path)).toMatchObject({ sandbox: true, poolId: null });
    expect(await get(live.tenant.path, live.key)).toMatchObject({ sandbox: false });
    const below = await made("/v1/accounts", { name: "Below" }, one.key);
    expect(below.sandbox).toBe(true);
    const settings = `/v1/accounts/${one.account}`;
    expect((await control.call("PATCH", settings, { sandbox: false })).status).toBe(422);
    expect((await control.call("POST", "/v1/accounts", { name: "x", sandbox: false }, { key: one.key })).status).toBe(
      409,
    );
  });

  it("uses what is taken elsewhere, live or in another sandbox, and takes it from nobody", async () => {
    expect(one.tenant.domain).toBe(live.tenant.domain);
    for (const { tenant, key } of [live, one, two])
      expect(await get(`${tenant.path}/phone-numbers/+15550100`, key)).toMatchObject({ number: "+15550100" });
    // in itself a number is one tenant's
    const second = await newTenant(control, { name: "Second", accountId: one.account });
    const again = await control.call("POST", `${second.path}/phone-numbers`, { number: "+15550100" }, { key: one.key });
    expect([again.status, again.body.code]).toEqual([409, "taken"]);
    const own = { name: "Own", domain: "pbx.of-somebody.example", accountId: one.account };
    expect((await control.call("POST", "/v1/tenants", own, { key: one.key })).status).toBe(201);
  });

  it("neither sees nor takes numbers or plans of the accounts above it, and uses up no limit there", async () => {
    await made(`/v1/accounts/${reseller}/phone-numbers`, { number: "+15550177" });
    const free = `${one.tenant.path}/phone-numbers`;
    expect((await get(`${free}/free`)).data).toEqual([]);
    const claim = await control.call("POST", `${free}/claim`, { number: "+15550177" }, { key: one.key });
    expect([claim.status, claim.body.code]).toEqual([409, "taken"]);
    await made(`/v1/accounts/${reseller}/plans`, { name: "Basic", extensions: 10 });
    const planned = await control.call("POST", "/v1/tenants", { name: "x", plan: "Basic" }, { key: one.key });
    expect([planned.status, planned.body.code]).toEqual([422, "reference_not_found"]);
    const path = `/v1/accounts/${reseller}/limits`;
    expect((await control.call("PUT", path, { extensions: 3 })).status).toBe(200);
    await made(`${two.tenant.path}/extensions`, { number: "1009" }, two.key);
    const full = await control.call("POST", `${live.tenant.path}/extensions`, { number: "1009" });
    expect([full.status, full.body.code]).toEqual([422, "limit_reached"]);
    expect((await control.call("DELETE", path)).status).toBe(200);
  });

  it("is told by itself alone: lists of the accounts above leave out its tenants, numbers and calls", async () => {
    await played({ to: "1002" });
    const listed = async (what: string, top: Place) =>
      JSON.stringify(await get(`/v1/accounts/${top.account}/${what}`, top.key));
    for (const what of ["tenants", "phone-numbers", "calls", "sync"]) {
      expect(await listed(what, live), what).not.toContain(one.tenant.id);
      expect(await listed(what, one), what).toContain(one.tenant.id);
    }
    expect(await listed("accounts", live)).toContain(one.account);
    const found = `/v1/accounts/${reseller}/phone-numbers?number=%2B15550100`;
    expect((await get(found, live.key)).data).toMatchObject([{ tenantId: live.tenant.id }]);
  });

  it("lets nothing move in or out, and has no pools, edges or tenants on them", async () => {
    const move = (from: Place, to: Place) =>
      control.call("POST", `${from.tenant.path}/move`, { accountId: to.account });
    for (const [from, to] of [
      [live, one],
      [one, live],
      [one, two],
    ] as const) {
      const clone = { name: "Copy", accountId: to.account };
      for (const { status, body } of [
        await move(from, to),
        await control.call("POST", `${from.tenant.path}/clone`, clone),
      ])
        expect([status, body.code]).toEqual([409, "conflict"]);
    }
    expect(await made(`${two.tenant.path}/clone`, { name: "Copy" }, two.key)).toMatchObject({
      sandbox: true,
      poolId: null,
    });
    const lower = await made("/v1/accounts", { name: "Lower" }, two.key);
    const inside = await newTenant(control, { name: "Moves", accountId: two.account });
    const moved = await control.call("POST", `${inside.path}/move`, { accountId: lower.id }, { key: two.key });
    expect(moved.body).toMatchObject({ accountId: lower.id, sandbox: true, poolId: null });
    const pool = await control.call("POST", "/v1/pools", { name: "p" }, { key: one.key });
    expect([pool.status, pool.body.code]).toEqual([409, "conflict"]);
    const [{ id: poolId } = {}] = (await get("/v1/pools", control.key)).data as Body[];
    const onPool = await control.call("POST", "/v1/tenants", { name: "x", accountId: one.account, poolId });
    expect([onPool.status, onPool.body.code]).toEqual([409, "conflict"]);
    expect((await control.call("POST", "/v1/edges", { poolId }, { key: one.key })).status).toBe(422);
  });

  it("has each revision in place at once", async () => {
    const { body } = await control.call("PATCH", one.tenant.path, { language: "de" }, { key: one.key });
    const edge = { id: "edg_sandbox", name: "sandbox", applied: body.revision, inStep: true, failures: [] };
    expect(await get(`${one.tenant.path}/sync`)).toMatchObject({ revision: body.revision, edges: [edge] });
  });

  it("is purged whole, and its numbers are free in it again", async () => {
    const { account, key, tenant } = await place("Gone", { sandbox: true }, live.key);
    const gone = await control.call("DELETE", `${tenant.path}?purge=now`, undefined, { key });
    expect(gone.status, gone.text).toBeLessThan(300);
    await vi.waitFor(
      async () =>
        expect(await control.ctx.store.get({ pk: `U#${account}#number#+15550100`, sk: "CLAIM" })).toBeUndefined(),
      { timeout: 10_000, interval: 50 },
    );
    expect(await get(`${live.tenant.path}/phone-numbers/+15550100`, live.key)).toBeDefined();
  });
});

/** The names of its members, deep; of a list those of its items, all alike. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length > 0 ? [shapeOf(value[0])] : [];
  if (typeof value !== "object" || value === null) return "";
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shapeOf(member)]));
}
/** A record that an edge made of what FreeSWITCH told of such a call. */
function real(name: string): CallRecord {
  const folder = "../../edge-agent/drivers/freeswitch/report/golden";
  return JSON.parse(readFileSync(new URL(`${folder}/${name}.json`, import.meta.url), "utf8"));
}
const gist = ({ direction, outcome, hangupCause, hangupBy, trunk, answeredAt, legs }: CallRecord) => ({
  ...{ direction, outcome, hangupCause, hangupBy, trunk, isAnswered: answeredAt !== null },
  legs: legs.map((leg) => [leg.direction, leg.cause, leg.q850, leg.answeredAt !== null, leg.extension !== null]),
});

describe("a call in a sandbox", () => {
  it.each([
    ["that is answered", { to: "1002" }, "lookup_answered", ["extension 1002 answered"]],
    ["to one who is busy", { to: "1002", assume: { 1002: "busy" } }, "lookup_busy", ["extension 1002 busy"]],
    ["that nobody takes", { to: "1002", answerAfterSeconds: 20 }, "lookup_noanswer", ["extension 1002 no-answer"]],
    ["to nobody", { to: "8888" }, "lookup_unknown", []],
    [
      "that ends in a voicemail box",
      { to: "1003", assume: { 1003: "no-answer" } },
      "voicemail_leave",
      ["extension 1003 no-answer", "voicemail-box 1003 voicemail"],
    ],
    [
      "to one who is not there",
      { to: "1003", assume: { 1003: "not-registered" } },
      "lookup_voicemail",
      ["extension 1003 not-registered", "voicemail-box 1003 voicemail"],
    ],
  ])("%s leaves the record that a real one leaves", async (_, body, name, way) => {
    const call = await played(body);
    const { seq, tenant, segments, ...wanted } = real(name);
    const { segments: own, ...shown } = call;
    expect(shapeOf(shown)).toEqual({ ...(shapeOf(wanted) as Body), livemode: "" });
    expect(gist(call)).toEqual(gist(real(name)));
    expect(ways(call)).toEqual(way);
    expect(own?.[0] === undefined || own[0].startedAt === call.startedAt).toBe(true);
    expect(await get(`${one.tenant.path}/calls/${call.id}`)).toEqual(call);
    expect((await get(`${one.tenant.path}/calls`)).data).toContainEqual(call);
  });

  it("tells of a ring group whom it rang, and lasts as long as it was asked to", async () => {
    const call = await played({ from: "+15550999", to: "+15550100", answerAfterSeconds: 4, talkSeconds: 61 });
    expect(call).toMatchObject({
      ...{ direction: "inbound", outcome: "answered", durationSeconds: 65, billableSeconds: 61, livemode: false },
      ...{ from: { number: "+15550999", extension: null }, to: { number: "+15550100", name: "Grace" } },
    });
    expect(ways(call)).toEqual(["ring-group 600 answered", "extension 1002 answered", "extension 1003 cancelled"]);
    const calls = await get(`${one.tenant.path}/calls?direction=inbound`);
    expect(calls.data).toMatchObject([{ id: call.id, livemode: false }]);
  });

  it("goes by the schedule of another time, and ends now", async () => {
    const call = await played({ to: "1002", at: "2031-12-24T20:00:00Z" });
    expect(Math.abs(Date.parse(call.endedAt) - Date.now())).toBeLessThan(60_000);
  });

  it("sets what a feature code sets", async () => {
    const goesTo = async () =>
      (await control.call("POST", `${one.tenant.path}/simulate`, { from: "1001", to: "1002" }, { key: one.key })).body
        .outcome;
    expect(await goesTo()).toMatchObject({ do: "ring" });
    expect(await played({ from: "1002", to: "*78" })).toMatchObject({ outcome: "answered", to: { number: "*78" } });
    expect(await goesTo()).toMatchObject({ do: "hangup" });
    await played({ from: "1002", to: "*79" });
    expect(await goesTo()).toMatchObject({ do: "ring" });
  });

  it("leaves a message that can be heard, marked and deleted", async () => {
    await played({ to: "1003", assume: { 1003: "busy" }, talkSeconds: 3 });
    const box = `${one.tenant.path}/voicemail-boxes/1003/messages`;
    const [message = {}] = (await get(box)).data as Body[];
    expect(message).toMatchObject({ seconds: 3, read: false, from: { number: "1001", name: "Ada" } });
    const audio = await fetch(String((await get(`${box}/${message.id}/audio`)).url));
    expect([audio.status, (await audio.arrayBuffer()).byteLength]).toEqual([200, message.bytes]);
    const command = await control.call("PATCH", `${box}/${message.id}`, { read: true }, { key: one.key });
    expect(await get(`${one.tenant.path}/commands/${command.body.id}`)).toMatchObject({ state: "done" });
    expect(await get(`${box}?read=true`)).toMatchObject({ data: [{ id: message.id }] });
    await control.call("DELETE", `${box}/${message.id}`, undefined, { key: one.key });
    expect(idsOf(await get(box))).not.toContain(message.id);
  });

  it("sends what was told to its webhooks, with livemode false, and to none above", async () => {
    const wanted = ["call.completed", "voicemail.received", "extension.registered", "extension.created"];
    const hooks = (account: string, path: string) =>
      made(`/v1/accounts/${account}/webhook-endpoints`, { url: `${receiver.url}/${path}`, events: wanted });
    await hooks(two.account, "sandbox");
    await hooks(reseller, "live");
    const placed = await play({ to: "1003", assume: { 1003: "no-answer" } }, two);
    expect(placed.status, placed.text).toBe(201);
    await play({ extension: "1001", from: undefined }, two, "registrations");
    // after all of that, since both come by one log
    await control.call("POST", `${live.tenant.path}/extensions`, { number: "1010" });
    await vi.waitFor(() => expect(receiver.types()).toEqual(expect.arrayContaining(wanted)), { timeout: 10_000 });
    const { id: call } = placed.body.call as unknown as CallRecord;
    for (const { event } of receiver.received) {
      const isLive = event.tenantId === live.tenant.id;
      expect(event, event.type).toMatchObject({ livemode: isLive, accountId: isLive ? reseller : two.account });
    }
    const told = receiver.received.find(({ event }) => event.type === "call.completed")?.event;
    expect(told).toMatchObject({ tenantId: two.tenant.id, data: { id: call, outcome: "voicemail", livemode: false } });
    expect(receiver.received).toHaveLength(wanted.length);
    const log = (await get("/v1/events?limit=100", two.key)).data as Body[];
    expect(log.map(({ livemode }) => livemode)).not.toContain(true);
    expect(JSON.stringify(await get("/v1/events?limit=100", live.key))).not.toContain(two.tenant.id);
  });

  it("is one, however often its request is sent under one key", async () => {
    const send = () =>
      control.call(
        "POST",
        `${one.tenant.path}/sandbox/calls`,
        { from: "1001", to: "1002" },
        {
          ...{ key: one.key, headers: { "Idempotency-Key": "once" } },
        },
      );
    const [first, second] = [await send(), await send()];
    expect([first.status, second.body]).toEqual([201, first.body]);
    const { id } = first.body.call as unknown as CallRecord;
    expect(idsOf(await get(`${one.tenant.path}/calls`)).filter((one) => one === id)).toHaveLength(1);
  });

  it("is refused where the tenant is live, or where nobody could call", async () => {
    for (const [path, body] of [
      ["calls", { from: "1001", to: "1002" }],
      ["registrations", { extension: "1001" }],
    ] as const) {
      const { status, body: problem } = await control.call("POST", `${live.tenant.path}/sandbox/${path}`, body);
      expect([status, problem.code]).toEqual([409, "conflict"]);
    }
    const outside = await play({ from: "+15550999", to: "nobody" });
    expect([outside.status, outside.body.errors]).toEqual([422, [expect.objectContaining({ pointer: "/to" })]]);
    const phone = await play({ from: undefined, extension: "9999" }, one, "registrations");
    expect([phone.status, phone.body.errors]).toEqual([422, [expect.objectContaining({ pointer: "/extension" })]]);
  });
});

it("a phone of a sandbox registers and leaves", async () => {
  const register = (more: Body) => play({ from: undefined, extension: "1002", ...more }, one, "registrations");
  const there = await register({});
  expect(there.body).toMatchObject({ username: "1002", expiresAt: expect.any(String) });
  const listed = async () => (await get(`${one.tenant.path}/registrations`)).data;
  expect(await listed()).toEqual([there.body]);
  expect((await register({ registered: false })).body.expiresAt).toBeNull();
  expect(await listed()).toEqual([]);
});

it("a command that needs a phone fails in a sandbox at once, and says what to do", async () => {
  const { body } = await control.call(
    "POST",
    `${one.tenant.path}/calls`,
    { from: "1001", to: "1002" },
    { key: one.key },
  );
  const command = await get(`${one.tenant.path}/commands/${body.id}`);
  expect(command).toMatchObject({ state: "failed", detail: expect.stringContaining("sandbox/calls") });
});
