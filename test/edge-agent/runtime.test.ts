// Runtime state at the edge: first on this disk, then told once; heard from others in any order.
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { isLater } from "../../core/last-word.ts";
import type { Runtime as Word } from "../../core/wire.ts";
import { createCloud } from "../../edge-agent/cloud.ts";
import type { Report } from "../../edge-agent/driver.ts";
import { silent } from "../../edge-agent/log.ts";
import { createRuntime, type RuntimeOptions } from "../../edge-agent/runtime.ts";
import { openState, type State } from "../../edge-agent/state.ts";
import { createTenant, tenantOf, ulidOf } from "../support/document.ts";
import { joinFakeCloud } from "../support/edge.ts";
import { type FakeCloud, startFakeCloud } from "../support/fake-cloud.ts";
import { temporaryFolder } from "../support/folder.ts";

const owner = tenantOf(1);
const extension = `ext_${ulidOf(1000)}`;
type Event = Parameters<Report>[0];

function open(file = ":memory:", documents = [createTenant(1, 2)]): State {
  const state = openState(file);
  for (const document of documents) for (const delta of document.deltas) state.apply(delta);
  return state;
}

function runtimeOf(state: State, more: Partial<RuntimeOptions> = {}) {
  const events: Event[] = [];
  const changed: unknown[][] = [];
  const report: Report = async (event) => void events.push(event);
  const edge = () => "edg_b";
  const runtime = createRuntime({
    ...{ spoken: state.spoken, report, log: silent, edge, changed: (...field) => void changed.push(field) },
    ...more,
  });
  return { ...runtime, events, changed };
}

const read = (state: State, field: string, id = extension) =>
  state.documents.config(owner)?.runtime("extension", id, field);
const setting = (field: string, value: unknown) => ({ kind: "extension", id: extension, field, value });
const word = (value: unknown, at: string, edge = "edg_a", field = "doNotDisturb", id = extension): Word => ({
  ...{ type: "runtime", owner, subject: { kind: "extension", id }, field, value, at, edge },
});

describe("what is set here", () => {
  test("is read by the next lookup, is reported, and the driver hears of it", () => {
    const state = open();
    const { remember, events, changed } = runtimeOf(state);
    remember(owner, [setting("doNotDisturb", true), setting("forwardAlways", "1002")]);
    expect([read(state, "doNotDisturb"), read(state, "forwardAlways")]).toEqual([true, "1002"]);
    expect(changed).toEqual([
      [owner, "extension", extension, "doNotDisturb", true],
      [owner, "extension", extension, "forwardAlways", "1002"],
    ]);
    expect(events.map(({ type, data }) => [type, data])).toEqual([
      ["runtime.updated", expect.objectContaining({ owner, field: "doNotDisturb", value: true, edge: "edg_b" })],
      ["runtime.updated", expect.objectContaining({ field: "forwardAlways", value: "1002" })],
    ]);
  });

  test("is the last word, though what was said before bears a time to come", () => {
    const state = open();
    const { hear, remember } = runtimeOf(state, { now: () => new Date("2026-01-01T00:00:00Z") });
    hear(word(true, "2030-01-01T00:00:00Z"));
    remember(owner, [setting("doNotDisturb", false)]);
    expect(read(state, "doNotDisturb")).toBe(false);
    hear(word(true, "2030-01-01T00:00:00Z"));
    expect(read(state, "doNotDisturb")).toBe(false);
  });

  test("survives the agent, and what it could not tell is told by the next one, under the same id, and then no more", async () => {
    const file = join(temporaryFolder(), "state.db");
    const first = open(file);
    const failed: Event[] = [];
    const full = (event: Event) => {
      failed.push(event);
      return Promise.reject(new Error("the disk is full"));
    };
    runtimeOf(first, { report: full }).remember(owner, [setting("followMe", true)]);
    first.close();
    const second = openState(file);
    expect(read(second, "followMe")).toBe(true);
    const { events } = runtimeOf(second);
    await Promise.resolve();
    expect(events).toEqual(failed);
    second.close();
    const third = openState(file);
    onTestFinished(() => third.close());
    expect(runtimeOf(third).events).toEqual([]);
  });
});

