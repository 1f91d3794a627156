// Whatever a function is doing, it may die at any of its calls to the table, the queues, S3, SES or a stranger's server, before or after that was carried
// out. Whoever asked asks again, or a clock strikes, and then everything is as if nothing had happened.
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { tenantOwner } from "../../core/owner.ts";
import { noRateLimit } from "../../functions/access/rate-limit.ts";
import { bootstrap } from "../../functions/accounts/bootstrap.ts";
import { createApp } from "../../functions/api/app.ts";
import type { App } from "../../functions/api/route.ts";
import { createBackground } from "../../functions/background.ts";
import type { Context } from "../../functions/context.ts";
import { createEdgeApp } from "../../functions/edges/app.ts";
import { isEdgePath } from "../../functions/edges/path.ts";
import { createIdentity } from "../../functions/identity/app.ts";
import { identityPath } from "../../functions/identity/path.ts";
import { createWorker } from "../../functions/jobs/handler.ts";
import { createJob, presentJob, readJob, type Work } from "../../functions/jobs/job.ts";
import type { Mail } from "../../functions/mail/mail.ts";
import { createMailerHandler, createSending } from "../../functions/mail/send.ts";
import { type Media, objects } from "../../functions/media/media.ts";
import { createPublisher } from "../../functions/publisher/publisher.ts";
import { sweepRetention } from "../../functions/retention/sweep.ts";
import { openSqlite } from "../../functions/store/sqlite.ts";
import type { Item, Key } from "../../functions/store/store.ts";
import { tryDelivery } from "../../functions/webhooks/attempt.ts";
import { createWebhookHandler } from "../../functions/webhooks/handler.ts";
import { accessTo, actor, contextOn } from "../support/context.ts";
import type { Reply, TestControl } from "../support/control.ts";
import { createPulse, type Death, type Pulse } from "../support/pulse.ts";
import { enrolEdge, type SignedEdge } from "../support/signed-edge.ts";
import { goodPassword } from "../support/visitor.ts";

const store = openSqlite(":memory:");
const items = new Map<string, Item>();
const audio = new Map<string, Uint8Array>();
const sent: string[] = [];
const mails: Mail[] = [];
const posted: { id: string }[] = [];
const clock = { aheadMs: 0 };
const hour = 3_600_000;
let count = 0;
let operatorKey = "";
let edge: SignedEdge;

store.subscribe((changes) => {
  for (const { key: at, after } of changes) {
    if (after) items.set(`${at.pk} ${at.sk}`, after);
    else items.delete(`${at.pk} ${at.sk}`);
  }
});

const shared = contextOn(store);
const media: Media = {
  put: async (at, bytes) => void audio.set(at, bytes),
  get: async (at) => audio.get(at),
  head: async (at) => (audio.has(at) ? { bytes: 3, contentType: "audio/wav" } : undefined),
  remove: async (at) => void audio.delete(at),
  async *list(prefix) {
    yield* [...audio.keys()].filter((at) => at.startsWith(prefix));
  },
  downloadUrl: async (at) => `https://s3.example/${at}`,
  uploadUrl: async (at) => ({ url: `https://s3.example/${at}`, headers: {} }),
};

const createApi = (ctx: Context): Promise<App> => createApp(ctx, async () => [], noRateLimit);

