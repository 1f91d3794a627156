// Hosts that die, are drained and are added while 200 calls a second go through a real Kamailio.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AnsweringHost, openAnsweringHost } from "../../support/answering-host.ts";
import { atRate, type Call, type Crowd, type Device, newDevice, openCrowd } from "../../support/crowd.ts";
import { type KamailioHost, kamailioInstalled, startKamailio } from "../../support/kamailio.ts";
import { createPbx, ha1Of, idOf } from "../../support/pbx.ts";

const perSecond = 200;

describe.runIf(kamailioInstalled())("with 200 calls a second through a real Kamailio", { timeout: 60_000 }, () => {
  const pbx = createPbx();
  const { acme, globex } = pbx;
  const edges = [1, 2, 3].map((slot) => idOf("edg", slot));
  const free: Record<string, Device[]> = {};
  let kamailio: KamailioHost;
  let crowd: Crowd;
  let hosts: AnsweringHost[];

  type State = "up" | "draining" | undefined;
  /** Undefined: not in the pool. */
  const pool = (...states: State[]): Promise<void> =>
    kamailio.pool(
      states.flatMap((state, index) => {
        const [id = "", host] = [edges[index], hosts[index]];
        const front = { address: "127.0.0.1", port: host?.port ?? 0 };
        return state ? [{ id, name: id, engine: "freeswitch" as const, slot: index + 1, state, front }] : [];
      }),
    );

  /** A phone of either tenant in turn calls and hangs up after a while. */
  async function call(n: number): Promise<Call> {
    const phone = (n % 2 ? globex : acme).phone(1001);
    free[phone.domain] ??= [];
    const devices = free[phone.domain] ?? [];
    const device = devices.pop() ?? newDevice({ ...phone, ha1: ha1Of(phone) });
    const made = await crowd.call(device, "1002", 200);
    devices.push(device);
    return made;
  }

  const failed = ({ status, ended }: Call): boolean => status !== 200 || !ended;
  const takenSince = (index: number, when: number): number[] => hosts[index]?.taken().filter((at) => at > when) ?? [];

  beforeAll(async () => {
    hosts = await Promise.all([openAnsweringHost(), openAnsweringHost(), openAnsweringHost()]);
    acme.put("placement", "p", { home: edges[0], standby: edges[1] });
    globex.put("placement", "p", { home: edges[1], standby: edges[0] });
    kamailio = await startKamailio(pbx, { density: 100_000 });
    await pool("up", "up");
    crowd = await openCrowd(kamailio.phones);
  }, 30_000);
  afterAll(async () => {
    crowd?.close();
    for (const host of hosts ?? []) host.close();
    await kamailio?.stop();
  });

  it("a host that is added takes the calls of a tenant that is placed on it within a second", async () => {
    const load = atRate(perSecond, 1.8, call);
    const before = await call(0);
    const added = performance.now();
    const placed = acme.put("placement", "p", { home: edges[2], standby: edges[0] });
    const [failures] = await Promise.all([kamailio.apply(acme.owner, placed), pool("up", "up", "up")]);
    expect(failures).toEqual([]);
    const calls = [before, ...(await load)];
    const first = Math.min(...takenSince(2, 0)) - added;
    console.log(`${calls.length} calls; the added host's first came after ${first.toFixed(0)} ms`);
    expect(first).toBeLessThan(1000);
    expect(takenSince(0, added + 1000)).toEqual([]);
    expect(takenSince(2, added + 1000).length).toBeGreaterThan(0);
    expect(calls.filter(failed)).toEqual([]);
  });

  it("a host that is drained fails none and gets no new ones", async () => {
    const load = atRate(perSecond, 1.2, call);
    await call(0);
    await pool("up", "up", "draining");
    const drained = performance.now();
    const calls = await load;
    console.log(`${calls.length} calls while a host was drained: ${calls.filter(failed).length} failed`);
    expect(takenSince(2, 0).length).toBeGreaterThan(0);
    // one may be on its way
    expect(takenSince(2, drained + 50)).toEqual([]);
    expect(takenSince(0, drained).length).toBeGreaterThan(0);
    expect(calls.filter(failed)).toEqual([]);
  });

  it("a host that is killed fails those that it had, and none after two seconds", async () => {
    const load = atRate(perSecond, 3.2, call);
    await Promise.all([call(0), call(1)]);
    hosts[1]?.close();
    const killed = performance.now();
    const calls = await load;
    const lost = calls.filter(failed);
    const slow = calls.filter(({ began, answered }) => answered - began > 500);
    const since = ({ began }: Call): number => Math.round(began - killed);
    console.log(
      `${calls.length} calls, a host killed in their middle: ${lost.length} failed, the last begun ${Math.max(...lost.map(since))} ms after; ${slow.length} waited for the standby, the last begun ${Math.max(...slow.map(since))} ms after`,
    );
    expect(lost.filter(({ began }) => began > killed)).toEqual([]);
    expect(slow.filter(({ began }) => began > killed + 2000)).toEqual([]);
    expect(
      calls.filter(({ domain, began }) => domain === "globex.test" && began > killed + 2000).length,
    ).toBeGreaterThan(50);
  });
});
