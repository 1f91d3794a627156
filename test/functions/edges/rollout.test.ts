// A release on its way to the hosts of a pool: one first, the others one by one, stopped by whatever shows that something is wrong.
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { tenantOwner } from "../../../core/owner.ts";
import * as Rollout from "../../../functions/edges/rollout.ts";
import { sweepPools } from "../../../functions/edges/tend.ts";
import { newTenant, type TestControl, testControl } from "../../support/control.ts";
import { bringReleases } from "../../support/releases.ts";
import { enrolEdge, type SignedEdge } from "../../support/signed-edge.ts";

const minute = 60_000;
let control: TestControl;
let clock = Date.parse("2030-01-01T00:00:00Z");
beforeAll(async () => {
  control = await testControl();
  control.ctx.now = () => new Date(clock);
  await bringReleases(control, ["0.1.0", "0.2.0"]);
});
afterAll(() => control?.stop());

type Host = SignedEdge & {
  /** A sign of life, with what it runs; resolves with the version that it is to run. */
  beat(version: string, more?: Record<string, unknown>): Promise<unknown>;
};
let pool: string;
let hosts: Host[];
beforeEach(async () => {
  const made = await control.call("POST", "/v1/pools", { name: "Frankfurt", default: true });
  pool = String(made.body.id);
  hosts = [];
  for (const name of ["fra-1", "fra-2", "fra-3"]) {
    const edge = await enrolEdge(control, pool, { name });
    const beat = async (version: string, more: Record<string, unknown> = {}) => {
      const body = { version, engine: { connected: true, version: "1" }, liveCalls: 0, inStep: true, ...more };
      const { status, body: answer, text } = await edge.request("POST", "heartbeat", body);
      expect(status, text).toBe(200);
      return answer.release;
    };
    hosts.push({ ...edge, beat });
    await beat("0.1.0");
  }
});

const release = async () => {
  const { body } = await control.call("GET", `/v1/pools/${pool}/release`);
  return body.release as unknown as Rollout.Rollout;
};
const begin = (body: Record<string, unknown> = {}) =>
  control.call("PUT", `/v1/pools/${pool}/release`, {
    version: "0.2.0",
    canary: hosts[0]?.id,
    soakMinutes: 30,
    ...body,
  });
/** Those hosts, as sure to be there. */
const three = (): [Host, Host, Host] => hosts as [Host, Host, Host];
/** The time goes on, with every host alive. */
async function later(ms: number, versions: string[]): Promise<unknown[]> {
  clock += ms;
  const told: unknown[] = [];
  // one after another: what one says decides what the next is told
  for (const [index, host] of hosts.entries()) told.push(await host.beat(versions[index] ?? "0.1.0"));
  return told;
}

