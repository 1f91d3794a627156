// Enrolment and signed requests: one token, one edge; one signature, one request.
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tenantOwner } from "../../../core/owner.ts";
import { enrolment } from "../../../core/wire-host.ts";
import { enrol as enrolIn } from "../../../functions/edges/enrol.ts";
import * as keys from "../../../functions/keys.ts";
import type { Store } from "../../../functions/store/store.ts";
import { newTenant, type Reply, type TestControl, testControl } from "../../support/control.ts";
import { enrolEdge, enrolmentOf, joinToken, newKey, pem, type SignedEdge } from "../../support/signed-edge.ts";

let control: TestControl;
let edge: SignedEdge;
const heartbeat = { version: "1", engine: { connected: true, version: null }, liveCalls: 0 };
const beat = (bent: Parameters<SignedEdge["request"]>[3] = {}): Promise<Reply> =>
  edge.request("POST", "heartbeat", heartbeat, bent);
const enrol = (body: unknown): Promise<Reply> => control.call("POST", "/v1/edges/enroll", body, { key: null });

const asEnrolment = (token: string, publicKey: Parameters<typeof enrolmentOf>[1]) =>
  enrolment.parse(enrolmentOf(token, publicKey));
const from = { ip: null, requestId: "req_1" };

beforeAll(async () => {
  control = await testControl();
  edge = await enrolEdge(control);
});
afterAll(() => control.stop());

describe("a signature", () => {
  test("opens every path of the protocol, and is seen", async () => {
    expect((await beat()).body.serverTime).toEqual(expect.any(String));
    const { body } = await control.call("GET", `/v1/edges/${edge.id}`);
    expect([body.health, body.seenAt]).toEqual([heartbeat, expect.any(String)]);
    expect(JSON.stringify(body)).not.toContain("queueUrl");
    expect((await edge.request("POST", "queue")).body).toMatchObject({ url: expect.stringContaining(edge.id) });
    expect((await edge.request("POST", "acks", { acks: [] })).status).toBe(204);
  });

  const empty = createHash("sha256").update("").digest("hex");
  test.for<[string, Parameters<SignedEdge["request"]>[3]]>([
    ["of another body", { sentBody: JSON.stringify({ ...heartbeat, liveCalls: 1 }) }],
    ["of another method", { method: "GET" }],
    ["of another path", { path: "/v1/edges/x/heartbeat" }],
    ["of a path that is then given a query", { sentPath: "?" }],
    ["of another time than is sent", { signature: "AAAA" }],
    ["by another key", { key: newKey().privateKey }],
    ["of nothing", { signature: "" }],
    ["that is no base64", { signature: "***" }],
    ["that is too long", { signature: "A".repeat(4000) }],
    ["of an edge that does not exist", { edge: "edg_01ARZ3NDEKTSV4RRFFQ69G5FAV" }],
    ["of an edge with a hostile id", { edge: `x#${"y".repeat(3000)}` }],
    ["of a hash instead of a body", { body: empty }],
    ["with a short nonce", { nonce: "short" }],
    ["with a hostile nonce", { nonce: "a#b/../../c d e f g h" }],
    ["with no time", { time: "" }],
  ])("%s is 401", async ([, bent]) => {
    const reply = await beat(bent?.sentPath === "?" ? { sentPath: `/v1/edges/${edge.id}/heartbeat?x=1` } : bent);
    expect([reply.status, reply.body.code], reply.text).toEqual([401, "unauthenticated"]);
    expect(reply.body).not.toHaveProperty("serverTime");
  });

  test("counts once: its nonce is refused again, also by ten at once", async () => {
    const nonce = "0123456789abcdef0123";
    const replies = await Promise.all(Array.from({ length: 10 }, () => beat({ nonce })));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(401)]);
    expect((await beat({ nonce })).status).toBe(401);
    const second = await enrolEdge(control);
    expect((await second.request("POST", "heartbeat", heartbeat, { nonce })).status).toBe(200);
  });

  test("of another time is refused with the server's, which then fits", async () => {
    for (const off of [-301_000, 301_000, 1e12]) {
      const reply = await beat({ time: new Date(Date.now() + off).toISOString() });
      expect([reply.status, reply.body.code]).toEqual([401, "unauthenticated"]);
      expect(Math.abs(Date.parse(String(reply.body.serverTime)) - Date.now())).toBeLessThan(5000);
      expect((await beat({ time: String(reply.body.serverTime) })).status).toBe(200);
    }
    expect((await beat({ time: "yesterday" })).status).toBe(401);
    for (const off of [-290_000, 290_000])
      expect((await beat({ time: new Date(Date.now() + off).toISOString() })).status).toBe(200);
  });

  test("of one edge does not open another's path, and an API key opens none", async () => {
    const other = await enrolEdge(control);
    const path = `/v1/edges/${other.id}/heartbeat`;
    expect((await beat({ path, sentPath: path })).status).toBe(401);
    expect((await control.call("POST", path, heartbeat)).status).toBe(401);
    expect((await control.call("GET", `/v1/edges/${other.id}/snapshot?owner=x`)).status).toBe(401);
  });

  test("of an edge that was taken out counts for nothing", async () => {
    const gone = await enrolEdge(control);
    expect((await control.call("DELETE", `/v1/edges/${gone.id}`)).status).toBe(204);
    expect((await gone.request("POST", "heartbeat", heartbeat)).status).toBe(401);
    expect((await control.call("GET", `/v1/edges/${gone.id}`)).status).toBe(404);
    expect((await enrol(enrolmentOf(gone.token, gone.publicKey))).status).toBe(401);
  });

  test("does not make hostile content good", async () => {
    const owner = (await newTenant(control)).id;
    const lies: [string, unknown, number][] = [
      ["acks", { acks: [{ owner: "T#x", epoch: 1, revision: 1 }] }, 422],
      ["acks", { acks: Array.from({ length: 1001 }, () => ({})) }, 422],
      ["acks", [], 422],
      ["events", { generation: "g", batch: 0, events: [] }, 422],
      ["events", { generation: "g".repeat(2000), batch: 1, events: [] }, 422],
      ["events", { generation: "a#b\u0000", batch: 1, events: [] }, 422],
      ["events", { generation: "g", batch: 1, events: Array.from({ length: 26 }, () => ({})) }, 422],
      ["differences", { buckets: [] }, 422],
      ["heartbeat", { ...heartbeat, version: "x".repeat(500_000) }, 413],
    ];
    for (const [what, body, status] of lies) {
      const reply = await edge.request("POST", what, body);
      expect(reply.status, `${what} ${JSON.stringify(body).slice(0, 80)}: ${reply.text}`).toBe(status);
    }
    for (const query of [
      "snapshot",
      "snapshot?owner=x",
      "changes?owner=T%23ten_x&epoch=1&since=0",
      `changes?owner=T%23${owner}&epoch=-1&since=0`,
      `changes?owner=T%23${owner}&epoch=1`,
      `snapshot?owner=T%23${owner}&after=zzz`,
      `snapshot?owner=T%23${owner}&after=${"A".repeat(2000)}`,
    ]) {
      const reply = await edge.request("GET", query);
      expect([400, 404], `${query}: ${reply.text}`).toContain(reply.status);
    }
  });
});

