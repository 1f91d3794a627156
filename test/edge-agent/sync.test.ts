import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import type { Delta, Message } from "../../core/wire.ts";
import type { Change } from "../../edge-agent/driver.ts";
import type { Identity } from "../../edge-agent/identity.ts";
import { createTenant, extensionBody, tenantOf, ulidOf } from "../support/document.ts";
import { type Edge, joinFakeCloud, startEdge } from "../support/edge.ts";
import { type FakeCloud, startFakeCloud } from "../support/fake-cloud.ts";
import { temporaryFolder } from "../support/folder.ts";
import type { Mirror } from "../support/null-driver.ts";

let cloud: FakeCloud;
let identity: Identity;
let keys: string;
beforeAll(async () => {
  cloud = await startFakeCloud({ queue: false, pageSize: 2 });
  keys = mkdtempSync(join(tmpdir(), "dialplane-"));
  identity = await joinFakeCloud(cloud, keys);
});
afterAll(async () => {
  await cloud.stop();
  rmSync(keys, { recursive: true });
});
beforeEach(() => cloud.reset());

function start(): Edge {
  const edge = startEdge(identity, temporaryFolder(), new Map());
  onTestFinished(() => edge.kill());
  return edge;
}

const last = (deltas: Delta[]): Delta => deltas.at(-1) as Delta;
const ext = (n: number) => `ext_${ulidOf(n)}`;
const asked = (what: string) => cloud.requests.filter(({ path }) => path.endsWith(`/${what}`)).length;

describe("messages", () => {
  test("a delta that fits is live when it has been received, and acknowledged after the driver is done", async () => {
    const edge = start();
    const acme = cloud.add(createTenant(1, 2));
    let release = (): void => {};
    edge.driver.before = () => new Promise((done) => (release = () => done(undefined as never)));
    edge.sync.receive(last(acme.deltas));
    expect(edge.state.documents.device(acme.owner, "1001")).toBeDefined();
    expect(cloud.acks.size).toBe(0);
    release();
    await vi.waitFor(() => expect(cloud.acks.get(acme.owner)).toMatchObject({ ...acme.standing, failures: [] }));
  });

  test("a gap is closed by the changes since", async () => {
    const edge = start();
    const acme = cloud.add(createTenant(1, 2));
    edge.sync.receive(last(acme.deltas));
    for (const n of [5, 6, 7]) acme.write({ kind: "extension", id: ext(n), body: extensionBody(`100${n}`) });
    const before = asked("snapshot");
    edge.sync.receive(last(acme.deltas));
    await vi.waitFor(() => expect(edge.state.standing(acme.owner)).toEqual(acme.standing));
    expect(asked("snapshot")).toBe(before);
    await vi.waitFor(() => expect(cloud.acks.get(acme.owner)).toMatchObject(acme.standing));
  });

  test("a pointer and the first message of an unknown document fetch it, in pages", async () => {
    const edge = start();
    const acme = cloud.add(createTenant(1, 9));
    edge.sync.receive({ type: "pointer", ...acme.standing });
    const globex = cloud.add(createTenant(2, 9));
    edge.sync.receive(globex.write({ kind: "extension", id: ext(5), body: extensionBody("1500") }));
    await vi.waitFor(() =>
      expect([edge.state.standing(acme.owner), edge.state.standing(globex.owner)]).toEqual([
        acme.standing,
        globex.standing,
      ]),
    );
  });

  test("a state that has another digest at the same revision is fetched whole", async () => {
    const edge = start();
    const acme = cloud.add(createTenant(1, 2));
    const other = createTenant(1, 3);
    edge.sync.receive(last(other.deltas));
    edge.sync.receive(last(acme.deltas));
    await vi.waitFor(() => expect(edge.state.standing(acme.owner)).toEqual(acme.standing));
  });

  test("a command that can't be carried out is answered, not passed over", async () => {
    const edge = start();
    expect(() =>
      edge.sync.receive({
        type: "command",
        id: "cmd_1",
        deadline: "2026-01-01T00:00:00Z",
        owner: tenantOf(1),
        name: "park",
        arguments: {},
      }),
    ).not.toThrow();
  });
});

