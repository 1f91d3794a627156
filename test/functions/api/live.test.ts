// What goes on in a tenant, as it is and as a stream: whoever watches has what the API would answer, and only as long as he may.
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { createApp } from "../../../functions/api/app.ts";
import { createHandler } from "../../../functions/api/handler.ts";
import { newTenant, type TestControl, testControl } from "../../support/control.ts";
import { enrolEdge, type SignedEdge } from "../../support/signed-edge.ts";
import { mailbox, newPerson } from "../../support/visitor.ts";

type Event = { event: string; id: string | undefined; data: unknown };
type Seen = Record<string, Record<string, unknown>[]>;

let control: TestControl;
let edge: SignedEdge;
let batch = 0;
const mails = mailbox();
const closing = new Set<AbortController>();

beforeAll(async () => {
  control = await testControl({ mailer: mails.mailer });
  edge = await enrolEdge(control);
});
afterEach(() => {
  for (const one of closing) one.abort();
  closing.clear();
});
afterAll(() => control.stop());

const at = (secondsAgo = 0): string => new Date(Date.now() - secondsAgo * 1000).toISOString();
const party = (number: string) => ({ number, name: null, extension: number });
const callOf = (tenant: string, id: string, state = "answered") => ({
  ...{ id, tenant, direction: "internal", from: party("1001"), to: party("1002"), state },
  ...{ startedAt: at(60), answeredAt: at(50) },
});
const phoneOf = (tenant: string, username: string, secondsLeft: number | null = 600) => ({
  ...{
    tenant,
    extension: username,
    username,
    contact: `sip:${username}@192.0.2.9`,
    source: "192.0.2.9",
    userAgent: "Desk",
  },
  expiresAt: secondsLeft === null ? null : at(-secondsLeft),
});
const queueId = "que_01ARZ3NDEKTSV4RRFFQ69G5FAV";
const queueOf = (tenant: string, waiting: number, state = "available") => ({
  ...{ tenant, queue: queueId, name: "Support", waitingCalls: waiting },
  waiting: Array.from({ length: waiting }, (_, index) => ({
    ...{ id: `leg-${index}`, call: null, number: "+15550123", name: null, joinedAt: at(30 - index) },
  })),
  agents: [{ extension: "ext_01ARZ3NDEKTSV4RRFFQ69G5FAV", number: "1001", name: "Ada", state, since: at(9) }],
});

async function report(type: string, data: unknown, from = edge): Promise<void> {
  const events = [{ id: `evt-live-${++batch}`, type, at: at(), data }];
  const reply = await from.request("POST", "events", { generation: "g-live", batch, events });
  expect(reply.status, reply.text).toBeLessThan(300);
}

/** Reads a stream in the background; `seen` is what a client would show. */
async function watch(
  path: string,
  { key = control.key, last, cookie }: { key?: string; last?: string; cookie?: string } = {},
) {
  const ending = new AbortController();
  closing.add(ending);
  const reply = await fetch(`${control.url}${path}/live`, {
    headers: {
      accept: "text/event-stream",
      ...(cookie === undefined ? { authorization: `Bearer ${key}` } : { cookie, "sec-fetch-site": "same-origin" }),
      ...(last !== undefined && { "last-event-id": last }),
    },
    signal: ending.signal,
  });
  expect(reply.headers.get("content-type")).toBe("text/event-stream");
  const events: Event[] = [];
  const done = (async () => {
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of reply.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      const blocks = text.split("\n\n");
      text = blocks.pop() ?? "";
      for (const block of blocks) {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1];
        const [name, data] = [field("event"), field("data")];
        if (name && data) events.push({ event: name, id: field("id"), data: JSON.parse(data) });
      }
    }
  })().catch(() => undefined);
  return { events, done, stop: () => ending.abort(), seen: () => seenBy(events) };
}

function seenBy(events: Event[]): Seen {
  const seen: Record<string, Map<string, Record<string, unknown>>> = {};
  const idOf = (item: Record<string, unknown>) => String(item.queue ?? item.id);
  for (const { event, data } of events) {
    if (event === "snapshot")
      for (const [section, items] of Object.entries(data as Seen))
        seen[section] = new Map(items.map((item) => [idOf(item), item]));
    if (event === "change")
      for (const { section, id, item } of data as {
        section: string;
        id: string;
        item: Record<string, unknown> | null;
      }[])
        if (item === null) seen[section]?.delete(id);
        else seen[section]?.set(id, item);
  }
  return Object.fromEntries(Object.entries(seen).map(([section, items]) => [section, [...items.values()]]));
}

