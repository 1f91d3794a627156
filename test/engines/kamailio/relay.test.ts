// Media between browsers and homes, relayed by a real rtpengine (in user space) that Kamailio commands.
import { type ChildProcess, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type KamailioHost, kamailioInstalled, openHome, startKamailio } from "../../support/kamailio.ts";
import { createPbx, idOf } from "../../support/pbx.ts";
import { openPhone, type Rogue, response, sdpAt, statusOf } from "../../support/sip.ts";
import { wss } from "../../support/sip-wires.ts";
import { freePort } from "../../support/sipp.ts";
import { needs, onPath } from "../../support/skip.ts";

const program = onPath("rtpengine");
const installed = needs("rtpengine", program !== undefined);
/** What a browser offers or answers, its ICE and DTLS made up. */
const browserSdp = [
  ...["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "m=audio 9 UDP/TLS/RTP/SAVPF 0", "c=IN IP4 0.0.0.0"],
  ...["a=rtcp-mux", "a=ice-ufrag:abcd", "a=ice-pwd:abcdefghijklmnopqrstuvwx", "a=setup:active", "a=sendrecv"],
  `a=fingerprint:sha-256 ${Array(32).fill("AB").join(":")}`,
  ...["a=rtpmap:0 PCMU/8000", "a=candidate:1 1 UDP 2130706431 127.0.0.1 40000 typ host", ""],
].join("\r\n");

describe.runIf(kamailioInstalled() && installed)("a browser's media", { timeout: 30_000 }, () => {
  const pbx = createPbx();
  const trusted = getCACertificates();
  let kamailio: KamailioHost;
  let home: Awaited<ReturnType<typeof openHome>>;
  let browser: Rogue;
  let engine: ChildProcess;
  const contact = "<sip:1001@x7f3.invalid;transport=ws>";

  beforeAll(async () => {
    const port = await freePort();
    engine = spawn(
      program ?? "",
      [
        ...["--table=-1", "--interface=127.0.0.1", `--listen-ng=127.0.0.1:${port}`, "--foreground", "--log-stderr"],
        ...["--port-min=45000", "--port-max=45200", "--log-level=3"],
      ],
      { stdio: "ignore" },
    );
    const asking = createSocket("udp4");
    asking.bind(0, "127.0.0.1");
    const timer = setInterval(() => asking.send("1 d7:command4:pinge", port, "127.0.0.1"), 50);
    await once(asking, "message");
    clearInterval(timer);
    asking.close();
    kamailio = await startKamailio(pbx, {}, { relay: { address: "127.0.0.1", port } });
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
    engine?.kill();
  });
  const alice = { user: "1001", realm: "acme.test", password: "pw-1-1001" };
  const plain = /^m=audio 45\d{3} RTP\/AVP 0\r$/m;
  const secured = /^m=audio 45\d{3} UDP\/TLS\/RTP\/SAVPF 0\r$/m;

  it("is plain RTP to the home, and DTLS-SRTP with ICE in what comes back", async () => {
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

  it("is DTLS-SRTP with ICE in a call to it, and plain RTP in its answer; a later offer too", async () => {
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

  it("goes as it was offered while rtpengine is not there, and the call is not held up", async () => {
    engine.kill("SIGKILL");
    await once(engine, "exit");
    home.answerWith((request) => response(request, "200 OK", [`Contact: <sip:home@127.0.0.1:${home.port}>`], true));
    const sent = { method: "INVITE", from: "1001@acme.test", to: "1002@acme.test", contact, body: browserSdp };
    expect(statusOf(await browser.request({ ...sent, withinMs: 2000 }, alice))).toBe(200);
    expect(home.asked("INVITE").at(-1)?.body).toBe(browserSdp);
  });
});