describe("the comparison", () => {
  test("brings what the edge lacks, and what it has wrong", async () => {
    const edge = start();
    const documents = [1, 2, 3].map((n) => cloud.add(createTenant(n, 2)));
    edge.sync.receive(last(createTenant(2, 1).deltas));
    await edge.compare();
    for (const document of documents) expect(edge.state.standing(document.owner)).toEqual(document.standing);
    const before = cloud.requests.length;
    await edge.compare();
    expect(
      cloud.requests
        .slice(before)
        .map(({ path }) => path.split("/").at(-1))
        .filter((what) => what !== "acks"),
    ).toEqual(["differences"]);
  });

  test("drops what the cloud says is deleted, and nothing that it merely does not list", async () => {
    const edge = start();
    const [acme, globex] = [cloud.add(createTenant(1, 1)), cloud.add(createTenant(2, 1))];
    await edge.compare();
    cloud.delete(acme.owner);
    cloud.documents.delete(globex.owner);
    await edge.compare();
    expect(edge.state.standing(acme.owner)).toBeUndefined();
    expect(edge.state.standing(globex.owner)).toEqual(globex.standing);
    await vi.waitFor(() => expect(cloud.acks.get(acme.owner)).toMatchObject({ revision: 2, failures: [] }));
  });

  test("a document that the cloud lists and does not give is left as it is", async () => {
    const edge = start();
    const acme = cloud.add(createTenant(1, 1));
    await edge.compare();
    const before = acme.standing;
    acme.write({ kind: "extension", id: ext(5), body: extensionBody("1005") });
    cloud.stand.fault = ({ path }) => (/changes|snapshot/.test(path) ? { status: 404 } : undefined);
    await edge.compare();
    expect(edge.state.standing(acme.owner)).toEqual(before);
  });
});

describe("one tenant", () => {
  test("whose driver hangs or fails delays nobody else's ack", async () => {
    const edge = start();
    const [acme, globex, initech] = [1, 2, 3].map((n) => cloud.add(createTenant(n, 1)));
    if (!acme || !globex || !initech) throw new Error("three tenants");
    const failure = { kind: "trunk", id: "trk_1", reason: "the engine refuses it", retry: true };
    edge.driver.before = (owner) =>
      owner === acme.owner ? new Promise(() => {}) : owner === globex.owner ? Promise.resolve([failure]) : undefined;
    for (const document of [acme, globex, initech]) edge.sync.receive(last(document.deltas));
    await vi.waitFor(() => expect(cloud.acks.get(initech.owner)).toMatchObject({ revision: 1, failures: [] }));
    expect(cloud.acks.get(globex.owner)).toMatchObject({ revision: 1, failures: [failure] });
    expect(cloud.acks.has(acme.owner)).toBe(false);
  });

  test("whose document can't be fetched delays nobody else's", async () => {
    const edge = start();
    const [acme, globex] = [cloud.add(createTenant(1, 1)), cloud.add(createTenant(2, 1))];
    cloud.stand.fault = ({ query }) => (query.get("owner") === acme.owner ? { status: 500 } : undefined);
    await edge.compare();
    expect([edge.state.standing(acme.owner), edge.state.standing(globex.owner)]).toEqual([undefined, globex.standing]);
  });

  test("whose ack the cloud refuses delays nobody else's", async () => {
    const edge = start();
    const documents = [1, 2, 3, 4, 5].map((n) => cloud.add(createTenant(n, 1)));
    cloud.stand.fault = ({ path, body }) =>
      path.endsWith("/acks") && body.includes(tenantOf(3)) ? { status: 422 } : undefined;
    for (const document of documents) edge.sync.receive(last(document.deltas));
    await vi.waitFor(() => expect([...cloud.acks.keys()].sort()).toEqual([1, 2, 4, 5].map((n) => tenantOf(n))));
  });
});

