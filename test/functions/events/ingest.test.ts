// Taking in what edges report: once, whatever is resent; for tenants of the edge's pool alone; and reading it back by time.

import { encodeTime } from "ulid";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { tenantOwner } from "../../../core/owner.ts";
import type { Body } from "../../../core/resources/kind.ts";
import { readEdge } from "../../../functions/edges/edge.ts";
import { ingest } from "../../../functions/events/ingest.ts";
import * as keys from "../../../functions/keys.ts";
import { newTenant, type Reply, type TestControl, testControl } from "../../support/control.ts";
import { enrolEdge, type SignedEdge } from "../../support/signed-edge.ts";

let control: TestControl;
let edge: SignedEdge;
let tenant: { id: string; path: string };
let batch = 0;
let count = 0;

beforeAll(async () => {
  control = await testControl();
  edge = await enrolEdge(control);
});
afterAll(() => control.stop());
beforeEach(async () => {
  tenant = await newTenant(control);
});

const startOf = (minutesAgo: number): string => new Date(Date.now() - minutesAgo * 60_000).toISOString();
const callId = (startedAt: string): string =>
  `cal_${encodeTime(Date.parse(startedAt), 10)}${String(++count).padStart(16, "0")}`;
function record(more: Body = {}): Body {
  const startedAt = String(more.startedAt ?? startOf(10));
  return {
    id: callId(startedAt),
    seq: 1,
    tenant: tenant.id,
    direction: "internal",
    from: { number: "1001", name: "Ada", extension: "1001" },
    to: { number: "1002", name: null, extension: "1002" },
    trunk: null,
    startedAt,
    answeredAt: startedAt,
    endedAt: startedAt,
    durationSeconds: 12,
    billableSeconds: 10,
    outcome: "answered",
    hangupCause: "NORMAL_CLEARING",
    hangupBy: "caller",
    legs: [],
    ...more,
  };
}
const event = (type: string, data: Body): Body => ({ id: `evt_${++count}`, type, at: new Date().toISOString(), data });
const completed = (more: Body = {}): Body => event("call.completed", record(more));
const send = (events: Body[], more: Body = {}, by: SignedEdge = edge): Promise<Reply> =>
  by.request("POST", "events", { generation: "spool-1", batch: ++batch, events, ...more });
const list = async (query = ""): Promise<Body[]> => {
  const reply = await control.call("GET", `${tenant.path}/calls?${query}`);
  expect(reply.status, reply.text).toBe(200);
  return reply.body.data as unknown as Body[];
};
const usage = async (): Promise<Body[]> => {
  const months = [...new Set([startOf(0).slice(0, 7), startOf(60 * 24 * 40).slice(0, 7)])];
  const pages = await Promise.all(
    months.map((month) => control.ctx.store.query({ pk: `D#${tenant.id}#${month}`, prefix: "USAGE#" })),
  );
  return pages.flatMap(({ items }) =>
    items.map(({ calls, answered, billableSeconds }) => ({ calls, answered, billableSeconds })),
  );
};

describe("a batch", () => {
  test("counts once: resent, resent by five at once, or resent later, records and usage are the same", async () => {
    const body = {
      generation: "again",
      batch: 1,
      events: [completed(), completed({ outcome: "busy", answeredAt: null, billableSeconds: 0 })],
    };
    const replies = await Promise.all(Array.from({ length: 5 }, () => edge.request("POST", "events", body)));
    for (const { status, body: answer } of replies) expect([status, answer]).toEqual([200, { batch: 1 }]);
    await edge.request("POST", "events", { ...body, batch: 2, events: [] });
    expect((await edge.request("POST", "events", body)).status).toBe(200);
    expect(await list()).toHaveLength(2);
    expect(await usage()).toEqual([{ calls: 2, answered: 1, billableSeconds: 10 }]);
  });

  test("of another spool generation counts again, but its calls do not", async () => {
    const one = completed();
    await send([one], { generation: "a", batch: 1 });
    await send([one], { generation: "b", batch: 1 });
    expect(await list()).toHaveLength(1);
    expect(await usage()).toEqual([{ calls: 1, answered: 1, billableSeconds: 10 }]);
  });

  test("of 25 events for 25 tenants fits into one transaction", async () => {
    const tenants = await Promise.all(Array.from({ length: 25 }, () => newTenant(control)));
    expect((await send(tenants.map(({ id }) => completed({ tenant: id })))).status).toBe(200);
    for (const { path } of tenants) expect((await control.call("GET", `${path}/calls`)).body.data).toHaveLength(1);
  });

  test("with events that can't be counted counts the others", async () => {
    const pool = await control.call("POST", "/v1/pools", { name: "elsewhere" });
    const stranger = await newTenant(control, { poolId: pool.body.id });
    const good = completed();
    const reply = await send([
      completed({ tenant: stranger.id }),
      completed({ tenant: "ten_01ARZ3NDEKTSV4RRFFQ69G5FAV" }),
      completed({ tenant: "x".repeat(3000) }),
      completed({ tenant: `${tenant.id}#2026` }),
      completed({ id: "a#b" }),
      completed({ id: "x".repeat(2000) }),
      completed({ hangupCause: "x".repeat(200_000) }),
      event("trunk.updated", { tenant: null, trunk: "t".repeat(2000), state: "up" }),
      event("registration.updated", {
        tenant: stranger.id,
        extension: null,
        username: "1001",
        contact: "sip:x",
        source: null,
        userAgent: null,
        expiresAt: null,
      }),
      good,
    ]);
    expect([reply.status, reply.text]).toEqual([200, expect.any(String)]);
    expect((await list()).map(({ id }) => id)).toEqual([(good.data as Body).id]);
    expect((await control.call("GET", `${stranger.path}/calls`)).body.data).toEqual([]);
    expect((await control.call("GET", `${stranger.path}/registrations`)).body.data).toEqual([]);
  });
});

