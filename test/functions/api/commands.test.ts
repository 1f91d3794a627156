// Click to call, hanging up, sending elsewhere: what reaches which edge, and how its end is told.
import { afterAll, beforeAll, expect, test } from "vitest";
import { tenantOwner } from "../../../core/owner.ts";
import type { Body } from "../../../core/resources/kind.ts";
import { readPlacement } from "../../../functions/edges/placement.ts";
import { newTenant, type TestControl, testControl } from "../../support/control.ts";
import { type EdgeQueue, enrolQueue } from "../../support/queue.ts";
import { enrolEdge, type SignedEdge } from "../../support/signed-edge.ts";

let control: TestControl;
/** Of one pool: the first by its id, and another one that signs. */
let first: EdgeQueue;
let second: SignedEdge;
let pool: string;
let tenant: { id: string; path: string };
let extension: string;
let batch = 0;

beforeAll(async () => {
  control = await testControl();
  pool = String((await control.call("POST", "/v1/pools", { name: "two" })).body.id);
  first = await enrolQueue(control, pool);
  second = await enrolEdge(control, pool);
  // each host is the home of one
  for (const one of [await newTenant(control, { poolId: pool }), await newTenant(control, { poolId: pool })])
    if ((await readPlacement(control.ctx, tenantOwner(one.id))).home === first.edge) tenant = one;
  extension = String((await post("/extensions", { number: "1001" })).body.id);
  await first.take();
});
afterAll(async () => {
  first.close();
  await control.stop();
});

const post = (path: string, body?: unknown) => control.call("POST", `${tenant.path}${path}`, body);
const told = (id: unknown) => control.call("GET", `${tenant.path}/commands/${id}`);
const report = async (type: string, data: Body, by = second) => {
  const event = { id: `evt_${++batch}`, type, at: new Date().toISOString(), data };
  const reply = await by.request("POST", "events", { generation: "s", batch, events: [event] });
  expect(reply.status, reply.text).toBe(200);
};
const party = { number: "1001", name: null, extension: null };
const call = "cal_01ARZ3NDEKTSV4RRFFQ69G5FAV";
const goesOn = (state = "answered") => ({
  ...{ id: call, tenant: tenant.id, direction: "internal", from: party, to: party, state },
  ...{ startedAt: new Date().toISOString(), answeredAt: null },
});

test("a call is asked of the edge in the tenant's pool, as digits and ids, and is pending", async () => {
  const reply = await post("/calls", { from: "1001", to: "+1 (202) 555-0123" });
  expect([reply.status, reply.body.state, reply.body.name], reply.text).toEqual([202, "pending", "originate"]);
  expect(await first.take()).toEqual([
    expect.objectContaining({
      ...{ type: "command", id: reply.body.id, owner: `T#${tenant.id}`, name: "originate" },
      arguments: { extension, to: "+12025550123" },
    }),
  ]);
  expect((await told(reply.body.id)).body).toEqual(reply.body);
});

test("a call to nobody is to oneself, by the tenant's own code, and none where it has none", async () => {
  const dialled = async () => {
    const { status } = await post("/calls", { from: "1001" });
    const [sent] = (await first.take()) as { arguments?: Body }[];
    return [status, sent?.arguments];
  };
  expect(await dialled()).toEqual([202, { extension, to: "*43" }]);
  const { id } = (await post("/feature-codes", { action: "echo-test", code: "*77" })).body;
  await first.take();
  expect(await dialled()).toEqual([202, { extension, to: "*77" }]);
  await control.call("PATCH", `${tenant.path}/feature-codes/${id}`, { code: null });
  await first.take();
  expect(await dialled()).toEqual([409, undefined]);
});

test("a command of another tenant is not found", async () => {
  const { body } = await post("/calls", { from: "1001", to: "1002" });
  const other = await newTenant(control, { poolId: pool });
  expect((await control.call("GET", `${other.path}/commands/${body.id}`)).status).toBe(404);
  await first.take();
});

test("where the extension's phone is registered is where the call is made", async () => {
  const phone = { username: "1001", contact: "sip:1001@192.0.2.9", source: null, userAgent: null };
  const expiresAt = new Date(Date.now() + 60_000).toISOString();
  await report("registration.updated", { tenant: tenant.id, extension, ...phone, expiresAt });
  const { body } = await post("/calls", { from: extension, to: "1002" });
  expect(await first.take()).toEqual([]);
  await report("command.done", { command: String(body.id), owner: `T#${tenant.id}`, ok: true, detail: null, call });
  expect((await told(body.id)).body).toMatchObject({ state: "done", call, detail: null });
});

