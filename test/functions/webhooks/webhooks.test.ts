// Events from what happened to the receiver: each signed, at least once, under one id, to whom it concerns and to nobody else.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Context } from "../../../functions/context.ts";
import { tryDelivery } from "../../../functions/webhooks/attempt.ts";
import { createPost } from "../../../functions/webhooks/post.ts";
import { createLanes, createWebhooks } from "../../../functions/webhooks/send.ts";
import { newTenant, type Reply, type TestControl, testControl } from "../../support/control.ts";
import { type Receiver, startReceiver } from "../../support/receiver.ts";

let control: TestControl;
let receiver: Receiver;
let tenant: { id: string; path: string };
const webhookAllow = ["127.0.0.1"];

beforeEach(async () => {
  control = await testControl({ webhookAllow });
  receiver = await startReceiver();
  tenant = await newTenant(control);
});
afterEach(async () => {
  await control.stop();
  await receiver.close();
});

type Endpoint = { id: string; path: string; secret: string };
async function endpoint(more: Record<string, unknown> = {}, at = tenant.path): Promise<Endpoint> {
  const path = `${at}/webhook-endpoints`;
  const { status, body, text } = await control.call("POST", path, { url: `${receiver.url}/hook`, ...more });
  if (status !== 201) throw new Error(text);
  return { id: String(body.id), path: `${path}/${body.id}`, secret: String(body.secret) };
}
const extension = (number: string, more = {}) => control.call("POST", `${tenant.path}/extensions`, { number, ...more });
const eventually = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 10_000, interval: 20 });
type Shown = { eventId: string; status: string; type: string; attempts: { status: number | null; error: string }[] };
const listed = ({ body }: Reply) => body.data as unknown as Shown[];
const deliveries = async ({ path }: Endpoint, query = "") =>
  listed(await control.call("GET", `${path}/deliveries${query}`));

/** All that a sweep so much later would do, to its end. */
async function sweep(minutes: number): Promise<void> {
  const now = () => new Date(Date.now() + minutes * 60_000);
  const ctx: Context = { ...control.ctx, now };
  const post = createPost(ctx.targets);
  const tries: Promise<void>[] = [];
  await createWebhooks(ctx, (item) => void tries.push(tryDelivery(ctx, post, item))).sweep(0);
  await Promise.all(tries);
}

