import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type KamailioHost, kamailioInstalled, openHome, startKamailio } from "../../support/kamailio.ts";
import { createPbx, idOf } from "../../support/pbx.ts";
import {
  inDialog,
  type Message,
  openPhone,
  parseSip,
  type Rogue,
  response,
  routesOf,
  statusOf,
} from "../../support/sip.ts";

describe.runIf(kamailioInstalled())("a real Kamailio hands requests to a tenant's home", { timeout: 30_000 }, () => {
  const pbx = createPbx();
  const { acme, globex } = pbx;
  const ids = [idOf("edg", 1), idOf("edg", 2)] as const;
  let kamailio: KamailioHost;
  let home: Awaited<ReturnType<typeof openHome>>;
  let standby: Awaited<ReturnType<typeof openHome>>;
  let phone: Rogue;
  const alice = { user: "1001", realm: "acme.test", password: "pw-1-1001" };

  const call = (more: Partial<Parameters<Rogue["request"]>[0]> = {}, as = alice) =>
    phone.request({ method: "INVITE", from: `${as.user}@${as.realm}`, to: `1002@${as.realm}`, ...more }, as);
  const taken = (request: Message) => response(request, "200 OK", [`Contact: <sip:home@127.0.0.1:${home.port}>`], true);

  beforeAll(async () => {
    acme.trunk(1, { name: "t", host: "carrier.test", inboundAddresses: ["127.0.0.1"] });
    acme.number("+12025550100", null);
    kamailio = await startKamailio(pbx);
    [home, standby] = await Promise.all([openHome(kamailio, ids[0], 1), openHome(kamailio, ids[1], 2)]);
    acme.put("placement", "p", { home: ids[0], standby: ids[1] });
    await kamailio.pool([home.host(), standby.host()]);
    phone = await openPhone(kamailio.phones);
    const sent = { method: "REGISTER", from: "1001@acme.test", to: "1001@acme.test", uri: "sip:acme.test" };
    expect(statusOf(await phone.request(sent, alice))).toBe(200);
  }, 30_000);
  beforeEach(() => {
    for (const one of [home, standby]) {
      one.requests.length = 0;
      one.answerWith(taken);
    }
    phone.requests.length = 0;
  });
  afterAll(async () => {
    for (const one of [phone, home, standby]) one?.close();
    await kamailio?.stop();
  });

  it("with who authenticated, and nothing that the phone says of itself", async () => {
    const lies = [
      "X-DP-Tenant: ten_other",
      "x-dp-device: 9",
      "P-Asserted-Identity: <sip:+1900@x>",
      "Route: <sip:192.0.2.1;lr>",
    ];
    expect(statusOf(await call({ headers: lies }))).toBe(200);
    const [invite] = home.asked("INVITE");
    expect(invite?.line).toBe("INVITE sip:1002@acme.test SIP/2.0");
    expect(invite?.text.match(/^X-DP-.*$/gim)).toEqual([
      `X-DP-Tenant: ${acme.id}`,
      "X-DP-Device: 1001",
      "X-DP-Source: 127.0.0.1",
    ]);
    expect(invite?.text).not.toMatch(/P-Asserted|192\.0\.2\.1|Authorization/);
    expect(standby.asked("INVITE")).toEqual([]);
  });

  it("and answers all that they send from the port that they sent it to, as NAT lets nothing else in", async () => {
    const carrier = await openPhone(kamailio.carriers);
    const sides = [
      { side: phone, port: kamailio.phones, to: "1002@acme.test", as: alice },
      { side: carrier, port: kamailio.carriers, to: "+12025550100@127.0.0.1", as: undefined },
    ];
    for (const { side, port, to, as } of sides) {
      const sent = { from: "1001@acme.test", to, callId: `ports-${port}` };
      const answer = await side.request({ ...sent, method: "INVITE" }, as);
      expect([statusOf(answer), side.answeredFrom()]).toEqual([200, port]);
      const toTag = /tag=([^;]+)/.exec(answer.headers.get("to") ?? "")?.[1] ?? "";
      const within = { ...sent, toTag, uri: `sip:home@127.0.0.1:${home.port}`, headers: routesOf(answer).reverse() };
      for (const method of ["INFO", "UPDATE", "BYE"])
        expect([method, statusOf(await side.request({ ...within, method })), side.answeredFrom()]).toEqual([
          ...[method, 200, port],
        ]);
    }
    carrier.close();
  });

  it("but none of who does not say the tenant's domain in To", async () => {
    expect(statusOf(await call({ to: "1002@globex.test" }))).toBe(403);
    expect(home.asked("INVITE")).toEqual([]);
  });

  it("and brings the home's calls to the phone, each side's later requests too", async () => {
    phone.answerWith((request) => response(request, "200 OK", ["Contact: <sip:1001@192.0.2.9:5060>"], true));
    const route = `Route: <sip:127.0.0.1:${kamailio.config.front.port};lr>`;
    const answer = await home.request({
      ...{ method: "INVITE", from: "1002@acme.test", to: "1001@acme.test", callId: "to-phone" },
      headers: [route, `X-DP-Tenant: ${acme.id}`],
    });
    expect(statusOf(answer)).toBe(200);
    const [invite] = phone.requests;
    expect(invite?.line).toContain(`sip:1001@127.0.0.1:${phone.port}`);
    expect(invite?.text).not.toContain("X-DP-");
    // a Contact behind NAT: the way to where it answered from is beside it
    const contact = /<([^>]+)>/.exec(answer.headers.get("contact") ?? "")?.[1] ?? "";
    expect(contact).toContain(`;alias=127.0.0.1~${phone.port}~1`);
    const routes = [...answer.text.matchAll(/^Record-Route: (.*)$/gim)].map(([, value]) => value).reverse();
    home.send(
      [
        `BYE ${contact} SIP/2.0`,
        `Via: SIP/2.0/UDP 127.0.0.1:${home.port};rport;branch=z9hG4bKbye`,
        `Route: ${routes.join(", ")}`,
        `From: ${answer.headers.get("from")}`,
        `To: ${answer.headers.get("to")}`,
        ...["Call-ID: to-phone", "CSeq: 9 BYE", "Max-Forwards: 70", "Content-Length: 0", "", ""],
      ].join("\r\n"),
    );
    await expect.poll(() => phone.requests.map(({ line }) => line.split(" ")[0])).toContain("BYE");
  });

  it("says of a phone that is not there that it is not registered", async () => {
    const answer = await home.request({ method: "INVITE", from: "1001@acme.test", to: "1003@acme.test" });
    expect(statusOf(answer)).toBe(480);
  });

  it("and hears nobody else at the homes' port", async () => {
    const stranger = await openPhone(kamailio.config.front.port);
    const sent = { method: "INVITE", from: "1002@acme.test", to: "1001@acme.test", withinMs: 700 };
    await expect(stranger.request(sent)).rejects.toThrow("no answer");
    stranger.close();
    expect(phone.requests).toEqual([]);
  });

  it("not to where a stranger's Route leads, though it looks like a call's later request", async () => {
    const target = await openPhone(0);
    const request = parseSip(
      [
        "X",
        `To: <sip:x@y>;tag=1`,
        "From: <sip:a@b>;tag=2",
        "Call-ID: x",
        `Contact: <sip:+1900@127.0.0.1:${target.port}>`,
        "",
        "",
      ].join("\r\n"),
    );
    for (const method of ["INVITE", "BYE", "ACK"])
      phone.send(inDialog(request, method, 2, phone.port, [`Route: <sip:127.0.0.1:${kamailio.phones};lr>`]));
    // those were handled before what comes after them
    expect(statusOf(await call())).toBe(200);
    expect(target.requests).toEqual([]);
    target.close();
  });

  it("and to the standby within two seconds where the home says nothing", async () => {
    home.answerWith(() => undefined);
    const began = performance.now();
    expect(statusOf(await call())).toBe(200);
    expect(performance.now() - began).toBeLessThan(2000);
    expect(standby.asked("INVITE")).toHaveLength(1);
    expect(standby.asked("INVITE")[0]?.text).toContain(`X-DP-Tenant: ${acme.id}`);
    // it answers pings, so it is there again
    await expect.poll(async () => JSON.stringify(await kamailio.rpc("dispatcher.list"))).not.toContain('"IP"');
  });

  it("but not where the home refuses", async () => {
    home.answerWith((request) => response(request, "503 Full"));
    // a proxy does not pass 503 on (RFC 3261, 16.7)
    expect(statusOf(await call())).toBe(500);
    expect(standby.asked("INVITE")).toEqual([]);
  });

  it("not to a home that is being drained, and to it again afterwards", async () => {
    await kamailio.pool([home.host("draining"), standby.host()]);
    expect(statusOf(await call())).toBe(200);
    expect([home.asked("INVITE").length, standby.asked("INVITE").length]).toEqual([0, 1]);
    await kamailio.pool([home.host(), standby.host()]);
    expect(statusOf(await call())).toBe(200);
    expect([home.asked("INVITE").length, standby.asked("INVITE").length]).toEqual([1, 1]);
  });

  it("though its agent no longer knows the pool's hosts", async () => {
    await kamailio.knowsNoHosts();
    expect(statusOf(await call({ to: "1002@acme.test" }))).toBe(200);
    await kamailio.pool([home.host(), standby.host()]);
    expect(home.asked("INVITE")).toHaveLength(1);
  });

  it("and of a tenant that was not placed always to the same host", async () => {
    const bob = { user: "1001", realm: "globex.test", password: "pw-2-1001" };
    for (let n = 0; n < 5; n++) expect(statusOf(await call({}, bob))).toBe(200);
    expect([home.asked("INVITE").length, standby.asked("INVITE").length].sort()).toEqual([0, 5]);
    expect([...home.asked("INVITE"), ...standby.asked("INVITE")][0]?.text).toContain(globex.id);
  });

  it("from a carrier to the home of the number's tenant, however it writes the number", async () => {
    const carrier = await openPhone(kamailio.carriers);
    for (const number of ["+12025550100", "12025550100", "2025550100"])
      expect(
        statusOf(await carrier.request({ method: "INVITE", from: "+33123@carrier.test", to: `${number}@127.0.0.1` })),
      ).toBe(200);
    carrier.close();
    expect(home.asked("INVITE")).toHaveLength(3);
    expect(home.asked("INVITE")[0]?.text).toContain("X-DP-Carrier: 127.0.0.1");
  });

  it("from no other address at the carriers' port", async () => {
    await kamailio.apply(
      acme.owner,
      acme.trunk(1, { name: "t", host: "carrier.test", inboundAddresses: ["192.0.2.0/24"] }),
    );
    const carrier = await openPhone(kamailio.carriers);
    const sent = { method: "INVITE", from: "+33123@carrier.test", to: "+12025550100@127.0.0.1" };
    expect(statusOf(await carrier.request(sent))).toBe(403);
    await kamailio.apply(
      acme.owner,
      acme.trunk(1, { name: "t", host: "carrier.test", inboundAddresses: ["127.0.0.0/28"] }),
    );
    expect(statusOf(await carrier.request(sent))).toBe(200);
    carrier.close();
  });

  it("as many a second as its limits allow, emergency calls always", async () => {
    const limits = { by: acme.id, plan: null, callsPerSecond: 2 };
    expect(await kamailio.apply(acme.owner, acme.put("limits", "l", limits))).toEqual([]);
    const calls = await Promise.all(Array.from({ length: 8 }, () => call().then(statusOf)));
    expect(calls.filter((status) => status === 503).length).toBeGreaterThanOrEqual(4);
    expect(statusOf(await call({ to: "911@acme.test" }))).toBe(200);
    await expect.poll(() => kamailio.reported.filter(({ type }) => type === "limit.reached")).toHaveLength(1);
    await kamailio.apply(acme.owner, acme.drop("limits", "l"));
  });

  it("tells a phone that its subscription is over when the home that had it is gone", async () => {
    const sent = {
      method: "SUBSCRIBE",
      from: "1001@acme.test",
      to: "1002@acme.test",
      headers: ["Event: dialog", "Expires: 600"],
    };
    const subscribed = await phone.request({ ...sent, callId: "lamp" }, alice);
    expect(statusOf(subscribed)).toBe(200);
    const routes = [...subscribed.text.matchAll(/^Record-Route: (.*)$/gim)]
      .map(([, value]) => `Route: ${value}`)
      .reverse();
    home.answerWith(() => undefined);
    const again = { ...sent, uri: `sip:home@127.0.0.1:${home.port}`, callId: "lamp" };
    const answer = await phone.request({ ...again, headers: [...sent.headers, ...routes], toTag: "rogue" }, alice);
    expect(statusOf(answer)).toBe(481);
  });
});
