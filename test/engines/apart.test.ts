// Tenants are apart, and nobody uses this host to reach others: the ways in that were found on FreeSWITCH, tried on FreeSWITCH.
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { engineInstalled, type FreeswitchHost, startFreeswitch } from "../support/freeswitch.ts";
import { createPbx, idOf } from "../support/pbx.ts";
import { type Credentials, inDialog, type Message, openPhone, type Rogue, response, statusOf } from "../support/sip.ts";

const evilFile = join(tmpdir(), `dp-evil-${process.pid}`);

describe.runIf(engineInstalled())("on a real FreeSWITCH", { timeout: 30_000 }, () => {
  const pbx = createPbx();
  const { acme, globex } = pbx;
  let host: FreeswitchHost;
  /** 1001 and 1002 of acme, 1001 and 1002 of globex, registered; and a host that nobody should ever be sent to. */
  let [mallory, bob, alice, victim, elsewhere]: Rogue[] = [];
  const own: Credentials = { user: "1001", realm: "acme.test", password: "pw-1-1001" };

  const phoneOf = (rogue: Rogue | undefined): Rogue => {
    if (!rogue) throw new Error("no phone");
    return rogue;
  };
  async function registered(tenant: typeof acme, number: number): Promise<Rogue> {
    const phone = await openPhone(host.phones);
    const { user, domain, password } = tenant.phone(number);
    const aor = `${user}@${domain}`;
    const done = await phone.request(
      { method: "REGISTER", from: aor, to: aor, uri: `sip:${domain}` },
      { user, realm: domain, password },
    );
    expect(done.line).toBe("SIP/2.0 200 OK");
    idle(phone);
    return phone;
  }
  const idle = (phone: Rogue) =>
    phone.answerWith((request) => response(request, request.line.startsWith("INVITE") ? "486 Busy" : "200 OK"));
  const invites = (phone: Rogue | undefined) => phoneOf(phone).requests.filter(({ line }) => line.startsWith("INVITE"));
  const contactsOf = async (domain: string) =>
    (await host.api(`sofia xmlstatus profile phones user 1001@${domain}`)).replace(/expsecs\(\d+\)/, "");

  beforeAll(async () => {
    host = await startFreeswitch(pbx);
    mallory = await registered(acme, 1001);
    bob = await registered(acme, 1002);
    alice = await registered(globex, 1001);
    victim = await registered(globex, 1002);
    elsewhere = await openPhone(host.phones);
    idle(elsewhere);
  }, 60_000);
  afterAll(() => {
    for (const phone of [mallory, bob, alice, victim, elsewhere]) phone?.close();
    return host?.stop();
  });
  afterEach(() => {
    for (const phone of [mallory, bob, alice, victim, elsewhere]) {
      phone?.requests.splice(0);
      if (phone) idle(phone);
    }
  });

  const refused = [401, 403, 404, 405, 407, 501];

  describe("with its own password a phone of one tenant", () => {
    const spoofs: [string, { from: string; to: string }][] = [
      ["as a phone of another", { from: "1001@globex.test", to: "1001@globex.test" }],
      ["from another's phone", { from: "1001@globex.test", to: "1001@acme.test" }],
      ["to another's phone", { from: "1001@acme.test", to: "1002@globex.test" }],
      ["as a colleague", { from: "1002@acme.test", to: "1002@acme.test" }],
    ];
    it.each(spoofs)("can't register %s", async (_, names) => {
      const before = await contactsOf("globex.test");
      const uri = `sip:${names.to.split("@")[1]}`;
      expect(refused).toContain(statusOf(await phoneOf(mallory).request({ method: "REGISTER", ...names, uri }, own)));
      expect(await contactsOf("globex.test")).toBe(before);
    });

    it.each(
      ["INVITE", "MESSAGE", "SUBSCRIBE"].flatMap((method) =>
        spoofs.map(([name, names]) => [method, name, names] as const),
      ),
    )("can't send %s %s", async (method, _, names) => {
      const headers = method === "SUBSCRIBE" ? ["Event: message-summary", "Expires: 300"] : [];
      const answered = await phoneOf(mallory).request({ method, ...names, headers }, own);
      expect(refused).toContain(statusOf(answered));
      for (const phone of [alice, victim, bob])
        expect(phone?.requests.filter(({ line }) => !line.startsWith("OPTIONS"))).toEqual([]);
    });

    it("can't get in by a realm that adds fields to the lookup", async () => {
      const realm = "acme.test&sip_to_host=acme.test&sip_from_host=acme.test&domain=acme.test&user=1001";
      const names = { from: "1001@globex.test", to: "1001@globex.test" };
      const answered = await phoneOf(mallory).request({ method: "REGISTER", ...names }, { ...own, realm });
      expect(refused).toContain(statusOf(answered));
    });

    it("reaches its own tenant's phone by a number that both have, and that one alone", async () => {
      phoneOf(bob).answerWith((request) => response(request, "486 Busy"));
      const answered = await phoneOf(mallory).request(
        { method: "INVITE", from: "1001@acme.test", to: "1002@acme.test" },
        own,
      );
      expect(statusOf(answered)).toBe(486);
      expect(invites(bob)).toHaveLength(1);
      expect(invites(victim)).toHaveLength(0);
    });

    it("is not taken for another by what else it says of itself", async () => {
      const headers = [
        "P-Asserted-Identity: <sip:9999@acme.test>",
        "Remote-Party-ID: <sip:9999@acme.test>",
        "X-Evil: 1",
      ];
      const fromHeader = '"The Boss" <sip:1001@acme.test>';
      await phoneOf(mallory).request(
        { method: "INVITE", from: "1001@acme.test", to: "1002@acme.test", headers, fromHeader },
        own,
      );
      const [seen] = invites(bob);
      expect(seen?.headers.get("from")).toMatch(/^"Alice" <sip:1001@/);
      expect(seen?.text).not.toMatch(/9999|Boss|X-Evil/);
    });

    it("reaches nobody through another tenant's trunk", async () => {
      const carrier = await openPhone(host.carriers);
      idle(carrier);
      await host.apply(globex.owner, globex.trunk(7, { name: "theirs", port: carrier.port }));
      globex.number("+15550200", { kind: "extension", ref: globex.ext(1002) });
      for (const uri of [`sip:gw+${idOf("trk", 7)}@acme.test`, `sip:+15550200@acme.test;gw=${idOf("trk", 7)}`]) {
        const sent = { method: "INVITE", from: "1001@acme.test", to: "+15550200@acme.test", uri };
        expect([403, 404, 480, 503]).toContain(statusOf(await phoneOf(mallory).request(sent, own)));
      }
      expect(invites(victim)).toEqual([]);
      expect(invites(carrier)).toEqual([]);
      carrier.close();
      await host.apply(globex.owner, globex.noTrunk(7));
    });
  });

  describe("without a password", () => {
    it.each(["REGISTER", "INVITE", "SUBSCRIBE", "MESSAGE", "NOTIFY", "UPDATE"])("%s does nothing", async (method) => {
      const stranger = await openPhone(host.phones);
      const answered = await stranger.request({
        method,
        from: "1001@acme.test",
        to: "1002@acme.test",
      });
      expect(statusOf(answered)).toBeGreaterThanOrEqual(400);
      expect(bob?.requests.filter(({ line }) => !line.startsWith("OPTIONS"))).toEqual([]);
      stranger.close();
    });

    it("REFER outside a call, INFO with a command and PUBLISH are taken, and nothing comes of them", async () => {
      const stranger = await openPhone(host.phones);
      const names = { from: "1001@acme.test", to: "1002@acme.test" };
      const evil = `Refer-To: <sip:evil@127.0.0.1:${phoneOf(elsewhere).port}>`;
      await stranger.request({ method: "REFER", ...names, headers: [evil] });
      const info = { method: "INFO", ...names, headers: ["Content-Type: freeswitch/api-request"], body: "status" };
      expect((await stranger.request(info)).body).toBe("");
      const published = ["Event: presence", "Content-Type: application/pidf+xml"];
      const body = "<presence><tuple><status><basic>open</basic></status></tuple></presence>";
      await stranger.request({ method: "PUBLISH", ...names, headers: published, body });
      expect(bob?.requests.filter(({ line }) => !line.startsWith("OPTIONS"))).toEqual([]);
      expect(await host.api("show channels count")).toContain("0 total");
      expect(elsewhere?.requests).toEqual([]);
      stranger.close();
    });
  });

  describe("a phone can't make this host call others:", () => {
    it("by a redirect", async () => {
      phoneOf(bob).answerWith((request) =>
        response(request, "302 Moved", [`Contact: <sip:evil@127.0.0.1:${phoneOf(elsewhere).port}>`]),
      );
      const answered = await phoneOf(mallory).request(
        { method: "INVITE", from: "1001@acme.test", to: "1002@acme.test" },
        own,
      );
      expect(statusOf(answered)).toBe(480);
      expect(answered.headers.get("contact")).toBeUndefined();
      expect(invites(bob)).toHaveLength(1);
      expect(elsewhere?.requests).toEqual([]);
    });

    it("by registering somebody else's address", async () => {
      const contact = `<sip:evil@127.0.0.1:${phoneOf(elsewhere).port}>`;
      const phone = await openPhone(host.phones);
      idle(phone);
      const aor = "1003@acme.test";
      const sent = { method: "REGISTER", from: aor, to: aor, uri: "sip:acme.test", contact };
      expect(statusOf(await phone.request(sent, { user: "1003", realm: "acme.test", password: "pw-1-1003" }))).toBe(
        200,
      );
      void phoneOf(mallory).request({ method: "INVITE", from: "1001@acme.test", to: aor }, own);
      await vi.waitFor(() => expect(invites(phone)).toHaveLength(1), { timeout: 5000 });
      expect(elsewhere?.requests).toEqual([]);
      phone.close();
    });

    /** Mallory's call to Bob, taken; Bob's side then says what it likes. */
    async function talking(): Promise<Message> {
      phoneOf(bob).answerWith((request) => {
        if (!request.line.startsWith("INVITE"))
          return request.line.startsWith("ACK") ? undefined : response(request, "200 OK");
        return response(request, "200 OK", [`Contact: <sip:1002@127.0.0.1:${phoneOf(bob).port}>`], true);
      });
      const from = "1001@acme.test";
      const answered = await phoneOf(mallory).request({ method: "INVITE", from, to: "1002@acme.test" }, own);
      expect(statusOf(answered)).toBe(200);
      const target = /<([^>]+)>/.exec(answered.headers.get("contact") ?? "")?.[1] ?? "";
      const kept = ["from", "to", "call-id"].map((name) => `${name}: ${answered.headers.get(name)}`);
      const via = `Via: SIP/2.0/UDP 127.0.0.1:${phoneOf(mallory).port};rport;branch=z9hG4bKack${Date.now()}`;
      phoneOf(mallory).send(
        [`ACK ${target} SIP/2.0`, via, ...kept, "CSeq: 2 ACK", "Content-Length: 0", "", ""].join("\r\n"),
      );
      const [invite] = invites(bob);
      if (!invite) throw new Error("no call");
      await vi.waitFor(() => expect(bob?.requests.some(({ line }) => line.startsWith("ACK"))).toBe(true));
      return invite;
    }
    const dialplans = (destination: string) =>
      host.lookups.filter(
        (lookup) => lookup.get("Caller-Destination-Number") === destination && lookup.has("variable_sip_refer_to"),
      );

    it("by transferring a caller to the outside, where its extension may not call", async () => {
      const carrier = await openPhone(host.carriers);
      idle(carrier);
      const body = { ...pbx.documents.device(acme.owner, "1002")?.extension.body };
      const outbound = { permission: "internal", countries: null };
      pbx.state.apply(acme.document.write({ kind: "extension", id: acme.ext(1002), body: { ...body, outbound } }));
      await host.apply(acme.owner, acme.trunk(8, { name: "ours", port: carrier.port }));
      const invite = await talking();
      phoneOf(bob).send(inDialog(invite, "REFER", 1, phoneOf(bob).port, ["Refer-To: <sip:+12025550123@acme.test>"]));
      await vi.waitFor(() => expect(dialplans("+12025550123")).toHaveLength(1), { timeout: 5000 });
      await vi.waitFor(() => expect(mallory?.requests.some(({ line }) => line.startsWith("BYE"))).toBe(true), {
        timeout: 5000,
      });
      expect(invites(carrier)).toEqual([]);
      carrier.close();
      await host.apply(acme.owner, acme.noTrunk(8));
    });

    it("by transferring a caller into another tenant: the number is read in the caller's own", async () => {
      const invite = await talking();
      phoneOf(bob).send(inDialog(invite, "REFER", 1, phoneOf(bob).port, ["Refer-To: <sip:1001@globex.test>"]));
      await vi.waitFor(() => expect(dialplans("1001")).toHaveLength(1), { timeout: 5000 });
      expect(dialplans("1001")[0]?.get("Caller-Context")).toBe("acme.test");
      await vi.waitFor(() => expect(invites(mallory)).toHaveLength(1), { timeout: 5000 });
      expect(invites(alice)).toEqual([]);
      await host.api("hupall");
    });

    it("by an attended transfer to a call on another host", async () => {
      const invite = await talking();
      const replaces = "Replaces=abc%40evil%3Bto-tag%3D1%3Bfrom-tag%3D2";
      const referTo = `Refer-To: <sip:evil@127.0.0.1:${phoneOf(elsewhere).port}?${replaces}>`;
      phoneOf(bob).send(inDialog(invite, "REFER", 1, phoneOf(bob).port, [referTo]));
      await vi.waitFor(
        () =>
          expect(bob?.requests.some(({ line, body }) => line.startsWith("NOTIFY") && body.includes("403"))).toBe(true),
        { timeout: 10_000 },
      );
      expect(elsewhere?.requests).toEqual([]);
      await host.api("hupall");
    });
  });

  describe("what somebody is called", () => {
    const names = [
      `\${system touch ${evilFile}}`,
      `$\${system touch ${evilFile}}`,
      "$${dp_edge_port}",
      `<X-PRE-PROCESS cmd="exec" data="touch ${evilFile}"/>`,
      "O'Brien & Söhne <x>",
      '"; <sip:evil@evil.example>;x="',
      "a,b=c}[d]^^:e\\",
      "<!--#exec id-->",
      "a%0d%0aX-Evil: 1%22 <sip:evil@evil.example>",
      "a/",
      "a:e/",
      "a=b",
      "a^^",
      "c}[d]",
      "^^:e",
    ];
    it.each(names)("as an extension reaches the callee and does nothing else: %s", async (displayName) => {
      const body = { ...pbx.documents.device(acme.owner, "1001")?.extension.body, displayName };
      pbx.state.apply(acme.document.write({ kind: "extension", id: acme.ext(1001), body }));
      await phoneOf(mallory).request({ method: "INVITE", from: "1001@acme.test", to: "1002@acme.test" }, own);
      const seen = invites(bob)[0]?.headers.get("from") ?? "";
      expect(seen).toMatch(/^"[^"\\]*" <sip:1001@127\.0\.0\.1>;tag=\w+$/);
      expect(invites(bob)[0]?.headers.get("x-evil")).toBeUndefined();
      expect(seen).not.toContain(await host.api("global_getvar dp_edge_port"));
      expect(existsSync(evilFile)).toBe(false);
    });

    it("stays readable", async () => {
      const body = { ...pbx.documents.device(acme.owner, "1001")?.extension.body, displayName: "O'Brien & Söhne <x>" };
      pbx.state.apply(acme.document.write({ kind: "extension", id: acme.ext(1001), body }));
      await phoneOf(mallory).request({ method: "INVITE", from: "1001@acme.test", to: "1002@acme.test" }, own);
      expect(invites(bob)[0]?.headers.get("from")).toContain('"O\u2019Brien & Söhne <x>" <sip:1001@');
    });

    it.each(names.filter((name) => !name.includes('"')))(
      "by a carrier reaches the callee and does nothing else: %s",
      async (name) => {
        acme.trunk(9, { name: "carrier", host: "127.0.0.1", inboundAddresses: ["127.0.0.1"] });
        acme.number("+15550100", { kind: "extension", ref: acme.ext(1002) });
        const carrier = await openPhone(host.carriers);
        const fromHeader = `"${name.replaceAll("\\", "")}" <sip:+15550123@carrier.example>`;
        const to = "+15550100@127.0.0.1";
        await carrier.request({ method: "INVITE", from: "+15550123@carrier.example", to, fromHeader });
        expect(invites(bob)[0]?.headers.get("from")).toMatch(/^"[^"\\]*" <sip:\+15550123@127\.0\.0\.1>;tag=\w+$/);
        expect(existsSync(evilFile)).toBe(false);
        carrier.close();
      },
    );
  });

  it.each(["system id", "bgsystem id", "lua x", "xml_wrap x", "jsapi {}", "expand ${system id}", "load mod_lua"])(
    "the command %s does not exist",
    async (command) => {
      expect(await host.api(command)).toMatch(/^-ERR .*not found/i);
    },
  );

  it("variables never run commands", async () => {
    expect(await host.api("fsctl api_expansion")).toContain("off");
  });
});