/** A process that lives until its pulse ends. */
function processOf(pulse: Pulse) {
  const background = createBackground(pino({ level: "silent" }));
  const queues = {
    ...shared.queues,
    create: async (of: string) => `queue:${of}`,
    send: async (_: string, body: string) => void sent.push(body),
    access: async (_: string, url: string) => ({
      ...{ url, endpoint: null, region: "eu-central-1", expiresAt: iso(-hour) },
      credentials: { accessKeyId: "a", secretAccessKey: "s", sessionToken: "t" },
    }),
  };
  const ctx: Context = {
    ...shared,
    store: pulse.through(shared.store, "get", "getMany", "query", "queryIndex", "transact"),
    queues: pulse.through(queues, "send", "create", "remove"),
    media: pulse.through(media, "put", "get", "head", "remove"),
    sendsMail: true,
    now: () => new Date(Date.now() + clock.aheadMs),
    after: background.after,
  };
  const out = pulse.through(
    {
      send: async (mail: Mail) => void mails.push(mail),
      async post(_: string, headers: Record<string, string>) {
        posted.push({ id: headers["webhook-id"] ?? "" });
        return { status: 204, error: null };
      },
      enqueue: async (_: string, body: string) => void hints.push(body),
    },
    "send",
    "post",
    "enqueue",
  );
  const hints: string[] = [];
  const apps = new Map<string, App>();
  const appFor = async (method: string, path: string): Promise<App> => {
    const name = path.startsWith(identityPath) ? "identity" : isEdgePath(method, path) ? "edge" : "api";
    const make = { identity: createIdentity, edge: createEdgeApp, api: createApi }[name];
    const app = apps.get(name) ?? (await make(ctx));
    apps.set(name, app);
    return app;
  };
  async function call(...[method, path, body, more = {}]: Parameters<TestControl["call"]>): Promise<Reply> {
    const app = await appFor(method, path.split("?")[0] ?? "");
    const text = more.raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const answer = await app.request(path, {
      method,
      headers: {
        ...(more.key !== null && { authorization: `Bearer ${more.key ?? operatorKey}` }),
        ...(text !== undefined && { "content-type": "application/json" }),
        ...more.headers,
      },
      ...(text !== undefined && { body: text }),
    });
    await background.settled();
    const said = await answer.text();
    return { status: answer.status, headers: answer.headers, text: said, body: JSON.parse(said || "{}") };
  }
  return {
    ctx,
    call,
    publisher: createPublisher(ctx),
    worker: createWorker(ctx, background.settled),
    mailer: createMailerHandler(createSending(ctx, { send: out.send })),
    /** The sweep, and then what it put into the queue. */
    async webhooks(): Promise<void> {
      const handler = createWebhookHandler(ctx, {
        enqueue: out.enqueue,
        work: (delivery) => tryDelivery(ctx, out.post, delivery),
      });
      await handler({ sweep: true });
      for (const hint of hints) await handler({ Records: [{ body: hint } as never] });
    },
    settled: background.settled,
  };
}
type Process = ReturnType<typeof processOf>;

const living = processOf(createPulse());

beforeAll(async () => {
  await bootstrap(living.ctx, "pbx.example", (made) => {
    operatorKey = made;
  });
  edge = await enrolEdge(living);
});
afterAll(() => store.close());

async function made(path: string, body: unknown): Promise<Record<string, unknown>> {
  const reply = await living.call("POST", path, body);
  if (reply.status >= 300) throw new Error(`${path}: ${reply.text}`);
  return reply.body;
}
async function newTenant(more: object = {}) {
  const { id } = await made("/v1/tenants", { name: `Acme ${++count}`, ...more });
  // what its founding left to be told is told
  await settle();
  return { id: String(id), path: `/v1/tenants/${id}` };
}

/** What clocks and retries do, until nothing is left to be done. */
async function settle(): Promise<void> {
  clock.aheadMs += hour;
  await living.publisher({ sweep: true });
  await living.mailer({ sweep: true });
  await living.webhooks();
}

/** The keys of all that is there: the store tells of changes a moment after they were made. */
async function present(): Promise<ReadonlySet<string>> {
  const mark = { pk: "MARK", sk: String(++count) };
  await store.transact([{ put: mark }]);
  await vi.waitFor(() => expect(items.has(`${mark.pk} ${mark.sk}`)).toBe(true), { interval: 1 });
  await store.transact([{ delete: mark }]);
  await vi.waitFor(() => expect(items.has(`${mark.pk} ${mark.sk}`)).toBe(false), { interval: 1 });
  return new Set(items.keys());
}

/** What is there now and was not before, by kinds of keys: ids, times and names of this run left out. What is kept for a caller alone, answers, nonces and sessions, does not count. */
function grown(before: ReadonlySet<string>): string[] {
  return [...items.keys()]
    .filter((at) => !before.has(at))
    .map((at) =>
      at
        .replaceAll(/[0-9A-HJKMNP-TV-Z]{26}/g, "*")
        .replaceAll(/\d{4}-\d\d(-\d\d(T[\d:.]+Z)?)?/g, "<time>")
        .replaceAll(/[0-9a-f]{32,}/g, "<hash>")
        .replaceAll(/\d+/g, "<n>"),
    )
    .filter((at) => !/NONCE|IDEM|KEYUSE|RATE|THROTTLE|SESSION/.test(at))
    .sort();
}

