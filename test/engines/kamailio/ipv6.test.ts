// A pool that speaks IPv6: Kamailio, its home and its phones on ::1, and strangers on networks of their own on the loopback interface.
import { spawnSync } from "node:child_process";
import { networkInterfaces } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SourceBanned, sourceBanned } from "../../../core/wire-events.ts";
import { type KamailioHost, kamailioInstalled, openHome, startKamailio } from "../../support/kamailio.ts";
import { createPbx, idOf } from "../../support/pbx.ts";
import { openPhone, type Rogue, response, routesOf, statusOf } from "../../support/sip.ts";
import { udp6 } from "../../support/sip-wires.ts";
import { freePort } from "../../support/sipp.ts";
import { needs } from "../../support/skip.ts";
import { openSource, type Source } from "../../support/source.ts";

const loopback = networkInterfaces().lo ?? [];
const hasIpv6 = needs(
  "IPv6",
  loopback.some(({ address }) => address === "::1"),
);
/** Three addresses of a network of 64 bits, and one of its neighbour. */
const here = [1, 2, 3].map((n) => `fd77:6400:1:1::${n}`);
const there = "fd77:6400:1:2::1";
const ip = (how: "add" | "del", address: string): boolean =>
  spawnSync("ip", ["-6", "address", how, `${address}/128`, "dev", "lo", "nodad"], { stdio: "ignore" }).status === 0;

