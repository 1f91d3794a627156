import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import type { Delta } from "../../core/wire.ts";
import type { Identity } from "../../edge-agent/identity.ts";
import { createTenant, extensionBody, tenantOf, ulidOf } from "../support/document.ts";
import { type Edge, joinFakeCloud, startEdge } from "../support/edge.ts";
import { type FakeCloud, startFakeCloud } from "../support/fake-cloud.ts";
import { temporaryFolder } from "../support/folder.ts";

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

  test("a document that is written while its pages are read is whole after one reading", async () => {
    const edge = start();
    const acme = cloud.add(createTenant(1, 9));
    let written = 0;
    cloud.stand.fault = ({ path, query }) => {
      if (path.endsWith("/snapshot") && query.get("after") === "4") {
        // one that was read already, and one that will be
        const [read, unread] = [`20${10 + written}`, `30${10 + written++}`];
        acme.write(
          { kind: "extension", id: ext(1000), body: extensionBody(read) },
          { kind: "extension", id: ext(1008), body: extensionBody(unread) },
        );
      }
      return undefined;
    };
    edge.sync.receive({ type: "pointer", ...acme.standing });
    await vi.waitFor(() => expect(edge.state.standing(acme.owner)).toEqual(acme.standing));
    expect(written).toBe(1);
    expect(edge.state.documents.device(acme.owner, "2010")?.extension.id).toBe(ext(1000));
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
    ).toEqual(["differences", "runtime"]);
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
    expect(edge.driver.forgotten).toEqual([acme.owner]);
  });

  test("what people left stays while a document may be restored, and goes when it won't be", async () => {
    const edge = start();
    const acme = cloud.add(createTenant(1, 1));
    await edge.compare();
    const { owner } = acme;
    const dropped = { type: "deleted", owner, epoch: 1 } as const;
    edge.sync.receive({ ...dropped, revision: 2, restorable: true });
    await vi.waitFor(() => expect(cloud.acks.get(owner)).toMatchObject({ revision: 2 }));
    expect(edge.driver.forgotten).toEqual([]);
    edge.sync.receive({ ...dropped, revision: 3 });
    await vi.waitFor(() => expect(cloud.acks.get(owner)).toMatchObject({ revision: 3 }));
    expect(edge.driver.forgotten).toEqual([owner]);
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

  test("says nothing of an engine that is away", async () => {
    const edge = start();
    const acme = cloud.add(createTenant(42, 1));
    const failure = { kind: "trunk", id: "trk_1", reason: "refused for good", retry: false };
    edge.driver.before = () => Promise.resolve([failure]);
    edge.sync.receive(last(acme.deltas));
    await vi.waitFor(() => expect(cloud.acks.get(acme.owner)?.failures).toEqual([failure]));
    edge.driver.connected = false;
    await edge.carrier.reconcile();
    expect(edge.state.pending.failing()).toEqual([acme.owner]);
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
