// Lamps: what phones that watch others are told, on a real FreeSWITCH.
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { engineInstalled, type FreeswitchHost, startFreeswitch } from "../../support/freeswitch.ts";
import { createPbx } from "../../support/pbx.ts";
import { inDialog, type Message, openPhone, response, type Sent, statusOf } from "../../support/sip.ts";
import { call, idle, openRegistered, type Phone, requestsOf, rings, takesCalls } from "../../support/talk.ts";

describe.runIf(engineInstalled())("on a real FreeSWITCH", { timeout: 30_000 }, () => {
  const pbx = createPbx();
  const { acme, globex } = pbx;
  let host: FreeswitchHost;
  let phones: Phone[] = [];
  const phone = (index: number): Phone => {
    const found = phones[index];
    if (!found) throw new Error("no phone");
    return found;
  };
  const [alice, bob, carol, stranger] = [() => phone(0), () => phone(1), () => phone(2), () => phone(3)];

  beforeAll(async () => {
    for (const tenant of [acme, globex]) {
      tenant.put("parking-lot", "lot", { name: "lot", extensionNumber: "700", firstSlot: "701", slots: 2 });
      tenant.put("schedule", "office", { name: "office", extensionNumber: "600", hours: [] });
    }
    host = await startFreeswitch(pbx);
    phones = [
      await openRegistered(host, acme, 1001),
      await openRegistered(host, acme, 1002),
      await openRegistered(host, acme, 1003),
      await openRegistered(host, globex, 1001),
    ];
  }, 60_000);
  afterAll(() => {
    for (const each of phones) each.close();
    return host?.stop();
  });
  let calls = 0;
  afterEach(async () => {
    await host.api("hupall");
    await vi.waitFor(async () => expect(await host.api("show channels count")).toContain("0 total"));
    await vi.waitFor(() => expect(host.health().liveCalls).toBe(0));
    for (const each of phones) {
      idle(each);
      each.requests.splice(0);
    }
  });

  const subscribe = (who: Phone, to: string, event = "dialog", more: Partial<Sent> = {}) =>
    who.request(
      { method: "SUBSCRIBE", from: who.aor, to, headers: [`Event: ${event}`, "Expires: 300"], ...more },
      who.credentials,
    );

  /** What a subscription was told, in order. */
  async function watch(who: Phone, number: string, event = "dialog") {
    const callId = `watch-${++calls}`;
    const answered = await subscribe(who, `${number}@${who.credentials.realm}`, event, { callId });
    expect(statusOf(answered)).toBe(202);
    const told = () => requestsOf(who, "NOTIFY").filter(({ headers }) => headers.get("call-id") === callId);
    const lamp = () => told().map(({ body }) => shown(body));
    await vi.waitFor(() => expect(told()).not.toEqual([]));
    return { told, lamp };
  }
  const shown = (body: string): string => {
    const [, direction, state] = /<dialog id="\w+" direction="(\w+)">\s*<state>(\w+)<\/state>/.exec(body) ?? [];
    return state === undefined ? "idle" : `${state} ${direction}`;
  };

  /** Alice's call to Bob, whose phone rings until he takes it. */
  async function ringing() {
    rings(bob());
    const talk = call(alice(), "1002");
    await vi.waitFor(() => expect(requestsOf(bob(), "INVITE")).toHaveLength(1));
    const [invite] = requestsOf(bob(), "INVITE");
    if (!invite) throw new Error("no call");
    const taken = async () => {
      takesCalls(bob());
      bob().send(response(invite, "200 OK", [`Contact: <sip:phone@127.0.0.1:${bob().port}>`], true));
      return { talk: await talk, invite };
    };
    return { taken };
  }
  const talking = async (): Promise<{ talk: Awaited<ReturnType<typeof call>>; invite: Message }> =>
    (await ringing()).taken();

  describe("a phone that watches an extension", () => {
    it("is told when it rings, talks and is free again, and so is who watches the caller; nobody of another tenant is", async () => {
      const callee = await watch(carol(), "1002");
      const caller = await watch(carol(), "1001");
      const others = [await watch(stranger(), "1001"), await watch(stranger(), "1002")];
      const { taken } = await ringing();
      await vi.waitFor(() => expect(callee.lamp()).toEqual(["idle", "early recipient"]));
      const { talk } = await taken();
      await vi.waitFor(() => expect(callee.lamp().at(-1)).toBe("confirmed recipient"));
      talk.send("BYE");
      const whole = ["early", "confirmed", "terminated"];
      await vi.waitFor(() => {
        expect(callee.lamp()).toEqual(["idle", ...whole.map((state) => `${state} recipient`)]);
        expect(caller.lamp()).toEqual(["idle", ...whole.map((state) => `${state} initiator`)]);
      });
      const versions = callee.told().map(({ body }) => Number(/version="(\d+)"/.exec(body)?.[1]));
      expect(versions).toEqual([...versions].sort((a, b) => a - b));
      for (const other of others) expect(other.lamp()).toEqual(["idle"]);
    });

    it("during a call is told so at once", async () => {
      await talking();
      expect((await watch(carol(), "1002")).lamp()[0]).toBe("confirmed recipient");
      expect((await watch(carol(), "1001")).lamp()[0]).toBe("confirmed initiator");
      expect((await watch(stranger(), "1002")).lamp()).toEqual(["idle"]);
    });

    it("is told of a call that goes on, while the extension makes another", async () => {
      await talking();
      const lamp = await watch(carol(), "1001");
      rings(carol());
      const second = call(alice(), "1003");
      await vi.waitFor(() => expect(requestsOf(carol(), "INVITE")).toHaveLength(1));
      expect(new Set(lamp.lamp())).toEqual(new Set(["confirmed initiator"]));
      // which of the two ends first is not said: the other may be seen alone
      await host.api("hupall");
      await second;
      await vi.waitFor(() => expect(lamp.lamp().at(-1)).toBe("terminated initiator"));
    });

    it("learns nothing of who calls, whatever he is called", async () => {
      const evil = '"><state>evil</state><!-- ${system id} $${x} ]]>';
      acme.extension(1001, { displayName: evil });
      const lamp = await watch(carol(), "1002");
      await talking();
      await vi.waitFor(() => expect(lamp.lamp().at(-1)).toBe("confirmed recipient"));
      for (const { body } of lamp.told()) {
        expect(body).not.toMatch(/1001|evil/);
        expect(body.trim()).toMatch(
          /^<\?xml version="1.0"\?>\s<dialog-info [^<>]*entity="sip:1002@acme.test">\s*(<dialog [^<>]*>\s*<state>\w+<\/state>\s*<\/dialog>)?\s*<\/dialog-info>$/,
        );
      }
    });

    it("by Event: presence is told in words", async () => {
      const words = await watch(carol(), "1002", "presence");
      await talking();
      await vi.waitFor(() => expect(words.told().at(-1)?.body).toContain("<dm:note>On the phone</dm:note>"));
      await host.api("hupall");
      await vi.waitFor(() => expect(words.told().at(-1)?.body).toContain("<dm:note>Available</dm:note>"));
      expect(words.told().every(({ body }) => body.includes("<basic>open</basic>"))).toBe(true);
    });
  });

  describe("nobody", () => {
    const to = (host: string, number = "1002") => `${number}@${host}`;
    const ten = acme.id;
    const tries: [string, string, Partial<Sent>][] = [
      ["another tenant's", to("acme.test"), {}],
      ["another tenant's in its name", to("acme.test"), { from: "1001@acme.test" }],
      ["another tenant's by the request's host", to("globex.test", "1099"), { uri: "sip:1002@acme.test" }],
      ["another tenant's through its own number", to("globex.test", `x+1002+acme.test`), {}],
      ["another tenant's by its protocol", to("globex.test", `${ten}+1002+acme.test`), {}],
      ["another tenant's by an escaped number", to("globex.test", `${ten}%2B1002%2Bacme.test`), {}],
      ["another tenant's by its protocol and own host", to("globex.test", `${ten}+1002`), {}],
      ["the whole host's", to("127.0.0.1"), {}],
      ["what has no lamp", to("globex.test", "1099"), {}],
      ["a parking lot itself", to("globex.test", "700"), {}],
    ];
    it.each(tries)("watches %s: %s", async (_, target, more) => {
      const answered = await subscribe(stranger(), target, "dialog", more);
      expect([401, 403, 404, 481]).toContain(statusOf(answered));
    });

    it("saw anything of these calls", async () => {
      for (const [, target, more] of tries) await subscribe(stranger(), target, "dialog", more);
      const control = await watch(carol(), "1002");
      await talking();
      await vi.waitFor(() => expect(control.lamp().at(-1)).toBe("confirmed recipient"));
      await host.api("hupall");
      await vi.waitFor(() => expect(control.lamp().at(-1)).toBe("terminated recipient"));
      expect(requestsOf(stranger(), "NOTIFY")).toEqual([]);
    });

    it("watches without a password", async () => {
      const anybody = await openPhone(host.phones);
      const headers = ["Event: dialog", "Expires: 300"];
      const sent = { method: "SUBSCRIBE", from: "1003@acme.test", to: "1002@acme.test", headers };
      expect([401, 407]).toContain(statusOf(await anybody.request(sent)));
      await talking();
      expect(anybody.requests).toEqual([]);
      anybody.close();
    });

    it("takes another's subscription over by its Call-ID", async () => {
      const lamp = await watch(carol(), "1002");
      const callId = lamp.told()[0]?.headers.get("call-id") ?? "";
      for (const who of [stranger(), alice()])
        expect(statusOf(await subscribe(who, `1002@${who.credentials.realm}`, "dialog", { callId }))).toBe(401);
      await talking();
      await vi.waitFor(() => expect(lamp.lamp().at(-1)).toBe("confirmed recipient"));
      for (const who of [stranger(), alice()]) expect(requestsOf(who, "NOTIFY")).toEqual([]);
    });

    it("has another host told what a lamp shows", async () => {
      const contact = "<sip:evil@127.0.0.2:5060>";
      expect(statusOf(await subscribe(carol(), "1002@acme.test", "dialog", { contact }))).toBe(401);
    });

    it("behind NAT is told elsewhere than where it asked from", async () => {
      const contact = "<sip:1003@192.168.77.7:5060>";
      const told = () => requestsOf(carol(), "NOTIFY");
      expect(statusOf(await subscribe(carol(), "1002@acme.test", "dialog", { contact }))).toBe(202);
      await vi.waitFor(() =>
        expect(told().map(({ line }) => line)).toEqual(["NOTIFY sip:1003@192.168.77.7:5060 SIP/2.0"]),
      );
    });

    it("changes a lamp by PUBLISH", async () => {
      const lamp = await watch(carol(), "1002");
      const words = await watch(carol(), "1002", "presence");
      const body =
        "<presence><tuple><status><basic>closed</basic></status><note>evil</note></tuple><dm:person><dm:note>evil</dm:note></dm:person></presence>";
      const headers = ["Event: presence", "Expires: 300", "Content-Type: application/pidf+xml"];
      for (const who of [await openPhone(host.phones), stranger(), bob()])
        await who.request({ method: "PUBLISH", from: "1002@acme.test", to: "1002@acme.test", headers, body });
      const anew = await watch(carol(), "1002", "presence");
      await talking();
      await vi.waitFor(() => expect(lamp.lamp()).toEqual(["idle", "early recipient", "confirmed recipient"]));
      await vi.waitFor(() => expect(words.told().at(-1)?.body).toContain("On the phone"));
      for (const { body } of [...words.told(), ...anew.told(), ...lamp.told()]) expect(body).not.toMatch(/evil|closed/);
    });
  });

  describe("the lamp of", () => {
    it("a parking slot is lit while a call waits in it, for its tenant alone", async () => {
      const lamp = await watch(carol(), "701");
      const theirs = await watch(stranger(), "701");
      const { invite } = await talking();
      bob().send(inDialog(invite, "REFER", 77, bob().port, ["Refer-To: <sip:701@acme.test>"]));
      await vi.waitFor(() => expect(lamp.lamp()).toEqual(["idle", "confirmed recipient"]));
      expect((await call(carol(), "701")).status).toBe(200);
      await vi.waitFor(() => expect(lamp.lamp().at(-1)).toBe("terminated recipient"));
      expect(theirs.lamp()).toEqual(["idle"]);
    });

    it("a day/night switch is lit while it is held closed, and flashes while it is held open", async () => {
      const lamp = await watch(carol(), "*28600");
      for (const state of ["confirmed", "early", "terminated"]) {
        void call(alice(), "*28600");
        await vi.waitFor(() => expect(lamp.lamp().at(-1)).toBe(`${state} recipient`));
      }
      expect(lamp.lamp()).toHaveLength(4);
    });

    it("an extension that is deleted goes out, and is nobody's to watch", async () => {
      await host.apply(globex.owner, globex.extension(1005));
      const five = await openRegistered(host, globex, 1005);
      takesCalls(five);
      const lamp = await watch(stranger(), "1005");
      expect((await call(stranger(), "1005")).status).toBe(200);
      await vi.waitFor(() => expect(lamp.lamp().at(-1)).toBe("confirmed recipient"));
      await host.apply(globex.owner, globex.noExtension(1005));
      await vi.waitFor(() => expect(lamp.lamp().at(-1)).toBe("terminated recipient"));
      expect(statusOf(await subscribe(stranger(), "1005@globex.test"))).toBe(401);
      five.close();
    });
  });

  describe("lamps are right again", () => {
    it("when the agent is back", async () => {
      const out = await watch(carol(), "1001");
      const on = await watch(carol(), "1002");
      const { talk } = await talking();
      await vi.waitFor(() => expect(on.lamp().at(-1)).toBe("confirmed recipient"));
      await host.restartAgent(async () => {
        talk.send("BYE");
        await vi.waitFor(async () => expect(await host.api("show channels count")).toContain("0 total"));
      });
      await vi.waitFor(() => {
        expect(out.lamp().at(-1)).toMatch(/idle|terminated/);
        expect(on.lamp().at(-1)).toMatch(/idle|terminated/);
      });
      await talking();
      await vi.waitFor(() => expect(on.lamp().at(-1)).toBe("confirmed recipient"));
    });

    it("when FreeSWITCH is back", async () => {
      const lamp = await watch(carol(), "1002");
      await talking();
      await vi.waitFor(() => expect(lamp.lamp().at(-1)).toBe("confirmed recipient"));
      await host.restart();
      await vi.waitFor(() => expect(lamp.lamp().at(-1)).toMatch(/idle|terminated/), { timeout: 10_000 });
      await talking();
      await vi.waitFor(() => expect(lamp.lamp().at(-1)).toBe("confirmed recipient"));
    });
  });
});