describe("a join token", () => {
  test("enrols one agent: the same key gets the same edge again, another is refused", async () => {
    const token = await joinToken(control);
    const { publicKey } = newKey();
    const first = await enrol(enrolmentOf(token, publicKey));
    const again = await enrol(enrolmentOf(token, publicKey));
    expect([first.status, again.status, again.body.edge]).toEqual([201, 201, first.body.edge]);
    const other = await enrol(enrolmentOf(token, newKey().publicKey));
    expect([other.status, other.body.code]).toEqual([401, "unauthenticated"]);
  });

  test("asked by one agent five times at once makes one edge; by five agents makes one", async () => {
    const { publicKey } = newKey();
    const token = await joinToken(control);
    const same = await Promise.all(Array.from({ length: 5 }, () => enrol(enrolmentOf(token, publicKey))));
    expect(same.flatMap(({ status, text }) => (status === 201 ? [] : [text]))).toEqual([]);
    expect(new Set(same.map(({ body }) => body.edge)).size).toBe(1);
    const second = await joinToken(control);
    const others = await Promise.all(Array.from({ length: 5 }, () => enrol(enrolmentOf(second, newKey().publicKey))));
    expect(others.map(({ status }) => status).sort()).toEqual([201, 401, 401, 401, 401]);
  });

  test("asked twice by one agent, of which one read it before the other used it up, makes one edge", async () => {
    const { publicKey } = newKey();
    const token = await joinToken(control);
    const { store } = control.ctx;
    const place = keys.joinToken(createHash("sha256").update(token).digest("hex"));
    const read = [await store.get(place)];
    const first = await enrol(enrolmentOf(token, publicKey));
    const late: Store["get"] = async (key) => (key.pk === place.pk && read.length > 0 ? read.pop() : store.get(key));
    const second = await enrolIn(
      { ...control.ctx, store: { ...store, get: late } },
      asEnrolment(token, publicKey),
      from,
    );
    expect(second.id).toBe(first.body.edge);
    const stranger = newKey();
    await enrol(enrolmentOf(await joinToken(control), stranger.publicKey));
    read.push({ ...(await store.get(place)), ...place, state: "new" });
    const refused = enrolIn(
      { ...control.ctx, store: { ...store, get: late } },
      asEnrolment(token, stranger.publicKey),
      from,
    );
    await expect(refused).rejects.toMatchObject({ code: "unauthenticated" });
  });

  test("is used up also by an agent that is enrolled already", async () => {
    const token = await joinToken(control);
    const again = await enrol(enrolmentOf(token, edge.publicKey));
    expect([again.status, again.body.edge]).toEqual([201, edge.id]);
    expect((await enrol(enrolmentOf(token, newKey().publicKey))).status).toBe(401);
  });

  test("is good for a day", async () => {
    const token = await joinToken(control);
    const { now } = control.ctx;
    control.ctx.now = () => new Date(Date.now() + 24 * 3600_000 + 1000);
    const late = await enrol(enrolmentOf(token, newKey().publicKey));
    control.ctx.now = now;
    expect(late.status).toBe(401);
    expect((await enrol(enrolmentOf(token, newKey().publicKey))).status).toBe(201);
  });

  test("is worth nothing with a key that is no Ed25519 key, or a name that is no line of text", async () => {
    const token = await joinToken(control);
    const { publicKey, privateKey } = newKey();
    const wrong: Record<string, unknown>[] = [
      { publicKey: "no key" },
      { publicKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString() },
      { publicKey: "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----\n" },
      { publicKey: "x".repeat(501) },
      { name: "" },
      { name: "a\r\nb" },
      { name: "a\u202eb" },
      { engine: "other" },
      { sip: { server: "a\nb", port: 5060, transport: "udp" } },
      { sip: { server: "x", port: 0, transport: "udp" } },
      { token: 5 },
    ];
    for (const more of wrong) {
      const reply = await enrol(enrolmentOf(token, publicKey, more));
      expect(reply.status, JSON.stringify(more)).toBe(422);
    }
    expect((await enrol(enrolmentOf("dpj_unknown", publicKey))).status).toBe(401);
    const spaced = pem(publicKey).replaceAll("\n", "\r\n");
    const first = await enrol(enrolmentOf(token, publicKey));
    const again = await enrol(enrolmentOf(token, publicKey, { publicKey: spaced }));
    expect([first.status, again.body.edge]).toEqual([201, first.body.edge]);
  });

  test("of a pool tells its phones the first edge's address", async () => {
    const pool = await control.call("POST", "/v1/pools", { name: "rack" });
    const { path } = await newTenant(control, { poolId: pool.body.id });
    const sipOf = async () => (await control.call("POST", `${path}/extensions`, { number: "1001" })).body.sip;
    expect(await sipOf()).toMatchObject({ server: null });
    await enrolEdge(control, String(pool.body.id));
    await control.call("DELETE", `${path}/extensions/1001`);
    expect(await sipOf()).toMatchObject({ server: "192.0.2.1", port: 5060, transport: "udp" });
  });
});

