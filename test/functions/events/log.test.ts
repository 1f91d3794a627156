// The log of events: of every kind, from the change records; of calls, phones and messages, as edges report them; once each, in one order, for whom it concerns.
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { tenantOwner } from "../../../core/owner.ts";
import { kindsAt } from "../../../core/registry.ts";
import type { Context } from "../../../functions/context.ts";
import { dispatch, dispatchAll } from "../../../functions/events/dispatch.ts";
import { type Event, fits, types } from "../../../functions/events/event.ts";
import { dueEvents } from "../../../functions/events/waiting.ts";
import * as keys from "../../../functions/keys.ts";
import type { Item } from "../../../functions/store/store.ts";
import { newTenant, type TestControl, testControl } from "../../support/control.ts";
import { sampleOf } from "../../support/samples.ts";
import { enrolEdge, type SignedEdge } from "../../support/signed-edge.ts";

let control: TestControl;
let edge: SignedEdge;
let tenant: { id: string; path: string };
let batch = 0;

beforeAll(async () => {
  control = await testControl();
  edge = await enrolEdge(control);
  tenant = await newTenant(control);
});
afterAll(() => control.stop());

const page = async (query: string, key?: string) => {
  const { body } = await control.call("GET", `/v1/events?${query}`, undefined, key ? { key } : {});
  return body as unknown as { data: Event[]; next: string | null };
};
/** Everything that the log has, page after page. */
async function logged(query: string, limit = 100): Promise<Event[]> {
  const found: Event[] = [];
  for (let after = ""; ; ) {
    const { data, next } = await page(`limit=${limit}&${query}${after && `&after=${after}`}`);
    found.push(...data);
    if (next === null) return found;
    after = next;
  }
}
const eventually = <T>(check: () => T | Promise<T>) => vi.waitFor(check, { timeout: 10_000, interval: 20 });
const tell = async (events: Record<string, unknown>[], from = edge) => {
  batch += 1;
  const at = new Date().toISOString();
  const numbered = events.map((event, index) => ({ id: `evt_${batch}_${index}`, at, ...event }));
  const sent = { generation: "g", batch, events: numbered };
  expect((await from.request("POST", "events", sent)).status).toBe(200);
  return sent;
};
const mine = (more = "") => `tenantId=${tenant.id}${more}`;

it("tells of every kind when one is created, changed and deleted, and never a secret", async () => {
  const wanted: string[] = [];
  const secrets = ["Zq7-of-the-carrier", "918273645546", "Zq8-of-the-phone"];
  const own = await newTenant(control, { name: "Every kind" });
  const make = async (plural: string, body: Record<string, unknown>) => {
    const { body: made, text } = await control.call("POST", `${own.path}/${plural}`, body);
    expect(made.id, text).toBeDefined();
    return `${own.path}/${plural}/${made.id}`;
  };
  const paths: string[] = [];
  const of: { prompt?: string; trunk?: string } = {};
  for (const [plural, more] of [
    ["prompts", {}],
    ["trunks", { username: "u", password: secrets[0] }],
  ] as const) {
    const path = await make(plural, { ...sampleOf(plural), ...more });
    paths.push(path);
    of[plural === "prompts" ? "prompt" : "trunk"] = path.split("/").at(-1) ?? "";
  }
  const more: Record<string, object> = {
    "voicemail-boxes": { pin: secrets[1] },
    extensions: { devices: [{ username: "desk", password: secrets[2] }] },
  };
  for (const { plural } of kindsAt("tenant"))
    if (!["prompts", "trunks"].includes(plural))
      paths.push(await make(plural, { ...sampleOf(plural, of), ...more[plural] }));
  for (const { kind } of kindsAt("tenant")) wanted.push(`${kind}.created`, `${kind}.deleted`);
  await control.call("PATCH", own.path, { language: "fr" });
  for (const path of paths.reverse()) expect((await control.call("DELETE", path)).status, path).toBe(204);
  wanted.push("tenant.created", "tenant.updated");
  const events = await eventually(async () => {
    const found = (await logged(`tenantId=${own.id}`)).filter(({ type }) => !type.startsWith("config."));
    expect(found.map(({ type }) => type).sort()).toEqual(wanted.sort());
    return found;
  });
  expect(events.find(({ type }) => type === "tenant.updated")?.data).toMatchObject({
    ...{
      kind: "tenant",
      fields: ["language"],
      object: { language: "fr" },
      actor: { type: "api-key", name: "operator" },
    },
  });
  for (const secret of secrets) expect(JSON.stringify(events)).not.toContain(secret);
  for (const { type } of events) expect(types).toContain(type);
});

