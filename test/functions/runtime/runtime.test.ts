// Runtime state in the cloud: what edges say, what the API says, and that all of them end at the same.
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { isLater } from "../../../core/last-word.ts";
import { type Owner, tenantOwner } from "../../../core/owner.ts";
import { resolve } from "../../../core/routing/resolve.ts";
import { type Runtime, runtimePage } from "../../../core/wire.ts";
import { silent } from "../../../edge-agent/log.ts";
import { createRuntime } from "../../../edge-agent/runtime.ts";
import { openState } from "../../../edge-agent/state.ts";
import { loadConfig } from "../../../functions/document/config.ts";
import { readHead } from "../../../functions/document/head.ts";
import { newTenant, type TestControl, testControl } from "../../support/control.ts";
import { type EdgeQueue, enrolQueue } from "../../support/queue.ts";
import { enrolEdge, type SignedEdge } from "../../support/signed-edge.ts";

let control: TestControl;
let edge: SignedEdge;
let other: SignedEdge;
let tenant: { id: string; path: string };
let owner: Owner;
let extension: string;
let count = 0;

beforeAll(async () => {
  control = await testControl();
  edge = await enrolEdge(control);
  other = await enrolEdge(control);
});
afterAll(() => control.stop());
beforeEach(async () => {
  tenant = await newTenant(control);
  owner = tenantOwner(tenant.id);
  extension = await made("extensions", { number: "1001" });
});

async function made(kind: string, body: unknown): Promise<string> {
  const reply = await control.call("POST", `${tenant.path}/${kind}`, body);
  expect(reply.status, reply.text).toBe(201);
  return String(reply.body.id);
}
const word = (field: string, value: unknown, more: Partial<Runtime> = {}): Runtime => ({
  ...{ type: "runtime", owner, subject: { kind: "extension", id: extension }, field, value },
  ...{ at: "2026-01-01T00:00:00.000Z", edge: edge.id, ...more },
});
/** Said by an edge, in a spool of its own. */
const said = async (words: Runtime[], by: SignedEdge = edge): Promise<number> => {
  const events = words.map((data) => ({ id: `evt_${++count}`, type: "runtime.updated", at: data.at, data }));
  return (await by.request("POST", "events", { generation: `g${count}`, batch: 1, events })).status;
};
const of = async (kind = "extensions/1001") => (await control.call("GET", `${tenant.path}/${kind}/runtime`)).body;
const patch = (body: unknown, kind = "extensions/1001") =>
  control.call("PATCH", `${tenant.path}/${kind}/runtime`, body);
const page = async (by: SignedEdge, query = "") => runtimePage.parse((await by.request("GET", `runtime${query}`)).body);
const learnt = async (by: SignedEdge) =>
  (await page(by)).runtime.filter((one) => one.owner === owner).map(({ field, value }) => [field, value]);

describe("what an edge says", () => {
  test("is known by API, to the other edges and to the simulator, and was said by that edge", async () => {
    expect(await said([word("doNotDisturb", true), word("forwardAlways", "1002")])).toBe(200);
    expect(await of()).toMatchObject({ doNotDisturb: true, forwardAlways: "1002", followMe: null, hotDesk: null });
    const { body } = await control.call("GET", `${tenant.path}/runtime`);
    const set = { kind: "extension", id: extension, key: "1001", by: edge.id, at: "2026-01-01T00:00:00.000Z" };
    expect(body.data).toEqual([
      { ...set, field: "doNotDisturb", value: true },
      { ...set, field: "forwardAlways", value: "1002" },
    ]);
    expect((await learnt(other)).sort()).toEqual([
      ["doNotDisturb", true],
      ["forwardAlways", "1002"],
    ]);
    const head = await readHead(control.ctx.store, owner);
    const config = head && (await loadConfig(control.ctx, head));
    expect(config?.runtime("extension", extension, "doNotDisturb")).toBe(true);
  });

  test("counts for nothing where it is not its tenant's, no field, no value, or of a resource that is not there", async () => {
    const pool = String((await control.call("POST", "/v1/pools", { name: "elsewhere" })).body.id);
    const stranger = await newTenant(control, { poolId: pool });
    const theirs = await control.call("POST", `${stranger.path}/extensions`, { number: "1001" });
    const bad = [
      word("doNotDisturb", true, {
        owner: tenantOwner(stranger.id),
        subject: { kind: "extension", id: String(theirs.body.id) },
      }),
      word("doNotDisturb", true, { subject: { kind: "extension", id: String(theirs.body.id) } }),
      word("doNotDisturb", "yes"),
      word("number", "1"),
      word("constructor", true),
      word("doNotDisturb", true, { subject: { kind: "queue", id: extension } }),
      word("doNotDisturb", true, { subject: { kind: "extension", id: "x#y" } }),
      word("doNotDisturb", true, { at: "9999-12-31T23:59:59.999Z" }),
      word("forwardAlways", "1".repeat(500)),
    ];
    expect(await said([...bad, word("followMe", true)])).toBe(200);
    expect((await control.call("GET", `${tenant.path}/runtime`)).body.data).toEqual([
      expect.objectContaining({ field: "followMe", value: true }),
    ]);
    expect((await control.call("GET", `${stranger.path}/runtime`)).body.data).toEqual([]);
  });

  test("by two at once, on the same field, ends with the later word", async () => {
    const words = Array.from({ length: 12 }, (_, n) =>
      word("forwardBusy", String(1000 + n), { at: `2026-01-01T00:00:${10 + n}Z` }),
    );
    const replies = await Promise.all(words.map((one, n) => said([one], n % 2 ? edge : other)));
    expect(new Set(replies)).toEqual(new Set([200]));
    expect(await of()).toMatchObject({ forwardBusy: "1011" });
  });
});

