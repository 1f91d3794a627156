// What edges fetch and report of documents: deltas, snapshots, digests and the document itself say the same; acknowledgements only move forward.
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bucketOf, weighStanding } from "../../../core/comparison.ts";
import { empty, shift } from "../../../core/digest.ts";
import { type Owner, tenantOwner } from "../../../core/owner.ts";
import type { Body } from "../../../core/resources/kind.ts";
import { type Changes, changes as changesSchema, type Delta, type Differences } from "../../../core/wire.ts";
import { newTenant, type TestControl, testControl } from "../../support/control.ts";
import { digestOf, reckon, sha256 } from "../../support/reckoning.ts";
import { enrolEdge, type SignedEdge } from "../../support/signed-edge.ts";

let control: TestControl;
let edge: SignedEdge;

beforeAll(async () => {
  control = await testControl();
  edge = await enrolEdge(control);
});
afterAll(() => control.stop());

const changesSince = async (owner: Owner, since: number, epoch = 1): Promise<Changes> =>
  changesSchema.parse(
    (await edge.request("GET", `changes?owner=${encodeURIComponent(owner)}&epoch=${epoch}&since=${since}`)).body,
  );

/** An edge that is nothing but a map: it applies what fits and checks the digest, as CONTRACTS.md says. */
function referenceModel() {
  const resources = new Map<string, { kind: string; id: string; text: string }>();
  const secrets = new Map<string, string>();
  let revision = -1;
  let digest = empty;
  return {
    apply(delta: Delta): void {
      if (delta.base) expect([delta.base.revision, delta.base.digest]).toEqual([revision, digest]);
      else expect(revision).toBe(-1);
      for (const { kind, id } of delta.deletes) expect(resources.delete(`${kind}/${id}`)).toBe(true);
      for (const one of delta.upserts) resources.set(`${one.kind}/${one.id}`, one);
      for (const { ref, value } of delta.secrets) secrets.set(ref, value);
      digest = digestOf([...resources.values()]);
      revision = delta.revision;
      expect(digest).toBe(delta.digest);
    },
    get revision() {
      return revision;
    },
    get digest() {
      return digest;
    },
    resources: () => [...resources.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    /** The values of the secrets that the resources name. */
    secrets: () =>
      [...resources.values()]
        .flatMap(({ text }) => text.match(/sec_[0-9A-Z]{26}#\d+/g) ?? [])
        .map((ref) => [ref, secrets.get(ref)])
        .sort(),
  };
}

/** Writes that a model of numbers can predict nothing about: some succeed, some are refused. */
const number = fc.integer({ min: 100, max: 106 }).map(String);
const device = fc.record({ username: fc.constantFrom("desk", "home", "soft") }, { requiredKeys: ["username"] });
const write = fc.oneof(
  fc.record({
    method: fc.constant("POST"),
    path: fc.constant("/extensions"),
    body: fc.record({ number, displayName: fc.string({ maxLength: 5 }) }),
  }),
  fc.record({ method: fc.constant("POST"), path: fc.constant("/voicemail-boxes"), body: fc.record({ number }) }),
  fc.record({
    method: fc.constant("PATCH"),
    path: number.map((n) => `/extensions/${n}`),
    body: fc.oneof(
      fc.record({ number }),
      fc.record({ voicemailBox: number }),
      fc.record({ devices: fc.uniqueArray(device, { minLength: 1, maxLength: 3, selector: (d) => d.username }) }),
      fc.record({ displayName: fc.constantFrom("a", "b", null) }),
    ),
  }),
  fc.record({
    method: fc.constant("DELETE"),
    path: fc.oneof(
      number.map((n) => `/extensions/${n}`),
      number.map((n) => `/voicemail-boxes/${n}`),
    ),
    body: fc.constant(undefined),
  }),
  fc.record({
    method: fc.constant("POST"),
    path: fc.constant("/apply?prune=extensions"),
    body: fc.record({ extensions: fc.uniqueArray(fc.record({ number }), { maxLength: 4, selector: (e) => e.number }) }),
  }),
  fc.record({
    method: fc.constant("POST"),
    path: fc.constant("/rollback"),
    body: fc.record({ revision: fc.integer({ min: 0, max: 6 }) }),
  }),
);

test("after any writes the deltas one by one, the snapshot and the document are the same, secrets included", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(write, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 4 }),
      async (writes, stride) => {
        const { path, id } = await newTenant(control);
        const owner = tenantOwner(id);
        const eager = referenceModel();
        const catchUp = async () =>
          (await changesSince(owner, eager.revision)).deltas.forEach((delta) => void eager.apply(delta));
        for (const delta of (await changesSince(owner, 0)).deltas) expect(delta).toBeUndefined();
        // the first revision has no base; an edge without the document fetches it as a snapshot, here its delta is built from what that says
        const first = await edge.snapshotOf(owner);
        eager.apply({ ...first, type: "delta", base: null, upserts: first.resources, deletes: [], at: "" });
        for (const [index, { method, path: at, body }] of writes.entries()) {
          const reply = await control.call(method, path + at, body);
          expect(reply.status, reply.text).toBeLessThan(500);
          if (index % stride === 0) await catchUp();
        }
        await catchUp();
        const { head, digest } = await reckon(control.ctx.store, owner);
        const whole = await edge.snapshotOf(owner);
        expect([eager.revision, eager.digest]).toEqual([head.revision, head.digest]);
        expect(digest).toBe(head.digest);
        expect([whole.revision, whole.digest, digestOf(whole.resources)]).toEqual([
          head.revision,
          head.digest,
          head.digest,
        ]);
        expect(eager.resources()).toEqual(whole.resources.sort((a, b) => (a.id < b.id ? -1 : 1)));
        expect(eager.secrets()).toEqual(whole.secrets.map(({ ref, value }) => [ref, value]).sort());
        for (const [, value] of eager.secrets()) expect(value).toMatch(/^[0-9a-f]{32}$|^\d{6}$/);
      },
    ),
    { numRuns: 25 },
  );
});