describe("a delivery", () => {
  it("is signed by Standard Webhooks: the library takes it with the endpoint's secret, and with no other", async () => {
    const { secret } = await endpoint({ events: ["extension.*"] });
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    await extension("1001", { displayName: "Ada ☎" });
    await eventually(() => expect(receiver.types()).toEqual(["extension.created"]));
    const { body, headers, event } = receiver.received[0] ?? expect.fail();
    expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual(event);
    expect(headers["webhook-id"]).toBe(event.id);
    expect(event).toMatchObject({
      ...{ tenantId: tenant.id, livemode: true, accountId: expect.stringMatching(/^acc_/) },
      data: { kind: "extension", key: "1001", revision: 1, object: { displayName: "Ada ☎" } },
    });
    const other = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
    for (const [key, text, sent] of [
      [other, body, headers],
      [secret, body.replace("1001", "1002"), headers],
      [secret, body, { ...headers, "webhook-id": "evt_x" }],
      [secret, body, { ...headers, "webhook-timestamp": "1700000000" }],
    ] as const)
      expect(() => new Webhook(key).verify(text, sent as Record<string, string>)).toThrow();
  });

  it("comes only for what the filters choose, at once, and is listed with what came of it", async () => {
    const chosen = await endpoint({ events: ["extension.deleted", "queue.*"] });
    const { body } = await extension("1001");
    await control.call("POST", `${tenant.path}/queues`, { name: "support" });
    await control.call("DELETE", `${tenant.path}/extensions/${body.id}`);
    await eventually(() => expect(receiver.types()).toEqual(["queue.created", "extension.deleted"]));
    await eventually(async () =>
      expect(await deliveries(chosen)).toMatchObject([
        { type: "extension.deleted", status: "delivered", attempts: [{ status: 204, error: null }] },
        { type: "queue.created", status: "delivered" },
      ]),
    );
    expect(await deliveries(chosen, "?type=queue.created")).toHaveLength(1);
    expect(await deliveries(chosen, "?status=failed")).toEqual([]);
  });

  it("is tried again, later each time, under the same id, and given up after three days", async () => {
    const dead = await endpoint({ events: ["extension.created"] });
    receiver.answer = 500;
    await extension("1001");
    await eventually(() => expect(receiver.received).toHaveLength(1));
    await eventually(async () => expect((await deliveries(dead))[0]?.attempts).toHaveLength(1));
    // each after the pause before it, were that a fifth longer
    const hours = [0.02, 0.2, 1, 3.6, 9.8, 22, 39, 64, 93.5];
    for (const [index, at] of hours.entries()) {
      await sweep(at * 60);
      expect(receiver.received, `after ${at} h`).toHaveLength(index + 2);
    }
    expect(new Set(receiver.ids()).size).toBe(1);
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
    expect(await deliveries(dead)).toMatchObject([
      { status: "failed", nextAttemptAt: null, attempts: Array(10).fill({ status: 500, error: "it answered 500" }) },
    ]);
    await sweep(200 * 60);
    expect(receiver.received).toHaveLength(10);
  });

  it("whose answer is lost comes again under its id, and stops once it is accepted", async () => {
    const flaky = await endpoint({ events: ["extension.created"] });
    receiver.answer = (response) => void response.destroy();
    await extension("1001");
    await eventually(async () => expect((await deliveries(flaky))[0]?.attempts).toHaveLength(1));
    receiver.answer = 200;
    await sweep(1);
    await sweep(10);
    expect(receiver.received).toHaveLength(2);
    expect(new Set(receiver.ids()).size).toBe(1);
    expect(await deliveries(flaky)).toMatchObject([
      {
        status: "delivered",
        attempts: [{ status: null, error: "the connection failed: ECONNRESET" }, { status: 200 }],
      },
    ]);
  });

  it("of a killed process is made by the next one, with its id; what waited for the log enters it once", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "dialplane-"));
    await control.stop();
    control = await testControl({ dataDir, webhookAllow });
    tenant = await newTenant(control);
    await endpoint({ events: ["extension.*"] });
    receiver.answer = () => {};
    await extension("1001");
    await eventually(() => expect(receiver.received).toHaveLength(1));
    await control.stop(true);
    receiver.answer = 204;
    control = await testControl({ dataDir, webhookAllow });
    await eventually(() => expect(receiver.received).toHaveLength(2));
    expect(new Set(receiver.ids()).size).toBe(1);
    const { body } = await control.call("GET", `/v1/events?tenantId=${tenant.id}&type=extension.created`);
    expect(body.data).toMatchObject([{ id: receiver.ids()[0] }]);
  });
});

