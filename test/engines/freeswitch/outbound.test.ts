// Calls to the outside, seen by phones and carriers.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { engineInstalled, type FreeswitchHost, startFreeswitch } from "../../support/freeswitch.ts";
import { createPbx, idOf } from "../../support/pbx.ts";
import { type Message, openPhone, type Rogue, response, statusOf } from "../../support/sip.ts";
import { play, type Typed, went } from "../../support/sipp.ts";

describe.runIf(engineInstalled())("on a real FreeSWITCH", { timeout: 40_000 }, () => {
  const pbx = createPbx();
  const { acme } = pbx;
  let host: FreeswitchHost;
  let phone: Rogue;
  const carriers: Rogue[] = [];
  const pin = "731964";

  const takes = (carrier: Rogue) => (request: Message) => {
    if (request.line.startsWith("ACK")) return undefined;
    const invite = request.line.startsWith("INVITE");
    return response(request, "200 OK", invite ? [`Contact: <sip:c@127.0.0.1:${carrier.port}>`] : [], invite);
  };
  const refuses = (status: string) => (request: Message) =>
    request.line.startsWith("ACK")
      ? undefined
      : response(request, request.line.startsWith("INVITE") ? status : "200 OK");
  /** Carrier `id` takes calls, with these settings of its trunk. None of them needs FreeSWITCH to be told. */
  async function carrier(id: 1 | 2 | 3, more: Record<string, unknown> = {}): Promise<Rogue> {
    const opened = carriers[id - 1] ?? phone;
    opened.requests.splice(0);
    opened.answerWith(id === 3 ? pinged(opened) : takes(opened));
    const changes = acme.trunk(id, { name: `t${id}`, port: opened.port, priority: id, ...settings[id], ...more });
    expect(await host.apply(acme.owner, changes)).toEqual([]);
    return opened;
  }
  /** Takes calls, but says to pings that it is down. */
  const pinged = (carrier: Rogue) => (request: Message) =>
    request.line.startsWith("OPTIONS") ? response(request, "503 Down") : takes(carrier)(request);
  const common = { prefix: "", codecs: [], maxChannels: null, pingSeconds: null, inboundAddresses: [] };
  const settings = { 1: common, 2: common, 3: { ...common, pingSeconds: 5 } };
  const invites = (of: Rogue) => of.requests.filter(({ line }) => line.startsWith("INVITE"));
  const dial = (to: string, by = 1001) =>
    phone.request(
      { method: "INVITE", from: `${by}@acme.test`, to: `${to}@acme.test` },
      { user: String(by), realm: "acme.test", password: `pw-1-${by}` },
    );
  const isDown = (id: number) => {
    const state = () => host.api(`sofia xmlstatus gateway ${idOf("trk", id)}`);
    return vi.waitFor(async () => expect(await state()).toContain("<status>DOWN</status>"), { timeout: 15_000 });
  };
  const idle = () => vi.waitFor(async () => expect(await host.api("show channels count")).toContain("0 total"));

  beforeAll(async () => {
    acme.number("+12025550100", null);
    acme.extension(1004, { outbound: { permission: "internal", countries: null } });
    acme.extension(1005, { outbound: { permission: "national", countries: null } });
    acme.extension(1006, { outbound: { permission: "international", countries: ["DE"] } });
    acme.extension(1010, { enabled: false });
    acme.extension(1007, {
      emergencyCallerId: "+12025550100",
      emergencyLocation: "Main St 5; floor 2, room [7]",
      outbound: { permission: "internal", countries: null, pin: acme.secret(pin) },
    });
    acme.extension(1008, { outbound: { permission: "international", countries: null, pin: acme.secret(pin) } });
    host = await startFreeswitch(pbx);
    phone = await openPhone(host.phones);
    phone.answerWith((request) => (request.line.startsWith("ACK") ? undefined : response(request, "200 OK")));
    for (const id of [1, 2, 3] as const) {
      carriers.push(await openPhone(host.carriers));
      await carrier(id);
    }
  }, 60_000);
  afterAll(async () => {
    for (const one of [phone, ...carriers]) one?.close();
    await host?.stop();
  });
  beforeEach(async () => {
    for (const id of [1, 2, 3] as const) await carrier(id);
  });
  afterEach(async () => {
    await host.api("hupall");
    await idle();
    for (const kind of ["outbound-route", "rate-table", "block-rule"] as const)
      for (const name of ["a", "b"]) acme.drop(kind, name);
  });
  const route = (name: string, more: Record<string, unknown>) =>
    acme.put("outbound-route", name, { name, patterns: ["+*"], trunks: [1, 2, 3].map((n) => idOf("trk", n)), ...more });

  describe("a route", () => {
    it("by least cost takes the cheaper trunk, and the dearer one when that fails", async () => {
      const [dear, cheap] = [await carrier(1), await carrier(2)];
      route("a", { select: "least-cost" });
      acme.put("rate-table", "a", { name: "a", trunk: idOf("trk", 1), rates: [{ prefix: "+49", perMinute: 0.02 }] });
      acme.put("rate-table", "b", { name: "b", trunk: idOf("trk", 2), rates: [{ prefix: "+4930", perMinute: 0.01 }] });
      expect(statusOf(await dial("+493012345678"))).toBe(200);
      expect([invites(cheap).length, invites(dear).length]).toEqual([1, 0]);
      cheap.answerWith(refuses("503 No"));
      expect(statusOf(await dial("+493012345678"))).toBe(200);
      expect([invites(cheap).length, invites(dear).length]).toEqual([2, 1]);
    });

    it("strips and puts before, in the trunk's format and with its prefix, and offers its codecs", async () => {
      const one = await carrier(1, { numberFormat: "e164-without-plus", prefix: "99", codecs: ["pcma"] });
      route("a", { strip: 2, prefix: "0" });
      await dial("+493012345678");
      expect(invites(one)[0]?.line).toContain("sip:9903012345678@");
      expect(invites(one)[0]?.body).toMatch(/m=audio \d+ RTP\/AVP 8 101\b/);
    });

    it("that serves other numbers leaves none for this one", async () => {
      const one = await carrier(1);
      route("a", { patterns: ["+49*"] });
      expect(statusOf(await dial("+12025550123"))).toBe(503);
      expect(invites(one)).toEqual([]);
    });

    it("that is anonymous shows nobody, and tells the carrier alone who calls", async () => {
      const one = await carrier(1);
      route("a", { callerId: { policy: "anonymous" } });
      await dial("+12025550123");
      const { headers } = invites(one)[0] ?? { headers: new Map<string, string>() };
      expect(headers.get("from")).toMatch(/^"Anonymous" <sip:anonymous@/);
      expect(headers.get("privacy")).toBe("id");
      expect(headers.get("p-asserted-identity")).toBe("<sip:+12025550100@acme.test>");
    });
  });

  describe("a trunk with room for so many calls", () => {
    it("passes further ones to the next, and never takes one too many when they come at once", async () => {
      const [narrow, wide] = [await carrier(1, { maxChannels: 3 }), await carrier(2)];
      const all = await Promise.all(Array.from({ length: 8 }, (_, n) => dial(`+1202555010${n + 1}`)));
      expect(all.map(statusOf)).toEqual(Array(8).fill(200));
      expect(invites(narrow)).toHaveLength(3);
      expect(invites(wide)).toHaveLength(5);
      expect(await host.api(`limit_usage hash carrier ${idOf("trk", 1)}`)).toBe("3");
      await host.api("hupall");
      await idle();
      expect(await host.api(`limit_usage hash carrier ${idOf("trk", 1)}`)).toBe("0");
      expect(statusOf(await dial("+12025550123"))).toBe(200);
      expect(invites(narrow)).toHaveLength(4);
    });

    it("counts those that come in, and refuses none of them", async () => {
      const [narrow, wide] = [await carrier(1, { maxChannels: 1, inboundAddresses: ["127.0.0.1"] }), await carrier(2)];
      acme.number("+12025550177", { kind: "outside-number", number: "+493012345678" });
      const answered = await narrow.request({ method: "INVITE", from: "+12025550123@c", to: "+12025550177@127.0.0.1" });
      expect(statusOf(answered)).toBe(200);
      expect([invites(narrow).length, invites(wide).length]).toEqual([0, 1]);
    });

    it("that does not answer its pings is passed over at once, by a group's member outside too", async () => {
      const [down, up] = [await carrier(3, { priority: 0 }), await carrier(1)];
      await isDown(3);
      expect(statusOf(await dial("+12025550123"))).toBe(200);
      expect([invites(down).length, invites(up).length]).toEqual([0, 1]);
      const told = () => host.reported.some(({ data }) => "state" in data && data.state === "failed");
      await vi.waitFor(() => expect(told()).toBe(true));
      acme.put("ring-group", "out", { name: "out", extensionNumber: "610", members: [{ number: "+12025550124" }] });
      expect(statusOf(await dial("610"))).toBe(200);
      expect([invites(down).length, invites(up).length]).toEqual([0, 2]);
      expect(invites(up)[1]?.line).toMatch(/^INVITE sip:\+12025550124@/);
    });
  });

  describe("an extension", () => {
    it.each([
      ["for inside calls alone", 1004, "+12025550123"],
      ["for its country alone, to the Caribbean", 1005, "+18765550123"],
      ["for its country alone, to a satellite", 1005, "+881612345678"],
      ["for some countries, to another", 1006, "+442079460000"],
    ])("%s is refused", async (_, by, to) => {
      const one = await carrier(1);
      expect(statusOf(await dial(to, by))).toBe(403);
      expect(invites(one)).toEqual([]);
    });

    it.each([
      ["its country", 1005, "+12025550123"],
      ["a country of its list", 1006, "+493012345678"],
      ["its own country, whatever the list", 1006, "+12025550123"],
    ])("reaches %s", async (_, by, to) => {
      await carrier(1);
      expect(statusOf(await dial(to, by))).toBe(200);
    });

    const asked = (typed: Typed, scenario: string) =>
      play(scenario, { ...acme.phone(1008), to: "+12025550123", talk: "500" }, { to: host.phones, typed });

    it("with a PIN reaches the outside once that was typed, which no log and no record holds", async () => {
      const [first, second] = [await carrier(1), await carrier(2)];
      // the call was answered to ask for the PIN: a trunk's failure is told from its ringing all the same
      first.answerWith(refuses("503 No"));
      went(
        await asked(
          [
            [700, "0000#"],
            [700, `${pin}#`],
          ],
          "call",
        ),
      );
      expect([invites(first).length, invites(second).length]).toEqual([1, 1]);
      await idle();
      // by itself: the seconds since 1970, which are in each SDP, may end like it
      expect(host.log()).not.toMatch(new RegExp(`(?<!\\d)${pin}(?!\\d)`));
      expect(JSON.stringify(host.reported)).not.toContain(pin);
    });

    it("with a PIN is hung up on after three wrong ones", async () => {
      const one = await carrier(1);
      went(
        await asked(
          [
            [700, "1111#"],
            [700, "2222#"],
            [700, "3333"],
          ],
          "call-until-bye",
        ),
      );
      expect(invites(one)).toEqual([]);
    });

    it("reaches a number by a speed dial, with its own permission", async () => {
      const one = await carrier(1);
      acme.put("speed-dial", "a", { number: "*5", target: "2025550123" });
      expect(statusOf(await dial("*5"))).toBe(200);
      expect(invites(one)[0]?.line).toContain("sip:+12025550123@");
      expect(statusOf(await dial("*5", 1004))).toBe(403);
    });
  });

  describe("a block rule", () => {
    it("refuses calls to its numbers, by a message or without", async () => {
      const one = await carrier(1);
      acme.put("block-rule", "a", { name: "a", direction: "outbound", patterns: ["+1900*"] });
      acme.put("prompt", "a", { name: "a" });
      acme.put("block-rule", "b", {
        name: "b",
        direction: "outbound",
        patterns: ["+49*"],
        message: acme.idOf("prompt", "a"),
      });
      expect(statusOf(await dial("+19005551234"))).toBe(403);
      expect(statusOf(await dial("+493012345678"))).toBe(403);
      expect(statusOf(await dial("+12025550123"))).toBe(200);
      expect(invites(one)).toHaveLength(1);
    });

    it("refuses callers who hide, whether by From or by Privacy, and sends others where it says", async () => {
      const one = await carrier(1, { inboundAddresses: ["127.0.0.1"] });
      acme.number("+12025550177", { kind: "hangup", cause: "not-found" });
      acme.put("block-rule", "a", { name: "a", anonymous: true });
      acme.put("block-rule", "b", { name: "b", patterns: ["+1900*"], destination: { kind: "hangup", cause: "busy" } });
      const call = (from: string, headers: string[] = []) =>
        one.request({ method: "INVITE", from, to: "+12025550177@127.0.0.1", headers }).then(statusOf);
      expect(await call("anonymous@anonymous.invalid")).toBe(403);
      const asserted = ["P-Asserted-Identity: <sip:+12025550123@c.example>", "Privacy: id"];
      expect(await call("anonymous@anonymous.invalid", asserted)).toBe(403);
      expect(await call("+19005551234@c.example")).toBe(486);
      expect(await call("+12025550123@c.example")).toBe(404);
    });
  });

  it("an emergency call goes, whatever permission, PIN, rule, route and limit say, over trunks that are full or down", async () => {
    const [full, other, down] = [await carrier(1, { maxChannels: 1 }), await carrier(2), await carrier(3)];
    route("a", { patterns: ["+49*"] });
    acme.put("block-rule", "a", { name: "a", direction: "outbound", patterns: ["9*", "+*"] });
    for (const n of [1, 2]) {
      expect(statusOf(await dial("911", 1007))).toBe(200);
      expect(invites(full)).toHaveLength(n);
    }
    // a disabled extension's phone may call nobody else
    expect([statusOf(await dial("911", 1010)), statusOf(await dial("1001", 1010))]).toEqual([200, 403]);
    const [seen] = invites(full);
    expect(seen?.line).toContain("sip:911@");
    expect(seen?.headers.get("from")).toContain("sip:+12025550100@");
    expect(seen?.headers.get("x-emergency-location")).toBe("Main St 5. floor 2\u201a room (7)");
    for (const one of [full, other]) one.answerWith(refuses("403 No"));
    await isDown(3);
    expect(statusOf(await dial("911", 1007))).toBe(200);
    expect([invites(other).length, invites(down).length]).toEqual([2, 1]);
  });

  it("a suspended tenant's calls are refused, an emergency call goes, and once resumed all is as before", async () => {
    const one = await carrier(1);
    acme.put("suspension", "s", { reason: "unpaid", by: acme.id, since: "2026-01-01T00:00:00Z" });
    for (const to of ["1001", "+12025550123"]) expect(statusOf(await dial(to, 1007)), to).toBe(403);
    expect(invites(one)).toHaveLength(0);
    expect(statusOf(await dial("911", 1007))).toBe(200);
    expect(invites(one).map(({ line }) => line)).toEqual([expect.stringContaining("sip:911@")]);
    acme.drop("suspension", "s");
    expect(statusOf(await dial("+12025550123", 1005))).toBe(200);
  });
});