describe("a call record", () => {
  test("is shown as it came, without what is the store's own", async () => {
    const one = record({
      legs: [
        {
          uuid: "u",
          direction: "inbound",
          startedAt: startOf(10),
          answeredAt: null,
          endedAt: startOf(9),
          cause: "X",
          q850: 16,
          sipCallId: null,
          extension: null,
          trunk: null,
        },
      ],
    });
    await send([event("call.completed", one)]);
    const { seq: _, tenant: __, ...rest } = one;
    // agents that came before them tell no segments
    const shown = { segments: [], ...rest, livemode: true };
    expect(await list()).toEqual([shown]);
    expect((await control.call("GET", `${tenant.path}/calls/${one.id}`)).body).toEqual(shown);
    const other = await newTenant(control);
    expect((await control.call("GET", `${other.path}/calls/${one.id}`)).status).toBe(404);
  });

  test("is replaced by one with a higher seq, and usage follows; a lower or equal one is ignored", async () => {
    const one = record();
    await send([event("call.completed", one)]);
    await send([event("call.completed", { ...one, seq: 3, billableSeconds: 60 })]);
    expect(await usage()).toEqual([{ calls: 1, answered: 1, billableSeconds: 60 }]);
    await send([
      event("call.completed", { ...one, seq: 2, billableSeconds: 99 }),
      event("call.completed", { ...one, seq: 3, billableSeconds: 98 }),
    ]);
    expect((await list()).map(({ billableSeconds }) => billableSeconds)).toEqual([60]);
    await send([
      event("call.completed", { ...one, seq: 4, answeredAt: null, billableSeconds: 0 }),
      event("call.completed", { ...one, seq: 5, answeredAt: null, billableSeconds: 1 }),
    ]);
    expect(await usage()).toEqual([{ calls: 1, answered: 0, billableSeconds: 1 }]);
  });

  test("corrected by another edge is counted there and no longer here", async () => {
    const second = await enrolEdge(control);
    const one = record();
    await send([event("call.completed", one)]);
    await send(
      [event("call.completed", { ...one, seq: 2, billableSeconds: 30 })],
      { generation: "second", batch: 1 },
      second,
    );
    expect((await usage()).sort((a, b) => Number(a.calls) - Number(b.calls))).toEqual([
      { calls: 0, answered: 0, billableSeconds: 0 },
      { calls: 1, answered: 1, billableSeconds: 30 },
    ]);
  });

  test("ends the live call, which an update that comes late does not bring back", async () => {
    const one = record({ startedAt: startOf(1) });
    const { id, tenant: owner, direction, from, to, startedAt } = one;
    const live = { id, tenant: owner, direction, from, to, startedAt, answeredAt: null, state: "ringing" };
    await send([event("call.updated", live)]);
    expect((await control.call("GET", `${tenant.path}/calls/live`)).body.data).toEqual([
      { id, direction, from, to, startedAt, answeredAt: null, state: "ringing" },
    ]);
    await send([event("call.updated", { ...live, state: "answered", answeredAt: startedAt })]);
    expect((await control.call("GET", `${tenant.path}/calls/live`)).body.data).toEqual([
      expect.objectContaining({ state: "answered" }),
    ]);
    await send([event("call.completed", one), event("call.updated", { ...live, state: "answered" })]);
    expect((await control.call("GET", `${tenant.path}/calls/live`)).body.data).toEqual([]);
    await send([event("call.updated", live)]);
    expect((await control.call("GET", `${tenant.path}/calls/live`)).body.data).toEqual([]);
  });
});