describe("an endpoint", () => {
  it("is paused when it has taken nothing for three days, and whoever else listens is told", async () => {
    const other = await startReceiver();
    const dead = await endpoint({ events: ["extension.*"] });
    await endpoint({ url: `${other.url}/`, events: ["webhook-endpoint.paused"] });
    receiver.answer = 503;
    await extension("1001");
    await eventually(async () => expect((await deliveries(dead))[0]?.attempts).toHaveLength(1));
    expect((await control.call("GET", dead.path)).body.failingSince).toEqual(expect.any(String));
    await sweep(71 * 60);
    expect((await control.call("GET", dead.path)).body).toMatchObject({ enabled: true, paused: null });
    await sweep(73 * 60);
    const { body } = await control.call("GET", dead.path);
    expect(body).toMatchObject({ enabled: false, paused: { reason: expect.stringContaining("nothing since") } });
    await eventually(() => expect(other.types()).toEqual(["webhook-endpoint.paused"]));
    expect(other.received[0]?.event.data).toMatchObject({ id: dead.id, actor: { type: "system" } });
    const before = receiver.received.length;
    await extension("1002");
    receiver.answer = 204;
    await sweep(0);
    await sweep(200 * 60);
    expect(receiver.received).toHaveLength(before);
    // once it is mended, it goes on, and what was missed is replayed
    expect((await control.call("PATCH", dead.path, { enabled: true })).body).toMatchObject({
      ...{ enabled: true, paused: null, failingSince: null },
    });
    const replay = { from: new Date(Date.now() - 3_600_000).toISOString() };
    expect((await control.call("POST", `${dead.path}/replay`, replay)).body).toEqual({ count: 2, next: null });
    await eventually(() => expect(receiver.received).toHaveLength(before + 2));
    expect((await control.call("POST", `${dead.path}/replay`, replay)).body).toEqual({ count: 0, next: null });
    await other.close();
  });

  it("that answers 410 is paused at once, and not asked again", async () => {
    const gone = await endpoint({ events: ["extension.*"] });
    receiver.answer = 410;
    await extension("1001");
    await eventually(async () =>
      expect((await control.call("GET", gone.path)).body).toMatchObject({
        ...{ enabled: false, paused: { reason: expect.stringContaining("410") } },
      }),
    );
    await sweep(100);
    expect(receiver.received).toHaveLength(1);
    expect(await deliveries(gone)).toMatchObject([{ status: "failed" }]);
  });

  it("that never answers holds up nobody else", async () => {
    const slow = await startReceiver();
    slow.answer = () => {};
    await endpoint({ url: `${slow.url}/`, events: ["extension.*"] });
    await endpoint({ events: ["extension.*"] });
    for (let number = 1001; number <= 1012; number++) await extension(String(number));
    await eventually(() => expect(receiver.received).toHaveLength(12));
    expect(slow.received.length).toBeLessThanOrEqual(4);
    await slow.close();
  });

  it("signs with both secrets while they overlap, and then with the new one alone", async () => {
    const { path, secret } = await endpoint({ events: ["extension.created"] });
    const { body } = await control.call("POST", `${path}/rotate-secret`, { overlapSeconds: 3600 });
    const fresh = String(body.secret);
    expect([fresh === secret, body.previousSecretUntil]).toEqual([false, expect.any(String)]);
    await extension("1001");
    await eventually(() => expect(receiver.received).toHaveLength(1));
    const verified = (key: string, index: number) => {
      const { body, headers } = receiver.received[index] ?? expect.fail();
      try {
        return new Webhook(key).verify(body, headers as Record<string, string>) !== undefined;
      } catch {
        return false;
      }
    };
    expect([verified(secret, 0), verified(fresh, 0)]).toEqual([true, true]);
    await control.call("POST", `${path}/rotate-secret`, { overlapSeconds: 0 });
    await extension("1002");
    await eventually(() => expect(receiver.received).toHaveLength(2));
    expect([verified(secret, 1), verified(fresh, 1)]).toEqual([false, false]);
    expect(receiver.received[1]?.headers["webhook-signature"]).not.toContain(" ");
  });

  it("shows its secret once: not when it is read, not in its events, not in the store", async () => {
    const { path, secret } = await endpoint();
    await control.call("PATCH", path, { description: "the ERP" });
    await eventually(() => expect(receiver.types()).toContain("webhook-endpoint.updated"));
    const texts = [
      (await control.call("GET", path)).text,
      (await control.call("GET", path.replace(/\/[^/]+$/, ""))).text,
      (await control.call("GET", "/v1/events?limit=100")).text,
      ...receiver.received.map(({ body }) => body),
    ];
    for (const text of texts) expect(text).not.toContain(secret.slice(6));
    for (const text of texts) expect(text).not.toMatch(/sealed|whsec_/);
  });

  it("of an account gets the events of all below it; a tenant's gets its own alone", async () => {
    const { body: reseller } = await control.call("POST", "/v1/accounts", { name: "Reseller" });
    const inside = await newTenant(control, { name: "Inside", accountId: reseller.id });
    const own = await startReceiver();
    const above = await startReceiver();
    await endpoint({ url: `${own.url}/` }, inside.path);
    await endpoint({ url: `${above.url}/`, events: ["*"] }, `/v1/accounts/${reseller.id}`);
    await endpoint({ events: ["extension.*", "tenant.deleted"] });
    await control.call("POST", `${inside.path}/extensions`, { number: "2001" });
    await extension("1001");
    await eventually(() => expect(own.types()).toContain("extension.created"));
    await eventually(() => expect(above.types()).toContain("extension.created"));
    await eventually(() => expect(receiver.types()).toContain("extension.created"));
    const tenants = (all: Receiver) => [...new Set(all.received.map(({ event }) => event.tenantId))];
    expect([tenants(own), tenants(above), tenants(receiver)]).toEqual([
      [inside.id],
      expect.arrayContaining([inside.id, null]),
      [tenant.id],
    ]);
    expect(tenants(above)).not.toContain(tenant.id);
    // deleted with its tenant, whose account is told
    await control.call("DELETE", inside.path);
    await eventually(() => expect(above.types()).toContain("tenant.deleted"));
    expect(own.types()).not.toContain("tenant.deleted");
    await own.close();
    await above.close();
  });

  it("can be tested, whatever its filters, and gets one event again that it had", async () => {
    const { path } = await endpoint({ events: ["queue.created"] });
    const { status, body } = await control.call("POST", `${path}/test`);
    expect([status, body.type]).toEqual([202, "webhook-endpoint.test"]);
    await eventually(() => expect(receiver.ids()).toEqual([body.id]));
    await eventually(async () =>
      expect(listed(await control.call("GET", `${path}/deliveries`))).toMatchObject([{ status: "delivered" }]),
    );
    expect((await control.call("POST", `${path}/replay`, { eventId: body.id })).body).toEqual({ count: 1, next: null });
    await eventually(() => expect(receiver.ids()).toEqual([body.id, body.id]));
    await control.call("PATCH", path, { enabled: false });
    expect((await control.call("POST", `${path}/test`)).body.code).toBe("conflict");
    expect((await control.call("POST", `${path}/replay`, {})).status).toBe(422);
    const none = "evt_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    expect((await control.call("POST", `${path}/replay`, { eventId: none })).status).toBe(422);
  });

  it("is changed on condition of its version, and answers its creation again to the same idempotency key", async () => {
    const path = `${tenant.path}/webhook-endpoints`;
    const headers = { "idempotency-key": "once" };
    const wanted = { url: receiver.url };
    const [first, second] = [
      await control.call("POST", path, wanted, { headers }),
      await control.call("POST", path, wanted, { headers }),
    ];
    expect(second.text).toBe(first.text);
    expect(listed(await control.call("GET", path))).toHaveLength(1);
    const one = `${path}/${first.body.id}`;
    const stale = { headers: { "if-match": '"7"' } };
    expect((await control.call("PATCH", one, { enabled: false }, stale)).status).toBe(412);
    expect((await control.call("DELETE", one, undefined, stale)).status).toBe(412);
    expect((await control.call("PATCH", one, { events: null })).body).toMatchObject({ events: ["*"], version: 2 });
    expect((await control.call("DELETE", one)).status).toBe(204);
    expect((await control.call("GET", one)).status).toBe(404);
  });

  it.each([
    ["https://10.0.0.1/", "public address"],
    ["https://[::ffff:7f00:1]/", "public address"],
    ["https://127.0.0.1.nip.example/", "public address"],
    ["http://hooks.example/", "https://"],
    ["https://metadata.google.internal/", "Internet"],
    ["javascript:alert(1)", "https://"],
    ["nowhere", "https://"],
  ])("with the URL %s is refused: %s", async (url, word) => {
    await control.stop();
    const resolve = async (host: string) => (host.startsWith("127.") ? ["127.0.0.1"] : ["8.8.8.8"]);
    control = await testControl({ resolve });
    tenant = await newTenant(control);
    const { status, body } = await control.call("POST", `${tenant.path}/webhook-endpoints`, { url });
    expect([status, (body.errors as unknown as { pointer: string }[])[0]?.pointer]).toEqual([422, "/url"]);
    expect(body.detail).toContain(word);
    expect(listed(await control.call("GET", `${tenant.path}/webhook-endpoints`))).toEqual([]);
  });

  it("with a filter that chooses nothing is refused, with where to read what there is", async () => {
    for (const filter of ["extension.exploded", "unicorn.*", "", "*.created", "constructor.*"]) {
      const sent = { url: receiver.url, events: [filter] };
      const { status, body } = await control.call("POST", `${tenant.path}/webhook-endpoints`, sent);
      expect([status, body.detail], filter).toEqual([422, expect.stringContaining("docs/webhooks.md")]);
    }
  });
});