describe("changes", () => {
  test("that are too many, of another epoch, from the future or across a change of realm mean a snapshot", async () => {
    const { path, id } = await newTenant(control);
    const owner = tenantOwner(id);
    for (let index = 0; index < 52; index++) await control.call("PATCH", path, { name: `n${index}` });
    const snapshot = { deltas: [], snapshot: true };
    expect(await changesSince(owner, 0)).toEqual(snapshot);
    expect(await changesSince(owner, 2)).toMatchObject({ snapshot: false });
    expect((await changesSince(owner, 2)).deltas).toHaveLength(50);
    expect(await changesSince(owner, 52)).toEqual({ deltas: [], snapshot: false });
    expect(await changesSince(owner, 53)).toEqual(snapshot);
    expect(await changesSince(owner, 52, 2)).toEqual(snapshot);
    await control.call("PATCH", path, { domain: "realm.example" });
    expect(await changesSince(owner, 52)).toEqual(snapshot);
    await control.call("PATCH", path, { name: "after" });
    expect((await changesSince(owner, 53)).deltas).toHaveLength(1);
  });
});

describe("the comparison", () => {
  const sums = async (
    standings: { owner: Owner; epoch: number; revision: number; digest: string }[],
  ): Promise<Differences["buckets"]> => {
    const buckets = Array<string>(256).fill(empty);
    for (const one of standings) {
      const bucket = bucketOf(sha256, one.owner);
      buckets[bucket] = shift(buckets[bucket] ?? empty, [weighStanding(sha256, one)]);
    }
    return (await edge.request("POST", "differences", { buckets })).body.buckets as unknown as Differences["buckets"];
  };

  test("names what differs, was deleted or is missing, and nothing when all is the same", async () => {
    const all = (await sums([])).flatMap(({ documents }) => documents);
    const living = all.filter(({ deleted }) => !deleted);
    expect(living.length).toBeGreaterThan(5);
    expect(await sums(living)).toEqual([]);
    const [one] = living;
    if (!one) throw new Error("no document");
    const stale = await sums([{ ...one, digest: "f".repeat(32) }, ...living.slice(1)]);
    expect(stale.map(({ bucket }) => bucket)).toEqual([bucketOf(sha256, one.owner)]);
    const { path, id } = await newTenant(control);
    const added = await sums(living);
    expect(added.flatMap(({ documents }) => documents)).toContainEqual(
      expect.objectContaining({ owner: tenantOwner(id), revision: 0 }),
    );
    const now = (await sums([])).flatMap(({ documents }) => documents.filter(({ deleted }) => !deleted));
    await control.call("DELETE", path);
    expect((await sums(now)).flatMap(({ documents }) => documents)).toContainEqual(
      expect.objectContaining({ owner: tenantOwner(id), revision: 1, deleted: true }),
    );
  });
});