describe("the live view of a tenant", () => {
  test("has calls, phones with their edge, and queues; another tenant's has none of them", async () => {
    const [{ id, path }, other] = [await newTenant(control), await newTenant(control)];
    await report("call.updated", callOf(id, "cal-1"));
    await report("registration.updated", phoneOf(id, "1001"));
    await report("queue.updated", queueOf(id, 2));
    const { body } = await control.call("GET", `${path}/live`);
    expect(body).toMatchObject({
      calls: [{ id: "cal-1", state: "answered", edge: edge.id }],
      registrations: [{ username: "1001", edge: edge.id }],
      queues: [{ queue: queueId, waitingCalls: 2, agents: [{ name: "Ada", state: "available" }] }],
    });
    expect(JSON.stringify(body)).not.toContain("tenant");
    expect((await control.call("GET", `${other.path}/live`)).body).toEqual({
      calls: [],
      registrations: [],
      queues: [],
    });
  });

  test("a queue of several hosts is one: all who wait, and each agent by what he does anywhere", async () => {
    const { id, path } = await newTenant(control);
    const second = await enrolEdge(control);
    await report("queue.updated", queueOf(id, 1, "on-call"));
    await report("queue.updated", queueOf(id, 0, "logged-out"), second);
    const { queues } = (await control.call("GET", `${path}/live`)).body as unknown as Seen;
    expect(queues).toEqual([
      expect.objectContaining({ waitingCalls: 1, agents: [expect.objectContaining({ state: "on-call" })] }),
    ]);
    // the queue is gone on both
    await report("queue.updated", { ...queueOf(id, 0), agents: [] });
    await report("queue.updated", { ...queueOf(id, 0), agents: [] }, second);
    expect((await control.call("GET", `${path}/live`)).body.queues).toEqual([]);
  });

  test("registrations are told to those alone who may read them", async () => {
    const { id, path } = await newTenant(control);
    await report("registration.updated", phoneOf(id, "1001"));
    const made = await control.call("POST", "/v1/api-keys", { name: "k", scopes: ["calls:read"], tenantId: id });
    const key = String(made.body.key);
    expect((await control.call("GET", `${path}/live`, undefined, { key })).body).toEqual({ calls: [], queues: [] });
    const stream = await watch(path, { key });
    await expect.poll(() => Object.keys(stream.seen())).toEqual(["calls", "queues"]);
  });
});