describe.runIf(kamailioInstalled() && hasIpv6)("a real Kamailio by IPv6", { timeout: 30_000 }, () => {
  const pbx = createPbx();
  const { acme } = pbx;
  let kamailio: KamailioHost;
  let home: Awaited<ReturnType<typeof openHome>>;
  let phone: Rogue;
  const alice = { user: "1001", realm: "acme.test", password: "pw-1-1001" };
  const bans = (): SourceBanned[] =>
    kamailio.reported.flatMap(({ type, data }) => (type === "source.banned" ? [sourceBanned.parse(data)] : []));
  const bansOf = (source: string) => bans().filter((ban) => ban.source === source);
  const isAnswered = async (source: Source): Promise<boolean> =>
    (await source.ask(source.text("OPTIONS", acme.phone(1001)), 1000)) !== undefined;

  beforeAll(async () => {
    const front = { address: "::1", port: await freePort() };
    kamailio = await startKamailio(pbx, { density: 100 }, { sipAddress: "::1", front, tls: null });
    home = await openHome(kamailio, idOf("edg", 1), 1);
    home.answerWith((request) => response(request, "200 OK", [`Contact: <sip:home@[::1]:${home.port}>`], true));
    acme.put("placement", "p", { home: home.id, standby: null });
    // as the cloud tells of it: a host of IPv6, and this Kamailio beside it
    await kamailio.pool([
      home.host(),
      { ...home.host(), id: idOf("edg", 2), engine: "kamailio", slot: 2, front: kamailio.config.front },
    ]);
    phone = await openPhone(await udp6(kamailio.phones));
  }, 30_000);
  afterAll(async () => {
    phone?.close();
    home?.close();
    await kamailio?.stop();
  });

  it("a phone registers, calls by way of its home and hangs up, and is called and hung up on", async () => {
    const contact = `<sip:1001@[::1]:${phone.port}>`;
    const said = { from: "1001@acme.test", contact };
    const sent = { ...said, method: "REGISTER", to: "1001@acme.test", uri: "sip:acme.test" };
    expect(statusOf(await phone.request(sent, alice))).toBe(200);
    await expect.poll(() => kamailio.registrations().at(-1)?.source).toBe(`[::1]:${phone.port}`);

    const dispatcher = async () => JSON.stringify(await kamailio.rpc("dispatcher.list"));
    await expect.poll(dispatcher).toMatch(new RegExp(`sip:\\[::1\\]:${home.port}.*"AP"`));
    const call = { ...said, method: "INVITE", to: "1002@acme.test", callId: "from", fromTag: "a" };
    const answer = await phone.request(call, alice);
    expect(statusOf(answer)).toBe(200);
    expect(home.asked("INVITE").at(-1)?.text).toContain(`X-DP-Tenant: ${acme.id}`);
    const uri = /<([^>]+)>/.exec(answer.headers.get("contact") ?? "")?.[1] ?? "";
    const bye = { ...call, method: "BYE", uri, toTag: "rogue", headers: routesOf(answer).reverse() };
    expect(statusOf(await phone.request(bye))).toBe(200);
    expect(home.asked("BYE")).toHaveLength(1);

    phone.answerWith((request) => response(request, "200 OK", [`Contact: ${contact}`], true));
    const route = `Route: <sip:[::1]:${kamailio.config.front.port};lr>`;
    const called = { method: "INVITE", from: "1002@acme.test", to: "1001@acme.test", callId: "to", fromTag: "b" };
    const taken = await home.request({ ...called, headers: [route] });
    expect(statusOf(taken)).toBe(200);
    const target = /<([^>]+)>/.exec(taken.headers.get("contact") ?? "")?.[1] ?? "";
    const end = { ...called, method: "BYE", uri: target, toTag: "rogue", headers: routesOf(taken).reverse() };
    expect(statusOf(await home.request(end))).toBe(200);
    expect(phone.requests.map(({ line }) => line.split(" ")[0])).toContain("BYE");
  });

  it("a trunk's address is known, however it is spelt", async () => {
    const carrier = await openSource(kamailio.carriers, "::1");
    const invite = () => carrier.text("INVITE", acme.phone(1001));
    expect(statusOf((await carrier.ask(invite())) ?? expect.fail())).toBe(403);
    await kamailio.apply(acme.owner, acme.trunk(1, { name: "t", inboundAddresses: ["0::1"] }));
    // for no number of ours: any host may say so
    expect(statusOf((await carrier.ask(invite())) ?? expect.fail())).toBe(200);
    await kamailio.apply(acme.owner, acme.noTrunk(1));
    carrier.close();
  });

  const may = needs("ip(8), as root", [...here, there].map((address) => ip("add", address)).every(Boolean));
  afterAll(() => {
    for (const address of [...here, there]) ip("del", address);
  });
  describe.runIf(may)("from networks of 64 bits", () => {
    it("many addresses of one that flood it together are banned as one, and no other; any of them lifts the ban", async () => {
      const [sources, other] = [await Promise.all(here.map(open)), await open(there)];
      const network = "fd77:6400:1:1::/64";
      // each of them sends less than is a flood
      for (const one of sources) for (let n = 0; n < 60; n++) one.send(one.text("OPTIONS", acme.phone(1001)));
      for (let n = 0; n < 60; n++) other.send(other.text("OPTIONS", acme.phone(1001)));
      await expect.poll(() => bansOf(network).length).toBeGreaterThan(0);
      expect(bansOf(network)[0]).toMatchObject({ why: "flood" });
      for (const one of sources) expect(await isAnswered(one)).toBe(false);
      expect(await isAnswered(other)).toBe(true);
      expect(new Set(bans().map(({ source }) => source))).toEqual(new Set([network]));
      const lifted = { ok: true, detail: null };
      expect(await kamailio.command(acme.owner, "unban", { source: "fd77:6400:1:1:5:6:7:8" })).toEqual(lifted);
      for (const one of sources) await expect.poll(() => isAnswered(one)).toBe(true);
    });

    it("wrong passwords count for the network, and who was right there before is not banned for them", async () => {
      const [bad, good] = [await open(here[0] ?? ""), await open(there)];
      const wrong = { ...acme.phone(1001), password: "wrong" };
      expect(await good.register(acme.phone(1002))).toBe(200);
      for (let n = 0; n < 20; n++) await bad.register(wrong, 1000);
      await expect.poll(() => bansOf("fd77:6400:1:1::/64").at(-1)).toMatchObject({ why: "wrong-credentials" });
      expect(JSON.stringify(await kamailio.rpc("htable.dump", "fail"))).toContain("fd77:6400:1:1::/64 1001@acme.test");
      expect(await (await open(here[1] ?? "")).register(acme.phone(1001), 300)).toBe(0);
      for (let n = 0; n < 21; n++) await good.register(wrong, 1000);
      expect(bansOf("fd77:6400:1:2::/64")).toEqual([]);
      expect(await good.register(acme.phone(1002))).toBe(200);
    });

    const opened: Source[] = [];
    afterAll(() => {
      for (const one of opened) one.close();
    });
    async function open(address: string): Promise<Source> {
      const source = await openSource(kamailio.phones, address);
      opened.push(source);
      return source;
    }
  });
});