it("a process that ends cuts off what it sends; nothing of it counts as a failure", async () => {
  const { path } = await endpoint({ events: ["extension.created"] });
  receiver.answer = () => {};
  await extension("1001");
  await eventually(() => expect(receiver.received).toHaveLength(1));
  const dataDir = control.dataDir;
  await control.stop(true);
  receiver.answer = 204;
  control = await testControl({ dataDir, webhookAllow });
  await eventually(async () =>
    expect(listed(await control.call("GET", `${path}/deliveries`))).toMatchObject([
      { status: "delivered", attempts: [{ status: 204 }] },
    ]),
  );
});

it("lanes run four deliveries of an endpoint at once, and the same one once", async () => {
  const going: string[] = [];
  const ends: (() => void)[] = [];
  const lanes = createLanes((item) => {
    going.push(String(item.sk));
    return new Promise<void>((resolve) => void ends.push(resolve));
  });
  const item = (endpoint: string, sk: string) => ({ pk: endpoint, sk, endpoint, turn: 0 });
  for (const sk of ["1", "2", "3", "4", "5", "5", "6"]) lanes.start(item("a", sk));
  lanes.start(item("b", "7"));
  expect(going).toEqual(["1", "2", "3", "4", "7"]);
  ends.shift()?.();
  await vi.waitFor(() => expect(going).toHaveLength(6));
  const stopped = lanes.stop();
  for (const end of ends) end();
  await stopped;
  expect(going).toEqual(["1", "2", "3", "4", "7", "5"]);
});
