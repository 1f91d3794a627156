// Kamailio before FreeSWITCH, both real, on one state: phones that know Kamailio alone.
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { browserPhoneField, lentName, lentPassword } from "../../core/browser-phone.ts";
import type { Roster } from "../../core/wire.ts";
import { createPings } from "../../edge-agent/drivers/freeswitch/front-pings.ts";
import { findRtpengine, runRtpengine } from "../../edge-agent/drivers/kamailio/rtpengine.ts";
import { openBrowserLine, startMediaBrowser } from "../support/browser-line.ts";
import { wholeChromiumPath } from "../support/chromium.ts";
import { engineInstalled, type FreeswitchHost, startFreeswitch } from "../support/freeswitch.ts";
import { type KamailioHost, kamailioInstalled, startKamailio } from "../support/kamailio.ts";
import { createPbx, ha1Of } from "../support/pbx.ts";
import { createPhones } from "../support/phones.ts";
import { relayedCalls } from "../support/rtpengine.ts";
import { inDialog, openPhone, statusOf } from "../support/sip.ts";
import { freePort, play, went } from "../support/sipp.ts";
import { needs } from "../support/skip.ts";
import { call, openRegistered, requestsOf, takesCalls } from "../support/talk.ts";

const both = engineInstalled() && kamailioInstalled();
const relayProgram = findRtpengine();
const browsers = needs("rtpengine", relayProgram !== undefined) && needs("Chromium", wholeChromiumPath !== undefined);
const hmac = (key: string, text: string): string => createHmac("sha256", key).update(text).digest("hex");