describe("the stream", () => {
  test("begins with what is and tells each change, so that a watcher always has what the API answers", async () => {
    const { id, path } = await newTenant(control);
    await report("call.updated", callOf(id, "cal-1", "ringing"));
    const stream = await watch(path);
    await expect.poll(() => stream.seen().calls).toEqual([expect.objectContaining({ id: "cal-1", state: "ringing" })]);
    await report("call.updated", callOf(id, "cal-1"));
    await report("call.updated", callOf(id, "cal-2"));
    await report("registration.updated", phoneOf(id, "1001"));
    await report("queue.updated", queueOf(id, 1));
    await report("call.updated", callOf(id, "cal-1", "ended"));
    const { body } = await control.call("GET", `${path}/live`);
    await expect.poll(() => stream.seen()).toEqual(body);
    await report("registration.updated", phoneOf(id, "1001", null));
    await expect.poll(() => stream.seen().registrations).toEqual([]);
    expect(stream.events.filter(({ event }) => event === "snapshot")).toHaveLength(1);
  });

  test("tells nothing of other tenants, nor that a phone registered anew", async () => {
    const [{ id, path }, other] = [await newTenant(control), await newTenant(control)];
    await report("registration.updated", phoneOf(id, "1001"));
    const stream = await watch(path);
    await expect.poll(() => stream.events).toHaveLength(1);
    await report("call.updated", callOf(other.id, "cal-other"));
    await report("registration.updated", phoneOf(id, "1001", 900));
    await report("call.updated", callOf(id, "cal-mine"));
    await expect.poll(() => stream.events).toHaveLength(2);
    expect(stream.events[1]?.data).toEqual([expect.objectContaining({ section: "calls", id: "cal-mine" })]);
  });

  test("goes on from the last event: what is the same is not sent again", async () => {
    const { id, path } = await newTenant(control);
    await report("registration.updated", phoneOf(id, "1001"));
    const first = await watch(path);
    await expect.poll(() => first.events).toHaveLength(1);
    first.stop();
    await first.done;
    await report("call.updated", callOf(id, "cal-1"));
    const second = await watch(path, { last: first.events[0]?.id ?? "" });
    await expect.poll(() => second.events).toHaveLength(1);
    expect(second.events[0]).toMatchObject({ event: "snapshot", data: { calls: [{ id: "cal-1" }] } });
    expect(Object.keys(second.events[0]?.data as object)).toEqual(["calls"]);
    second.stop();
    const third = await watch(path, { last: second.events[0]?.id ?? "" });
    await report("call.updated", callOf(id, "cal-1", "ended"));
    await expect.poll(() => third.events.map(({ event }) => event)).toEqual(["change"]);
    // a hostile position is none
    const fourth = await watch(path, { last: "calls.%0a".repeat(200) });
    await expect.poll(() => fourth.events).toHaveLength(1);
    expect(Object.keys(fourth.events[0]?.data as object)).toHaveLength(3);
  });

  test("ends when its key is revoked, and when the tenant is deleted", async () => {
    const { id, path } = await newTenant(control);
    const { body } = await control.call("POST", "/v1/api-keys", { name: "k", scopes: ["*"], tenantId: id });
    const stream = await watch(path, { key: String(body.key) });
    await expect.poll(() => stream.events).toHaveLength(1);
    expect((await control.call("DELETE", `/v1/api-keys/${body.id}?tenantId=${id}`)).status).toBe(204);
    await stream.done;
    expect(stream.events.at(-1)).toMatchObject({ event: "end", data: { code: "unauthenticated" } });
    const another = await watch(path);
    await expect.poll(() => another.events).toHaveLength(1);
    expect((await control.call("DELETE", path)).status).toBeLessThan(300);
    await another.done;
    expect(another.events.at(-1)).toMatchObject({ event: "end", data: { code: "not_found" } });
  });

  test("ends when the person who watches signs out", async () => {
    const { id, path } = await newTenant(control);
    const member = { email: "live@people.example", role: "owner", tenantId: id };
    const { who } = await newPerson(control, mails, member);
    const stream = await watch(path, { cookie: `__Host-dialplane=${who.token}` });
    await expect.poll(() => stream.events).toHaveLength(1);
    expect((await who.call("POST", "/v1/identity/sign-out")).status).toBeLessThan(300);
    await stream.done;
    expect(stream.events.at(-1)).toMatchObject({ event: "end", data: { code: "unauthenticated" } });
  });

  test("is refused to a stranger as anything of the tenant is, and a key has fifty of them at the most", async () => {
    const [{ path }, other] = [await newTenant(control), await newTenant(control)];
    const { body } = await control.call("POST", "/v1/api-keys", { name: "k", scopes: ["*"], tenantId: other.id });
    const headers = { accept: "text/event-stream" };
    const strange = await control.call("GET", `${path}/live`, undefined, { key: String(body.key), headers });
    expect([strange.status, strange.body.code]).toEqual([404, "not_found"]);
    const key = String(body.key);
    const streams = await Promise.all(Array.from({ length: 50 }, () => watch(other.path, { key })));
    const more = await control.call("GET", `${other.path}/live`, undefined, { key, headers });
    expect([more.status, more.body.code, more.headers.get("retry-after")]).toEqual([429, "rate_limited", "10"]);
    for (const stream of streams) stream.stop();
    await vi.waitFor(async () => (await watch(other.path, { key })).stop());
  });
});

test("behind an HTTP API, which sends no answer before its end, a stream ends with what differs by then", async () => {
  const { id, path } = await newTenant(control);
  await report("registration.updated", phoneOf(id, "1001"));
  const app = await createApp({ ...control.ctx, live: { how: "once" } }, async () => []);
  const handler = createHandler(app, async () => {});
  const ask = async (last?: string): Promise<string> => {
    const headers = {
      ...{ authorization: `Bearer ${control.key}`, accept: "text/event-stream" },
      ...(last !== undefined && { "last-event-id": last }),
    };
    const http = { method: "GET", path: `${path}/live`, sourceIp: "192.0.2.7" };
    const event = { version: "2.0", rawPath: `${path}/live`, rawQueryString: "", headers, requestContext: { http } };
    const answer = (await handler(event as never)) as {
      statusCode: number;
      body: string;
      isBase64Encoded: boolean;
    };
    expect(answer.statusCode).toBe(200);
    return answer.isBase64Encoded ? Buffer.from(answer.body, "base64").toString() : answer.body;
  };
  const first = await ask();
  expect(first).toMatch(/^retry: 2000\n\nevent: snapshot\n/);
  // waiting costs: nothing differs, and nobody waits
  const now = /^id: (.*)$/m.exec(first)?.[1];
  expect(await ask(now)).toBe("retry: 2000\n\n");
  await report("call.updated", callOf(id, "cal-2"));
  expect(await ask(now)).toMatch(/^retry: 2000\n\nevent: snapshot\n.*\ndata: .*cal-2/);
});