/** So that each run finds what the first one found. */
async function forget(keys: Key[]): Promise<void> {
  for (let at = 0; at < keys.length; at += 100)
    await store.transact(keys.slice(at, at + 100).map((key) => ({ delete: key })));
}

type Way<T> = {
  prepare(): Promise<T>;
  act(process: Process, of: T): Promise<unknown>;
  /** What must be so at the end, besides what is in the table. */
  check?(of: T): Promise<void> | void;
};

/** Once undisturbed, then with a death at each call; each time acted anew until it went well. */
async function everywhere<T>(way: Way<T>, deaths: (at: number) => Death[] = bothWays): Promise<void> {
  async function once(death?: Death): Promise<{ calls: number; shape: string[] }> {
    const first = await present();
    const of = await way.prepare();
    const before = await present();
    const pulse = createPulse(death);
    const process = processOf(pulse);
    await way.act(process, of).catch((error: unknown) => {
      if (!pulse.dead) throw error;
    });
    await process.settled();
    if (death) {
      expect(pulse.dead, "it lived").toBe(true);
      clock.aheadMs += hour;
      await way.act(processOf(createPulse()), of);
    }
    await settle();
    await settle();
    await way.check?.(of);
    await present();
    const shape = grown(before);
    await forget([...items].flatMap(([at, { pk, sk }]) => (first.has(at) ? [] : [{ pk, sk }])));
    return { calls: pulse.calls, shape };
  }
  const { calls, shape } = await once();
  expect(calls).toBeGreaterThan(1);
  for (let at = 1; at <= calls; at++)
    for (const death of deaths(at)) {
      const disturbed = await once(death);
      expect(disturbed.shape, JSON.stringify(death)).toEqual(shape);
    }
}
const bothWays = (at: number): Death[] => [
  { at, applied: false },
  { at, applied: true },
];

/** Where each run costs much. */
const oneWay = (at: number): Death[] => [{ at, applied: at % 2 === 0 }];

/** Where there are a hundred calls: at each third. */
const seldom = (at: number): Death[] => (at % 3 === 0 ? oneWay(at) : []);

const iso = (agoMs: number): string => new Date(Date.now() + clock.aheadMs - agoMs).toISOString();
const ulid = (): string => `01ARZ3NDEKTSV4RRFF${String(++count).padStart(8, "0")}`;
const say = (process: Process, generation: string, batch: number, events: object[]) =>
  askAs(process, "events", { generation, batch, events });

/** A request of the edge, to that process. Throws where it is not taken. */
async function askAs(process: Process, what: string, body: object): Promise<void> {
  const reply = await edge.requestTo(process, "POST", what, body);
  if (reply.status >= 300) throw new Error(reply.text);
}