describe("what others said", () => {
  const moments = [
    "2026-01-01T00:00:00Z",
    "2026-01-01T00:00:00.000Z",
    "2026-01-01T00:00:00.001Z",
    "2026-01-01T00:00:01Z",
  ];
  const arbitrary = fc.record({
    value: fc.constantFrom(true, false, null),
    at: fc.constantFrom(...moments),
    edge: fc.constantFrom("edg_a", "edg_b", "cloud"),
    field: fc.constantFrom("doNotDisturb", "followMe"),
  });

  test("ends in the same state in any order, however often it comes", () => {
    const property = fc.property(
      fc.array(arbitrary, { minLength: 1, maxLength: 8 }),
      fc.infiniteStream(fc.nat()),
      (said, chance) => {
        const words = said.map(({ value, at, edge, field }) => word(value, at, edge, field));
        const shuffled = [...words, ...words].sort(() => ((chance.next().value ?? 0) % 3) - 1);
        const states = [words, shuffled].map((order) => {
          const state = open();
          const { hear } = runtimeOf(state);
          for (const one of order) hear(one);
          const found = ["doNotDisturb", "followMe"].map((field) => read(state, field));
          state.close();
          return found;
        });
        expect(states[1]).toEqual(states[0]);
        const last = (field: string) =>
          words
            .filter((one) => one.field === field)
            .reduce<Word | undefined>((best, one) => (isLater(one, best) ? one : best), undefined);
        expect(states[0]).toEqual(["doNotDisturb", "followMe"].map((field) => last(field)?.value));
      },
    );
    fc.assert(property, { numRuns: 60 });
  });

  test("reaches the driver once", () => {
    const { hear, changed } = runtimeOf(open());
    for (let times = 0; times < 3; times++) hear(word(true, "2026-01-01T00:00:00Z"));
    hear(word(false, "2025-01-01T00:00:00Z"));
    expect(changed).toEqual([[owner, "extension", extension, "doNotDisturb", true]]);
  });

  test("is forgotten with its extension and with its document, and of a dropped one nothing comes back", () => {
    const document = createTenant(1, 2);
    const state = open(":memory:", [document]);
    const { hear } = runtimeOf(state);
    const other = `ext_${ulidOf(1001)}`;
    hear(word(true, "2026-01-01T00:00:00Z"));
    hear(word(true, "2026-01-01T00:00:00Z", "edg_a", "doNotDisturb", other));
    state.apply(document.write({ kind: "extension", id: extension, body: undefined }));
    expect([read(state, "doNotDisturb"), read(state, "doNotDisturb", other)]).toEqual([undefined, true]);
    state.drop({ owner, epoch: 1, revision: 9 });
    hear(word(true, "2026-01-02T00:00:00Z", "edg_a", "doNotDisturb", other));
    const again = createTenant(1, 2, [], 2);
    for (const delta of again.deltas) state.apply({ ...delta, base: null });
    expect(read(state, "doNotDisturb", other)).toBeUndefined();
  });

  test("of one tenant is nothing to another with an extension of the same id", () => {
    const state = open(":memory:", [createTenant(1, 1), createTenant(2, 1)]);
    runtimeOf(state).hear(word("desk", "2026-01-01T00:00:00Z", "edg_a", "hotDesk"));
    const [mine, theirs] = [tenantOf(1), tenantOf(2)].map((one) => state.documents.config(one));
    expect(mine?.holders("extension", "hotDesk", "desk")).toEqual([extension]);
    expect(theirs?.holders("extension", "hotDesk", "desk")).toEqual([]);
    expect(theirs?.runtime("extension", extension, "hotDesk")).toBeUndefined();
  });
});

describe("what no queue brought", () => {
  let cloud: FakeCloud;
  beforeAll(async () => {
    cloud = await startFakeCloud({ queue: false });
  });
  afterAll(() => cloud.stop());

  test("is asked for page by page, and the next time from where it was", async () => {
    const identity = await joinFakeCloud(cloud, temporaryFolder());
    const client = createCloud({ url: identity.controlUrl, edge: identity.edge, key: identity.key });
    const fields = ["doNotDisturb", "followMe", "agent", "forwardBusy", "forwardAlways"];
    for (const [n, field] of fields.entries())
      cloud.runtime.push({
        at: "2020-01-01T00:00:00.000Z",
        word: word(`v${n}`, "2020-01-01T00:00:00Z", "edg_a", field),
      });
    const state = open();
    const runtime = runtimeOf(state);
    await runtime.catchUp(client);
    expect(fields.map((field) => read(state, field))).toEqual(["v0", "v1", "v2", "v3", "v4"]);
    const asked = cloud.requests.length;
    const upTo = state.spoken.heardUpTo();
    await runtime.catchUp(client);
    expect(cloud.requests.length - asked).toBe(1);
    expect(cloud.requests.at(-1)?.query.get("since")).toBe(upTo);
    cloud.stand.fault = () => ({ status: 404 });
    await expect(runtime.catchUp(client), "a cloud that is older").resolves.toBeUndefined();
    cloud.stand.fault = () => ({ status: 503 });
    await expect(runtime.catchUp(client)).rejects.toThrow("503");
  });
});