describe("the driver", () => {
  test("is asked again for what a later try can mend, as soon as its engine is back", async () => {
    const edge = start();
    const acme = cloud.add(createTenant(1, 1));
    edge.driver.connected = false;
    edge.driver.before = () =>
      Promise.resolve([{ kind: "extension", id: ext(1000), reason: "no engine", retry: true }]);
    edge.sync.receive(last(acme.deltas));
    await vi.waitFor(() => expect(cloud.acks.get(acme.owner)?.failures).toHaveLength(1));
    edge.driver.before = undefined;
    await edge.carrier.reconcile();
    await vi.waitFor(() => expect(cloud.acks.get(acme.owner)?.failures).toEqual([]));
    expect(edge.driver.mirror.get(acme.owner)?.size).toBe(2);
  });

  test("is led along what it failed to do, so that it can clean up after it", async () => {
    const edge = start();
    const acme = cloud.add(createTenant(41, 1));
    edge.driver.before = () => Promise.resolve([{ kind: "extension", id: ext(9), reason: "no engine", retry: true }]);
    edge.sync.receive(last(acme.deltas));
    edge.sync.receive(acme.write({ kind: "extension", id: ext(9), body: extensionBody("1009") }));
    await vi.waitFor(() =>
      expect(cloud.acks.get(acme.owner)).toMatchObject({ revision: 2, failures: [{ id: ext(9) }] }),
    );
    edge.driver.before = undefined;
    edge.driver.runs.length = 0;
    edge.sync.receive(acme.write({ kind: "extension", id: ext(9), body: undefined }));
    await vi.waitFor(() => expect(cloud.acks.get(acme.owner)).toMatchObject({ revision: 3, failures: [] }));
    const steps = edge.driver.runs.flatMap(({ changes }) => changes).filter(({ id }) => id === ext(9));
    expect(steps.map(({ before, after }) => [before?.number, after?.number])).toEqual([
      [undefined, "1009"],
      ["1009", undefined],
    ]);
  });

  test("what its reconciliation finds is told, and told again when it is mended", async () => {
    const edge = start();
    const acme = cloud.add(createTenant(1, 1));
    edge.sync.receive(last(acme.deltas));
    await vi.waitFor(() => expect(cloud.acks.get(acme.owner)?.failures).toEqual([]));
    edge.driver.found.set(acme.owner, [{ kind: "trunk", id: "trk_1", reason: "gone from the engine", retry: true }]);
    await edge.carrier.reconcile();
    await vi.waitFor(() => expect(cloud.acks.get(acme.owner)?.failures).toHaveLength(1));
    edge.driver.found.clear();
    await edge.carrier.reconcile();
    await vi.waitFor(() => expect(cloud.acks.get(acme.owner)?.failures).toEqual([]));
  });
});

test("acks that were not accepted before the agent died are sent by the next one", async () => {
  const folder = temporaryFolder();
  const acme = cloud.add(createTenant(1, 1));
  cloud.stand.fault = ({ path }) => (path.endsWith("/acks") ? { status: 0 } : undefined);
  const first = startEdge(identity, folder, new Map());
  first.sync.receive(last(acme.deltas));
  await vi.waitFor(() => expect(first.state.pending.dueAcks(1)).toHaveLength(1));
  await first.kill();
  cloud.stand.fault = undefined;
  const second = startEdge(identity, folder, new Map());
  onTestFinished(() => second.kill());
  await vi.waitFor(() => expect(cloud.acks.get(acme.owner)).toMatchObject(acme.standing));
});