describe("killed at any call", { timeout: 60_000 }, () => {
  test("the API: a write that is asked for again under its key is there once, and its edges are told", () =>
    everywhere(
      {
        prepare: newTenant,
        async act(process, { id, path }) {
          const headers = { "idempotency-key": id };
          const reply = await process.call("POST", `${path}/extensions`, { number: "1001" }, { headers });
          if (reply.status !== 201) throw new Error(reply.text);
        },
        async check({ id, path }) {
          expect((await living.call("GET", `${path}/extensions`)).body.data).toHaveLength(1);
          const told = sent.map((body) => JSON.parse(Buffer.from(body, "base64").toString()));
          expect(told.some(({ owner, revision }) => owner === `T#${id}` && revision >= 1)).toBe(true);
        },
      },
      oneWay,
    ));

  test("the edges' function: a batch of events that is sent again is counted once", () =>
    everywhere({
      async prepare() {
        const tenant = await newTenant();
        const startedAt = iso(60_000);
        const call = {
          ...{ id: `cal_${ulid()}`, seq: 1, tenant: tenant.id, direction: "internal", trunk: null, legs: [] },
          from: { number: "1001", name: null, extension: "1001" },
          to: { number: "1002", name: null, extension: "1002" },
          ...{ startedAt, answeredAt: startedAt, endedAt: startedAt, durationSeconds: 12, billableSeconds: 10 },
          ...{ outcome: "answered", hangupCause: "NORMAL_CLEARING", hangupBy: "caller" },
        };
        const recording = { id: `rec_${ulid()}`, tenant: tenant.id, call: call.id, startedAt, seconds: 3, bytes: 3 };
        const at = iso(0);
        const events = [
          { id: `evt_${ulid()}`, at, type: "call.completed", data: call },
          { id: `evt_${ulid()}`, at, type: "recording.completed", data: recording },
        ];
        return { ...tenant, events, generation: ulid() };
      },
      act: (process, { generation, events }) => say(process, generation, 1, events),
      async check({ id, path }) {
        expect((await living.call("GET", `${path}/calls`)).body.data).toHaveLength(1);
        const usage = [...items.values()].filter(({ pk, sk }) => pk.startsWith(`D#${id}`) && sk.startsWith("USAGE#"));
        expect(usage.reduce((sum, { calls }) => sum + Number(calls), 0)).toBe(1);
      },
    }));

  test("the publisher: what it had not told is told by the next", () =>
    everywhere({
      async prepare() {
        const tenant = await newTenant();
        await made(`${tenant.path}/extensions`, { number: "1001" });
        const standing = [...items.values()].find(({ pk, sk }) => pk === `T#${tenant.id}` && sk.startsWith("R#"));
        const key = { pk: `T#${tenant.id}`, sk: "X#000000000001" };
        const at = iso(hour);
        const outbox = { ...key, ipk: "OUTBOX", isk: `${at}#${key.pk}#1`, owner: key.pk, revision: 1 };
        expect(standing).toBeDefined();
        await store.transact([{ put: { ...outbox, requestId: "req_1" } }]);
        return tenant;
      },
      act: (process) => process.publisher({ sweep: true }),
      check({ id }) {
        expect(items.has(`T#${id} X#000000000001`)).toBe(false);
        const told = sent.map((body) => JSON.parse(Buffer.from(body, "base64").toString()));
        expect(told.some((one) => one.owner === `T#${id}` && one.type === "pointer")).toBe(true);
      },
    }));

  test("the worker: a job whose change is larger than a transaction is done once, by its queue or by the clock, and its edges are told", async () => {
    // the pool's own work, which goes on in steps, is over
    for (let times = 0; times < 3; times++) {
      await settle();
      await living.worker({ sweep: true });
    }
    await everywhere(
      {
        async prepare() {
          const tenant = await newTenant();
          const owner = tenantOwner(tenant.id);
          const { principal } = await accessTo(living.ctx, owner);
          const extensions = Array.from({ length: 30 }, (_, index) => ({ number: String(2000 + index) }));
          const work: Work = { kind: "apply", document: { extensions }, prune: [], baseRevision: null };
          const via = { method: "post", route: "/r", path: "/p", status: 202 };
          const { id: job } = await createJob(living.ctx, owner, { work, principal, actor, via }, async () => []);
          return { ...tenant, owner, job };
        },
        async act({ worker }, { job }) {
          await worker({ Records: [{ body: job } as never] });
          await worker({ sweep: true });
        },
        async check({ owner, path, job }) {
          const found = await readJob(living.ctx, job);
          const shown = found && (await presentJob(living.ctx, found));
          expect(shown).toMatchObject({ state: "succeeded", problem: null, result: { revision: 1 } });
          expect((await living.call("GET", `${path}/extensions?limit=100`)).body.data).toHaveLength(30);
          const told = sent.map((body) => JSON.parse(Buffer.from(body, "base64").toString()));
          expect(told.some((one) => one.owner === owner && one.revision === 1)).toBe(true);
        },
      },
      seldom,
    );
  });

  test("the mailer: a message goes out under one id, and twice only where the death came between SES's word and the table's", () =>
    everywhere({
      async prepare() {
        const tenant = await newTenant();
        const box = await made(`${tenant.path}/voicemail-boxes`, { number: "1001", email: "ada@example.com" });
        await settle();
        const message = `msg_${ulid()}`;
        audio.set(objects.message(tenant.id, message), new Uint8Array(3));
        const data = {
          ...{ tenant: tenant.id, box: box.id, id: message, from: { number: "+15550123", name: "Grace" } },
          ...{ receivedAt: iso(0), seconds: 1, bytes: 3, read: false },
        };
        await say(living, ulid(), 1, [{ id: `evt_${ulid()}`, at: iso(0), type: "voicemail.received", data }]);
        mails.length = 0;
        return tenant;
      },
      act: (process) => process.mailer({ sweep: true }),
      check() {
        expect(new Set(mails.map(({ id }) => id)).size).toBe(1);
        expect(mails.length).toBeLessThanOrEqual(2);
      },
    }));

  test("the sender of webhooks: each event is in the log once, and comes under its one id", () =>
    everywhere({
      async prepare() {
        const tenant = await newTenant();
        await made(`${tenant.path}/webhook-endpoints`, {
          url: "https://hooks.example/",
          events: ["extension.created"],
        });
        await settle();
        await made(`${tenant.path}/extensions`, { number: "1001" });
        posted.length = 0;
        clock.aheadMs += hour;
        return tenant;
      },
      act: (process) => process.webhooks(),
      async check({ id }) {
        expect(new Set(posted.map((one) => one.id)).size).toBe(1);
        const { data } = (await living.call("GET", "/v1/events?type=extension.created")).body;
        const log = data as unknown as { tenantId: string }[];
        expect(log.filter(({ tenantId }) => tenantId === id)).toHaveLength(1);
      },
    }));

  test("the retention sweep: what is too old is gone from the list and from S3", () =>
    everywhere({
      async prepare() {
        const tenant = await newTenant({ recordingRetentionDays: 1 });
        const id = `rec_${ulid()}`;
        const startedAt = iso(3 * 24 * hour);
        audio.set(objects.recording(tenant.id, id), new Uint8Array(3));
        const data = { id, tenant: tenant.id, call: `cal_${ulid()}`, startedAt, seconds: 3, bytes: 3 };
        await say(living, ulid(), 1, [{ id: `evt_${ulid()}`, at: iso(0), type: "recording.completed", data }]);
        await settle();
        return { ...tenant, object: objects.recording(tenant.id, id) };
      },
      act: (process) => sweepRetention(process.ctx),
      async check({ path, object }) {
        expect((await living.call("GET", `${path}/recordings`)).body.data).toEqual([]);
        expect(audio.has(object)).toBe(false);
      },
    }));

  test("signing up: who proves the address has one tenant, and can sign in", () =>
    everywhere(
      {
        async prepare() {
          const n = ++count;
          const { id: account } = await made("/v1/accounts", { name: `Voice ${n}` });
          const document = { extensions: [{ number: "1001" }] };
          await made(`/v1/accounts/${account}/templates`, { name: "Office", document });
          const domain = `voice${n}.example`;
          const settings = { name: "Voice", domain, signUp: { templates: ["Office"] } };
          const brand = await living.call("PUT", `/v1/accounts/${account}/brand`, settings);
          expect(brand.status, brand.text).toBe(200);
          const headers = { host: domain, "sec-fetch-site": "same-origin" };
          const who = { email: `grace${n}@example${n}.com`, password: goodPassword, name: "Grace", company: "Hopper" };
          mails.length = 0;
          const asked = await living.call("POST", "/v1/identity/sign-up", who, { key: null, headers });
          expect(asked.status, asked.text).toBe(204);
          await settle();
          const token = /#([\w.-]+)/.exec(mails.find(({ to }) => to === who.email)?.text ?? "")?.[1];
          return { account, headers, who, token };
        },
        async act(process, { headers, token }) {
          const verified = await process.call("POST", "/v1/identity/sign-up/verify", { token }, { key: null, headers });
          // 410: whoever died had done it, and could not say so
          if (![200, 410].includes(verified.status)) throw new Error(verified.text);
        },
        async check({ account, headers, who: { email, password } }) {
          const tenants = (await living.call("GET", `/v1/accounts/${account}/tenants`)).body.data;
          expect(tenants).toMatchObject([{ name: "Hopper" }]);
          const reply = await living.call("POST", "/v1/identity/sign-in", { email, password }, { key: null, headers });
          expect(reply.status, reply.text).toBe(200);
        },
      },
      oneWay,
    ));
});
