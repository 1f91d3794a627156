import { createHash } from "node:crypto";
import { createSocket } from "node:dgram";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { wanted } from "../../edge-agent/drivers/freeswitch/fields.ts";
import { engineInstalled, type FreeswitchHost, startFreeswitch } from "../support/freeswitch.ts";
import { createPbx, idOf } from "../support/pbx.ts";
import { freePort, type Played, play, sipp, went } from "../support/sipp.ts";

const status = (played: Played) => played.received.map((message) => message.split("\r\n")[0] ?? "");
const inviteOf = (played: Played) => played.received.find((message) => message.startsWith("INVITE ")) ?? "";

describe.runIf(engineInstalled())("on a real FreeSWITCH", { timeout: 40_000 }, () => {
  const pbx = createPbx();
  const { acme, globex } = pbx;
  let host: FreeswitchHost;
  const ports = new Map<string, number>();

  /** Registers from a port that stays the phone's. */
  async function register(
    phone: { user: string; domain: string; password: string },
    more: Record<string, string> = {},
  ) {
    const name = `${phone.user}@${phone.domain}`;
    const port = ports.get(name) ?? (await freePort());
    ports.set(name, port);
    return play("register", { ...phone, ...more }, { to: host.phones, port });
  }
  const portOf = (number: number | string, tenant = acme) => ports.get(`${number}@${tenant.domain}`) ?? 0;
  const call = (from: ReturnType<typeof acme.phone>, to: string, more: Record<string, string> = {}, tone = false) =>
    play(
      "call",
      { ...from, to, ...more },
      { to: host.phones, port: portOf(from.user, from.domain === acme.domain ? acme : globex), tone },
    );
  const refused = (from: ReturnType<typeof acme.phone>, to: string, code: number, timeoutSeconds = 20) =>
    play("call-refused", { ...from, to, status: String(code) }, { to: host.phones, timeoutSeconds });

  beforeAll(async () => {
    host = await startFreeswitch(pbx);
    for (const tenant of [acme, globex]) for (const number of [1001, 1002]) went(await register(tenant.phone(number)));
  }, 60_000);
  afterAll(() => host?.stop());
  describe("a phone", () => {
    it("registers with its password and not with another", async () => {
      went(await register(acme.phone(1001)));
      went(await register(acme.phone(1001, "wrong"), { status: "403" }));
      went(await register(acme.phone(1010), { status: "403" }));
    });

    it("makes FreeSWITCH ask with what an answer looks at, and nothing else of what it knows", async () => {
      host.lookups.splice(0);
      went(await refused(acme.phone(1001), "1999", 404));
      const always = ["hostname", "section", "tag_name", "key_name", "key_value"];
      const sent = host.lookups.flatMap((lookup) => [...lookup.keys()]);
      expect(sent).toContain("Caller-Destination-Number");
      expect(sent.filter((name) => !always.includes(name) && !wanted.includes(name))).toEqual([]);
    });

    it("has its registration ended by a new password, and registers with that alone", async () => {
      went(await register(acme.phone(1003)));
      expect(await host.registered("1003", "acme.test")).toBe(true);
      expect(await host.apply(acme.owner, acme.extension(1003, { password: "another-1", box: true }))).toEqual([]);
      expect(await host.registered("1003", "acme.test")).toBe(false);
      went(await register(acme.phone(1003), { status: "403" }));
      went(await register(acme.phone(1003, "another-1")));
      went(await register(acme.phone(1003, "another-1"), { expires: "0" }));
      expect(await host.registered("1003", "acme.test")).toBe(false);
    });

    it("keeps its registration when anything else of its extension changes", async () => {
      const { documents } = pbx;
      const before = documents.device(acme.owner, "1002")?.extension.body ?? {};
      const body = { ...before, displayName: "Robert" };
      const { changes } = pbx.state.apply(acme.document.write({ kind: "extension", id: acme.ext(1002), body }));
      expect(await host.apply(acme.owner, changes)).toEqual([]);
      expect(await host.registered("1002", "acme.test")).toBe(true);
    });

    it("is gone with its extension, and its registration with it", async () => {
      await host.apply(acme.owner, acme.extension(1004));
      await host.apply(globex.owner, globex.extension(1004));
      for (const tenant of [acme, globex]) went(await register(tenant.phone(1004)));
      expect(await host.apply(acme.owner, acme.noExtension(1004))).toEqual([]);
      expect(await host.registered("1004", "acme.test")).toBe(false);
      expect(await host.registered("1004", "globex.test")).toBe(true);
      went(await register(acme.phone(1004), { status: "403" }));
      went(await refused(acme.phone(1001), "1004", 404));
    });
  });

  describe("a call", () => {
    it("rings the other phone with the caller's name, is answered, and ends", async () => {
      const callee = await sipp("answer", {}, { port: portOf(1002) });
      went(await call(acme.phone(1001), "1002"));
      const heard = await callee.done;
      expect(heard.code).toBe(0);
      expect(inviteOf(heard)).toContain('From: "Alice" <sip:1001@');
    });

    it("to the same number in another tenant rings that tenant's phone alone", async () => {
      const [mine, theirs] = [
        await sipp("answer", {}, { port: portOf(1002) }),
        await sipp("answer", {}, { port: portOf(1002, globex) }),
      ];
      went(await call(globex.phone(1001), "1002"));
      went(await theirs.done);
      mine.stop();
      expect((await mine.done).received).toEqual([]);
    });

    it("to nobody ends with 404", async () => {
      went(await refused(acme.phone(1001), "8888", 404));
    });

    it("to a busy phone ends with 486", async () => {
      const callee = await sipp("refuse", { status: "486" }, { port: portOf(1002) });
      went(await refused(acme.phone(1001), "1002", 486));
      went(await callee.done);
    });

    it("to a phone that nobody picks up ends with 480, and the phone stops ringing", async () => {
      const callee = await sipp("ring", {}, { port: portOf(1002) });
      went(await refused(acme.phone(1001), "1002", 480));
      expect(status(await callee.done)).toContainEqual(expect.stringMatching(/^CANCEL /));
    });

    it("to a phone that is not registered ends in voicemail, which keeps the message", async () => {
      went(await call(acme.phone(1001), "1003", { talk: "4500" }, true));
      await expect.poll(() => host.api(`vm_boxcount ${acme.box(1003)}@phones`)).toBe("1");
      expect(await host.api(`vm_boxcount ${globex.box(1003)}@phones`)).toBe("0");
      expect(host.files().filter((file) => /voicemail\/.*\.wav$/.test(file))).toEqual([
        expect.stringMatching(`^voicemail/${acme.id}/${acme.box(1003)}/`),
      ]);
    });

    it("that nobody picks up goes on to voicemail", async () => {
      went(await register(globex.phone(1003)));
      const callee = await sipp("ring", {}, { port: portOf(1003, globex) });
      went(await call(globex.phone(1001), "1003", { talk: "500" }));
      went(await callee.done);
    });
  });

  describe("a carrier", () => {
    it("reaches the extension of a number, and nothing else", async () => {
      await host.apply(
        acme.owner,
        acme.trunk(1, { name: "in", inboundAddresses: ["127.0.0.1"], enabled: true, host: "127.0.0.2" }),
      );
      acme.number("+15550100", { kind: "extension", ref: acme.ext(1002) });
      globex.number("+15550200", { kind: "extension", ref: globex.ext(1002) });
      const from = { from: '"Grace" <sip:+15550123@carrier.example>', user: "carrier", domain: "carrier.example" };
      const callee = await sipp("answer", {}, { port: portOf(1002) });
      went(await play("carrier-call", { ...from, to: "+15550100" }, { to: host.carriers }));
      expect(inviteOf(await callee.done)).toContain('From: "Grace" <sip:+15550123@');
      for (const to of ["+15550200", "+15550999", "1002"])
        went(await play("carrier-refused", { ...from, to, status: "404" }, { to: host.carriers }));
      expect(await host.apply(acme.owner, acme.noTrunk(1))).toEqual([]);
      went(await play("carrier-refused", { ...from, to: "+15550100", status: "404" }, { to: host.carriers }));
    });
  });

  describe("the outside", () => {
    const outside = async (number: number, more: Record<string, unknown>) => {
      const port = await freePort();
      const failures = await host.apply(
        acme.owner,
        acme.trunk(number, { name: `trunk ${number}`, priority: number, port, ...more }),
      );
      expect(failures).toEqual([]);
      return port;
    };
    const gone = async (...numbers: number[]) => {
      for (const number of numbers) expect(await host.apply(acme.owner, acme.noTrunk(number))).toEqual([]);
      expect(await host.api("sofia xmlstatus gateway")).not.toContain("<name>trk_");
    };

    // whatever a scenario that failed left behind
    beforeEach(() => gone(1, 2));

    it("is reached over the trunk that was just added", async () => {
      const carrier = await sipp("answer", {}, { port: await outside(1, {}) });
      went(await call(acme.phone(1001), "+12025550123"));
      expect(inviteOf(await carrier.done)).toMatch(/^INVITE sip:\+12025550123@127\.0\.0\.1/);
      await gone(1);
      went(await refused(acme.phone(1001), "+12025550123", 503));
    });

    it.each([
      ["503 at once", { status: "503" }],
      ["500 at once", { status: "500" }],
      ["408", { status: "408" }],
    ])("is reached over the second trunk when the first answers %s", async (_, values) => {
      const first = await sipp("refuse", values, { port: await outside(1, {}) });
      const second = await sipp("answer", {}, { port: await outside(2, {}) });
      went(await call(acme.phone(1001), "+12025550123"));
      went(await first.done);
      went(await second.done);
      await gone(1, 2);
    });

    it("is reached over the second trunk at once when nothing listens at the first", async () => {
      await outside(1, {});
      const second = await sipp("answer", {}, { port: await outside(2, {}) });
      went(await call(acme.phone(1001), "+12025550123"));
      went(await second.done);
      await gone(1, 2);
    });

    it("is reached over the second trunk when the first is silent for 4 s", async () => {
      // a port that is open and says nothing: a closed one would be told apart by ICMP at once
      const silent = createSocket("udp4").bind(await outside(1, {}), "127.0.0.1");
      const second = await sipp("answer", {}, { port: await outside(2, {}) });
      const started = Date.now();
      went(await call(acme.phone(1001), "+12025550123"));
      const took = Date.now() - started;
      silent.close();
      expect(took).toBeGreaterThan(3500);
      expect(took).toBeLessThan(8000);
      went(await second.done);
      await gone(1, 2);
    });

    it.each([
      ["404", { status: "404" }, 404],
      ["486", { status: "486" }, 486],
      ["603", { status: "603" }, 403],
      ["503 after it rang", { status: "503", ring: ringing }, 480],
    ])("is not tried again over the second trunk after %s", async (_, values, code) => {
      const first = await sipp("refuse", values, { port: await outside(1, {}) });
      const second = await sipp("answer", {}, { port: await outside(2, {}) });
      went(await refused(acme.phone(1001), "+12025550123", code));
      went(await first.done);
      second.stop();
      expect((await second.done).received).toEqual([]);
      await gone(1, 2);
    });

    it("is reached with a trunk's new password once that changed", async () => {
      const port = await outside(1, { username: "acme", password: "old-password" });
      const responses = [];
      for (const password of ["old-password", "new$${x}-password"]) {
        expect(await host.apply(acme.owner, acme.trunk(1, { name: "t", port, username: "acme", password }))).toEqual(
          [],
        );
        const carrier = await sipp("challenge", { realm: "carrier" }, { port });
        went(await call(acme.phone(1001), "+12025550123"));
        const heard = (await carrier.done).received.filter((message) => message.startsWith("INVITE ")).at(-1) ?? "";
        responses.push(digestIs(heard, "acme", password));
      }
      expect(responses).toEqual([true, true]);
      await gone(1);
    });

    it("is told by the driver's comparison what changed while it could not say so", async () => {
      const port = await freePort();
      acme.trunk(1, { name: "missed", port });
      await host.reconcile();
      expect(await host.api(`sofia xmlstatus gateway ${idOf("trk", 1)}`)).toContain(`127.0.0.1:${port}`);
      acme.noTrunk(1);
      await host.reconcile();
      await gone();
    });
  });
});

const ringing = `<send><![CDATA[
SIP/2.0 180 Ringing
[last_Via:]
[last_From:]
[last_To:];tag=[pid]s[call_number]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send><pause milliseconds="300"/>`;

/** Whether the request's digest was made with this password (RFC 2617). */
function digestIs(invite: string, username: string, password: string): boolean {
  const header = /^(?:Proxy-)?Authorization: Digest (.*)$/im.exec(invite)?.[1] ?? "";
  const field = (name: string) => new RegExp(`\\b${name}="?([^",]+)"?`).exec(header)?.[1] ?? "";
  const ha1 = md5(`${username}:${field("realm")}:${password}`);
  const ha2 = md5(`INVITE:${field("uri")}`);
  return field("response") === md5([ha1, field("nonce"), field("nc"), field("cnonce"), field("qop"), ha2].join(":"));
}

const md5 = (text: string): string => createHash("md5").update(text).digest("hex");
