// The end of a deleted tenant: everything that was ever stored for it is looked for in everything that there is, so that a kind of item which nobody
// thought of is found here by its key.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setImmediate } from "node:timers/promises";
import { inflateRawSync } from "node:zlib";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { tenantOwner } from "../../../core/owner.ts";
import { kindsAt } from "../../../core/registry.ts";
import type { Context } from "../../../functions/context.ts";
import { sweepDeletions } from "../../../functions/deletion/sweep.ts";
import { createJob } from "../../../functions/jobs/job.ts";
import { objects } from "../../../functions/media/media.ts";
import { decode } from "../../../functions/store/body.ts";
import { forgetMail } from "../../../local/mail.ts";
import { newTenant, type TestControl, testControl } from "../../support/control.ts";
import { type Receiver, startReceiver } from "../../support/receiver.ts";
import { sampleOf } from "../../support/samples.ts";
import { enrolEdge, type SignedEdge } from "../../support/signed-edge.ts";
import { uploadFor } from "../../support/upload.ts";

/** In everything that is typed. */
const mark = "zq7trace";
const day = 86_400_000;
let control: TestControl;
let edge: SignedEdge;
let receiver: Receiver;
let account: { id: string; path: string };
let batch = 0;

beforeAll(async () => {
  receiver = await startReceiver();
  control = await testControl({ webhookAllow: ["127.0.0.1"] });
  edge = await enrolEdge(control);
  const id = String((await made("/v1/accounts", { name: "Reseller" })).id);
  account = { id, path: `/v1/accounts/${id}` };
  await made(`${account.path}/webhook-endpoints`, { url: `${receiver.url}/above`, events: ["*"] });
});
afterAll(async () => {
  await control.stop();
  await receiver.close();
});