test("what is set goes to the queues of the pool's other edges, at once and once; the API's word to all", async () => {
  const [first, second] = [await enrolQueue(control), await enrolQueue(control)];
  onTestFinished(() => {
    for (const queue of [first, second]) queue.close();
  });
  const heard = new Map<EdgeQueue, Runtime[]>();
  const spoken = async (queue: EdgeQueue) => {
    const found = (await queue.take()).flatMap((one) => (one.type === "runtime" && one.owner === owner ? [one] : []));
    heard.set(queue, [...(heard.get(queue) ?? []), ...found]);
    return heard.get(queue) ?? [];
  };
  const words = [word("doNotDisturb", true), word("followMe", true)];
  await said([...words, word("followMe", false, { at: "2020-01-01T00:00:00.000Z" })]);
  for (const queue of [first, second]) await expect.poll(() => spoken(queue)).toHaveLength(2);
  await patch({ agent: "paused" });
  for (const queue of [first, second]) await expect.poll(() => spoken(queue)).toHaveLength(3);
  expect(heard.get(first)).toEqual(expect.arrayContaining(words));
  expect(heard.get(second)?.at(-1)).toMatchObject({ field: "agent", value: "paused", edge: "cloud" });
});

describe("the API", () => {
  test("has the last word over an edge whose clock is ahead, and null gives a field back", async () => {
    await said([word("doNotDisturb", true, { at: "2090-01-01T00:00:00.000Z" })]);
    expect((await patch({ doNotDisturb: false })).body).toMatchObject({ doNotDisturb: false });
    expect((await page(other)).runtime.find((one) => one.owner === owner)).toMatchObject({
      ...{ value: false, edge: "cloud", at: "2090-01-01T00:00:00.001Z" },
    });
    await patch({ doNotDisturb: null });
    expect(await of()).toMatchObject({ doNotDisturb: null });
    expect((await control.call("GET", `${tenant.path}/runtime`)).body.data).toEqual([]);
    expect(await learnt(other)).toEqual([["doNotDisturb", null]]);
  });

  test("sets a schedule's override", async () => {
    await made("schedules", { name: "office" });
    expect((await patch({ override: "closed" }, "schedules/office")).body).toEqual({ override: "closed" });
    expect((await patch({ override: "half" }, "schedules/office")).status).toBe(422);
  });

  test("refuses forwards where the extension may not call, phones that there are not, and what is no field", async () => {
    for (const [body, pointer] of [
      [{ forwardAlways: "911" }, "/forwardAlways"],
      [{ forwardBusy: "1001" }, "/forwardBusy"],
      [{ forwardNoAnswer: "8888" }, "/forwardNoAnswer"],
      [{ hotDesk: "1001" }, "/hotDesk"],
      [{ hotDesk: "nobody" }, "/hotDesk"],
      [{ doNotDisturb: "yes" }, "/doNotDisturb"],
      [{ colour: "red" }, ""],
    ] as const) {
      const { status, body: problem } = await patch(body);
      expect([status, problem.errors], JSON.stringify(body)).toEqual([422, [expect.objectContaining({ pointer })]]);
    }
    await made("extensions", { number: "1002" });
    expect((await patch({ forwardAlways: "1002", forwardBusy: "", hotDesk: "1002" })).status).toBe(200);
  });

  test("needs the scopes of runtime, not those of extensions", async () => {
    const key = async (scope: string) =>
      String(
        (await control.call("POST", "/v1/api-keys", { name: "k", scopes: [scope], tenantId: tenant.id })).body.key,
      );
    const by = async (scope: string) =>
      (await control.call("PATCH", `${tenant.path}/extensions/1001/runtime`, {}, { key: await key(scope) })).status;
    expect([await by("extensions:*"), await by("runtime:read"), await by("runtime:write")]).toEqual([403, 403, 200]);
  });
});

