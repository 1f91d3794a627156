// A pool from the API to the phones: the control plane, two real FreeSWITCH hosts and a real Kamailio before them, each with an agent that knows nothing but what
// the cloud tells it.
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { atRate, type Call, type Crowd, type Device, newDevice, openCrowd } from "../support/crowd.ts";
import { engineInstalled } from "../support/freeswitch.ts";
import { kamailioInstalled } from "../support/kamailio.ts";
import { ha1Of } from "../support/pbx.ts";
import { startPool, type TestPool } from "../support/pool.ts";
import { openPhone, type Rogue, statusOf } from "../support/sip.ts";
import { openSource } from "../support/source.ts";
import { takesCalls } from "../support/talk.ts";

const both = engineInstalled() && kamailioInstalled();
const perSecond = 10;

describe.runIf(both)("a pool of two FreeSWITCH hosts and a Kamailio, run by the API", { timeout: 60_000 }, () => {
  type Tenant = Awaited<ReturnType<TestPool["tenant"]>>;
  let pool: TestPool;
  let tenants: [Tenant, Tenant];
  let callees: Rogue[];
  let crowd: Crowd;
  const free = new Map<Tenant, Device[]>();

  const phoneOf = ({ extensions }: Tenant, number: string) => extensions[number]?.phone ?? expect.fail();
  const hostOf = async (tenant: Tenant) => {
    const home = await tenant.home();
    return pool.hosts.find(({ id }) => id === home) ?? expect.fail(`no host ${home}`);
  };
  const failed = ({ status, ended }: Call): boolean => status !== 200 || !ended;

  /** A phone of either tenant in turn calls its colleague and hangs up after a while. */
  async function call(n: number): Promise<Call> {
    const [tenant = tenants[0]] = n % 2 ? [tenants[1]] : [];
    const phone = phoneOf(tenant, "1001");
    const devices = free.get(tenant) ?? [];
    free.set(tenant, devices);
    const device = devices.pop() ?? newDevice({ ...phone, ha1: ha1Of(phone) });
    const made = await crowd.call(device, "1002", 300);
    devices.push(device);
    return made;
  }

  /** A phone that is registered and takes every call. */
  async function callee(tenant: Tenant): Promise<Rogue> {
    const { user, domain, password } = phoneOf(tenant, "1002");
    const phone = await openPhone(pool.front.phones);
    takesCalls(phone);
    const aor = `${user}@${domain}`;
    const sent = { method: "REGISTER", from: aor, to: aor, uri: `sip:${domain}`, headers: ["Expires: 3600"] };
    expect(statusOf(await phone.request(sent, { user, realm: domain, password }))).toBe(200);
    return phone;
  }

  beforeAll(async () => {
    pool = await startPool();
    tenants = [await pool.tenant("acme.example"), await pool.tenant("globex.example")];
    callees = [await callee(tenants[0]), await callee(tenants[1])];
    crowd = await openCrowd(pool.front.phones);
    // each lives on a host of its own
    expect(new Set(await Promise.all(tenants.map(({ home }) => home()))).size).toBe(2);
    for (const n of [0, 1])
      await vi.waitFor(async () => expect(failed(await call(n))).toBe(false), { timeout: 20_000 });
  }, 120_000);
  afterAll(async () => {
    crowd?.close();
    for (const phone of callees ?? []) phone.close();
    await pool?.stop();
  });

  it("two phones call each other, and the API has it as one record of both extensions", async () => {
    const [tenant] = tenants;
    const records = async () =>
      (await pool.control.call("GET", `${tenant.path}/calls`)).body.data as unknown as object[];
    await expect.poll(async () => (await records()).length).toBeGreaterThan(0);
    const before = (await records()).length;
    expect(failed(await call(0))).toBe(false);
    await expect.poll(async () => (await records()).length).toBe(before + 1);
    const [from, to] = ["1001", "1002"].map((number) => ({ number, extension: tenant.extensions[number]?.id }));
    expect((await records())[0]).toMatchObject({ direction: "internal", outcome: "answered", from, to });
  });

  it("a scanner is banned, shown, and answered again when the ban is lifted", async () => {
    const bans = `/v1/edges/${pool.front.id}/bans`;
    const source = await openSource(pool.front.phones, "127.0.5.1");
    const asks = () => source.text("OPTIONS", phoneOf(tenants[0], "1001"));
    const isAnswered = async (withinMs = 500) => (await source.ask(asks(), withinMs)) !== undefined;
    const listed = async () => (await pool.control.call("GET", bans)).body.data;
    expect(await isAnswered(5000)).toBe(true);
    source.send(source.text("OPTIONS", phoneOf(tenants[0], "1001"), undefined, ["User-Agent: friendly-scanner"]));
    const ban = { source: source.address, why: "scanner", userAgent: "friendly-scanner" };
    await expect.poll(listed).toMatchObject([ban]);
    expect(await isAnswered()).toBe(false);
    expect((await pool.control.call("DELETE", `${bans}/${source.address}`)).status).toBe(202);
    await expect.poll(() => isAnswered()).toBe(true);
    await expect.poll(listed).toEqual([]);
    source.close();
  });

  it("a host that is drained under load fails no call, gets no new one, is done, and is used again when it is resumed", async () => {
    const host = await hostOf(tenants[0]);
    const drain = async () => (await pool.edge(host.id)).drain as unknown as { state: string } | null;
    const load = atRate(perSecond, 3, call);
    const phone = phoneOf(tenants[0], "1001");
    let longEnded = 0;
    const long = crowd.call(newDevice({ ...phone, ha1: ha1Of(phone) }), "1002", 1500).finally(() => {
      longEnded = performance.now();
    });
    await call(0);
    const before = await host.sessions();
    expect(before).toBeGreaterThan(0);
    expect((await pool.control.call("POST", `/v1/edges/${host.id}/drain`)).status).toBe(200);
    const asked = performance.now();
    await expect.poll(async () => (await drain())?.state, { timeout: 20_000 }).toBe("drained");
    const drained = performance.now();
    const sessions = await host.sessions();
    const rest = await atRate(perSecond, 1, call);
    const calls = [...(await load), await long, ...rest];
    console.log(
      `${calls.length} calls while a host was drained by the API: ${calls.filter(failed).length} failed; done after ${((drained - asked) / 1000).toFixed(1)} s and ${sessions - before} more legs`,
    );
    expect(drained).toBeGreaterThan(longEnded);
    expect(calls.filter(failed)).toEqual([]);
    expect(await host.sessions()).toBe(sessions);
    expect(await hostOf(tenants[0])).not.toBe(host);

    expect((await pool.control.call("POST", `/v1/edges/${host.id}/resume`)).body).toMatchObject({ state: "up" });
    const { pool: id } = await pool.edge(host.id);
    // of tenants that are on no call, as far as the cloud has heard
    const evenedOut = async () => {
      expect((await pool.control.call("POST", `/v1/pools/${id}/rebalance`)).status).toBe(202);
      return new Set(await Promise.all(tenants.map(({ home }) => home()))).size;
    };
    await expect.poll(evenedOut, { timeout: 20_000, interval: 200 }).toBe(2);
    await expect
      .poll(
        async () => {
          expect([await call(0), await call(1)].filter(failed)).toEqual([]);
          return host.sessions();
        },
        { timeout: 20_000 },
      )
      .toBeGreaterThan(sessions);
  });

  it("a host that is killed fails the calls that it had, and none that begin after it", async () => {
    const host = await hostOf(tenants[1]);
    const load = atRate(perSecond, 3, call);
    await call(1);
    process.kill(host.engine.pid, "SIGKILL");
    const killed = performance.now();
    const calls = await load;
    const lost = calls.filter(failed);
    const slow = calls.filter(({ began, answered }) => answered - began > 1000);
    console.log(
      `${calls.length} calls, a host's process killed in their middle: ${lost.length} failed, all of ${new Set(lost.map(({ domain }) => domain)).size} tenant; ${slow.length} waited for the standby`,
    );
    expect(lost.filter(({ began, domain }) => began > killed || domain !== "globex.example")).toEqual([]);
    // those that it had: 0.3 s of one tenant's
    expect(lost.length).toBeLessThan(10);
    const after = calls.filter(({ began, domain }) => domain === "globex.example" && began > killed);
    expect(after.length).toBeGreaterThan(5);
  });
});
