// Toll fraud: ways to have somebody else pay for a call outside, tried on FreeSWITCH. Who pays is an extension with permission, or the call is refused.
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { engineInstalled, type FreeswitchHost, startFreeswitch } from "../../support/freeswitch.ts";
import { createPbx, idOf } from "../../support/pbx.ts";
import { inDialog, type Message, openPhone, type Rogue, response, statusOf } from "../../support/sip.ts";
import { play, type Typed } from "../../support/sipp.ts";

const outside = "+12025550123";

describe.runIf(engineInstalled())("on a real FreeSWITCH", { timeout: 40_000 }, () => {
  const pbx = createPbx();
  const { acme } = pbx;
  let host: FreeswitchHost;
  /** 1001 may call anywhere, 1004 inside alone; the carrier of all calls; and a host that nobody should be sent to. */
  const phones = new Map<string, Rogue>();
  const phone = (name: string): Rogue => phones.get(name) ?? expect.unreachable(name);

  const takes = (of: Rogue) => (request: Message) => {
    if (request.line.startsWith("ACK")) return undefined;
    const invite = request.line.startsWith("INVITE");
    return response(request, "200 OK", invite ? [`Contact: <sip:x@127.0.0.1:${of.port}>`] : [], invite);
  };
  const invites = (name: string) => phone(name).requests.filter(({ line }) => line.startsWith("INVITE"));
  /** To whom the carrier was asked to connect. */
  const sold = () => invites("carrier").map(({ line }) => /^INVITE sip:([^@;]+)/.exec(line)?.[1]);
  const dial = (by: number, to: string, more: { headers?: string[]; fromHeader?: string; uri?: string } = {}) =>
    phone(String(by)).request(
      { method: "INVITE", from: `${by}@acme.test`, to: `${to}@acme.test`, ...more },
      { user: String(by), realm: "acme.test", password: `pw-1-${by}` },
    );
  const fromCarrier = (to: string, from = "+12025550199@carrier.example", headers: string[] = []) =>
    phone("carrier").request({ method: "INVITE", from, to: `${to}@127.0.0.1`, headers });
  const looked = (to: string) => host.lookups.filter((one) => one.get("Caller-Destination-Number") === to).length;

  async function register(number: number): Promise<void> {
    const opened = await openPhone(host.phones);
    phones.set(String(number), opened);
    const { user, domain, password } = acme.phone(number);
    const sent = { method: "REGISTER", from: `${user}@${domain}`, to: `${user}@${domain}`, uri: `sip:${domain}` };
    expect(statusOf(await opened.request(sent, { user, realm: domain, password }))).toBe(200);
  }

  beforeAll(async () => {
    const inside = { permission: "internal", countries: null };
    acme.extension(1004, { outbound: inside, externalCallerId: "+12025550100", box: true });
    acme.extension(1005, { outbound: inside });
    acme.number("+12025550100", { kind: "outside-number", number: outside });
    acme.number("+12025550101", { kind: "extension", ref: acme.ext(1004) });
    acme.number("+12025550102", { kind: "extension", ref: acme.ext(1001) });
    acme.number("+12025550103", { kind: "menu", ref: acme.idOf("menu", "m") });
    acme.put("menu", "m", { name: "m", dialByExtension: true, timeoutSeconds: 1, betweenDigitsSeconds: 1, tries: 1 });
    acme.put("speed-dial", "s", { number: "55", target: outside });
    host = await startFreeswitch(pbx);
    for (const number of [1001, 1004, 1005]) await register(number);
    for (const name of ["carrier", "elsewhere"]) phones.set(name, await openPhone(host.carriers));
    const trunk = { name: "all", port: phone("carrier").port, inboundAddresses: ["127.0.0.1"] };
    expect(await host.apply(acme.owner, acme.trunk(1, trunk))).toEqual([]);
    for (const one of phones.values()) one.answerWith(takes(one));
  }, 60_000);
  afterAll(async () => {
    for (const one of phones.values()) one.close();
    await host?.stop();
  });
  afterEach(async () => {
    await host.api("hupall");
    await vi.waitFor(async () => expect(await host.api("show channels count")).toContain("0 total"));
    host.lookups.splice(0);
    for (const one of phones.values()) {
      one.requests.splice(0);
      one.answerWith(takes(one));
    }
  });

  describe("a caller from outside", () => {
    /** The carrier's caller talks to `number`, whose phone transfers him outside. */
    async function transferred(did: string, number: number): Promise<void> {
      host.reported.splice(0);
      expect(statusOf(await fromCarrier(did))).toBe(200);
      // who talks to whom is known by the event socket, a moment after FreeSWITCH was connected
      const talks = () =>
        host.reported.some(({ type, data }) => type === "call.updated" && "state" in data && data.state === "answered");
      await vi.waitFor(() => expect(talks()).toBe(true), { timeout: 10_000 });
      const [invite] = invites(String(number));
      if (!invite) throw new Error("no call");
      const referTo = [`Refer-To: <sip:${outside}@acme.test>`];
      phone(String(number)).send(inDialog(invite, "REFER", 1, phone(String(number)).port, referTo));
      await vi.waitFor(() => expect(looked(outside)).toBe(1), { timeout: 5000 });
    }

    it("is transferred outside by an extension that may call there, which pays", async () => {
      await transferred("+12025550102", 1001);
      await vi.waitFor(() => expect(sold()).toEqual([outside]), { timeout: 5000 });
    });

    it("is not transferred outside by one that may not", async () => {
      await transferred("+12025550101", 1004);
      await vi.waitFor(async () => expect(await host.api("show channels count")).toContain("0 total"), {
        timeout: 8000,
      });
      expect(sold()).toEqual([]);
    });

    it("goes outside where a number of the tenant leads there, which is the tenant's own doing", async () => {
      expect(statusOf(await fromCarrier("+12025550100"))).toBe(200);
      expect(sold()).toEqual([outside]);
    });

    it.each([
      ["an extension of the tenant", "1001@acme.test", []],
      ["an extension, asserted", "+12025550199@c", ["P-Asserted-Identity: <sip:1001@acme.test>"]],
    ])("who says he is %s dials neither inside nor outside", async (_, from, headers) => {
      for (const to of [outside, "1001", "911", "55"])
        expect([to, statusOf(await fromCarrier(to, from, headers))]).toEqual([to, 404]);
      expect(sold()).toEqual([]);
    });

    it.each<[string, Typed]>([
      ["a speed dial that leads outside", [[600, "55"]]],
      ["a number of the outside", [[600, "2025550123#"]]],
    ])("types %s into a menu and gets nowhere", async (_, typed) => {
      const from = { from: "<sip:+12025550199@carrier.example>", user: "c", domain: "c.example", to: "+12025550103" };
      await play("carrier-call-until-bye", from, { to: host.carriers, typed });
      expect(looked("+12025550103")).toBeGreaterThan(0);
      expect(sold()).toEqual([]);
    });
  });

  describe("an extension that may only call inside", () => {
    it("can't by dialling a number of the tenant's own that leads outside", async () => {
      expect(statusOf(await dial(1004, "+12025550100"))).toBe(403);
      expect(sold()).toEqual([]);
    });

    it.each([
      ["From", { fromHeader: '"Boss" <sip:1004@acme.test>' }],
      [
        "P-Asserted-Identity",
        { headers: ["P-Asserted-Identity: <sip:1001@acme.test>", "Remote-Party-ID: <sip:1001@acme.test>"] },
      ],
      [
        "our own variables as headers",
        { headers: [`X-dp_from_extension: ${acme.ext(1001)}`, "X-dp_node: out.12025550123.-.", "X-DP-Payer: 1001"] },
      ],
      ["a Diversion", { headers: ["Diversion: <sip:1001@acme.test>", "Referred-By: <sip:1001@acme.test>"] }],
    ])("can't by what it says of itself in %s", async (_, more) => {
      expect(statusOf(await dial(1004, outside, more))).toBe(403);
      expect(sold()).toEqual([]);
    });

    it.each([
      "dp-out.12025550123.-.aaaa",
      `dp-out.12025550123.${acme.ext(1001)}.`,
      "dp-pin.2.12025550123",
      "dp-sos.911.-.",
      `dp-ring.${acme.ext(1001)}`,
    ])("can't by dialling %s, where routing goes on for others", async (node) => {
      expect(statusOf(await dial(1004, node))).toBe(404);
      expect(sold()).toEqual([]);
    });

    const gateway = `sofia/gateway/${idOf("trk", 1)}/${outside}`;
    it.each([
      `1005,${gateway}`,
      `1005|${gateway}`,
      `[origination_caller_id_number=1]${gateway}`,
      `{sip_h_X=1}${gateway}`,
      `\${system touch /tmp/x}`,
      `$\${dp_edge_port}`,
      `^^:1005:${gateway}`,
      gateway,
      `1005' ${gateway}`,
      `1005\\,${gateway}`,
      `loopback/${outside}`,
      `&park()`,
    ])("can't by dialling %s", async (to) => {
      const user = [...to]
        .map((c) => (/[\w.+-]/.test(c) ? c : `%${c.charCodeAt(0).toString(16).padStart(2, "0")}`))
        .join("");
      expect(statusOf(await dial(1004, "1005", { uri: `sip:${user}@acme.test` }))).toBeGreaterThanOrEqual(400);
      expect([sold(), invites("1005"), invites("elsewhere")]).toEqual([[], [], []]);
    });

    it("can't by having a colleague's phone, which may not either, transfer it", async () => {
      expect(statusOf(await dial(1004, "1005"))).toBe(200);
      const [invite] = invites("1005");
      if (!invite) throw new Error("no call");
      phone("1005").send(inDialog(invite, "REFER", 1, phone("1005").port, [`Refer-To: <sip:${outside}@acme.test>`]));
      await vi.waitFor(() => expect(looked(outside)).toBe(1), { timeout: 5000 });
      await vi.waitFor(async () => expect(await host.api("show channels count")).toContain("0 total"), {
        timeout: 8000,
      });
      expect(sold()).toEqual([]);
    });

    it("can't by the keys of a voicemail box: neither an operator nor a call-back is behind them", async () => {
      phone("1005").answerWith((request) => response(request, "486 Busy"));
      await play(
        "call",
        { ...acme.phone(1004), to: "1004", talk: "500" },
        {
          to: host.phones,
          typed: [
            [1200, "0"],
            [300, "*"],
            [300, "5"],
          ],
        },
      );
      const dialled = new Set(
        host.lookups.map((one) => one.get("Caller-Destination-Number")).filter((to) => to !== null),
      );
      expect([...dialled].filter((to) => to !== "1004" && !to.startsWith("dp-"))).toEqual([]);
      expect(sold()).toEqual([]);
    });
  });

  describe("a forward to the outside", () => {
    const inside = { permission: "internal", countries: null };
    const forwards = (to: Record<string, unknown>) => ({
      forward: { always: to, busy: null, noAnswer: null, notRegistered: null },
    });
    const away = { kind: "outside-number", number: outside };
    beforeAll(() => {
      acme.extension(1011, forwards(away));
      acme.extension(1012, { outbound: inside, ...forwards(away) });
      acme.extension(1013, { outbound: inside, ...forwards({ kind: "extension", ref: acme.ext(1011) }) });
      acme.extension(1014, forwards({ kind: "extension", ref: acme.ext(1012) }));
      acme.extension(1015, forwards({ kind: "extension", ref: acme.ext(1015) }));
      acme.number("+12025550104", { kind: "extension", ref: acme.ext(1013) });
      acme.number("+12025550105", { kind: "extension", ref: acme.ext(1014) });
    });

    it("of an extension with permission is paid by that, whoever calls", async () => {
      expect(statusOf(await dial(1004, "1011"))).toBe(200);
      expect(sold()).toEqual([outside]);
    });

    it.each([
      ["1012", 1001],
      ["1014", 1001],
    ])(
      "of an extension without permission is refused, at the end of a chain too (%s), though the caller may",
      async (to, by) => {
        expect(statusOf(await dial(by, to))).toBe(403);
        expect(sold()).toEqual([]);
      },
    );

    it("at the end of a chain is paid by the last who forwards", async () => {
      expect(statusOf(await fromCarrier("+12025550104"))).toBe(200);
      expect(statusOf(await fromCarrier("+12025550105"))).toBe(403);
      expect(sold()).toEqual([outside]);
    });

    it("never goes round for ever", async () => {
      expect(statusOf(await dial(1001, "1015"))).toBeGreaterThanOrEqual(400);
    });
  });

  it("an extension that may call outside is seen there by the tenant's number, whatever it says of itself", async () => {
    const more = {
      fromHeader: '"Boss" <sip:1001@acme.test>',
      headers: [
        "P-Asserted-Identity: <sip:+4930999@acme.test>",
        "Remote-Party-ID: <sip:+4930999@acme.test>",
        "X-Evil: 1",
      ],
    };
    expect(statusOf(await dial(1001, outside, more))).toBe(200);
    const [seen] = invites("carrier");
    expect(seen?.headers.get("from")).toContain("<sip:+12025550100@");
    expect(seen?.text).not.toMatch(/4930999|Boss|X-Evil|sip:1001@/);
  });

  it("a carrier can't send a call on: neither by a redirect nor by a transfer", async () => {
    const evil = `<sip:evil@127.0.0.1:${phone("elsewhere").port}>`;
    phone("carrier").answerWith((request) =>
      request.line.startsWith("ACK") ? undefined : response(request, "302 Moved", [`Contact: ${evil}`]),
    );
    expect(statusOf(await dial(1001, outside))).toBeGreaterThanOrEqual(400);
    phone("carrier").answerWith(takes(phone("carrier")));
    expect(statusOf(await dial(1001, outside))).toBe(200);
    const invite = invites("carrier").at(-1);
    if (!invite) throw new Error("no call");
    for (const [cseq, to] of [evil, "<sip:+4930999@acme.test>"].entries())
      phone("carrier").send(inDialog(invite, "REFER", cseq + 1, phone("carrier").port, [`Refer-To: ${to}`]));
    // two calls through FreeSWITCH's one queue: what the REFERs began would have come before
    for (const _ of [1, 2]) expect(statusOf(await dial(1004, outside))).toBe(403);
    expect(invites("elsewhere")).toEqual([]);
    expect(looked("+4930999")).toBe(0);
  });
});