describe("what is set", () => {
  test("is untouched by a rollback, and gone with its extension", async () => {
    const { revision } = (await control.call("GET", tenant.path)).body;
    await control.call("PATCH", `${tenant.path}/extensions/1001`, { displayName: "Ada" });
    await said([word("doNotDisturb", true)]);
    expect((await control.call("POST", `${tenant.path}/rollback`, { revision })).status).toBe(200);
    expect(await of()).toMatchObject({ doNotDisturb: true });
    await control.call("DELETE", `${tenant.path}/extensions/1001`);
    await expect.poll(() => learnt(other)).toEqual([]);
    expect((await control.call("GET", `${tenant.path}/runtime`)).body.data).toEqual([]);
  });

  test("is told to an edge of another pool by no page", async () => {
    const pool = String((await control.call("POST", "/v1/pools", { name: "p" })).body.id);
    const foreign = await enrolEdge(control, pool);
    await said([word("doNotDisturb", true)]);
    expect((await page(foreign)).runtime).toEqual([]);
    expect((await page(other, `?since=${new Date(Date.now() + 60_000).toISOString()}`)).runtime).toEqual([]);
    expect((await other.request("GET", "runtime?since=yesterday")).status).toBe(400);
  });

  test("in any order and however often it comes, ends in the same state in the cloud and on two edges", async () => {
    const arbitrary = fc.record({
      field: fc.constantFrom("doNotDisturb", "followMe"),
      value: fc.constantFrom(true, false, null),
      at: fc.constantFrom(
        "2026-01-01T00:00:00Z",
        "2026-01-01T00:00:00.000Z",
        "2026-01-01T00:00:00.001Z",
        "2026-01-01T00:00:01Z",
      ),
      by: fc.constantFrom(0, 1),
    });
    const order = fc
      .array(arbitrary, { minLength: 2, maxLength: 8 })
      .chain((list) =>
        fc.tuple(...[0, 1, 2].map(() => fc.shuffledSubarray([...list, ...list], { minLength: list.length * 2 }))),
      );
    const property = fc.asyncProperty(order, async (orders) => {
      extension = await made("extensions", { number: String(2000 + ++count) });
      const wordOf = ({ field, value, at, by }: (typeof orders)[number][number]) =>
        word(field, value, { at, edge: [edge, other][by]?.id ?? "" });
      const [first = [], ...edges] = orders;
      for (const one of first) expect(await said([wordOf(one)], [edge, other][one.by])).toBe(200);
      const { followMe, doNotDisturb } = await of(`extensions/${extension}`);
      for (const heard of edges) {
        const state = openState(":memory:");
        const runtime = createRuntime({
          ...{
            spoken: state.spoken,
            report: async () => undefined,
            log: silent,
            edge: () => "",
            changed: () => undefined,
          },
        });
        for (const one of heard) runtime.hear(wordOf(one));
        const set = Object.fromEntries(
          ["followMe", "doNotDisturb"].map((field) => {
            const last = first.map(wordOf).filter((one) => one.field === field);
            return [
              field,
              last.reduce<Runtime | undefined>((best, one) => (isLater(one, best) ? one : best), undefined)?.value,
            ];
          }),
        );
        const here = (field: string) =>
          state.spoken.known({ owner, subject: { kind: "extension", id: extension }, field })?.value;
        expect({ followMe: here("followMe"), doNotDisturb: here("doNotDisturb") }).toEqual(set);
        expect({ followMe, doNotDisturb }).toEqual({
          followMe: set.followMe ?? null,
          doNotDisturb: set.doNotDisturb ?? null,
        });
        state.close();
      }
    });
    await fc.assert(property, { numRuns: 12 });
  }, 60_000);
});

test("the simulator goes by it", async () => {
  await made("extensions", { number: "1002" });
  await patch({ hotDesk: "1002" });
  const head = await readHead(control.ctx.store, owner);
  if (!head) throw new Error("the tenant is gone");
  const config = await loadConfig(control.ctx, head);
  const { action } = resolve(config, {
    from: { kind: "extension", id: config.byKey("extension", "1002")?.id ?? "" },
    to: "1001",
    at: new Date(),
  });
  expect(action).toMatchObject({ groups: [[{ usernames: ["1002", "1001"] }]] });
});
