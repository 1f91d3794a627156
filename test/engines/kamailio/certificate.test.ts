// A host's certificate from end to end on Kamailio, before FreeSWITCH: the control plane and its zone, a real CA (Pebble), the agents, and phones by TLS that
// trust that CA alone and want the host's own name.
import dns from "node:dns/promises";
import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { engineInstalled } from "../../support/freeswitch.ts";
import { kamailioInstalled } from "../../support/kamailio.ts";
import { openMedia } from "../../support/media-socket.ts";
import { type Pebble, pebbleInstalled, startPebble, zoneOf } from "../../support/pebble.ts";
import { startPool, type TestPool } from "../../support/pool.ts";
import { audioPortOf, type Message, openPhone, response, sdpAt, statusOf } from "../../support/sip.ts";
import { tls } from "../../support/sip-wires.ts";
import { call, type Phone, requestsOf, takesCalls } from "../../support/talk.ts";

/** The agents ask the CA's DNS in the place of the world's. */
const world = { dns: [] as string[] };
vi.spyOn(dns, "resolveCname").mockImplementation((name) => {
  const resolver = new dns.Resolver();
  resolver.setServers(world.dns);
  return resolver.resolveCname(name);
});

const all = engineInstalled() && kamailioInstalled() && pebbleInstalled();
type Tenant = Awaited<ReturnType<TestPool["tenant"]>>;