async function made(
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Record<string, unknown>> {
  const reply = await control.call("POST", path, body, { headers });
  if (reply.status >= 300) throw new Error(`${path}: ${reply.text}`);
  return reply.body;
}

async function tell(...events: [type: string, data: Record<string, unknown>][]): Promise<void> {
  batch += 1;
  const at = new Date().toISOString();
  const sent = events.map(([type, data], index) => ({ id: `evt_${batch}_${index}`, at, type, data }));
  expect((await edge.request("POST", "events", { generation: "g", batch, events: sent })).status).toBe(200);
}

/** A tenant with something of everything. `n` tells its ids from another's. */
async function everything(n: number) {
  const domain = `${mark}-${n}.example`;
  const { id, path } = await newTenant(control, { name: `${mark} Ltd`, domain, accountId: account.id });
  const prompt = String((await made(`${path}/prompts`, { name: `${mark} hello` })).id);
  const upload = { ...uploadFor({ types: ["audio/wav"] }) };
  expect((await control.call("PUT", `${path}/prompts/${prompt}/audio`, undefined, upload)).status).toBe(200);
  const trunk = String((await made(`${path}/trunks`, { ...sampleOf("trunks"), username: mark, password: mark })).id);
  const ids = new Map<string, string>();
  const more: Record<string, object> = {
    "voicemail-boxes": { number: "1001", email: `${mark}@mail.example`, pin: "90125" },
    extensions: { number: "1001", displayName: mark },
    "phone-numbers": { number: `+1202555${String(100 + n).padStart(4, "0")}` },
  };
  for (const { plural } of kindsAt("tenant").filter(({ kind }) => !["prompt", "trunk"].includes(kind))) {
    const named = "name" in sampleOf(plural, { prompt, trunk }) && { name: `${mark} ${plural}` };
    const body = { ...sampleOf(plural, { prompt, trunk }), ...named, ...more[plural] };
    ids.set(plural, String((await made(`${path}/${plural}`, body, { "idempotency-key": `${n}-${plural}` })).id));
  }
  const key = await made("/v1/api-keys", { name: mark, scopes: ["*"], tenantId: id });
  await made(`/v1/api-keys/${key.id}/rotate?tenantId=${id}`, { overlapSeconds: 3600 });
  expect((await control.call("GET", path, undefined, { key: String(key.key) })).status).toBe(200);
  const old = await made(`${path}/webhook-endpoints`, { url: `${receiver.url}/${mark}/old`, events: ["*"] });
  await made(`${path}/webhook-endpoints`, { url: `${receiver.url}/${mark}`, events: ["*"] });
  await report(id, ids, trunk, n);
  await made(`${path}/conferences/${ids.get("conferences")}/lock`, undefined);
  await control.call("PATCH", `${path}/extensions/1001/runtime`, { doNotDisturb: true });
  await vi.waitFor(() => expect(receiver.received.map(({ path: at }) => at)).toContain(`/${mark}/old`));
  expect((await control.call("DELETE", `${path}/webhook-endpoints/${old.id}`)).status).toBe(204);
  await job(id);
  await made(`${path}/suspend`, { reason: mark });
  const head = (await control.call("GET", `${path}/sync`)).body;
  const failures = [{ kind: "trunk", id: trunk, reason: mark, retry: true }];
  const ack = { owner: `T#${id}`, epoch: 1, revision: head.revision, digest: head.digest, at: new Date(), failures };
  expect((await edge.request("POST", "acks", { acks: [ack] })).status).toBe(204);
  // all that is to be told of it has come where it stays
  await vi.waitFor(() => expect(keysOf(id).filter((one) => /#EVENT#|#MAIL#| EVENT#| MAIL#/.test(one))).toEqual([]));
  return { id, path, domain, key: String(key.key), number: (more["phone-numbers"] as { number: string }).number };
}

/** Of a large apply, which changes nothing. */
async function job(id: string): Promise<void> {
  const owner = tenantOwner(id);
  const principal = { id: "key", name: mark, owner, scopes: ["*"], expiresAt: null, allowedIps: [], member: null };
  const actor = { type: "api-key" as const, id: "key", name: mark, ip: null, requestId: `req_${id}` };
  const work = { kind: "apply" as const, document: {}, prune: [], baseRevision: null };
  const via = { method: "post", route: "", path: "", status: 200 };
  await createJob(control.ctx, owner, { work, principal, actor, via }, async () => []);
}

async function report(tenant: string, ids: Map<string, string>, trunk: string, n: number): Promise<void> {
  const at = new Date().toISOString();
  const party = { number: "1001", name: mark, extension: "1001" };
  const id = (prefix: string) => `${prefix}_01ARZ3NDEKTSV4RRFFQ69G5F${String(n).padStart(2, "0")}`;
  const call = (name: string, startedAt: string) => ({
    ...{ id: name, seq: 1, tenant, direction: "internal", from: party, to: party, trunk: null, startedAt },
    ...{ answeredAt: null, endedAt: startedAt, durationSeconds: 1, billableSeconds: 0 },
    ...{ outcome: "busy", hangupCause: "USER_BUSY", hangupBy: "callee", legs: [] },
  });
  const box = ids.get("voicemail-boxes") ?? "";
  const expiresAt = new Date(Date.now() + 600_000).toISOString();
  const phone = {
    tenant,
    extension: null,
    username: "1001",
    contact: "sip:x",
    source: null,
    userAgent: mark,
    expiresAt,
  };
  const message = { id: id("msg"), tenant, box, from: { number: "+15550123", name: mark }, receivedAt: at };
  const recording = { id: id("rec"), tenant, call: id("cal"), startedAt: at, seconds: 3, bytes: 3 };
  const live = { ...call(id("cal"), at), id: `live${n}`, state: "answered" };
  const room = { tenant, conference: ids.get("conferences"), locked: false };
  const is = { moderator: false, muted: false, joinedAt: at };
  const member = { id: "1", call: null, number: "1001", name: mark, extension: null, ...is };
  const subject = { kind: "extension", id: ids.get("extensions") };
  await control.ctx.media.put(objects.message(tenant, id("msg")), new Uint8Array([1]), "audio/wav");
  await control.ctx.media.put(objects.recording(tenant, id("rec")), new Uint8Array([1]), "audio/wav");
  await tell(
    ["call.completed", call(id("cal"), at)],
    ["call.completed", call(`old${n}`, "2026-03-01T10:00:00.000Z")],
    ["call.completed", call(`clockless${n}`, "1970-01-01T00:10:00.000Z")],
    ["call.updated", live],
    ["registration.updated", phone],
    ["voicemail.received", { ...message, seconds: 3, bytes: 1, read: false }],
    ["recording.completed", recording],
    ["conference.updated", { ...room, members: [member] }],
    ["queue.updated", { tenant, queue: ids.get("queues"), name: mark, waitingCalls: 1, waiting: [], agents: [] }],
    ["monitor.started", { tenant, by: "1001", extension: "1002", call: id("cal"), mode: "listen" }],
    ["pin.locked", { tenant, kind: "voicemail-box", id: box, pin: "pin", until: expiresAt }],
    ["trunk.updated", { trunk, tenant, state: "registered" }],
    [
      "runtime.updated",
      { type: "runtime", owner: `T#${tenant}`, subject, field: "doNotDisturb", value: true, at, edge: edge.id },
    ],
  );
}

type Row = { pk: string; sk: string; body: string };
/** With what is packed in it, which nobody would find otherwise. */
function opened({ body, ...row }: Row): Row {
  const { packed } = decode(body);
  return { ...row, body: packed instanceof Uint8Array ? inflateRawSync(packed).toString() : body };
}
const rows = (): Row[] => {
  const db = new DatabaseSync(join(control.dataDir, "control.db"), { readOnly: true });
  try {
    const all = db.prepare("select pk, sk, coalesce(ipk || ' ' || isk, '') as place, body from item").all();
    return (all as (Row & { place: string })[]).map(({ place, ...row }) => {
      const { body, ...key } = opened(row);
      return { ...key, body: `${body} ${place}` };
    });
  } finally {
    db.close();
  }
};
const keysOf = (...words: string[]): string[] =>
  rows().flatMap(({ pk, sk, body }) =>
    words.some((word) => `${pk} ${sk} ${body}`.toLowerCase().includes(word.toLowerCase())) ? [`${pk} ${sk}`] : [],
  );
/** Files beside the databases, whose free pages nobody can read but from the disk, and the objects in the bucket. */
async function filesOf(...words: string[]): Promise<string[]> {
  const found: string[] = [];
  for (const name of readdirSync(control.dataDir, { recursive: true, withFileTypes: true })) {
    const file = join(name.parentPath, name.name);
    if (!name.isFile() || /\.db(-wal|-shm)?$/.test(file)) continue;
    if (words.some((word) => file.includes(word) || readFileSync(file, "latin1").includes(word))) found.push(file);
  }
  for await (const key of control.ctx.media.list("")) if (words.some((word) => key.includes(word))) found.push(key);
  return found;
}
const sweepAt = (ms: number, store = control.ctx.store) => {
  const ctx: Context = { ...control.ctx, store, now: () => new Date(ms) };
  return sweepDeletions(ctx, (owner) => forgetMail(join(control.dataDir, "mail"), owner.slice(2)));
};
/** Killed after one, two or three writes, and begun again. */
async function sweepKilled(ms: number): Promise<number> {
  const { store } = control.ctx;
  for (let runs = 1; runs < 1000; runs++) {
    let left = 1 + (runs % 3);
    const dying = {
      ...store,
      async transact(operations: Parameters<typeof store.transact>[0]) {
        if (left-- <= 0) throw new Error("killed");
        await store.transact(operations);
      },
    };
    const whole = await sweepAt(ms, dying).then(
      () => true,
      () => false,
    );
    if (whole) return runs;
    // what was asked for before it was killed is committed
    await setImmediate();
  }
  throw new Error("the purge comes to no end");
}

it("nothing is left of a purged tenant but its tombstone, wherever the purge is killed, and nothing of another is touched", async () => {
  const other = await everything(1);
  const tenant = await everything(2);
  const mine = keysOf(tenant.id);
  // the test is worth what it looks for
  for (const kind of [
    "R#",
    "N#",
    "C#",
    "S#",
    "P#",
    "E#",
    "KEY",
    "H#APIKEY",
    "H#KEYUSE",
    "H#WEBHOOK",
    "VM#",
    "REC#",
    "LIVE#",
    "REG#",
  ])
    expect(mine.filter((one) => one.startsWith(`T#${tenant.id} ${kind}`)).length, kind).toBeGreaterThan(0);
  for (const kind of ["ROOM#", "QUEUE#", "MONITOR#", "PINLOCK#", "Y#", "COMMAND#"])
    expect(mine.filter((one) => one.startsWith(`T#${tenant.id} ${kind}`)).length, kind).toBeGreaterThan(0);
  for (const kind of [
    `D#${tenant.id}#1970-01`,
    `L#T#${tenant.id}`,
    `L#A#${account.id}`,
    `W#T#${tenant.id}`,
    "U#",
    "K#",
  ])
    expect(mine.filter((one) => one.startsWith(kind)).length, kind).toBeGreaterThan(0);
  expect(mine.filter((one) => one.startsWith(`EDGE#${edge.id} TRUNK#`))).toHaveLength(1);
  expect((await filesOf(tenant.id)).length).toBeGreaterThan(3);
  const before = rows().filter(({ pk }) => pk.includes(other.id));
  const at = Date.now();
  expect((await control.call("DELETE", tenant.path)).status).toBe(204);
  await sweepAt(at + 29 * day);
  const now = new Set(keysOf(tenant.id));
  expect(mine.filter((one) => !now.has(one) && !/ X#|#TENANT#| (HOME|STANDBY)$/.test(one))).toEqual([]);
  await vi.waitFor(() => expect(receiver.types()).toContain("tenant.deleted"));
  const runs = await sweepKilled(at + 30 * day + 60_000);
  expect(runs).toBeGreaterThan(10);
  await vi.waitFor(() => expect(receiver.types()).toContain("tenant.purged"));
  const words = [tenant.id, tenant.domain, tenant.number];
  const tombstone = (key: string) =>
    new RegExp(`^T#${tenant.id} (HEAD|DELETION|P#\\w+|E#\\w+|X#\\d+)$`).test(key) ||
    /^[LW]#.*(EVT|DLV)#/.test(key) ||
    // who deleted it, with the account above
    key.startsWith(`A#${account.id} AUDIT#`) ||
    // that it came to its pool, for a day
    /^POOL#\w+ ARRIVED#/.test(key);
  expect(keysOf(...words).filter((key) => !tombstone(key))).toEqual([]);
  const told = rows().filter(({ pk, body }) => pk.startsWith("L#") && body.includes(tenant.id));
  expect(told.filter(({ body }) => !body.includes('"tenant.purged"'))).toEqual([]);
  expect(keysOf(mark).filter((key) => key.includes(tenant.id))).toEqual([]);
  expect(await filesOf(...words)).toEqual([]);
  // the other tenant typed the same words
  expect(rows().filter(({ pk }) => pk.includes(other.id))).toEqual(before);
  expect((await filesOf(other.id)).length).toBeGreaterThan(3);
  // what it held is free
  expect((await newTenant(control, { domain: tenant.domain })).domain).toBe(tenant.domain);
  // late word of it counts for nothing
  const late = {
    tenant: tenant.id,
    username: "1001",
    contact: "sip:late",
    expiresAt: new Date(at + day).toISOString(),
  };
  await tell(["registration.updated", { ...late, extension: null, source: null, userAgent: null }]);
  expect(keysOf(tenant.id).filter((key) => !tombstone(key))).toEqual([]);
  // the tombstone stands until the edge has dropped it and 30 days are over
  const head = JSON.parse(
    rows()
      .find(({ pk, sk }) => pk === `T#${tenant.id}` && sk === "HEAD")
      ?.body.trim() ?? "{}",
  );
  await sweepAt(at + 70 * day);
  expect(keysOf(tenant.id).filter(tombstone).length).toBeGreaterThan(2);
  const ack = { owner: `T#${tenant.id}`, epoch: 1, revision: head.revision, digest: "0".repeat(32) };
  await edge.request("POST", "acks", { acks: [{ ...ack, at: new Date(), failures: [] }] });
  await sweepAt(at + 80 * day);
  await vi.waitFor(() =>
    expect(keysOf(tenant.id).filter((key) => !/^([LWA]#|POOL#\w+ ARRIVED#)/.test(key))).toEqual([]),
  );
}, 60_000);

it("purge=now needs no patience, also of one that was deleted before, and needs a scope of its own", async () => {
  const { id, path } = await newTenant(control, { name: `${mark} now`, accountId: account.id });
  const { key } = await made("/v1/api-keys", { name: "k", scopes: ["tenants:write"], accountId: account.id });
  const narrow = await control.call("DELETE", `${path}?purge=now`, undefined, { key: String(key) });
  expect([narrow.status, narrow.body.scope]).toEqual([403, "purges:write"]);
  expect((await control.call("DELETE", `${path}?purge=later`)).status).toBe(400);
  expect((await control.call("DELETE", path, undefined, { key: String(key) })).status).toBe(204);
  expect((await control.call("DELETE", `${path}?purge=now`)).status).toBe(204);
  await vi.waitFor(() => expect(keysOf(id).filter((one) => / R#| C#| KEY/.test(one))).toEqual([]));
  expect((await control.call("POST", `${path}/restore`)).status).toBe(404);
  expect((await control.call("DELETE", `${path}?purge=now`)).status).toBe(404);
});