describe("a release", () => {
  test("goes to the canary, and when that has worked long enough to the others, one after another", async () => {
    const [a, b, c] = three();
    expect((await begin()).body).toMatchObject({ release: { state: "canary", canary: a.id }, latest: "0.2.0" });
    expect(await later(1000, [])).toEqual(["0.2.0", undefined, undefined]);
    const package_ = (host: Host) => host.request("POST", "package", { version: "0.2.0", arch: "amd64" });
    expect((await package_(a)).body).toMatchObject({ bytes: 5, url: expect.stringContaining("/releases/") });
    expect((await package_(b)).status).toBe(404);
    // there, but not in step yet
    await a.beat("0.2.0", { inStep: false });
    expect((await release()).hosts[a.id]).toMatchObject({ before: "0.1.0", cameAt: null });
    await a.beat("0.2.0");
    await later(29 * minute, ["0.2.0"]);
    expect(await release()).toMatchObject({ state: "canary" });
    await later(1 * minute, ["0.2.0"]);
    expect(await release()).toMatchObject({ state: "rolling" });
    expect(await later(1000, ["0.2.0"])).toEqual(["0.2.0", "0.2.0", undefined]);
    expect(await later(1000, ["0.2.0", "0.2.0"])).toEqual(["0.2.0", "0.2.0", "0.2.0"]);
    await later(1000, ["0.2.0", "0.2.0", "0.2.0"]);
    expect(await release()).toMatchObject({ state: "done", reason: null });
    expect(Object.keys((await release()).hosts).sort()).toEqual([a.id, b.id, c.id]);
    // one that comes later gets it too
    const fresh = await enrolEdge(control, pool, { name: "fra-4" });
    const said = { version: "0.1.0", engine: { connected: true, version: "1" }, liveCalls: 0 };
    expect((await fresh.request("POST", "heartbeat", said)).body.release).toBe("0.2.0");
  });

  test("begins by itself with the host that is the home of the fewest", async () => {
    const tenants = await Promise.all(Array.from({ length: 2 }, () => newTenant(control)));
    await expect
      .poll(async () => {
        await sweepPools(control.ctx);
        const { body } = await control.call("GET", `/v1/pools/${pool}`);
        return (body.hosts as unknown as { tenants: number }[]).reduce((sum, host) => sum + host.tenants, 0);
      })
      .toBe(tenants.length);
    const { body } = await control.call("GET", `/v1/pools/${pool}`);
    const idle = (body.hosts as unknown as { id: string; tenants: number }[]).find((host) => host.tenants === 0);
    expect((await begin({ canary: undefined })).body).toMatchObject({ release: { canary: idle?.id } });
  });

  test("is stopped by what a host refuses since it was asked, and not by what others refuse too", async () => {
    const [a, b] = three();
    const { id } = await newTenant(control);
    const owner = tenantOwner(id);
    const { epoch, revision, digest } = await a.snapshotOf(owner);
    const refuse = (host: Host, what: string) => {
      const failures = [{ kind: "prompt", id: what, reason: "can't be played", retry: false }];
      const ack = { owner, epoch, revision, digest, at: new Date(clock).toISOString(), failures };
      return host.request("POST", "acks", { acks: [ack] });
    };
    await refuse(b, "pmt_1");
    await begin();
    await a.beat("0.1.0");
    await a.beat("0.2.0");
    await refuse(a, "pmt_1");
    expect(await release()).toMatchObject({ state: "canary" });
    await refuse(a, "pmt_2");
    expect(await release()).toMatchObject({
      state: "stopped",
      reason: `fra-1 refuses prompt pmt_2 of ${id} since it was asked to take 0.2.0: can't be played`,
    });
    expect(await later(60 * minute, ["0.2.0"])).toEqual(["0.2.0", undefined, undefined]);
    await expect
      .poll(async () => (await control.call("GET", "/v1/events?limit=100")).text)
      .toContain('"pool.release-stopped"');
  });

  test.each<[string, (a: Host) => Promise<unknown>, RegExp]>([
    [
      "that does not come back",
      async (a) => later(11 * minute, []).then(() => a),
      /^fra-1 is not in step with 0\.2\.0 after 10 minutes$/,
    ],
    [
      "that could not take it",
      (a) => a.beat("0.1.0", { upgrade: { version: "0.2.0", reason: "dpkg can't" } }),
      /^fra-1 could not take 0\.2\.0: dpkg can't$/,
    ],
    [
      "that falls back by itself",
      async (a) => {
        await a.beat("0.2.0");
        await a.beat("0.1.0");
      },
      /^fra-1 went back to 0\.1\.0 by itself$/,
    ],
    [
      "that is not heard of any more",
      async (a) => {
        await a.beat("0.2.0");
        for (const wait of [0, 2, 2]) {
          clock += wait * minute;
          await Promise.all(hosts.slice(1).map((host) => host.beat("0.1.0")));
          await sweepPools(control.ctx);
        }
      },
      /^fra-1 is down since it has 0\.2\.0$/,
    ],
  ])("is stopped by a host %s", async (_, happens, reason) => {
    const [a] = three();
    await begin();
    await a.beat("0.1.0");
    await happens(a);
    expect(await release()).toMatchObject({ state: "stopped", reason: expect.stringMatching(reason) });
  });

  test("of a host that refused a release before is tried again without the old refusal", async () => {
    const [a] = three();
    const upgrade = { version: "0.2.0", reason: "dpkg can't" };
    await begin();
    await a.beat("0.1.0", { upgrade });
    await a.beat("0.1.0", { upgrade });
    expect(await release()).toMatchObject({ state: "stopped" });
    await begin();
    expect(await a.beat("0.1.0", { upgrade })).toBe("0.2.0");
    await a.beat("0.2.0");
    expect(await release()).toMatchObject({ state: "canary", reason: null });
  });

  test("is stopped by hand, and taken back on the hosts that have it", async () => {
    const [a] = three();
    const path = `/v1/pools/${pool}/release`;
    expect((await control.call("POST", `${path}/stop`)).status).toBe(409);
    expect((await control.call("POST", `${path}/rollback`)).status).toBe(409);
    await begin({ soakMinutes: 0 });
    expect((await begin()).body).toMatchObject({ code: "conflict" });
    await a.beat("0.1.0");
    expect((await control.call("POST", `${path}/stop`)).body).toMatchObject({
      release: { state: "stopped", reason: "stopped by hand" },
    });
    expect((await control.call("POST", `${path}/stop`)).status).toBe(409);
    // on its way already, it comes all the same
    await a.beat("0.2.0");
    expect((await control.call("POST", `${path}/rollback`)).body).toMatchObject({ release: { state: "rolling-back" } });
    expect(await later(1000, ["0.2.0"])).toEqual(["0.1.0", undefined, undefined]);
    expect((await a.request("POST", "package", { version: "0.1.0", arch: "amd64" })).status).toBe(200);
    await a.beat("0.1.0");
    expect(await release()).toMatchObject({ state: "rolled-back" });
    expect((await control.call("POST", `${path}/rollback`)).status).toBe(409);
  });

  test("that is not there, or of a canary that is not, is refused with what to do", async () => {
    expect((await begin({ version: "9.9.9" })).body).toMatchObject({
      errors: [{ pointer: "/version", detail: "known are 0.1.0, 0.2.0" }],
    });
    expect((await begin({ canary: "edg_other" })).body).toMatchObject({ code: "conflict" });
    expect((await control.call("GET", `/v1/pools/${pool}/release`)).body).toEqual({
      poolId: pool,
      latest: "0.2.0",
      versions: ["0.1.0", "0.2.0"],
      release: null,
    });
  });
});

