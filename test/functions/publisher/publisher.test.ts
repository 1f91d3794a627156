// The publisher on a real store and real queues: the API's own message failed, the table's stream and the clock bring it.
import type { AttributeValue, DynamoDBRecord } from "aws-lambda";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { tenantOwner } from "../../../core/owner.ts";
import * as keys from "../../../functions/keys.ts";
import { createPublisher } from "../../../functions/publisher/publisher.ts";
import { toAttributes } from "../../../functions/store/attributes.ts";
import type { Changed, Item } from "../../../functions/store/store.ts";
import { newTenant, type TestControl, testControl } from "../../support/control.ts";
import { type EdgeQueue, enrolQueue } from "../../support/queue.ts";

let control: TestControl;
let queue: EdgeQueue;
let stream: Changed[];
let publish: ReturnType<typeof createPublisher>;

beforeEach(async () => {
  control = await testControl();
  queue = await enrolQueue(control);
  await settle();
  await queue.take();
  stream = [];
  control.ctx.store.subscribe((changes) => stream.push(...changes));
  publish = createPublisher(control.ctx);
});
afterEach(async () => {
  vi.restoreAllMocks();
  queue.close();
  await control.stop();
});

/** The first tenant on a pool moves the account's document too: afterwards a new tenant is one revision of one document. */
async function settle(settings: Record<string, unknown> = {}): Promise<void> {
  const { id } = await newTenant(control, { name: "First", ...settings });
  await vi.waitFor(async () => expect(await stands(id)).toBe(false));
}

const image = (item: Item) => toAttributes(item) as Record<string, AttributeValue>;

/** The changes so far as Lambda's event: the sequence number is the place in the stream. */
const records = (): DynamoDBRecord[] =>
  stream.map(({ key, before, after }, at) => ({
    eventName: !before ? "INSERT" : after ? "MODIFY" : "REMOVE",
    dynamodb: {
      SequenceNumber: String(at),
      Keys: image(key),
      ...(before && { OldImage: image(before) }),
      ...(after && { NewImage: image(after) }),
    },
  }));

/** A tenant whose edges were not told, because SQS did not answer. */
async function untold(settings: Record<string, unknown> = {}): Promise<{ id: string; path: string }> {
  const send = vi.spyOn(control.ctx.queues, "send").mockRejectedValue(new Error("no answer (injected)"));
  const tenant = await newTenant(control, settings);
  await vi.waitFor(() => expect(send).toHaveBeenCalled());
  await vi.waitFor(() => expect(stream.some(({ key }) => key.pk === `T#${tenant.id}`)).toBe(true));
  send.mockRestore();
  return tenant;
}

/** Whether anything of the tenant is in the outbox. */
const stands = async (id: string): Promise<boolean> =>
  (await control.ctx.store.query({ pk: tenantOwner(id), prefix: keys.outboxes })).items.length > 0;

const told = async (): Promise<unknown[]> =>
  (await queue.take()).map((message) => ("owner" in message ? message.owner : message));

test("an outbox item that still stands is sent, and then stands no more", async () => {
  const { id } = await untold();
  expect(await queue.take()).toEqual([]);
  expect(await stands(id)).toBe(true);
  expect(await publish({ Records: records() })).toEqual({ batchItemFailures: [] });
  const [message, ...more] = await queue.take();
  const head = await control.ctx.store.get(keys.head(tenantOwner(id)));
  expect(message).toMatchObject({ type: "pointer", owner: `T#${id}`, revision: head?.revision, digest: head?.digest });
  expect(more).toEqual([]);
  expect(await stands(id)).toBe(false);
});

test("what the API told itself is not sent again", async () => {
  const { id } = await newTenant(control);
  await vi.waitFor(async () => expect(await told()).toContain(`T#${id}`));
  await vi.waitFor(async () => expect(await stands(id)).toBe(false));
  expect(await publish({ Records: records() })).toEqual({ batchItemFailures: [] });
  expect(await queue.take()).toEqual([]);
});

test("a batch that Lambda delivers twice sends nothing the second time", async () => {
  await untold();
  const batch = { Records: records() };
  await publish(batch);
  await queue.take();
  expect(await publish(batch)).toEqual({ batchItemFailures: [] });
  expect(await queue.take()).toEqual([]);
});

test("a document that can't be told is named as failed, and the others are told", async () => {
  const { body: pool } = await control.call("POST", "/v1/pools", { name: "elsewhere" });
  const elsewhere = await enrolQueue(control, String(pool.id));
  await settle({ poolId: pool.id });
  await queue.take();
  const stuck = await untold({ name: "Stuck", poolId: pool.id });
  const fine = await untold({ name: "Fine" });
  await control.ctx.queues.remove(elsewhere.url);
  elsewhere.close();
  const at = stream.findIndex(({ key }) => key.pk === `T#${stuck.id}` && key.sk.startsWith(keys.outboxes));
  expect(at).toBeGreaterThan(-1);
  expect(await publish({ Records: records() })).toEqual({ batchItemFailures: [{ itemIdentifier: String(at) }] });
  expect(await told()).toEqual([`T#${fine.id}`]);
  expect(await stands(stuck.id)).toBe(true);
});

test("a sweep sends what stands for longer than half a minute, and says how much", async () => {
  const { id } = await untold();
  expect(await publish({ sweep: true })).toEqual({ told: 0 });
  const later = createPublisher({ ...control.ctx, now: () => new Date(Date.now() + 31_000) });
  expect(await later({ sweep: true })).toEqual({ told: 1 });
  expect(await told()).toEqual([`T#${id}`]);
  expect(await later({ sweep: true })).toEqual({ told: 0 });
});

test("a sweep that meets a document that can't be told still tells the others, and fails", async () => {
  const { body: pool } = await control.call("POST", "/v1/pools", { name: "elsewhere" });
  const elsewhere = await enrolQueue(control, String(pool.id));
  await settle({ poolId: pool.id });
  await queue.take();
  await untold({ name: "Stuck", poolId: pool.id });
  const fine = await untold({ name: "Fine" });
  await control.ctx.queues.remove(elsewhere.url);
  elsewhere.close();
  const later = createPublisher({ ...control.ctx, now: () => new Date(Date.now() + 31_000) });
  await expect(later({ sweep: true })).rejects.toThrow("1 of 2");
  expect(await told()).toEqual([`T#${fine.id}`]);
});
