// What is asked of the cloud, one sort of request each, on an installation of a tenant with 20 phones and a pool of two hosts: done for real and counted.
import { createHash } from "node:crypto";
import { empty } from "../../core/digest.ts";
import { accountOwner, tenantOwner } from "../../core/owner.ts";
import { batchEvents } from "../../edge-agent/spool.ts";
import { mostShards, widen } from "../../functions/events/shards.ts";
import { newId } from "../../functions/id.ts";
import { streamSeconds } from "../../functions/live/path.ts";
import { aliveMs, askMs, phonesEach } from "../../functions/live/stream.ts";
import { sections, View } from "../../functions/live/view.ts";
import { type Edge, type MeteredCloud, openMeteredCloud } from "./cloud.ts";
import type { Heat } from "./meter.ts";
import { type Counts, none, plus } from "./prices.ts";

const hosts = 2;
export const phones = 20;

/** Figures of what is said: an email, a call of some minutes, a message of half a minute at 16 bits and 8 kHz. */
const email = "ada@acme.example";
const password = "five quiet otters rowing";
const messageBytes = 30 * 16_000;

/** In the order in which they are counted; each as often as it is named in usage.ts. */
export const pathNames = [
  "GET one",
  "GET a list of 20",
  "POST",
  "PATCH",
  "DELETE",
  "apply of 20 extensions",
  "a new tenant",
  "a simulated call",
  "a change, one more host",
  "an acknowledgement",
  "a heartbeat",
  "a comparison",
  "a comparison, one more tenant",
  "asking for the queue",
  "a phone registers",
  "a phone registers again",
  "25 phones register again",
  "a call",
  "a call, one more webhook",
  "a voicemail message by mail",
  "a sign-in",
  "a page of the console",
  "a minute of a live view",
  "a minute of a live view, asked for",
  "a minute of clocks",
  "an hour of clocks",
] as const;
export type PathName = (typeof pathNames)[number];
export type Measured = Record<PathName, Counts>;

/** Whose a partition is: of one tenant among many, of one host, or the only one of its name. */
export type Heats = Partial<Record<PathName, Heat>>;

/** Counts each; takes some seconds. `heats` takes in which partitions each falls on, ids replaced by whose they are. */
export async function measure(memoryMb: Record<string, number>, heats: Heats = {}): Promise<Measured> {
  const cloud = await openMeteredCloud(memoryMb);
  try {
    return await measureOn(cloud, heats, memoryMb.live ?? 1024);
  } finally {
    await cloud.close();
  }
}