test("whatever hosts do, one at a time is asked, none before the canary has worked, and none after it was stopped", () => {
  const ids = ["a", "b", "c", "d"];
  const step = fc.record({
    id: fc.constantFrom(...ids),
    version: fc.constantFrom("0.1.0", "0.2.0"),
    minutes: fc.integer({ min: 0, max: 12 }),
    down: fc.subarray(ids, { maxLength: 1 }),
    connected: fc.boolean(),
    inStep: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let at = clock;
      let state = Rollout.begin("0.2.0", "a", 20, new Date(at).toISOString());
      for (const { id, version, minutes, down, ...said } of steps) {
        at += minutes * minute;
        const now = new Date(at).toISOString();
        const all = ids.map((each) => ({ id: each, name: each, down: down.includes(each) }));
        const next = Rollout.advance(state, all, now, { id, version, failed: null, ...said });
        const [before, after] = [Object.keys(state.hosts), Object.keys(next.hosts)];
        const open = Object.values(next.hosts).filter(({ cameAt }) => cameAt === null);
        expect(after.length).toBeLessThanOrEqual(before.length + 1);
        if (Rollout.isActive(next)) expect(open.length).toBeLessThanOrEqual(1);
        if (after.length > 1)
          expect(Date.parse(now) - Date.parse(next.hosts.a?.cameAt ?? now)).toBeGreaterThanOrEqual(20 * minute);
        if (!Rollout.isActive(state)) expect(next).toBe(state);
        if (next.state === "done") expect(open).toEqual([]);
        state = next;
      }
    }),
    { numRuns: 200 },
  );
});
