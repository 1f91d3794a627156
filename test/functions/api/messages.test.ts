// The messages of a box by the API: what its edge told, in order, with the audio that it brought; and commands to that edge, never another's.
import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { newTenant, type TestControl, testControl } from "../../support/control.ts";
import { enrolEdge, type SignedEdge } from "../../support/signed-edge.ts";
import { sine, wavOf } from "../../support/wav.ts";

let control: TestControl;
let edge: SignedEdge;
let tenant: { id: string; path: string };
let box: { id: string; path: string };
let batch = 0;
const wav = wavOf(1, sine(440));
const idOf = (n: number): string => `msg_01ARZ3NDEKTSV4RRFFQ69G5FA${n}`;

beforeAll(async () => {
  control = await testControl();
  edge = await enrolEdge(control);
  tenant = await newTenant(control);
  box = await newBox(tenant.path);
});
afterAll(() => control.stop());

async function newBox(path: string) {
  const { body } = await control.call("POST", `${path}/voicemail-boxes`, { number: "1001" });
  return { id: String(body.id), path: `${path}/voicemail-boxes/${body.id}/messages` };
}
async function tell(type: string, data: Record<string, unknown>, from = edge) {
  batch += 1;
  const event = {
    id: `evt_${batch}`,
    at: new Date().toISOString(),
    type,
    data: { tenant: tenant.id, box: box.id, ...data },
  };
  expect((await from.request("POST", "events", { generation: "g", batch, events: [event] })).status).toBe(200);
}
const received = (n: number, more: Record<string, unknown> = {}) =>
  tell("voicemail.received", {
    id: idOf(n),
    from: { number: "+15550123", name: "Grace" },
    receivedAt: `2026-01-0${n}T10:00:00Z`,
    seconds: 1,
    bytes: wav.length,
    read: false,
    ...more,
  });
async function bring(n: number, from = edge, owner = tenant.id) {
  const sha256 = createHash("sha256").update(wav).digest("hex");
  const wanted = { tenant: owner, kind: "message", id: idOf(n), bytes: wav.length, sha256 };
  const { status, body } = await from.request("POST", "uploads", wanted);
  if (status !== 200) return status;
  return (await fetch(String(body.url), { method: "PUT", headers: body.headers as never, body: new Uint8Array(wav) }))
    .status;
}
const list = async (query = "") => {
  const { body } = await control.call("GET", `${box.path}${query}`);
  return (body.data as unknown as { id: string; read: boolean }[]).map(
    ({ id, read }) => `${id.at(-1)}${read ? "r" : "n"}`,
  );
};

test("are listed newest first, told twice they are there once, and their audio is what the edge brought", async () => {
  for (const n of [1, 2, 3]) {
    expect(await bring(n)).toBe(200);
    await received(n);
  }
  await received(2);
  expect(await list()).toEqual(["3n", "2n", "1n"]);
  const { body } = await control.call("GET", `${box.path}/${idOf(2)}/audio`);
  expect(Buffer.from(await (await fetch(String(body.url))).arrayBuffer())).toEqual(wav);
  const one = (await control.call("GET", `${box.path}?limit=1`)).body;
  expect(one.data).toMatchObject([{ from: { number: "+15550123", name: "Grace" }, seconds: 1, bytes: wav.length }]);
  expect(JSON.stringify(one.data)).not.toContain(edge.id);
  expect((await control.call("GET", `${box.path}?limit=1&after=${one.next}`)).body.data).toMatchObject([
    { id: idOf(2) },
  ]);
});

test("heard ones are told apart, and a deleted one is gone with its audio", async () => {
  await tell("voicemail.updated", { id: idOf(1), read: true });
  expect(await list("?read=true")).toEqual(["1r"]);
  expect(await list("?read=false")).toEqual(["3n", "2n"]);
  const { body } = await control.call("GET", `${box.path}/${idOf(1)}/audio`);
  await tell("voicemail.deleted", { id: idOf(1) });
  expect(await list()).toEqual(["3n", "2n"]);
  expect((await control.call("GET", `${box.path}/${idOf(1)}/audio`)).status).toBe(404);
  await vi.waitFor(async () => expect((await fetch(String(body.url))).status).toBe(404), { timeout: 2000 });
  // late word of what is gone brings nothing back
  await tell("voicemail.updated", { id: idOf(1), read: false });
  expect(await list()).toEqual(["3n", "2n"]);
});

test("a change is a command to the edge that has the message; the list changes with the edge's word", async () => {
  const patch = await control.call("PATCH", `${box.path}/${idOf(2)}`, { read: true });
  expect([patch.status, patch.body.name]).toEqual([202, "voicemail.read"]);
  expect(patch.body.arguments).toEqual({ box: box.id, message: idOf(2), read: true });
  expect(await list()).toEqual(["3n", "2n"]);
  expect((await control.call("DELETE", `${box.path}/${idOf(2)}`)).status).toBe(202);
  expect((await control.call("DELETE", `${box.path}/${idOf(9)}`)).status).toBe(404);
  expect((await control.call("PATCH", `${box.path}/${idOf(2)}`, { read: 1 })).status).toBe(422);
});

test("another box, another tenant and another pool's edge reach none of them", async () => {
  const other = await newTenant(control, { name: "Globex" });
  const theirs = await newBox(other.path);
  for (const path of [theirs.path, `${other.path}/voicemail-boxes/${box.id}/messages`])
    expect((await control.call("GET", `${path}/${idOf(2)}/audio`)).status).toBe(404);
  const pool = await control.call("POST", "/v1/pools", { name: "elsewhere" });
  const stranger = await enrolEdge(control, String(pool.body.id));
  expect(await bring(4, stranger)).toBe(404);
  await tell("voicemail.deleted", { id: idOf(2) }, stranger);
  await tell(
    "voicemail.received",
    {
      id: idOf(5),
      from: { number: null, name: null },
      receivedAt: "2026-01-05T10:00:00Z",
      seconds: 1,
      bytes: 1,
      read: false,
    },
    stranger,
  );
  expect(await list()).toEqual(["3n", "2n"]);
});