describe("acknowledgements", () => {
  const statusOf = async (path: string): Promise<Body> => {
    const { edges } = (await control.call("GET", `${path}/sync`)).body as unknown as { edges: Body[] };
    return edges.find(({ id }) => id === edge.id) ?? {};
  };
  const ackOf = async (owner: Owner, more: Body = {}): Promise<Body> => {
    const { head } = await reckon(control.ctx.store, owner);
    return {
      owner,
      epoch: head.epoch,
      revision: head.revision,
      digest: head.digest,
      at: new Date().toISOString(),
      failures: [],
      ...more,
    };
  };
  const send = async (by: SignedEdge, ...acks: Body[]): Promise<number> =>
    (await by.request("POST", "acks", { acks })).status;

  test("show in sync: offered, applied, since when, failures", async () => {
    const { path, id } = await newTenant(control);
    const owner = tenantOwner(id);
    await control.call("POST", `${path}/extensions`, { number: "1001" });
    await expect
      .poll(() => statusOf(path))
      .toEqual({
        id: edge.id,
        name: "edge",
        engine: "freeswitch",
        offered: 1,
        applied: null,
        appliedAt: null,
        inStep: false,
        failures: [],
      });
    const at = "2026-01-02T03:04:05.000Z";
    const failures = [{ kind: "extension", id: "ext_1", reason: "x".repeat(10_000), retry: true }];
    expect(await send(edge, await ackOf(owner, { at, failures }))).toBe(204);
    expect(await statusOf(path)).toMatchObject({
      applied: 1,
      appliedAt: at,
      inStep: false,
      failures: [{ reason: "x".repeat(500) }],
    });
    expect(await send(edge, await ackOf(owner, { at }))).toBe(204);
    expect(await statusOf(path)).toMatchObject({ applied: 1, inStep: true, failures: [] });
    await control.call("PATCH", path, { name: "moved on" });
    expect(await statusOf(path)).toMatchObject({ applied: 1, inStep: false });
  });

  test("move forward only, and not beyond what there is", async () => {
    const { path, id } = await newTenant(control);
    const owner = tenantOwner(id);
    const old = await ackOf(owner);
    for (let index = 0; index < 3; index++) await control.call("PATCH", path, { name: `n${index}` });
    const now = await ackOf(owner);
    const acks = [
      { ...now, revision: 4 },
      { ...now, revision: 2 ** 50 },
      { ...now, epoch: 2 },
      { ...now, epoch: 2 ** 52, revision: 2 ** 52 },
      now,
      { ...now, revision: 2 },
      old,
    ];
    expect(await send(edge, ...acks)).toBe(204);
    expect(await statusOf(path)).toMatchObject({ applied: 3, inStep: true });
    for (const ack of acks) expect(await send(edge, ack)).toBe(204);
    expect(await statusOf(path)).toMatchObject({ applied: 3, inStep: true });
  });

  test("of a tenant on another pool count for nothing", async () => {
    const pool = await control.call("POST", "/v1/pools", { name: "elsewhere" });
    const there = await enrolEdge(control, String(pool.body.id));
    const { path, id } = await newTenant(control, { poolId: pool.body.id });
    expect(
      await send(edge, await ackOf(tenantOwner(id)), {
        ...(await ackOf(tenantOwner(id))),
        owner: "T#ten_01ARZ3NDEKTSV4RRFFQ69G5FAV",
      }),
    ).toBe(204);
    const { body } = await control.call("GET", `${path}/sync`);
    expect(body.edges).toEqual([expect.objectContaining({ id: there.id, applied: null })]);
    const { items } = await control.ctx.store.query({ pk: tenantOwner(id), prefix: "E#" });
    expect(items).toEqual([]);
  });
});