describe.runIf(both)("Kamailio before FreeSWITCH", { timeout: 40_000 }, () => {
  const pbx = createPbx();
  const { acme, globex } = pbx;
  const phones = createPhones(acme);
  let host: FreeswitchHost;
  let kamailio: KamailioHost;
  const dir = mkdtempSync(join(tmpdir(), "dp-front-"));
  const ng = { address: "127.0.0.1", port: 0 };
  const ports = { start: 45_300, end: 45_400 };
  let relay: Awaited<ReturnType<typeof runRtpengine>> | undefined;
  /** The pool as phones see it. */
  let seen: FreeswitchHost;

  async function record() {
    await expect.poll(() => host.api("show channels count"), { timeout: 10_000 }).toContain("0 total");
    await expect.poll(host.records, { timeout: 10_000 }).toHaveLength(1);
    return host.records()[0];
  }

  beforeAll(async () => {
    ng.port = await freePort();
    acme.extension(1004, { displayName: "Dave" });
    acme.extension(1006);
    acme.extension(1005, { displayName: "Eve", box: true });
    acme.number("+15550100", { kind: "extension", ref: acme.ext(1002) });
    acme.trunk(1, { name: "t", port: await freePort(), inboundAddresses: ["127.0.0.1"] });
    if (browsers) relay = await runRtpengine({ program: relayProgram ?? "", dir, address: "127.0.0.1", ng, ports });
    [host, kamailio] = await Promise.all([
      startFreeswitch(pbx),
      startKamailio(pbx, {}, { relay: relay ? { ...ng, of: "browsers" } : null }),
    ]);
    const of = { name: "x", state: "up" } as const;
    const hosts: Roster["hosts"] = [
      { ...of, id: "edg_1", engine: "freeswitch", slot: 1, front: host.config.front },
      { ...of, id: "edg_2", engine: "kamailio", slot: 2, front: kamailio.config.front },
    ];
    host.onRoster({ type: "roster", pool: "pol_1", version: 1, hosts });
    await kamailio.pool(hosts);
    seen = { ...host, phones: kamailio.phones };
    await phones.register(seen, 1001, 1002, 1003);
  }, 60_000);
  afterAll(async () => {
    await Promise.all([host?.stop(), kamailio?.stop(), relay?.stop()]);
    rmSync(dir, { recursive: true, force: true });
  });
  beforeEach(async () => {
    await host.rest();
  });

  it("two phones call each other, and neither hears of what is between them", async () => {
    const phone = await phones.is(1002, "answer");
    await phones.call(1001, "1002");
    const [invite = ""] = went(await phone.done).received;
    expect(invite).toContain('From: "Alice" <sip:1001@');
    expect(invite).not.toMatch(/^x-dp-/im);
  });

  it("voicemail answers for a phone that has not registered", async () => {
    await phones.call(1001, "1005");
    const told = await record();
    expect(told?.segments?.map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual([
      "extension not-registered",
      "voicemail-box voicemail",
    ]);
  });

  it("a number is called from outside", async () => {
    const phone = await phones.is(1002, "answer");
    const caller = { user: "+12025550123", domain: "127.0.0.1", to: "+15550100" };
    went(await play("carrier-call", caller, { to: kamailio.carriers }));
    went(await phone.done);
    expect(await record()).toMatchObject({ direction: "inbound", to: { extension: acme.ext(1002) } });
  });

  it("a new password counts with the next request, and the old one no more", async () => {
    const wrong = { password: "never" };
    went(
      await play("call-refused", { ...acme.phone(1001), ...wrong, to: "1002", status: "403" }, { to: kamailio.phones }),
    );
    expect(await kamailio.apply(acme.owner, acme.extension(1004, { password: "new" }))).toEqual([]);
    const old = { ...acme.phone(1004), expires: "300", status: "403" };
    went(await play("register", old, { to: kamailio.phones, port: await freePort() }));
    went(
      await play(
        "register",
        { ...old, password: "new", status: "200" },
        { to: kamailio.phones, port: await freePort() },
      ),
    );
  });

  it("a lamp shows what goes on, to who watches it in its tenant, until the phone hangs up", async () => {
    const [carol, stranger] = [await openRegistered(seen, acme, 1003), await openRegistered(seen, globex, 1001)];
    const told = (who: typeof carol) =>
      requestsOf(who, "NOTIFY").map(({ body }) => /<state>(\w+)/.exec(body)?.[1] ?? "idle");
    for (const who of [carol, stranger]) {
      const to = `1002@${who.credentials.realm}`;
      const sent = { method: "SUBSCRIBE", from: who.aor, to, headers: ["Event: dialog", "Expires: 300"] };
      expect(statusOf(await who.request(sent, who.credentials))).toBe(202);
    }
    await expect.poll(() => told(carol)).toEqual(["idle"]);
    const phone = await phones.is(1002, "answer");
    await phones.call(1001, "1002");
    went(await phone.done);
    await expect.poll(() => told(carol)).toEqual(["idle", "early", "confirmed", "terminated"]);
    expect(told(stranger)).toEqual(["idle"]);
    for (const each of [carol, stranger]) each.close();
  });

  it("a phone is told that a message waits in its box", async () => {
    const carol = await openRegistered(seen, acme, 1003);
    const told = () => requestsOf(carol, "NOTIFY").at(-1)?.body;
    const leaves = { ...acme.phone(1001), to: "1003", talk: "5000" };
    went(await play("call", leaves, { to: seen.phones, tone: true }));
    await expect.poll(told, { timeout: 5000 }).toMatch(/^Messages-Waiting: yes\r\n(.*\r\n)*Voice-Message: 1\/0\r\n/);
    carol.close();
  });

  it("a phone sends a call on", async () => {
    acme.extension(1004);
    await kamailio.reconcile();
    const [alice, bob, dave] = [
      await openRegistered(seen, acme, 1001),
      await openRegistered(seen, acme, 1002),
      await openRegistered(seen, acme, 1004),
    ];
    takesCalls(bob);
    takesCalls(dave);
    expect((await call(alice, "1002")).status).toBe(200);
    const [invite] = requestsOf(bob, "INVITE");
    if (!invite) throw new Error("no call");
    bob.send(inDialog(invite, "REFER", 1, bob.port, ["Refer-To: <sip:1004@acme.test>"]));
    await expect.poll(() => requestsOf(dave, "INVITE").length, { timeout: 5000 }).toBe(1);
    await host.api("hupall");
    for (const each of [alice, bob, dave]) each.close();
    await phones.register(seen, 1001, 1002);
  });

  it("Kamailio answers the agent beside FreeSWITCH that asks whether it is there", async () => {
    const nobody = { address: "127.0.0.9", port: 9 };
    const hosts = () => [kamailio.config.front, nobody];
    let turns = 0;
    const pings = createPings({ hosts, from: "127.0.0.1", onTurn: () => void turns++, everyMs: 50 });
    pings.start();
    await expect.poll(() => turns).toBeGreaterThan(6);
    expect(hosts().map(pings.answers)).toEqual([true, false]);
    pings.stop();
  });

  describe.runIf(browsers)("a browser phone over WSS, its media by way of rtpengine", () => {
    let browser: Browser;
    let web: Awaited<ReturnType<typeof openBrowserLine>>;

    async function turnOn(): Promise<void> {
      const until = Math.floor(Date.now() / 1000) + 600;
      const phone = acme.phone(1001);
      const authorizationUsername = lentName("1001~web", until);
      const password = lentPassword(hmac, ha1Of(phone), authorizationUsername);
      const expiresAt = new Date(until * 1000).toISOString();
      // as the cloud tells of one that was lent
      host.remember(acme.owner, [
        { kind: "extension", id: acme.ext(1001), field: browserPhoneField, value: expiresAt },
      ]);
      web = await openBrowserLine(browser, {
        ...{ username: "1001~web", authorizationUsername, domain: phone.domain, password, displayName: "Alice" },
        ...{ expiresAt, servers: [`wss://127.0.0.1:${kamailio.config.tls?.wssPort}`], iceServers: [] },
      });
      await expect.poll(web.standing).toBe("ready");
    }
    /** Packets go both ways, protected, and the hum of its own microphone comes back from a phone that says what it hears. */
    async function talks(): Promise<void> {
      const before = await web.heard();
      const grown = async () => {
        const { received, sent, energy, secured } = await web.heard();
        const more = [received - before.received, sent - before.sent].map((packets) => packets > 10);
        return { packets: more, hum: energy - before.energy > 0.000_01, secured };
      };
      const both = { packets: [true, true], hum: true, secured: true };
      await expect.poll(grown, { interval: 50, timeout: 10_000 }).toEqual(both);
    }
    const states = async () => (await web.calls()).map(({ state }) => state);
    const registered = () => kamailio.registrations().findLast(({ username }) => username === "1001~web");

    beforeAll(async () => {
      browser = await startMediaBrowser();
    });
    afterAll(async () => {
      await browser?.close();
    });

    it("registers", async () => {
      await phones.register(seen, 1006);
      await turnOn();
      await expect.poll(() => registered()?.contact).toContain("transport=wss");
    });

    it("calls a phone: packets go both ways, until it hangs up and the relay has nothing left", async () => {
      const phone = await phones.is(1006, "answer", {}, { echo: true });
      await web.dial("1006");
      await talks();
      expect(phone.heard()).toBeGreaterThan(10);
      expect(await relayedCalls(ng)).toHaveLength(1);
      await web.with("hangUp");
      went(await phone.done);
      await expect.poll(() => relayedCalls(ng)).toEqual([]);
      expect(await record()).toMatchObject({ outcome: "answered", hangupBy: "caller" });
    });

    it("is called by a phone, answers, holds it, goes on, and is hung up on", async () => {
      const caller = await phones.calling(1006, "1001", "call-until-bye", {}, { echo: true });
      await expect.poll(states).toEqual(["ringing"]);
      await web.with("answer");
      await talks();
      await web.with("hold");
      await web.with("resume");
      await talks();
      expect(caller.heard()).toBeGreaterThan(10);
      await host.api("hupall");
      went(await caller.done);
      await expect.poll(states).toEqual([]);
      await expect.poll(() => relayedCalls(ng)).toEqual([]);
    });

    it("that vanishes in a call is not registered any more; the other hangs up, and the relay has nothing left", async () => {
      const phone = await phones.is(1006, "answer", {}, { echo: true });
      await web.dial("1006");
      await talks();
      await web.vanish();
      await expect.poll(registered).toMatchObject({ expiresAt: null });
      await host.api("hupall");
      went(await phone.done);
      await expect.poll(() => relayedCalls(ng)).toEqual([]);
    });
  });

  it("a phone that asks FreeSWITCH itself is refused", async () => {
    const stranger = await openPhone(host.phones);
    const sent = { method: "REGISTER", from: "1001@acme.test", to: "1001@acme.test", uri: "sip:acme.test" };
    const { user, password } = acme.phone(1001);
    expect(statusOf(await stranger.request(sent, { user, password, realm: "acme.test" }))).toBe(403);
    stranger.close();
  });
});
