// FreeSWITCH behind a Kamailio host: the same tenant, the same phones, calls, lamps and records; only where phones are, is another place.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { LiveCall } from "../../../core/wire-events.ts";
import { engineInstalled, type FreeswitchHost, startFreeswitch } from "../../support/freeswitch.ts";
import { openStandIn, rosterOf, type StandIn } from "../../support/front.ts";
import { createPbx } from "../../support/pbx.ts";
import { createPhones } from "../../support/phones.ts";
import { inDialog, openPhone, parseSip, type Rogue, type Sent, statusOf } from "../../support/sip.ts";
import { freePort, play, sipp, went } from "../../support/sipp.ts";
import { call, openRegistered, type Phone, requestsOf, takesCalls } from "../../support/talk.ts";

describe.runIf(engineInstalled())("FreeSWITCH behind Kamailio", { timeout: 40_000 }, () => {
  const pbx = createPbx();
  const { acme, globex } = pbx;
  const phones = createPhones(acme);
  let host: FreeswitchHost;
  let kamailio: StandIn;
  /** The host as phones see it. */
  let seen: FreeswitchHost;
  let carrier = 0;

  const lives = () => host.reported.flatMap(({ type, data }) => (type === "call.updated" ? [data as LiveCall] : []));
  const idle = () => expect.poll(() => host.api("show channels count"), { timeout: 10_000 }).toContain("0 total");
  async function record() {
    await idle();
    await expect.poll(host.records, { timeout: 10_000 }).toHaveLength(1);
    return host.records()[0];
  }
  const invites = () => kamailio.fromFreeswitch.filter((text) => text.startsWith("INVITE "));

  beforeAll(async () => {
    acme.extension(1004, { displayName: "Dave" });
    acme.number("+15550100", { kind: "extension", ref: acme.ext(1002) });
    acme.put("ring-group", "all", {
      ...{ name: "all", extensionNumber: "600", strategy: "simultaneous", ringSeconds: 10 },
      members: [1002, 1003].map((number) => ({ extension: acme.ext(number), number: null })),
    });
    host = await startFreeswitch(pbx);
    kamailio = await openStandIn(pbx, "127.0.0.2", () => host.config.front);
    host.onRoster(rosterOf(1, [kamailio.inside]));
    seen = { ...host, phones: kamailio.port };
    carrier = await freePort();
    acme.trunk(1, { name: "t", port: carrier, inboundAddresses: ["127.0.0.1", "198.51.100.7"] });
    expect(await host.reconcile()).toEqual(new Map());
    await phones.register(seen, 1001, 1002, 1003);
  }, 60_000);
  afterAll(async () => {
    await host?.stop();
    kamailio?.close();
  });
  beforeEach(async () => {
    await host.rest();
    kamailio.fromFreeswitch.length = 0;
  });

  describe("a phone that Kamailio hands over", () => {
    it("calls another through Kamailio, and the record and the live call are as if both had registered here", async () => {
      const phone = await phones.is(1002, "answer");
      await phones.call(1001, "1002");
      const [invite = ""] = went(await phone.done).received;
      expect(invite).toMatch(/^INVITE sip:1002@acme.test SIP/);
      expect(invite).toContain('From: "Alice" <sip:1001@');
      expect(await record()).toMatchObject({
        ...{ tenant: acme.id, direction: "internal", outcome: "answered" },
        from: { extension: acme.ext(1001), name: "Alice" },
        to: { extension: acme.ext(1002), number: "1002" },
      });
      expect(lives()[0]).toMatchObject({ state: "ringing", from: { extension: acme.ext(1001) } });
      expect(invites()[0]).toContain(`Route: <sip:127.0.0.2:${kamailio.inside.port};lr>`);
    });

    it("dials one that is not registered: its voicemail answers", async () => {
      await phones.unregister(1003);
      await phones.call(1001, "1003");
      const told = await record();
      expect(told?.segments?.map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual([
        "extension not-registered",
        "voicemail-box voicemail",
      ]);
      await phones.register(seen, 1003);
    });

    it("rings a group, whose phones are asked all at once", async () => {
      const [first, second] = [await phones.is(1002, "ring"), await phones.is(1003, "answer")];
      await phones.call(1001, "600");
      went(await second.done);
      went(await first.done);
      expect((await record())?.to).toMatchObject({ extension: acme.ext(1003) });
    });

    it("calls out over a trunk, which is told nothing of Kamailio's", async () => {
      acme.extension(1001, {
        displayName: "Alice",
        externalCallerId: "+15550100",
        outbound: { permission: "international", countries: null },
      });
      const outside = await sipp("answer", {}, { port: carrier });
      await phones.call(1001, "+12025550123");
      const [invite = ""] = went(await outside.done).received;
      expect(invite).toContain("<sip:+15550100@");
      expect(invite).not.toMatch(/x-dp-/i);
    });

    it("is called from outside: from a carrier's own address, and through Kamailio, which names it", async () => {
      for (const way of ["here", "through Kamailio"]) {
        await host.rest();
        const phone = await phones.is(1002, "answer");
        if (way === "here") {
          const caller = { user: "+12025550123", domain: "127.0.0.1", to: "+15550100" };
          went(await play("carrier-call", caller, { to: host.carriers }));
        } else {
          const answered = hand(`+15550100`, ["X-DP-Carrier: 198.51.100.7"], "+12025550123");
          await expect.poll(answered, { timeout: 5000 }).toBe(200);
          await host.api("hupall");
        }
        phone.stop();
        expect(await record()).toMatchObject({ direction: "inbound", to: { extension: acme.ext(1002) } });
      }
    });

    it("sends a call on (REFER), at the expense of who did", async () => {
      const [alice, bob, dave] = await open(1001, 1002, 1004);
      takesCalls(bob);
      takesCalls(dave);
      const talk = await call(alice, "1002");
      expect(talk.status).toBe(200);
      const [invite] = requestsOf(bob, "INVITE");
      if (!invite) throw new Error("no call");
      bob.send(inDialog(invite, "REFER", 1, bob.port, ["Refer-To: <sip:1004@acme.test>"]));
      await expect.poll(() => requestsOf(dave, "INVITE").length, { timeout: 5000 }).toBe(1);
      await host.api("hupall");
      for (const each of [alice, bob, dave]) each.close();
      await idle();
      expect(kamailio.fromFreeswitch.join("\n")).not.toMatch(/^x-dp-/im);
      await phones.register(seen, 1001, 1002);
    });

    it("watches another's lamp", async () => {
      const [carol, stranger] = [await openRegistered(seen, acme, 1003), await openRegistered(seen, globex, 1001)];
      // one that is sent again says nothing new
      const told = (who: Rogue) =>
        [...new Map(requestsOf(who, "NOTIFY").map(({ headers, body }) => [headers.get("cseq"), body])).values()].map(
          (body) => /<state>(\w+)/.exec(body)?.[1] ?? "idle",
        );
      for (const who of [carol, stranger]) expect(await subscribe(who)).toBe(202);
      await expect.poll(() => told(carol)).toEqual(["idle"]);
      const phone = await phones.is(1002, "answer");
      await phones.call(1001, "1002");
      went(await phone.done);
      await expect.poll(() => told(carol)).toEqual(["idle", "early", "confirmed", "terminated"]);
      expect(told(stranger)).toEqual(["idle"]);
      expect(kamailio.fromFreeswitch.filter((text) => text.startsWith("NOTIFY ")).length).toBeGreaterThanOrEqual(5);
      for (const each of [carol, stranger]) each.close();
      await phones.register(seen, 1003);
    });
  });

  describe("nobody else is believed", () => {
    const asAlice = [`X-DP-Tenant: ${acme.id}`, "X-DP-Device: 1001"];
    const sent = (method: string, more: string[] = []): Sent => ({
      ...{ method, from: "1001@acme.test", to: "1002@acme.test", withinMs: 3000 },
      headers: [...asAlice, ...more],
    });
    const credentials = (method: string) =>
      `Authorization: Digest username="1001", realm="acme.test", nonce="front", uri="sip:1002@acme.test", response="${method}"`;

    it.each([
      ["INVITE", []],
      ["INVITE", [credentials("INVITE")]],
      ["INVITE", ["X-DP-Carrier: 198.51.100.7"]],
      ["SUBSCRIBE", ["Event: dialog", "Expires: 300"]],
      ["SUBSCRIBE", ["Event: dialog", "Expires: 300", credentials("SUBSCRIBE")]],
      [
        "SUBSCRIBE",
        ["Event: dialog", "Expires: 300", `${credentials("SUBSCRIBE")}, nc=00000000, cnonce="x", qop=auth`],
      ],
      ["MESSAGE", ["Content-Type: text/plain"]],
      ["MESSAGE", ["Content-Type: text/plain", credentials("MESSAGE")]],
      ["REGISTER", ["Expires: 300"]],
      ["REGISTER", ["Expires: 300", credentials("REGISTER")]],
    ])("from another address: %s %j", async (method, more) => {
      const stranger = await openPhone(host.config.front.port);
      const answered = await stranger.request(sent(method, more));
      expect(statusOf(answered)).toBeGreaterThanOrEqual(400);
      expect(statusOf(answered)).toBeLessThan(500);
      expect(requestsOf(stranger, "NOTIFY")).toEqual([]);
      expect(invites()).toEqual([]);
      stranger.close();
    });

    it("nor does anything come of a REFER out of a dialog, which FreeSWITCH accepts from anybody", async () => {
      const stranger = await openPhone(host.config.front.port);
      const lookups = host.lookups.length;
      expect(statusOf(await stranger.request(sent("REFER", ["Refer-To: <sip:1003@acme.test>"])))).toBe(202);
      expect(await host.api("show channels count")).toContain("0 total");
      expect(host.lookups.length).toBe(lookups);
      stranger.close();
    });

    it("but who still is: Kamailio, whose SUBSCRIBEs need no second try", async () => {
      const carol = await openRegistered(seen, acme, 1003);
      expect(await subscribe(carol)).toBe(202);
      carol.close();
      await phones.register(seen, 1003);
    });

    it.each([
      ["a tenant that there is not", ["X-DP-Tenant: ten_00000000000000000000000007", "X-DP-Device: 1001"]],
      ["a device of another tenant", [`X-DP-Tenant: ${acme.id}`, "X-DP-Device: 4711"]],
      ["no device", [`X-DP-Tenant: ${acme.id}`]],
      ["a device and a carrier", [...asAlice, "X-DP-Carrier: 198.51.100.7"]],
      ["a carrier that there is not", ["X-DP-Carrier: 198.51.100.8"]],
      ["nobody", []],
    ])("and Kamailio itself not that it is %s", async (_, headers) => {
      await expect.poll(hand("+15550100", headers), { timeout: 5000 }).toBe(404);
      expect(invites()).toEqual([]);
    });

    it("nor what a phone says at the profile where phones register", async () => {
      const rogue = await openPhone(host.phones);
      const answered = await rogue.request(
        { ...sent("REGISTER"), to: "1001@acme.test", uri: "sip:acme.test" },
        {
          ...{ user: "1001", realm: "acme.test", password: "pw-1-1001" },
        },
      );
      expect(statusOf(answered)).toBe(403);
      rogue.close();
    });
  });

  // last: what was sent to a dead host is sent to it again and again
  it("a call to a phone goes through the second Kamailio host within seconds of the first one's end", async () => {
    const second = await openStandIn(pbx, "127.0.0.3", () => host.config.front);
    host.onRoster(rosterOf(2, [kamailio.inside, second.inside]));
    await phones.register({ ...host, phones: second.port }, 1004);
    await phones.register(seen, 1001);
    kamailio.silent = true;
    const reaches = async () => {
      const phone = await phones.is(1004, "answer");
      const asked = hand("1004", [`X-DP-Tenant: ${acme.id}`, "X-DP-Device: 1001"], "1001", second);
      const answered = await expect
        .poll(asked, { timeout: 1500 })
        .toBe(200)
        .then(...([() => true, () => false] as const));
      phone.stop();
      await host.api("hupall");
      return answered;
    };
    await expect.poll(reaches, { timeout: 15_000 }).toBe(true);
    kamailio.silent = false;
    host.onRoster(rosterOf(3, [kamailio.inside]));
    second.close();
  });

  /** An INVITE of our own making from Kamailio's address: what FreeSWITCH answered in the end. */
  function hand(to: string, headers: string[], from = "1001", by = kamailio): () => number | undefined {
    const callId = `hand-${Math.random().toString(36).slice(2)}`;
    const { address, port } = by.inside;
    const sdp = [
      "v=0",
      "o=t 1 1 IN IP4 127.0.0.1",
      "s=-",
      "c=IN IP4 127.0.0.1",
      "t=0 0",
      "m=audio 40000 RTP/AVP 0",
      "",
    ];
    const body = sdp.join("\r\n");
    const lines = [
      ...[`INVITE sip:${to}@127.0.0.1 SIP/2.0`, `Via: SIP/2.0/UDP ${address}:${port};branch=z9hG4bK${callId}`],
      ...[`From: <sip:${from}@acme.test>;tag=${callId}`, `To: <sip:${to}@acme.test>`, `Call-ID: ${callId}`],
      ...["CSeq: 1 INVITE", `Contact: <sip:x@${address}:${port}>`, "Max-Forwards: 70", ...headers],
      ...["Content-Type: application/sdp", `Content-Length: ${body.length}`, "", body],
    ];
    by.send(lines.join("\r\n"));
    return () =>
      by.fromFreeswitch
        .map(parseSip)
        .filter((message) => message.headers.get("call-id") === callId)
        .map(statusOf)
        .find((status) => status >= 200);
  }

  const open = (...numbers: number[]) =>
    Promise.all(numbers.map((number) => openRegistered(seen, acme, number))) as Promise<[Phone, Phone, Phone]>;
  async function subscribe(who: Phone): Promise<number> {
    const to = `1002@${who.credentials.realm}`;
    const sent = { method: "SUBSCRIBE", from: who.aor, to, headers: ["Event: dialog", "Expires: 300"] };
    return statusOf(await who.request(sent));
  }
});