test("the word of an edge that was not asked counts for nothing, and the first word stays", async () => {
  const { body } = await post("/calls", { from: "1001", to: "1002" });
  const stranger = await enrolEdge(control, pool);
  const done = { command: String(body.id), owner: `T#${tenant.id}`, call: null };
  await report("command.done", { ...done, ok: true, detail: null }, stranger);
  expect((await told(body.id)).body.state).toBe("pending");
  await report("command.done", { ...done, ok: false, detail: "the extension has no phone registered" });
  await report("command.done", { ...done, ok: true, detail: null });
  expect((await told(body.id)).body).toMatchObject({
    state: "failed",
    detail: "the extension has no phone registered",
  });
});

test("a call that goes on is ended and sent elsewhere where it is, and one that does not is not found", async () => {
  const commands = [["hangup"], ["transfer", { to: "1002" }], ["recording", { action: "pause" }]] as const;
  for (const [path, body] of commands) {
    await report("call.updated", goesOn());
    const reply = await post(`/calls/live/${call}/${path}`, body);
    expect([reply.status, reply.body.name, reply.body.arguments], reply.text).toEqual([202, path, { call, ...body }]);
    expect(await first.take()).toEqual([]);
    await report("call.updated", goesOn("ended"));
    expect((await post(`/calls/live/${call}/${path}`, body)).status).toBe(404);
  }
});

test("who is in a conference is seen, and muted, put out and locked in where the conference is; another tenant's is not found", async () => {
  const room = String((await post("/conferences", { name: "board", extensionNumber: "800" })).body.id);
  await first.take();
  const live = () => control.call("GET", `${tenant.path}/conferences/board/live`);
  expect((await live()).body).toEqual({ locked: false, members: [] });
  expect((await post("/conferences/board/lock")).status).toBe(409);
  const member = (id: string, second: number) => ({
    ...{ id, call: null, number: id, name: null, extension: null, moderator: false, muted: false },
    joinedAt: `2026-01-01T00:00:0${second}Z`,
  });
  const told = (members: unknown[]) =>
    report("conference.updated", { tenant: tenant.id, conference: room, locked: true, members });
  await told([member("leg-b", 2), member("leg-a", 1)]);
  expect((await live()).body).toEqual({ locked: true, members: [member("leg-a", 1), member("leg-b", 2)] });
  for (const path of ["lock", "unlock", "members/leg-a/mute", "members/leg-a/unmute", "members/leg-b/kick"]) {
    const reply = await post(`/conferences/${room}/${path}`);
    const [, who, action = path] = /^members\/(.*)\/(.*)$/.exec(path) ?? [];
    expect([reply.status, reply.body.name, reply.body.arguments], reply.text).toEqual([
      ...[202, "conference", { conference: room, action, ...(who !== undefined && { member: who }) }],
    ]);
    expect(await first.take()).toEqual([]);
  }
  expect((await post("/conferences/board/members/leg-c/kick")).status).toBe(404);
  const other = await newTenant(control, { poolId: pool });
  await control.call("POST", `${other.path}/conferences`, { name: "board" });
  for (const path of [`${room}/lock`, `${room}/members/leg-a/kick`, "board/members/leg-a/kick"])
    expect((await control.call("POST", `${other.path}/conferences/${path}`)).status).toBe(404);
  expect((await control.call("GET", `${other.path}/conferences/board/live`)).body.members).toEqual([]);
  await told([]);
  expect((await live()).body).toEqual({ locked: false, members: [] });
  expect((await post("/conferences/board/members/leg-a/kick")).status).toBe(404);
});

test("a command of which nobody told anything has expired", async () => {
  const { body } = await post("/calls", { from: "1001", to: "1002" });
  const { now } = control.ctx;
  control.ctx.now = () => new Date(Date.now() + 130_000);
  expect((await told(body.id)).body.state).toBe("expired");
  control.ctx.now = now;
});

test.each([
  ["an extension that there is not", { from: "1999", to: "1002" }, 422],
  ["what no phone dials", { from: "1001", to: "1002 XML public" }, 422],
  ["variables", { from: "1001", to: "$" + "{x}" }, 422],
])("%s is refused", async (_, body, status) => {
  expect((await post("/calls", body)).status).toBe(status);
});

test("a tenant without an edge can't make calls", async () => {
  const empty = await control.call("POST", "/v1/pools", { name: "empty" });
  const alone = await newTenant(control, { poolId: empty.body.id });
  await control.call("POST", `${alone.path}/extensions`, { number: "1001" });
  expect((await control.call("POST", `${alone.path}/calls`, { from: "1001", to: "1002" })).status).toBe(409);
});