test("an edge sees documents of its own pool and of the accounts above, no others", async () => {
  const pool = await control.call("POST", "/v1/pools", { name: "other" });
  const [mine, theirs] = [await newTenant(control), await newTenant(control, { poolId: pool.body.id })];
  const other = await enrolEdge(control, String(pool.body.id));
  const seen = async (by: SignedEdge, owner: string): Promise<number[]> =>
    Promise.all(
      ["snapshot?", "changes?epoch=1&since=0&"].map(
        async (path) => (await by.request("GET", `${path}owner=${encodeURIComponent(owner)}`)).status,
      ),
    );
  expect(await seen(edge, tenantOwner(mine.id))).toEqual([200, 200]);
  expect(await seen(edge, tenantOwner(theirs.id))).toEqual([404, 404]);
  expect(await seen(other, tenantOwner(mine.id))).toEqual([404, 404]);
  const { body } = await control.call("GET", mine.path);
  expect(await seen(edge, `A#${body.accountId}`)).toEqual([200, 200]);
  expect(await seen(edge, "A#acc_01ARZ3NDEKTSV4RRFFQ69G5FAV")).toEqual([404, 404]);
  const reseller = await control.call("POST", "/v1/accounts", { name: "Unserved" });
  expect(await seen(edge, `A#${reseller.body.id}`)).toEqual([404, 404]);
});
