// Media between browsers, or phones behind NAT, and homes, relayed by a real rtpengine (in user space) that Kamailio commands.
import { createSocket } from "node:dgram";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { install } from "../../../edge-agent/drivers/kamailio/install.ts";
import { findRtpengine, runRtpengine } from "../../../edge-agent/drivers/kamailio/rtpengine.ts";
import type { Running } from "../../../edge-agent/drivers/kamailio/run.ts";
import { type KamailioHost, kamailioInstalled, openHome, startKamailio } from "../../support/kamailio.ts";
import { type MediaSocket, openMedia } from "../../support/media-socket.ts";
import { createPbx, idOf } from "../../support/pbx.ts";
import {
  audioPortOf,
  type Message,
  openPhone,
  type Rogue,
  response,
  routesOf,
  sdpAt,
  statusOf,
} from "../../support/sip.ts";
import { tcp, tls, wss } from "../../support/sip-wires.ts";
import { freePort } from "../../support/sipp.ts";
import { needs } from "../../support/skip.ts";

const program = findRtpengine();
const installed = needs("rtpengine", program !== undefined);
/** What a browser offers or answers, its ICE and DTLS made up. */
const browserSdp = [
  ...["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "m=audio 9 UDP/TLS/RTP/SAVPF 0", "c=IN IP4 0.0.0.0"],
  ...["a=rtcp-mux", "a=ice-ufrag:abcd", "a=ice-pwd:abcdefghijklmnopqrstuvwx", "a=setup:active", "a=sendrecv"],
  `a=fingerprint:sha-256 ${Array(32).fill("AB").join(":")}`,
  ...["a=rtpmap:0 PCMU/8000", "a=candidate:1 1 UDP 2130706431 127.0.0.1 40000 typ host", ""],
].join("\r\n");

/** Where later requests of the caller go. */
const routed = (answer: Message) => ({
  uri: /<([^>]+)>/.exec(answer.headers.get("contact") ?? "")?.[1] ?? "",
  headers: routesOf(answer).reverse(),
});

/** The caller's ACK of an answer that bore the offer. */
function ackOf(answer: Message, port: number, body: string): string {
  const { uri, headers } = routed(answer);
  const kept = ["from", "to", "call-id"].map((name) => `${name}: ${answer.headers.get(name)}`);
  const cseq = `CSeq: ${answer.headers.get("cseq")?.replace("INVITE", "ACK")}`;
  const via = `Via: SIP/2.0/UDP 127.0.0.1:${port};rport;branch=z9hG4bKack-${answer.headers.get("call-id")}`;
  const content = ["Content-Type: application/sdp", `Content-Length: ${Buffer.byteLength(body)}`, "", body];
  return [`ACK ${uri} SIP/2.0`, via, ...kept, cseq, "Max-Forwards: 70", ...headers, ...content].join("\r\n");
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createSocket("udp4");
    socket.on("error", () => resolve(false));
    socket.bind(port, "127.0.0.1", () => socket.close(() => resolve(true)));
  });