describe("whatever happens to messages, requests and the agent", () => {
  const points = ["received", "before the driver", "within the driver", "after the driver", "before the ack"] as const;
  type Point = (typeof points)[number];
  const owner = fc.nat({ max: 2 });
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant("write" as const),
        owner,
        extension: fc.nat({ max: 4 }),
        number: fc.option(fc.nat({ max: 8 }), { nil: undefined }),
      }),
    },
    { weight: 5, arbitrary: fc.record({ do: fc.constant("deliver" as const), which: fc.nat(), again: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("lose" as const), which: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("compare" as const) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("kill" as const), at: fc.constantFrom(...points) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant("refuse" as const),
        what: fc.constantFrom("changes", "snapshot", "acks", "differences"),
        times: fc.integer({ min: 1, max: 6 }),
        status: fc.constantFrom(0, 500, 429),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("delete" as const), owner }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("restore" as const), owner }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("fail" as const), times: fc.integer({ min: 1, max: 3 }) }) },
  );
  type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

  class World {
    readonly folder = mkdtempSync(join(tmpdir(), "dialplane-"));
    readonly mirror: Mirror = new Map();
    readonly messages: Message[] = [];
    edge = startEdge(identity, this.folder, this.mirror);
    failing = 0;

    constructor() {
      this.prepare();
    }

    prepare(): void {
      this.edge.driver.before = (_, changes) => {
        if (this.failing === 0) return undefined;
        this.failing--;
        return Promise.resolve([
          { kind: changes[0]?.kind ?? "", id: changes[0]?.id ?? "", reason: "test", retry: true },
        ]);
      };
    }

    /** Documents are only ever deleted for good, as ids are never used again. */
    write(n: number, writes: Parameters<ReturnType<typeof createTenant>["write"]>): void {
      const gone = this.messages.some((message) => message.type === "deleted" && message.owner === tenantOf(n));
      if (gone || this.deleted.has(n)) return;
      const known = cloud.documents.get(tenantOf(n));
      if (!known) return void this.messages.push(last(cloud.add(createTenant(n, 2)).deltas));
      this.messages.push(known.write(...writes));
    }
    readonly deleted = new Set<number>();

    restart(): void {
      void this.edge.kill();
      this.edge = startEdge(identity, this.folder, this.mirror);
      this.prepare();
    }

    /** The next message is received by an agent that dies at the point. */
    async dieAt(point: Point): Promise<void> {
      const message = this.messages.shift();
      if (point === "received" || !message) return this.restart();
      if (point === "before the ack")
        cloud.stand.fault = ({ path }) => (path.endsWith("/acks") ? { status: 0 } : undefined);
      else
        this.edge.driver.before = (who, changes) =>
          this.halfWay(
            who,
            changes,
            { "before the driver": 0, "within the driver": 0.5, "after the driver": 1 }[point],
          );
      this.edge.sync.receive(message);
      if (point === "before the ack") await new Promise((done) => setImmediate(done));
      cloud.stand.fault = undefined;
      this.restart();
    }

    halfWay(who: Parameters<Mirror["get"]>[0], changes: Change[], part: number): Promise<never> {
      const live = this.mirror.get(who) ?? new Map<string, Record<string, unknown>>();
      this.mirror.set(who, live);
      for (const { kind, id, after } of changes.slice(0, Math.ceil(changes.length * part))) {
        if (after) live.set(`${kind}/${id}`, after);
        else live.delete(`${kind}/${id}`);
      }
      return new Promise(() => {});
    }

    async take(step: Step): Promise<void> {
      const some = "which" in step && this.messages.length > 0 ? step.which % this.messages.length : -1;
      const message = this.messages[some];
      if (step.do === "write") {
        const body = step.number === undefined ? undefined : extensionBody(String(1001 + step.number));
        this.write(step.owner, [{ kind: "extension", id: ext(step.extension), body }]);
      } else if (step.do === "deliver" && message) {
        if (!step.again) this.messages.splice(some, 1);
        this.edge.sync.receive(message);
      } else if (step.do === "lose") this.messages.splice(some, 1);
      else if (step.do === "compare") await this.edge.compare().catch(() => {});
      else if (step.do === "kill") await this.dieAt(step.at);
      else if (step.do === "refuse") {
        let left = step.times;
        cloud.stand.fault = ({ path }) =>
          path.endsWith(`/${step.what}`) && left-- > 0 ? { status: step.status } : undefined;
      } else if (step.do === "delete" && cloud.documents.has(tenantOf(step.owner))) {
        this.deleted.add(step.owner);
        this.messages.push(cloud.delete(tenantOf(step.owner)));
      } else if (step.do === "restore") this.restore(step.owner);
      else if (step.do === "fail") this.failing = step.times;
    }

    /** From a backup: an older content at a higher epoch. */
    restore(n: number): void {
      const before = cloud.documents.get(tenantOf(n));
      if (!before) return;
      const restored = createTenant(n, 1, [], before.standing.epoch + 1);
      cloud.add(restored);
      this.messages.push({ type: "pointer", ...restored.standing });
    }

    async settle(): Promise<void> {
      cloud.stand.fault = undefined;
      this.failing = 0;
      // late ones still come
      for (const message of this.messages) this.edge.sync.receive(message);
      await this.edge.compare();
      await this.edge.carrier.reconcile();
      await vi.waitFor(() => expect(this.edge.state.pending.owners()).toEqual([]));
    }

    check(): void {
      const standings = [...cloud.documents.values()].map(({ standing }) => standing);
      const byOwner = (a: { owner: string }, b: { owner: string }) => (a.owner < b.owner ? -1 : 1);
      expect(this.edge.state.standings().sort(byOwner)).toEqual(standings.sort(byOwner));
      for (const document of cloud.documents.values()) {
        const live = Object.fromEntries(this.mirror.get(document.owner) ?? []);
        expect(live).toEqual(
          Object.fromEntries(
            document.texts.map(({ kind, id, text }) => [`${kind}/${id}`, JSON.parse(text) as unknown]),
          ),
        );
      }
      for (const n of this.deleted) expect([...(this.mirror.get(tenantOf(n)) ?? [])]).toEqual([]);
    }

    async end(): Promise<void> {
      await vi.waitFor(() => {
        for (const { owner: who, standing } of cloud.documents.values())
          expect(cloud.acks.get(who)).toMatchObject({ ...standing, failures: [] });
      });
      await this.edge.kill();
      rmSync(this.folder, { recursive: true });
    }
  }

  test("every edge ends at the cloud's digest, its engine at the cloud's content, and the cloud knows it", {
    timeout: 60_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        cloud.reset();
        const world = new World();
        try {
          for (const each of steps) await world.take(each);
          await world.settle();
          world.check();
        } finally {
          await world.end();
        }
      }),
      { numRuns: 50 },
    );
  });
});