describe.runIf(all)("phones by TLS at a Kamailio that gets its certificate by itself", { timeout: 60_000 }, () => {
  let ca: Pebble;
  let root: string;
  let zone: ReturnType<typeof zoneOf>;
  let pool: TestPool;
  let tenant: Tenant;
  let own: string;
  const open: { close(): void }[] = [];

  /** The serial number of what that port shows to who trusts the CA alone and wants the host's own name; rejects where that is not it. */
  const shownAt = (port: number): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect({ host: "127.0.0.1", port, ca: root, servername: own }, () => {
        resolve(socket.getPeerCertificate().serialNumber);
        socket.destroy();
      });
      socket.on("error", reject);
    });
  const shown = () => Promise.all([pool.front.tls, pool.front.wss].map(shownAt));

  /** Registered by TLS, or by UDP. */
  async function registered(number: string, way: "TLS" | "UDP"): Promise<Phone> {
    const { user, domain, password } = tenant.extensions[number]?.phone ?? expect.fail();
    const rogue = await openPhone(way === "TLS" ? await tls(pool.front.tls, root, own) : pool.front.phones);
    open.push(rogue);
    const phone = { ...rogue, aor: `${user}@${domain}`, credentials: { user, realm: domain, password } };
    expect(statusOf(await register(phone))).toBe(200);
    return phone;
  }
  const register = (phone: Phone): Promise<Message> => {
    const sent = { method: "REGISTER", from: phone.aor, to: phone.aor, uri: `sip:${phone.credentials.realm}` };
    return phone.request({ ...sent, headers: ["Expires: 600"] }, phone.credentials);
  };

  beforeAll(async () => {
    ca = await startPebble();
    root = await ca.root();
    world.dns = [`127.0.0.1:${ca.dns.port}`];
    zone = zoneOf(ca);
    pool = await startPool({ zone: zone.zone, more: { ACME_CA_FILE: ca.trustedFile } });
    own = `${pool.front.id.slice(4).toLowerCase()}.hosts.sip.example`;
    tenant = await pool.tenant("acme.example");
    await vi.waitFor(shown, { timeout: 30_000, interval: 50 });
  }, 120_000);
  afterAll(async () => {
    vi.restoreAllMocks();
    for (const each of open) each.close();
    await pool?.stop();
    await ca?.stop();
  });

  it("are shown one that the CA signed, of the host's own name, by TLS and by WSS; and the API tells of it", async () => {
    expect(new Set(await shown()).size).toBe(1);
    await expect
      .poll(async () => (await pool.edge(pool.front.id)).health, { timeout: 40_000, interval: 200 })
      .toMatchObject({ certificate: { names: expect.arrayContaining([own, "*.sip.example"]), problem: null } });
    await expect(tls(pool.front.tls, root, "h2.hosts.other.example")).rejects.toThrow(/altnames/i);
  });

  it("stay registered and in their call while another comes, which whoever comes then is shown", async () => {
    const [alice, bob] = [await registered("1001", "TLS"), await registered("1002", "UDP")];
    const [mine, theirs] = [await openMedia(), await openMedia()];
    open.push(mine, theirs);
    takesCalls(bob, theirs.port);
    // FreeSWITCH may hear of the tenant a moment later than Kamailio
    const talk = await vi.waitFor(
      async () => {
        const made = await call(alice, "1002", [], { body: sdpAt(mine.port) });
        expect(made.status).toBe(200);
        return made;
      },
      { timeout: 20_000, interval: 200 },
    );
    const invite = requestsOf(bob, "INVITE").at(-1) ?? expect.fail("no call");
    /** Media goes both ways. */
    const talks = async () => {
      const before = [mine.heard(), theirs.heard()];
      const more = () => {
        mine.send(talk.audioPort);
        theirs.send(audioPortOf(invite));
        return [mine.heard() - (before[0] ?? 0) > 10, theirs.heard() - (before[1] ?? 0) > 10];
      };
      await expect.poll(more, { interval: 20, timeout: 10_000 }).toEqual([true, true]);
    };
    await talks();

    const before = await shown();
    await pool.front.agent.renewCertificate();
    const after = await shown();
    expect(after.filter((one) => before.includes(one))).toEqual([]);

    await talks();
    const hungUp = requestsOf(bob, "BYE").length;
    talk.send("BYE");
    await expect.poll(() => requestsOf(bob, "BYE").length).toBe(hungUp + 1);

    // by the connection that was there before: registers again, is called, and calls
    expect(statusOf(await register(alice))).toBe(200);
    const refuses = (request: Message) => response(request, request.line.startsWith("INVITE") ? "486 Busy" : "200 OK");
    alice.answerWith((request) => (request.line.startsWith("ACK") ? undefined : refuses(request)));
    await call(bob, "1001");
    await expect.poll(() => requestsOf(alice, "INVITE").length).toBe(1);
    // and one that comes now
    const late = await registered("1001", "TLS");
    const again = await call(late, "1002", [], { body: sdpAt(mine.port) });
    expect(again.status).toBe(200);
    again.send("BYE");
  });

  it("that know their server by the tenant's own domain are shown that too, once its DNS lets the hosts prove it", async () => {
    const { domain } = tenant.extensions["1001"]?.phone ?? expect.fail();
    const record = `_acme-challenge.${tenant.path.slice("/v1/tenants/ten_".length).toLowerCase()}.tenants.sip.example`;
    const byDomain = () => tls(pool.front.tls, root, domain);
    await expect(byDomain()).rejects.toThrow(/altnames/i);
    zone.aliases.set(`_acme-challenge.${domain}`, record);
    await ca.dns.alias(`_acme-challenge.${domain}`, record);
    expect((await pool.control.call("POST", `${tenant.path}/certificate`)).status).toBe(200);
    await vi.waitFor(
      async () => {
        await pool.front.agent.renewCertificate();
        (await byDomain()).close();
      },
      { timeout: 40_000, interval: 5000 },
    );
    await expect
      .poll(async () => (await pool.control.call("GET", `${tenant.path}/certificate`)).body, {
        ...{ timeout: 40_000, interval: 200 },
      })
      .toMatchObject({ state: "shown", hosts: [{ edge: pool.front.id, shown: true }] });
  });

  it("are shown the one that there is while the CA is away, and the API says why there is no other", async () => {
    const before = await shown();
    ca.control.instead = () => ({ status: 503, body: { detail: "maintenance" } });
    await pool.front.agent.renewCertificate();
    ca.control.instead = undefined;
    expect(await shown()).toEqual(before);
    await expect
      .poll(async () => (await pool.edge(pool.front.id)).health, { timeout: 40_000, interval: 200 })
      .toMatchObject({ certificate: { problem: expect.stringContaining("maintenance") } });
  });
});