it("tells of calls, phones, messages and recordings, each once, however often an edge sends its batch", async () => {
  const { body: box } = await control.call("POST", `${tenant.path}/voicemail-boxes`, { number: "800" });
  const at = new Date().toISOString();
  const party = { number: "1001", name: null, extension: "1001" };
  const call = {
    ...{
      id: "cal_01ARZ3NDEKTSV4RRFFQ69G5FAV",
      seq: 1,
      tenant: tenant.id,
      direction: "internal",
      from: party,
      to: party,
    },
    ...{ trunk: null, startedAt: at, answeredAt: null, endedAt: at, durationSeconds: 1, billableSeconds: 0 },
    ...{ outcome: "busy", hangupCause: "USER_BUSY", hangupBy: "callee", legs: [] },
  };
  const phone = {
    ...{ tenant: tenant.id, extension: null, username: "1001", contact: "sip:x", source: null },
    ...{ userAgent: "u".repeat(5000), expiresAt: new Date(Date.now() + 60_000).toISOString() },
  };
  const message = {
    ...{
      id: "msg_01ARZ3NDEKTSV4RRFFQ69G5FA1",
      tenant: tenant.id,
      box: box.id,
      from: { number: "+15550123", name: "Eve" },
    },
    ...{ receivedAt: at, seconds: 3, bytes: 9, read: false },
  };
  const recording = {
    ...{ id: "rec_01ARZ3NDEKTSV4RRFFQ69G5FAV", tenant: tenant.id, call: call.id, startedAt: at, seconds: 3, bytes: 9 },
  };
  const sent = await tell([
    { type: "call.completed", data: call },
    { type: "registration.updated", data: phone },
    { type: "registration.updated", data: phone },
    { type: "voicemail.received", data: message },
    { type: "recording.completed", data: recording },
  ]);
  await edge.request("POST", "events", sent);
  await tell([
    { type: "call.completed", data: call },
    { type: "call.completed", data: { ...call, seq: 2, outcome: "answered" } },
    { type: "registration.updated", data: phone },
    { type: "registration.updated", data: { ...phone, expiresAt: null } },
    { type: "registration.updated", data: { ...phone, expiresAt: null } },
    { type: "voicemail.received", data: message },
    { type: "recording.completed", data: recording },
    { type: "voicemail.updated", data: { id: message.id, tenant: tenant.id, box: box.id, read: true } },
    { type: "voicemail.deleted", data: { id: message.id, tenant: tenant.id, box: box.id } },
  ]);
  const told = "call.*,extension.registered,extension.unregistered,voicemail.*,recording.*";
  const events = await eventually(async () => {
    const found = await logged(mine(`&type=${told}`));
    expect(found.map(({ type }) => type)).toEqual([
      ...["call.completed", "extension.registered", "voicemail.received", "recording.ready"],
      ...["call.corrected", "extension.unregistered", "voicemail.read", "voicemail.deleted"],
    ]);
    return found;
  });
  expect(events[0]?.data).toMatchObject({ id: call.id, hangupCause: "USER_BUSY", from: party, legs: [] });
  expect(events[1]?.data).toMatchObject({ username: "1001", edgeId: edge.id, userAgent: "u".repeat(512) });
  expect(events[2]?.data).toMatchObject({ id: message.id, box: box.id, from: { name: "Eve" } });
  expect(events[3]?.data).toMatchObject({ id: recording.id, call: call.id });
});

it("tells when a revision is in place on a host, or why not, and says nothing where nothing is new", async () => {
  const own = await newTenant(control, { name: "Acks" });
  const { body: head } = await control.call("GET", `${own.path}/sync`);
  const ack = { owner: `T#${own.id}`, epoch: 1, revision: 0, digest: head.digest, at: new Date().toISOString() };
  const failures = [{ kind: "trunk", id: "trk_x", reason: "no such host", retry: true }];
  for (const failed of [[], [], failures, failures, []]) {
    expect((await edge.request("POST", "acks", { acks: [{ ...ack, failures: failed }] })).status).toBe(204);
    // tables keep no order of members
    const item = await control.ctx.store.get(keys.acknowledged(tenantOwner(own.id), edge.id));
    const kept = (item?.failures ?? []) as object[];
    const turned = kept.map((one) => Object.fromEntries(Object.entries(one).reverse()));
    await control.ctx.store.transact([{ put: { ...item, failures: turned } as Item }]);
  }
  await eventually(async () =>
    expect((await logged(`tenantId=${own.id}&type=config.*`)).map(({ type, data }) => [type, data.revision])).toEqual([
      ["config.applied", 0],
      ["config.failed", 0],
      ["config.applied", 0],
    ]),
  );
});