describe("the list of calls", () => {
  test("pages newest first over months, with filters, and skips nothing while calls come in", async () => {
    const head = await control.ctx.store.get({ pk: `T#${tenant.id}`, sk: "HEAD" });
    if (head) await control.ctx.store.transact([{ put: { ...head, createdAt: startOf(60 * 24 * 100) } }]);
    const days = [0.1, 0.2, 20, 31, 45, 62, 75, 90];
    const made = days.map((day, index) =>
      completed({
        startedAt: startOf(day * 24 * 60),
        direction: index % 2 ? "inbound" : "internal",
        outcome: index === 3 ? "busy" : "answered",
        from: { number: "x", name: null, extension: index < 4 ? "1001" : null },
      }),
    );
    await send([...made].reverse());
    const ids = made.map(({ data }) => (data as Body).id);
    for (const limit of [1, 3, 8, 100]) {
      const found: unknown[] = [];
      let after = "";
      do {
        const { body } = await control.call("GET", `${tenant.path}/calls?limit=${limit}${after && `&after=${after}`}`);
        found.push(...(body.data as unknown as Body[]).map(({ id }) => id));
        after = body.next === null ? "" : String(body.next);
        if (limit === 3) await send([completed({ startedAt: startOf(0) })]);
      } while (after);
      expect(found.filter((id) => ids.includes(id as string))).toEqual(ids);
    }
    const idsOf = async (query: string) =>
      (await list(query)).map(({ id }) => ids.indexOf(id as string)).filter((index) => index >= 0);
    expect(await idsOf("direction=inbound")).toEqual([1, 3, 5, 7]);
    expect(await idsOf("outcome=busy")).toEqual([3]);
    expect(await idsOf("extension=1001&direction=internal&limit=100")).toEqual([0, 2]);
    expect(await idsOf(`startedAt[gte]=${startOf(50 * 24 * 60)}&startedAt[lte]=${startOf(25 * 24 * 60)}`)).toEqual([
      3, 4,
    ]);
    const at = (made[2]?.data as Body | undefined)?.startedAt;
    expect(await idsOf(`startedAt[gte]=${at}&startedAt[lte]=${at}`)).toEqual([2]);
    expect(await idsOf(`startedAt[gte]=${startOf(0)}&startedAt[lte]=${startOf(10)}`)).toEqual([]);
  });

  test("over all of time is as quick as over the tenant's, and nonsense is 400", async () => {
    await send([completed()]);
    const began = performance.now();
    expect(await list("startedAt[gte]=0001-01-01T00:00:00Z&startedAt[lte]=9999-12-31T23:59:59Z")).toHaveLength(1);
    expect(performance.now() - began).toBeLessThan(500);
    for (const query of [
      "startedAt[gte]=yesterday",
      "startedAt[lte]=2026-02-30T00:00:00Z",
      "startedAt[gte]=2026-01-01",
      "startedAt[gte]=2026-01-01T00:00:00%2B01:00",
      "startedAt=2026-01-01T00:00:00Z",
      "from=1001",
    ])
      expect((await control.call("GET", `${tenant.path}/calls?${query}`)).status, query).toBe(400);
  });
});

test("a renewal that comes late brings back no phone that has gone, and a batch of it counts once", async () => {
  const contact = "sip:1001@192.0.2.7";
  const phone = (expiresInMs: number | null): Body =>
    event("registration.updated", {
      ...{ tenant: tenant.id, extension: null, username: "1001", contact, source: null, userAgent: null },
      expiresAt: expiresInMs === null ? null : new Date(Date.now() + expiresInMs).toISOString(),
    });
  const own = await enrolEdge(control);
  const tell = (number: number, events: Body[]) => send(events, { generation: "late", batch: number }, own);
  expect((await tell(1, [phone(60_000)])).status).toBe(200);
  const renewal = [phone(120_000)];
  // a Lambda that hangs before it writes: meanwhile the batch is sent again, and the phone signs off
  let writes = 0;
  const { ctx } = control;
  const transact: typeof ctx.store.transact = async (operations) => {
    if (writes++ === 0)
      for (const [number, events] of [
        [2, renewal],
        [3, [phone(null)]],
      ] as const)
        expect((await tell(number, [...events])).status).toBe(200);
    return ctx.store.transact(operations);
  };
  const slow = { ...ctx, store: { ...ctx.store, transact } };
  const from = await readEdge(ctx, own.id);
  await ingest(slow, from as NonNullable<typeof from>, { generation: "late", batch: 2, events: renewal } as never);
  expect(writes).toBe(1);
  const key = keys.registration(tenantOwner(tenant.id), "1001", contact);
  expect(await ctx.store.get(key)).toBeUndefined();
});