async function measureOn(cloud: MeteredCloud, heats: Heats, liveMb: number): Promise<Measured> {
  const { request, count } = cloud;
  const edges: Edge[] = [];
  for (let host = 0; host < hosts; host++) edges.push(await cloud.enrol(`edge-${host + 1}`));
  const [edge] = edges;
  if (!edge) throw new Error("no host");
  const reseller = String((await request("POST", "/v1/accounts", { name: "Reseller" })).body.id);
  const newTenant = async (name: string) =>
    String((await request("POST", "/v1/tenants", { name, accountId: reseller })).body.id);
  const tenant = await newTenant("Acme");
  const at = `/v1/tenants/${tenant}`;
  const extension = (n: number) => ({ number: String(1000 + n), displayName: `Person ${n}` });
  const made: string[] = [];
  for (let n = 1; n <= phones; n++)
    made.push(String((await request("POST", `${at}/extensions`, extension(n))).body.id));
  const box = { number: "2001", email, pin: "4711" };
  const voicemailBox = String((await request("POST", `${at}/voicemail-boxes`, box)).body.id);

  /** An acknowledgement by one host of where the tenant's document is now. */
  const acknowledge = async (by: typeof edge) => {
    const head = await cloud.ctx.store.get({ pk: tenantOwner(tenant), sk: "HEAD" });
    const { epoch, revision, digest } = head as unknown as Record<string, string>;
    const said = { owner: tenantOwner(tenant), epoch, revision, digest, at: cloud.now().toISOString(), failures: [] };
    await by.request("POST", "acks", { acks: [said] });
  };
  const settled = async () => {
    for (const each of edges) await acknowledge(each);
    await cloud.settle();
  };
  await settled();
  // as it gets when there is much to tell
  const operator = accountOwner(cloud.operator.replace(/^A#/, ""));
  for (let shards = 1; shards < mostShards; shards *= 2) await widen(cloud.ctx, operator);

  let batch = 0;
  const report = (...events: { type: string; data: object }[]) =>
    edge.request("POST", "events", {
      ...{ generation: "spool", batch: ++batch },
      events: events.map((event) => ({ id: newId("evt"), at: cloud.now().toISOString(), ...event })),
    });
  const startedAt = () => cloud.now().toISOString();
  const party = (n: number) => ({ number: String(1000 + n), name: `Person ${n}`, extension: made[n - 1] ?? null });
  const inCall = () => ({ tenant, direction: "internal", from: party(1), to: party(2), startedAt: startedAt() });
  const leg = (direction: string, n: number) => ({
    ...{ uuid: crypto.randomUUID(), direction, startedAt: startedAt(), answeredAt: startedAt(), endedAt: startedAt() },
    ...{ cause: "NORMAL_CLEARING", q850: 16, sipCallId: crypto.randomUUID(), extension: made[n - 1], trunk: null },
  });
  const segment = () => ({
    ...{ kind: "extension", id: made[1], number: "1002", name: "Person 2", outcome: "answered" },
    ...{ startedAt: startedAt(), endedAt: startedAt() },
  });

  /** As the agent tells of one: it rings, is answered, and is over with its record, each in a batch of its own. */
  const call = async () => {
    const id = newId("cal");
    const live = inCall();
    await report({ type: "call.updated", data: { ...live, id, state: "ringing", answeredAt: null } });
    await report({ type: "call.updated", data: { ...live, id, state: "answered", answeredAt: startedAt() } });
    const ended = {
      ...{ ...live, id, seq: 1, trunk: null, answeredAt: startedAt(), endedAt: startedAt() },
      ...{ durationSeconds: 185, billableSeconds: 180, outcome: "answered", hangupCause: "NORMAL_CLEARING" },
      ...{ hangupBy: "caller", legs: [leg("inbound", 1), leg("outbound", 2)], segments: [segment()] },
    };
    await report(
      { type: "call.updated", data: { ...live, id, state: "ended", answeredAt: startedAt() } },
      { type: "call.completed", data: ended },
    );
  };
  const registration = (n: number) => ({
    type: "registration.updated",
    data: {
      ...{ tenant, extension: made[n % phones], username: String(1001 + n), contact: `sip:${1001 + n}@192.0.2.7:5060` },
      ...{ source: "198.51.100.7:5060", userAgent: "Yealink SIP-T46S 66.86.0.15" },
      expiresAt: new Date(cloud.now().getTime() + 600_000).toISOString(),
    },
  });
  const message = async () => {
    const id = newId("msg");
    const bytes = new Uint8Array(messageBytes);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    await edge.request("POST", "uploads", { tenant, kind: "message", id, bytes: messageBytes, sha256 });
    cloud.objects.set(`${tenant}/messages/${id}`, { bytes, contentType: "audio/wav" });
    const from = { number: "+15551234567", name: "Carol" };
    const told = { id, tenant, box: voicemailBox, from, receivedAt: startedAt(), seconds: 30, bytes: messageBytes };
    await report({ type: "voicemail.received", data: { ...told, read: false } });
  };
  const beat = () =>
    edge.request("POST", "heartbeat", {
      ...{ version: "0.1.0", engine: { connected: true, version: "1.11.2" }, liveCalls: 12, relay: null },
      ...{ front: null, webSocket: null, roster: hosts },
    });
  // a host that is in step: its sums are the cloud's
  const compare = async () => {
    await edge.request("POST", "differences", { buckets: Array(256).fill(empty) });
    await edge.request("GET", `runtime?since=${encodeURIComponent(cloud.now().toISOString())}`);
  };

  let changes = 0;
  const patch = () => request("PATCH", `${at}/extensions/${made[0]}`, { displayName: `Another ${++changes % 10}` });
  const extra: string[] = [];
  const results = {} as Measured;
  const ids = () =>
    new Map([
      [cloud.operator.slice(2), "<operator>"],
      [reseller, "<reseller>"],
      [cloud.pool, "<pool>"],
      ...edges.map(({ id }): [string, string] => [id, "<host>"]),
    ]);
  const counted = async (name: PathName, work: () => Promise<unknown>) => {
    // the first one warms what a process keeps
    await work();
    results[name] = await count(work);
    heats[name] = named(cloud.heat(), ids());
  };
  await counted("GET one", () => request("GET", `${at}/extensions/${made[0]}`));
  await counted("GET a list of 20", () => request("GET", `${at}/extensions?limit=20`));
  await counted("POST", async () => {
    const body = extension(100 + extra.length);
    extra.push(String((await request("POST", `${at}/extensions`, body)).body.id));
  });
  await counted("PATCH", patch);
  await counted("DELETE", () => request("DELETE", `${at}/extensions/${extra.pop()}`));
  await counted("apply of 20 extensions", () => {
    changes++;
    const names = Array.from({ length: phones }, (_, n) => ({ ...extension(n + 1), displayName: `Name ${changes}` }));
    return request("POST", `${at}/apply`, { extensions: names });
  });
  await counted("a new tenant", () => newTenant("Another"));
  await counted("a simulated call", () => request("POST", `${at}/simulate`, { from: "1001", to: "1002" }));
  await settled();
  await patch();
  await cloud.settle();
  const before = await count(patch);
  edges.push(await cloud.enrol("edge-3"));
  results["a change, one more host"] = plus(await count(patch), before, -1);
  results["an acknowledgement"] = await count(() => acknowledge(edge));
  heats["an acknowledgement"] = named(cloud.heat(), ids());
  await settled();
  await counted("a heartbeat", beat);
  await counted("a comparison", compare);
  const many = 40;
  for (let n = 0; n < many; n++) await newTenant(`Tenant ${n}`);
  const larger = await count(compare);
  results["a comparison, one more tenant"] = over(plus(larger, results["a comparison"], -1), many);
  await counted("asking for the queue", () => edge.request("POST", "queue", {}));
  let phone = 1;
  await counted("a phone registers", () => report(registration(phone++)));
  await counted("a phone registers again", () => report(registration(0)));
  const renewals = () => report(...Array.from({ length: batchEvents }, (_, n) => registration(n)));
  await renewals();
  await counted("25 phones register again", renewals);
  await counted("a call", call);
  const url = "https://hooks.example.com/dialplane";
  await request("POST", `/v1/accounts/${reseller}/webhook-endpoints`, { url, events: ["call.completed"] });
  results["a call, one more webhook"] = plus(await count(call), results["a call"], -1);
  await counted("a voicemail message by mail", message);

  await request("POST", "/v1/members", { name: "Ada", invite: true, email, role: "admin", tenantId: tenant });
  await cloud.settle();
  const token = /#(\S+)/.exec(cloud.mails.findLast((mail) => mail.includes("#")) ?? "")?.[1];
  const own = { "sec-fetch-site": "same-origin" };
  await request("POST", "/v1/identity/invitation/accept", { token, password }, own);
  let cookie = "";
  await counted("a sign-in", async () => {
    const { headers } = await request("POST", "/v1/identity/sign-in", { email, password }, own);
    cookie = /__Host-dialplane=[^;]*/.exec(headers["set-cookie"] ?? "")?.[0] ?? "";
    await request("GET", "/v1/identity/session", undefined, { ...own, cookie });
  });
  const look = (path: string) => request("GET", path, undefined, { ...own, cookie });
  // what a page asks: what it lists, what that refers to, and how the tenant stands
  await counted("a page of the console", async () => {
    for (const path of ["/extensions?limit=50", "/voicemail-boxes?limit=50", "/sync"]) await look(`${at}${path}`);
  });
  // a console comes back as often as it is told to
  let last = "";
  const watch = async () => {
    const headers = { ...own, cookie, accept: "text/event-stream", ...(last && { "last-event-id": last }) };
    const { text } = await request("GET", `${at}/live`, undefined, headers);
    last = /^id: (.*)$/m.exec(text)?.[1] ?? last;
    return Number(/^retry: (\d+)$/m.exec(text)?.[1] ?? 1000);
  };
  const againMs = await watch();
  const watched = await count(watch);
  // by CloudFront and its firewall
  const front = { ...none(), cdnRequests: 1, wafRequests: 1 };
  results["a minute of a live view, asked for"] = plus(none(), plus(watched, front), 60_000 / againMs);
  // streamed: who asks and all of it at the beginning; then calls and queues, now and then phones too, and who asks
  const view = new View(tenantOwner(tenant), sections, cloud.now);
  const { readUnits: all } = await count(() => view.read(cloud.ctx.store));
  const { readUnits: some } = await count(() => view.read(cloud.ctx.store, ["calls", "queues"]));
  const asked = (streamSeconds * 1000) / askMs - 1;
  const checked = Math.ceil((streamSeconds * 1000) / aliveMs) - 1;
  const withPhones = Math.floor(asked / phonesEach);
  const stream = {
    ...{ ...front, lambdaRequests: 1, lambdaGbSeconds: streamSeconds * (liveMb / 1024) },
    ...{ outGb: watched.outGb, logGb: watched.logGb },
    readUnits: watched.readUnits + checked * (watched.readUnits - all) + withPhones * all + (asked - withPhones) * some,
  };
  results["a minute of a live view"] = plus(none(), stream, 60 / streamSeconds);
  const clock = (...names: Parameters<typeof cloud.tick>[0][]) =>
    count(async () => {
      for (const name of names) await cloud.tick(name);
    });
  results["a minute of clocks"] = await clock("publisher", "webhooks", "worker", "mailer");
  results["an hour of clocks"] = await clock("retention", ...Array(12).fill("deletions"));
  return results;
}

/** With whose each partition is in the place of ids; any other tenant is one of many, as is whatever else is known by a hash or an id. */
function named(heat: Heat, ids: Map<string, string>): Heat {
  const all: Heat = new Map();
  for (const [pk, { writes, reads }] of heat) {
    const whose = pk
      .replace(
        /[a-z]{3}_[0-9A-HJKMNP-TV-Z]{26}/g,
        (id) => ids.get(id) ?? (id.startsWith("ten_") ? "<tenant>" : "<one of many>"),
      )
      .replace(/^index EVENTS#\d+/, "index EVENTS#<shard>")
      .replace(/^(L#A#<operator>)(#\d+)?$/, "$1#<log shard>")
      .replace(/(?<=#)[0-9a-f]{64}/g, "<one of many>");
    const before = all.get(whose) ?? { writes: 0, reads: 0 };
    all.set(whose, { writes: before.writes + writes, reads: before.reads + reads });
  }
  return all;
}

const over = (counts: Counts, times: number): Counts =>
  Object.fromEntries(Object.entries(counts).map(([unit, count]) => [unit, count / times])) as Counts;