describe("a reader", () => {
  it("gets every event once by the cursor, in one order, while others write", async () => {
    const own = await newTenant(control, { name: "Busy" });
    const writing = Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        control.call("POST", `${own.path}/extensions`, { number: String(1001 + index) }),
      ),
    );
    const seen: Event[] = [];
    await eventually(async () => {
      const since = seen.at(-1)?.id;
      seen.push(...(await page(`limit=3&tenantId=${own.id}&type=extension.*${since ? `&id[gt]=${since}` : ""}`)).data);
      expect(seen.length).toBeGreaterThanOrEqual(20);
    });
    await writing;
    const ids = seen.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort());
    expect(new Set(seen.map(({ data }) => data.key)).size).toBe(20);
    const all = await logged(`tenantId=${own.id}&type=extension.*`, 7);
    expect(all.map(({ id }) => id)).toEqual(ids);
    const back = await logged(`tenantId=${own.id}&type=extension.*&order=newest`, 7);
    expect(back.map(({ id }) => id)).toEqual([...ids].reverse());
    const one = await control.call("GET", `/v1/events/${ids[3]}?tenantId=${own.id}`);
    expect(one.body).toEqual(seen[3]);
  });

  it("finds the same event under the same id in the tenant's log and in those of all accounts above", async () => {
    const { body: reseller } = await control.call("POST", "/v1/accounts", { name: "Reseller" });
    const below = await newTenant(control, { name: "Below", accountId: reseller.id });
    const all = await eventually(async () => {
      const logs = await Promise.all(
        [`tenantId=${below.id}`, `accountId=${reseller.id}`, ""].map((of) => logged(`type=tenant.created&${of}`)),
      );
      const found = logs.map((log) => log.filter(({ tenantId }) => tenantId === below.id));
      expect(found.map(({ length }) => length)).toEqual([1, 1, 1]);
      return found;
    });
    expect(all[1]).toEqual(all[0]);
    expect(all[2]).toEqual(all[0]);
    expect(all[0]?.[0]).toMatchObject({ accountId: reseller.id, tenantId: below.id });
  });

  it("sees nothing of others, whatever it names", async () => {
    const { body: reseller } = await control.call("POST", "/v1/accounts", { name: "Stranger" });
    const { body: key } = await control.call("POST", "/v1/api-keys", {
      ...{ name: "k", scopes: ["events:read"], accountId: reseller.id },
    });
    const secret = String(key.key);
    const [theirs] = await eventually(async () => {
      const found = await logged(mine("&type=tenant.created"));
      expect(found).toHaveLength(1);
      return found;
    });
    expect(JSON.stringify(await page("limit=100", secret))).not.toContain(tenant.id);
    const ask = async (path: string) => {
      const { status, text } = await control.call("GET", path, undefined, { key: secret });
      return [status, text.replace(/(req|evt|ten)_[0-9A-Z]{26}/g, "<id>")];
    };
    const none = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
    expect(await ask(`/v1/events/${theirs?.id}`)).toEqual(await ask(`/v1/events/evt_${none}`));
    expect(await ask(`/v1/events?tenantId=${tenant.id}`)).toEqual(await ask(`/v1/events?tenantId=ten_${none}`));
    expect((await ask(`/v1/events/${theirs?.id}?tenantId=${tenant.id}`))[0]).toBe(404);
  });

  it("is told what is wrong with what it asks", async () => {
    for (const query of ["type=unicorn.*", "order=up", "id[gt]=x", "createdAt[gte]=today", "after=x", "since=1"])
      expect((await control.call("GET", `/v1/events?${query}`)).status, query).toBe(400);
    const later = new Date(Date.now() + 86_400_000).toISOString();
    expect((await page(`createdAt[gte]=${later}`)).data).toEqual([]);
    expect((await page(`${mine()}&createdAt[lte]=${later}`)).data.length).toBeGreaterThan(0);
    expect((await page(`${mine()}&createdAt[lte]=2020-01-01T00:00:00Z`)).data).toEqual([]);
  });
});

it("a filter chooses exactly its type, its subject's types, or all", () => {
  fc.assert(
    fc.property(fc.constantFrom(...types), fc.constantFrom(...types), (type, other) => {
      const subject = (text: string) => text.split(".")[0];
      expect(fits([other], type)).toBe(other === type);
      expect(fits([`${subject(other)}.*`], type)).toBe(subject(other) === subject(type));
      expect(fits(["*"], type)).toBe(true);
      expect(fits([], type)).toBe(false);
    }),
  );
});

it("what waited while nobody brought it enters the log once, though several bring it at once", async () => {
  const own = await newTenant(control, { name: "Late" });
  await eventually(async () => expect(await logged(`tenantId=${own.id}&type=tenant.created`)).toHaveLength(1));
  // as a crash right after the commit leaves it
  const waiting: Item = {
    ...keys.waitingEvents(`T#${own.id}`, "late"),
    ...{ createdAt: new Date().toISOString(), owner: null, revision: 0, done: 0, logged: null, given: "", turn: 0 },
    text: JSON.stringify([1, 2, 3].map((number) => ({ type: "command.done", owner: `T#${own.id}`, data: { number } }))),
  };
  await control.ctx.store.transact([{ put: waiting }]);
  const ctx: Context = control.ctx;
  await Promise.all([dispatch(ctx, waiting), dispatch(ctx, waiting), dispatchAll(ctx, 0)]);
  await dispatch(ctx, waiting);
  const found = await logged(`tenantId=${own.id}&type=command.done`);
  expect(found.map(({ data }) => data.number)).toEqual([1, 2, 3]);
  for await (const item of dueEvents(ctx)) expect(item.sk).not.toBe(waiting.sk);
});