describe.runIf(kamailioInstalled() && installed)("media", { timeout: 30_000 }, () => {
  const dir = mkdtempSync(join(tmpdir(), "dp-relay-"));
  const pbx = createPbx();
  const trusted = getCACertificates();
  let kamailio: KamailioHost;
  let home: Awaited<ReturnType<typeof openHome>>;
  let browser: Rogue;
  let engine: Running;
  let ng: { address: string; port: number };
  const ports = { start: 45_000, end: 45_200 };
  const run = () => runRtpengine({ program: program ?? "", dir, address: "127.0.0.1", ng, ports });
  const contact = "<sip:1001@x7f3.invalid;transport=ws>";

  beforeAll(async () => {
    ng = { address: "127.0.0.1", port: await freePort() };
    engine = await run();
    kamailio = await startKamailio(pbx, {}, { relay: { ...ng, of: "nat" } });
    setDefaultCACertificates([...trusted, readFileSync(join(kamailio.config.dir, "certificate.pem"), "utf8")]);
    home = await openHome(kamailio, idOf("edg", 1), 1);
    await kamailio.pool([home.host()]);
    browser = await openPhone(await wss(kamailio.config.tls?.wssPort ?? 0));
    const sent = { method: "REGISTER", from: "1001@acme.test", to: "1001@acme.test", uri: "sip:acme.test", contact };
    expect(statusOf(await browser.request(sent, alice))).toBe(200);
  }, 60_000);
  afterAll(async () => {
    setDefaultCACertificates(trusted);
    browser?.close();
    home?.close();
    await kamailio?.stop();
    await engine?.stop();
    rmSync(dir, { recursive: true, force: true });
  });
  const alice = { user: "1001", realm: "acme.test", password: "pw-1-1001" };
  const plain = /^m=audio 45\d{3} RTP\/AVP 0\r$/m;
  const secured = /^m=audio 45\d{3} UDP\/TLS\/RTP\/SAVPF 0\r$/m;

  it("of a browser are plain RTP to the home, and DTLS-SRTP with ICE in what comes back", async () => {
    home.answerWith((request) =>
      response(request, "200 OK", [`Contact: <sip:home@127.0.0.1:${home.port}>`], sdpAt(41_000)),
    );
    const answer = await browser.request(
      { method: "INVITE", from: "1001@acme.test", to: "1002@acme.test", contact, body: browserSdp },
      alice,
    );
    expect(statusOf(answer)).toBe(200);
    const offered = home.asked("INVITE").at(-1)?.body ?? "";
    expect(offered).toMatch(plain);
    expect(offered).not.toMatch(/fingerprint|candidate|ice-/);
    expect(answer.body).toMatch(secured);
    expect(answer.body).toMatch(/^a=fingerprint:sha-256 /m);
    expect(answer.body).toMatch(/^a=candidate:.* 127\.0\.0\.1 45\d{3} typ host/m);
  });

  it("of a browser are DTLS-SRTP with ICE in a call to it, and plain RTP in its answer; a later offer too", async () => {
    browser.answerWith((request) => response(request, "200 OK", [`Contact: ${contact}`], browserSdp));
    const route = `Route: <sip:127.0.0.1:${kamailio.config.front.port};lr>`;
    const invite = { method: "INVITE", from: "1002@acme.test", to: "1001@acme.test", body: sdpAt(41_002) };
    const answer = await home.request({ ...invite, callId: "to-browser", headers: [route] });
    expect(statusOf(answer)).toBe(200);
    const offered = browser.requests.at(-1)?.body ?? "";
    expect(offered).toMatch(secured);
    expect(offered).toMatch(/^a=fingerprint:sha-256 /m);
    expect(answer.body).toMatch(plain);
    expect(answer.body).not.toMatch(/fingerprint|candidate|ice-/);
    const target = /<([^>]+)>/.exec(answer.headers.get("contact") ?? "")?.[1] ?? "";
    const routes = [...answer.text.matchAll(/^Record-Route: (.*)$/gim)].map(([, value]) => value).reverse();
    const later = {
      ...invite,
      callId: "to-browser",
      toTag: "rogue",
      uri: target,
      headers: [`Route: ${routes.join(", ")}`],
    };
    const held = await home.request({
      ...later,
      method: "UPDATE",
      headers: [...later.headers, "Content-Type: application/sdp"],
    });
    expect(browser.requests.at(-1)?.body).toMatch(secured);
    expect(held.body).toMatch(plain);
    expect(statusOf(await home.request({ ...later, method: "BYE", body: "" }))).toBe(200);
  });

  it("of a browser that is called without an offer: its own is plain RTP to the home, whose answer in the ACK is DTLS-SRTP", async () => {
    browser.answerWith((request) =>
      request.line.startsWith("ACK ") ? undefined : response(request, "200 OK", [`Contact: ${contact}`], browserSdp),
    );
    const route = `Route: <sip:127.0.0.1:${kamailio.config.front.port};lr>`;
    const names = { from: "1002@acme.test", to: "1001@acme.test", callId: "late-to-browser", fromTag: "late" };
    const offered = await home.request({ ...names, method: "INVITE", body: null, headers: [route] });
    expect(browser.requests.at(-1)?.body).toBe("");
    expect(offered.body).toMatch(plain);
    expect(offered.body).not.toMatch(/fingerprint|candidate|ice-/);
    home.send(ackOf(offered, home.port, sdpAt(41_004)));
    const ack = () => browser.requests.find(({ line }) => line.startsWith("ACK "));
    await expect.poll(() => ack()?.body).toMatch(secured);
    expect(ack()?.body).toMatch(/^a=fingerprint:sha-256 /m);
    const { uri, headers } = routed(offered);
    expect(statusOf(await home.request({ ...names, method: "BYE", uri, toTag: "rogue", headers }))).toBe(200);
    await expect.poll(() => isFree(audioPortOf(offered))).toBe(true);
  });

  it("of a browser that calls without an offer: the home's is DTLS-SRTP, the answer in the ACK plain RTP", async () => {
    home.answerWith((request) =>
      request.line.startsWith("ACK ")
        ? undefined
        : response(request, "200 OK", [`Contact: <sip:home@127.0.0.1:${home.port}>`], sdpAt(41_006)),
    );
    const names = { from: "1001@acme.test", to: "1002@acme.test", callId: "late-from-browser", fromTag: "late" };
    const offered = await browser.request({ ...names, method: "INVITE", contact, body: null }, alice);
    expect(offered.body).toMatch(secured);
    browser.send(ackOf(offered, 0, browserSdp).replace("SIP/2.0/UDP", "SIP/2.0/WSS"));
    await expect.poll(() => home.asked("ACK").at(-1)?.body).toMatch(plain);
    const { uri, headers } = routed(offered);
    const bye = { ...names, method: "BYE", contact, uri, toTag: "rogue", headers };
    expect(statusOf(await browser.request(bye))).toBe(200);
    await expect.poll(() => isFree(audioPortOf(offered))).toBe(true);
  });

  const ways: Record<string, () => Promise<Rogue>> = {
    UDP: () => openPhone(kamailio.phones),
    TCP: async () => openPhone(await tcp(kamailio.phones)),
    TLS: async () =>
      openPhone(
        await tls(kamailio.config.tls?.port ?? 0, readFileSync(join(kamailio.config.dir, "certificate.pem"), "utf8")),
      ),
  };
  /** What a phone says that knows nothing of the NAT before it. */
  const inside = "<sip:1003@192.168.7.2:5060>";
  const behindNat = (port: number) => sdpAt(port).replaceAll("127.0.0.1", "192.168.7.2");
  const carol = { user: "1003", realm: "acme.test", password: "pw-1-1003" };

  describe.each(Object.keys(ways))("of a phone behind NAT by %s", (way) => {
    let phone: Rogue;
    let ours: MediaSocket;
    let theirs: MediaSocket;
    beforeAll(async () => {
      phone = (await ways[way]?.()) ?? expect.fail();
      [ours, theirs] = [await openMedia(), await openMedia()];
      const sent = { method: "REGISTER", from: "1003@acme.test", to: "1003@acme.test", uri: "sip:acme.test" };
      expect(statusOf(await phone.request({ ...sent, contact: inside }, carol))).toBe(200);
    });
    afterAll(() => {
      for (const each of [phone, ours, theirs]) each?.close();
    });

    it("reach the home and come back, in a call from it, until it hangs up", async () => {
      home.answerWith((request) =>
        response(request, "200 OK", [`Contact: <sip:home@127.0.0.1:${home.port}>`], sdpAt(theirs.port)),
      );
      const names = { from: "1003@acme.test", to: "1002@acme.test", contact: inside };
      const sent = { ...names, method: "INVITE", callId: `from-${way}`, fromTag: way };
      const answer = await phone.request({ ...sent, body: behindNat(40_004) }, carol);
      expect(statusOf(answer)).toBe(200);
      const invite = home.asked("INVITE").at(-1);
      expect(invite?.body).toMatch(plain);
      expect(answer.body).toMatch(plain);
      await bothWays(audioPortOf(answer), invite);
      // a later offer too
      const target = /<([^>]+)>/.exec(answer.headers.get("contact") ?? "")?.[1] ?? "";
      const later = {
        ...sent,
        uri: target,
        toTag: "rogue",
        headers: routesOf(answer).reverse(),
      };
      const typed = [...later.headers, "Content-Type: application/sdp"];
      const update = await phone.request({ ...later, method: "UPDATE", headers: typed, body: behindNat(40_006) });
      expect(home.asked("UPDATE").at(-1)?.body).toMatch(plain);
      expect(update.body).toMatch(plain);
      expect(statusOf(await phone.request({ ...later, method: "BYE" }))).toBe(200);
      // its port is nobody's any more
      await expect.poll(() => isFree(audioPortOf(answer))).toBe(true);
    });

    it("reach the home and come back, in a call to it", async () => {
      phone.answerWith((request) => response(request, "200 OK", [`Contact: ${inside}`], behindNat(40_008)));
      const route = `Route: <sip:127.0.0.1:${kamailio.config.front.port};lr>`;
      const invite = { method: "INVITE", from: "1002@acme.test", to: "1003@acme.test", headers: [route] };
      const answer = await home.request({ ...invite, callId: `to-${way}`, body: sdpAt(theirs.port) });
      expect(statusOf(answer)).toBe(200);
      expect(answer.body).toMatch(plain);
      await bothWays(audioPortOf(phone.requests.at(-1) ?? expect.fail()), answer);
    });

    /** `port`: where the phone sends. `towards`: what told the home where it does. */
    async function bothWays(port: number, towards: Message | undefined): Promise<void> {
      const before = [ours.heard(), theirs.heard()];
      const count = 25;
      ours.send(port);
      await expect.poll(() => theirs.heard() - (before[1] ?? 0)).toBe(1);
      for (let n = 1; n < count; n++) ours.send(port);
      for (let n = 0; n < count; n++) theirs.send(audioPortOf(towards ?? expect.fail()));
      await expect
        .poll(() => [ours.heard() - (before[0] ?? 0), theirs.heard() - (before[1] ?? 0)])
        .toEqual([count, count]);
    }
  });

  it("of a phone that is where it says go past here", async () => {
    const phone = await openPhone(kamailio.phones);
    const sent = { method: "INVITE", from: "1003@acme.test", to: "1002@acme.test" };
    expect(statusOf(await phone.request({ ...sent, body: sdpAt(40_010) }, carol))).toBe(200);
    expect(home.asked("INVITE").at(-1)?.body).toBe(sdpAt(40_010));
    phone.close();
  });

  it("go as they were offered while rtpengine is not there, which is known, and the call is not held up", async () => {
    expect(kamailio.health().relay).toMatchObject({ answers: true });
    await engine.stop("SIGKILL");
    home.answerWith((request) => response(request, "200 OK", [`Contact: <sip:home@127.0.0.1:${home.port}>`], true));
    const sent = { method: "INVITE", from: "1001@acme.test", to: "1002@acme.test", contact, body: browserSdp };
    expect(statusOf(await browser.request({ ...sent, withinMs: 2000 }, alice))).toBe(200);
    expect(home.asked("INVITE").at(-1)?.body).toBe(browserSdp);
    await expect.poll(() => kamailio.health().relay, { timeout: 10_000 }).toMatchObject({ answers: false });
  });

  it("are relayed of everybody where that is configured", async () => {
    engine = await run();
    install({ ...kamailio.config, relay: { ...ng, of: "all" } }, { minExpires: 1 });
    await kamailio.restart();
    const phone = await openPhone(kamailio.phones);
    const sent = { method: "INVITE", from: "1003@acme.test", to: "1002@acme.test" };
    expect(statusOf(await phone.request({ ...sent, body: sdpAt(40_012) }, carol))).toBe(200);
    expect(home.asked("INVITE").at(-1)?.body).toMatch(plain);
    phone.close();
  });
});