test("registrations come, are renewed, expire and go, at any length of contact", async () => {
  const contact = `sip:1001@192.0.2.9;x=${"y".repeat(4000)}`;
  const one = {
    tenant: tenant.id,
    extension: "1001",
    username: "1001",
    contact,
    source: "192.0.2.9",
    userAgent: "phone",
    expiresAt: new Date(Date.now() + 600_000).toISOString(),
  };
  const shown = async () => (await control.call("GET", `${tenant.path}/registrations`)).body.data;
  await send([event("registration.updated", one), event("registration.updated", { ...one, contact: "sip:short" })]);
  const { tenant: _, ...rest } = one;
  expect(await shown()).toEqual(expect.arrayContaining([rest, { ...rest, contact: "sip:short" }]));
  await send([event("registration.updated", { ...one, contact: "sip:short", expiresAt: null })]);
  expect(await shown()).toEqual([rest]);
  const { now } = control.ctx;
  control.ctx.now = () => new Date(Date.now() + 601_000);
  try {
    expect((await control.call("GET", `${tenant.path}/registrations`)).body.data).toEqual([]);
  } finally {
    control.ctx.now = now;
  }
});

test("a PIN that was typed wrong too often is shown to its tenant alone, with what it is of", async () => {
  const until = startOf(0);
  const of = { tenant: tenant.id, kind: "voicemail-box", id: "vmb_a", pin: "pin", until };
  await send([event("pin.locked", of)]);
  const shown = await control.call("GET", `${tenant.path}/pin-locks`);
  expect(shown.body.data).toEqual([
    {
      ...{ kind: "voicemail-box", resource: "vmb_a", pin: "pin", until },
      id: expect.any(String),
      lockedAt: expect.any(String),
    },
  ]);
  const stranger = await newTenant(control);
  expect((await control.call("GET", `${stranger.path}/pin-locks`)).body.data).toEqual([]);
});

test("a limit that is reached is an event of its tenant, which says whose it is; a call's record says which stopped it", async () => {
  const by = String((await control.call("GET", "/v1/me")).body.accountId);
  await send([event("limit.reached", { tenant: tenant.id, limit: "concurrentCalls", scope: tenant.id, by })]);
  const told = () => control.call("GET", `/v1/events?type=limit.reached&tenantId=${tenant.id}`);
  await vi.waitFor(async () =>
    expect((await told()).body.data).toMatchObject([
      { type: "limit.reached", tenantId: tenant.id, data: { limit: "concurrentCalls", tenantId: tenant.id, by } },
    ]),
  );
  const stopped = record({ limit: "countries" });
  await send([event("call.completed", stopped)]);
  expect((await control.call("GET", `${tenant.path}/calls/${stopped.id}`)).body).toMatchObject({ limit: "countries" });
});

test("who listened to whom is shown newest first, to its own tenant alone", async () => {
  const heard = (by: string) => event("monitor.started", { tenant: tenant.id, by, extension: "ext_b", mode: "listen" });
  await send([
    { ...heard("ext_a"), at: startOf(2) },
    { ...heard("ext_c"), at: startOf(1) },
  ]);
  const shown = await control.call("GET", `${tenant.path}/monitorings?limit=1`);
  expect(shown.body.data).toEqual([
    { id: expect.any(String), startedAt: expect.any(String), by: "ext_c", extension: "ext_b", mode: "listen" },
  ]);
  const rest = await control.call("GET", `${tenant.path}/monitorings?limit=1&after=${shown.body.next}`);
  expect(rest.body).toMatchObject({ data: [{ by: "ext_a" }], next: null });
  const stranger = await newTenant(control);
  expect((await control.call("GET", `${stranger.path}/monitorings`)).body.data).toEqual([]);
});
