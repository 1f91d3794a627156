// Random writes and faults: whatever happens to messages, requests and the agent, the edge ends where the cloud is.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Delta, Message } from "../../core/wire.ts";
import { readBody } from "../../edge-agent/body.ts";
import type { Change } from "../../edge-agent/driver.ts";
import type { Identity } from "../../edge-agent/identity.ts";
import { createTenant, extensionBody, tenantOf, ulidOf } from "../support/document.ts";
import { joinFakeCloud, startEdge } from "../support/edge.ts";
import { type FakeCloud, startFakeCloud } from "../support/fake-cloud.ts";
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

const last = (deltas: Delta[]): Delta => deltas.at(-1) as Delta;
const ext = (n: number) => `ext_${ulidOf(n)}`;

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
          Object.fromEntries(document.texts.map(({ kind, id, text }) => [`${kind}/${id}`, readBody(kind, text)])),
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
