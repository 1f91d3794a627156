// What is older than its tenant keeps it goes, from the list and from the audio; and a message by its host's own word.
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Context } from "../../../functions/context.ts";
import { objects } from "../../../functions/media/media.ts";
import { sweepRetention } from "../../../functions/retention/sweep.ts";
import { newTenant, type TestControl, testControl } from "../../support/control.ts";
import { enrolEdge, type SignedEdge } from "../../support/signed-edge.ts";

const bytes = new Uint8Array([1, 2, 3]);
const day = 86_400_000;
const begun = Date.parse("2026-01-01T00:00:00Z");
const idOf = (prefix: string, n: number) => `${prefix}_01ARZ3NDEKTSV4RRFFQ69G5FA${n}`;

let control: TestControl;
let edge: SignedEdge;
let tenant: { id: string; path: string };
let batch = 0;

beforeEach(async () => {
  control = await testControl();
  edge = await enrolEdge(control);
  tenant = await newTenant(control);
  batch = 0;
});
afterEach(() => control.stop());

async function tell(type: string, data: Record<string, unknown>): Promise<void> {
  batch += 1;
  const at = new Date().toISOString();
  const event = { id: `evt_${batch}`, at, type, data };
  expect((await edge.request("POST", "events", { generation: "g", batch, events: [event] })).status).toBe(200);
}
/** One a day from the first on, each with its audio. */
async function record(of: { id: string }, n: number): Promise<void> {
  const startedAt = new Date(begun + n * day).toISOString();
  const data = { id: idOf("rec", n), tenant: of.id, call: "cal_1", startedAt, seconds: 3, bytes: 3 };
  await control.ctx.media.put(objects.recording(of.id, data.id), bytes, "audio/wav");
  await tell("recording.completed", data);
}
const message = (box: string, n: number) => ({ id: idOf("msg", n), tenant: tenant.id, box });
const leave = (box: string, n: number) =>
  tell("voicemail.received", {
    ...message(box, n),
    ...{ from: { number: null, name: null }, receivedAt: new Date(begun + n * day).toISOString() },
    ...{ seconds: 3, bytes: 3, read: false },
  });
const sweepAt = (days: number) => {
  const ctx: Context = { ...control.ctx, now: () => new Date(begun + days * day) };
  return sweepRetention(ctx);
};
const recordings = async (of = tenant) =>
  ((await control.call("GET", `${of.path}/recordings`)).body.data as unknown as { id: string }[]).map(({ id }) => id);
const asked = async () => {
  const found = await control.ctx.store.query({ pk: `T#${tenant.id}`, prefix: "COMMAND#" });
  return found.items.map(({ name, arguments: given }) => [name, (given as { message: string }).message]);
};

it("recordings go with their audio when their days are over, and of no tenant that keeps them for ever", async () => {
  const other = await newTenant(control);
  for (const of of [tenant, other]) for (const n of [1, 2]) await record(of, n);
  expect(await sweepAt(10_000)).toBe(0);
  await control.call("PATCH", tenant.path, { recordingRetentionDays: 30 });
  expect(await sweepAt(31)).toBe(0);
  expect(await sweepAt(31.5)).toBe(1);
  expect(await recordings()).toEqual([idOf("rec", 2)]);
  const audio = (of: { id: string }, n: number) => control.ctx.media.head(objects.recording(of.id, idOf("rec", n)));
  expect(await audio(tenant, 1)).toBeUndefined();
  expect(await audio(tenant, 2)).toBeDefined();
  expect(await sweepAt(31.5)).toBe(0);
  // a shorter time counts for what there is
  await control.call("PATCH", tenant.path, { recordingRetentionDays: 1 });
  expect(await sweepAt(3.5)).toBe(1);
  expect(await recordings()).toEqual([]);
  expect(await recordings(other)).toHaveLength(2);
});

it("the host is asked to delete messages, by the box's days or the tenant's, and again until it says that they are gone", async () => {
  const boxes = [];
  for (const body of [{ number: "1001" }, { number: "1002", retentionDays: 5 }])
    boxes.push(String((await control.call("POST", `${tenant.path}/voicemail-boxes`, body)).body.id));
  const [plain = "", short = ""] = boxes;
  await leave(plain, 1);
  await leave(short, 2);
  expect(await sweepAt(8)).toBe(1);
  expect(await asked()).toEqual([["voicemail.delete", idOf("msg", 2)]]);
  await control.call("PATCH", tenant.path, { voicemailRetentionDays: 20 });
  expect(await sweepAt(22)).toBe(2);
  await tell("voicemail.deleted", message(short, 2));
  expect(await sweepAt(22)).toBe(1);
  await tell("voicemail.deleted", message(plain, 1));
  expect(await sweepAt(22)).toBe(0);
  await control.call("PATCH", `${tenant.path}/voicemail-boxes/${short}`, { retentionDays: 3651 }).then(({ status }) => {
    expect(status).toBe(422);
  });
});
