import { createHmac } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lentName, lentPassword } from "../../../core/browser-phone.ts";
import { heldOf } from "../../../edge-agent/certificate/files.ts";
import { presented } from "../../../edge-agent/certificate/presented.ts";
import { selfMade } from "../../support/certificate.ts";
import { type KamailioHost, kamailioInstalled, openHome, startKamailio } from "../../support/kamailio.ts";
import { createPbx, ha1Of, idOf } from "../../support/pbx.ts";
import { type Message, openPhone, response, statusOf, type Wire } from "../../support/sip.ts";
import { tcp, tls, wss } from "../../support/sip-wires.ts";

describe.runIf(kamailioInstalled())("a phone at a real Kamailio, by whatever transport", { timeout: 20_000 }, () => {
  const pbx = createPbx();
  const { acme } = pbx;
  let kamailio: KamailioHost;
  let home: Awaited<ReturnType<typeof openHome>>;
  let certificate = "";
  const trusted = getCACertificates();

  beforeAll(async () => {
    kamailio = await startKamailio(pbx);
    certificate = readFileSync(join(kamailio.config.dir, "certificate.pem"), "utf8");
    setDefaultCACertificates([...trusted, certificate]);
    home = await openHome(kamailio, idOf("edg", 1), 1);
    home.answerWith((request) => response(request, "200 OK", [`Contact: <sip:home@127.0.0.1:${home.port}>`], true));
    await kamailio.pool([home.host()]);
  }, 30_000);
  afterAll(async () => {
    setDefaultCACertificates(trusted);
    home?.close();
    await kamailio?.stop();
  });

  const wires: [string, () => Promise<Wire | number>][] = [
    ["UDP", async () => kamailio.phones],
    ["TCP", () => tcp(kamailio.phones)],
    ["TLS", () => tls(kamailio.config.tls?.port ?? 0, certificate)],
    ["WSS", () => wss(kamailio.config.tls?.wssPort ?? 0)],
  ];

  it.each(wires)("%s: registers, calls, and is called and hung up on the same way", async (name, open) => {
    const phone = await openPhone(await open());
    const alice = { user: "1001", realm: "acme.test", password: "pw-1-1001" };
    const contact = name === "WSS" ? "<sip:1001@x7f3.invalid;transport=ws>" : "<sip:1001@10.9.8.7:5060>";
    const said = { from: "1001@acme.test", contact };
    const registered = { ...said, method: "REGISTER", to: "1001@acme.test", uri: "sip:acme.test" };
    expect(statusOf(await phone.request({ ...registered, headers: ["Expires: 60"] }, alice))).toBe(200);
    await expect.poll(() => kamailio.registrations().at(-1)?.source).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(statusOf(await phone.request({ ...said, method: "INVITE", to: "1002@acme.test" }, alice))).toBe(200);
    expect(home.asked("INVITE").at(-1)?.text).toContain(`X-DP-Tenant: ${acme.id}`);

    phone.answerWith((request) => response(request, "200 OK", [`Contact: ${contact}`], true));
    const route = `Route: <sip:127.0.0.1:${kamailio.config.front.port};lr>`;
    const callId = `to-${name}`;
    const answer = await home.request({
      ...{ method: "INVITE", from: "1002@acme.test", to: "1001@acme.test", callId, headers: [route] },
    });
    expect(statusOf(answer)).toBe(200);
    const target = /<([^>]+)>/.exec(answer.headers.get("contact") ?? "")?.[1] ?? "";
    const routes = [...answer.text.matchAll(/^Record-Route: (.*)$/gim)].map(([, value]) => value).reverse();
    const bye = { method: "BYE", from: "1002@acme.test", to: "1001@acme.test", callId, toTag: "rogue" };
    const hungUp = await home.request({ ...bye, uri: target, headers: [`Route: ${routes.join(", ")}`] });
    expect(statusOf(hungUp)).toBe(200);
    expect(phone.requests.map(({ line }) => line.split(" ")[0])).toContain("BYE");
    expect(statusOf(await phone.request({ ...registered, headers: ["Expires: 0"] }, alice))).toBe(200);
    phone.close();
  });

  it("that hangs up its connection is not there for its calls", async () => {
    const phone = await openPhone(await tcp(kamailio.phones));
    const bob = { user: "1002", realm: "acme.test", password: "pw-1-1002" };
    const sent = { method: "REGISTER", from: "1002@acme.test", to: "1002@acme.test", uri: "sip:acme.test" };
    expect(statusOf(await phone.request(sent, bob))).toBe(200);
    phone.close();
    const call = async () =>
      statusOf(await home.request({ method: "INVITE", from: "1001@acme.test", to: "1002@acme.test" }));
    await expect.poll(call).toBe(480);
    const last = () =>
      kamailio
        .registrations()
        .filter(({ username }) => username === "1002")
        .at(-1);
    await expect.poll(last).toMatchObject({ expiresAt: null });
  });

  it("has an address of its own (GRUU), under which it is called whatever else is registered, and a flow that it keeps (outbound)", async () => {
    const [phone, other] = [await openPhone(await tcp(kamailio.phones)), await openPhone(await tcp(kamailio.phones))];
    const carol = { user: "1003", realm: "acme.test", password: "pw-1-1003" };
    const sent = { method: "REGISTER", from: "1003@acme.test", to: "1003@acme.test", uri: "sip:acme.test" };
    const contact = `<sip:1003@127.0.0.1:${phone.port};transport=tcp>;+sip.instance="<urn:uuid:00000000-0000-1000-8000-000a95a0e128>";reg-id=1`;
    expect(statusOf(await other.request(sent, carol))).toBe(200);
    const answer = await phone.request({ ...sent, contact, headers: ["Supported: gruu, outbound"] }, carol);
    expect(answer.headers.get("require")).toBe("outbound");
    const gruu = /pub-gruu="([^"]+)"/.exec(answer.text)?.[1] ?? "";
    expect(gruu).toContain("sip:1003@acme.test;gr=urn:uuid:00000000");
    const busy = (request: Message) => response(request, "486 Busy Here");
    phone.answerWith(busy);
    other.answerWith(busy);
    expect(
      statusOf(await home.request({ method: "INVITE", from: "1001@acme.test", to: "1003@acme.test", uri: gruu })),
    ).toBe(486);
    expect([phone.requests.length > 0, other.requests.length]).toEqual([true, 0]);
    for (const one of [phone, other]) one.close();
  });

  it("in a browser registers with what it was lent: of its own extension, in time, for minutes, and as nobody else", async () => {
    const phone = await openPhone(await wss(kamailio.config.tls?.wssPort ?? 0));
    const now = Math.floor(Date.now() / 1000);
    const register = async (until: number, as = "1001~web", ha1 = ha1Of(acme.phone(1001))) => {
      const name = lentName("1001~web", until);
      const hmac = (key: string, text: string) => createHmac("sha256", key).update(text).digest("hex");
      const aor = `${as}@acme.test`;
      const sent = { method: "REGISTER", from: aor, to: aor, uri: "sip:acme.test" };
      const contact = "<sip:web@x7f3.invalid;transport=ws>";
      const credentials = { user: name, realm: "acme.test", password: lentPassword(hmac, ha1, name) };
      return statusOf(await phone.request({ ...sent, contact }, credentials));
    };
    // digests have other bytes each time, zeros too
    for (let n = 0; n < 20; n++) expect(await register(now + 600 - n)).toBe(200);
    const refused = [now - 1, now + 3600].map((until) => register(until));
    expect(await Promise.all(refused)).toEqual([403, 403]);
    expect(await register(now + 600, "1002~web")).toBe(403);
    expect(await register(now + 600, "1001")).toBe(403);
    expect(await register(now + 600, "1001~web", ha1Of(acme.phone(1002)))).toBe(403);
    phone.close();
  });

  it("finds no pages at the browsers' port", async () => {
    const answer = await fetch(`https://127.0.0.1:${kamailio.config.tls?.wssPort}/RPC`);
    expect(answer.status).toBe(404);
  });

  it("stays registered and in its call, by TLS and in a browser, when the host gets another certificate, which whoever comes then is shown", async () => {
    const { port = 0, wssPort = 0, obtained } = kamailio.config.tls ?? {};
    const shown = () => Promise.all([port, wssPort].map((at) => presented("127.0.0.1", at)));
    const pem = selfMade();
    const { fingerprint256 } = heldOf(pem).leaf;
    const before = await shown();
    const phones = [await openPhone(await tls(port, certificate)), await openPhone(await wss(wssPort))];
    const carol = { user: "1003", realm: "acme.test", password: "pw-1-1003" };
    const said = { from: "1003@acme.test", contact: "<sip:1003@x7f3.invalid;transport=ws>", callId: "through-it" };
    for (const phone of phones) {
      expect(
        statusOf(
          await phone.request({ ...said, method: "REGISTER", to: "1003@acme.test", uri: "sip:acme.test" }, carol),
        ),
      ).toBe(200);
      expect(statusOf(await phone.request({ ...said, method: "INVITE", to: "1002@acme.test" }, carol))).toBe(200);
    }
    writeFileSync(obtained ?? "", pem, { mode: 0o600 });
    await kamailio.certify(pem);
    expect(await shown()).toEqual([fingerprint256, fingerprint256]);
    expect(before).not.toContain(fingerprint256);
    for (const phone of phones) {
      expect(statusOf(await phone.request({ ...said, method: "INVITE", to: "1002@acme.test" }, carol))).toBe(200);
      phone.answerWith((request) => response(request, "486 Busy Here"));
    }
    const asked = await home.request({ method: "INVITE", from: "1001@acme.test", to: "1003@acme.test" });
    expect(statusOf(asked)).toBe(486);
    expect(phones.every(({ requests }) => requests.some(({ line }) => line.startsWith("INVITE")))).toBe(true);
    for (const phone of phones) phone.close();
    // and it is the one after a restart of either
    await kamailio.restartAgent();
    await kamailio.restart();
    await expect.poll(shown).toEqual([fingerprint256, fingerprint256]);
  });
});
