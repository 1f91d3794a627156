// Feature codes on a real FreeSWITCH: what phones hear of them, what is remembered, and what calls do afterwards.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { engineInstalled, type FreeswitchHost, startFreeswitch } from "../../support/freeswitch.ts";
import { createPbx } from "../../support/pbx.ts";
import { freePort, play, sipp, type Typed, went } from "../../support/sipp.ts";

describe.runIf(engineInstalled())("feature codes on a real FreeSWITCH", { timeout: 40_000 }, () => {
  const pbx = createPbx();
  const { acme, globex } = pbx;
  let host: FreeswitchHost;
  const ports = new Map<string, number>();
  const portOf = (number: number, tenant = acme) => ports.get(`${number}@${tenant.domain}`) ?? 0;

  beforeAll(async () => {
    acme.extension(1003, { displayName: "Carol", box: true, ringSeconds: 5, hotDeskPin: acme.secret("4711") });
    acme.put("schedule", "office", { name: "office", extensionNumber: "700" });
    acme.put("speed-dial", "5", { number: "*5", target: "1002" });
    host = await startFreeswitch(pbx);
    for (const tenant of [acme, globex])
      for (const number of [1001, 1002]) {
        const port = await freePort();
        ports.set(`${number}@${tenant.domain}`, port);
        went(await play("register", tenant.phone(number), { to: host.phones, port }));
      }
  }, 60_000);
  afterAll(() => host?.stop());

  /** Dials, types, and is hung up on. */
  const code = (to: string, from = 1001, typed: Typed = []) =>
    play("call-until-bye", { ...acme.phone(from), to }, { to: host.phones, port: portOf(from), typed });
  const call = (to: string, from = 1001, talk = 300, typed: Typed = []) =>
    play("call", { ...acme.phone(from), to, talk: String(talk) }, { to: host.phones, port: portOf(from), typed });
  const refused = (to: string, status: number, from = 1001) =>
    play("call-refused", { ...acme.phone(from), to, status: String(status) }, { to: host.phones, port: portOf(from) });
  const runtime = (field: string, id: string, kind: "extension" | "schedule" = "extension", tenant = acme) =>
    pbx.documents.config(tenant.owner)?.runtime(kind, id, field);
  const told = (field: string) =>
    host.reported.flatMap(({ type, data }) =>
      type === "runtime.updated" && "field" in data && data.field === field ? [data.value] : [],
    );

  it("what a code sets is on disk once and told once, of that tenant's extension alone", async () => {
    went(await code("*78"));
    expect(runtime("doNotDisturb", acme.ext(1001))).toBe(true);
    expect(runtime("doNotDisturb", globex.ext(1001), "extension", globex)).toBeUndefined();
    went(await code("*79"));
    expect(runtime("doNotDisturb", acme.ext(1001))).toBe(false);
    expect(told("doNotDisturb")).toEqual([true, false]);
  });

  it("a forward is set where the extension may call, and nowhere else", async () => {
    went(await call("*721002"));
    expect(runtime("forwardAlways", acme.ext(1001))).toBe("1002");
    for (const nowhere of ["*72911", "*728888"]) went(await code(nowhere));
    expect(runtime("forwardAlways", acme.ext(1001))).toBe("1002");
    went(await call("*72", 1001, 500, [[600, "1003#"]]));
    expect(runtime("forwardAlways", acme.ext(1001))).toBe("1003");
    went(await code("*73"));
    expect(runtime("forwardAlways", acme.ext(1001))).toBe("");
  });

  it("calls follow a forward from the moment it is set by code until it is unset", async () => {
    const calls = async (to: number) => {
      const rung = await sipp("refuse", { status: "486" }, { port: portOf(to, acme) });
      const caller = { ...acme.phone(1003), to: "1001", status: "486" };
      went(await play("call-refused", caller, { to: host.phones }));
      expect(went(await rung.done).received[0]).toContain("<sip:1003@");
    };
    for (const [on, off] of [
      ["*72", "*73"],
      ["*90", "*91"],
    ] as const) {
      went(await call(`${on}1002`));
      if (on === "*90") {
        const busy = await sipp("refuse", { status: "486" }, { port: portOf(1001) });
        await calls(1002);
        went(await busy.done);
      } else await calls(1002);
      went(await code(off));
      await calls(1001);
    }
  });

  it("the day/night switch is toggled by every call once", async () => {
    for (const value of ["closed", "open", null]) {
      went(await code("*28700"));
      expect(runtime("override", acme.idOf("schedule", "office"), "schedule")).toBe(value);
    }
  });

  it("one's own box needs no PIN, any other does", async () => {
    const port = await freePort();
    ports.set("1003@acme.test", port);
    went(await play("register", acme.phone(1003), { to: host.phones, port }));
    const heard = async (from: number, to: string, typed: Typed, talk = 500) => {
      const before = host.lookups.length;
      const dialled = { ...acme.phone(from), to, talk: String(talk) };
      went(await play("call", dialled, { to: host.phones, port: portOf(from), typed }));
      return host.lookups.slice(before).flatMap((lookup) => lookup.get("macro_name") ?? []);
    };
    // told of the messages only who was let in
    const letIn = expect.arrayContaining(["voicemail_message_count"]);
    const own = await heard(1003, "*97", [], 2000);
    expect(own).toEqual(letIn);
    expect(own).not.toContain("voicemail_enter_pass");
    const wrong = [
      [1200, "1003#"],
      [1200, "9999#"],
    ] as const;
    expect(await heard(1001, "*98", wrong, 1500)).not.toEqual(letIn);
    const right = [
      [1200, "1003#"],
      [1200, "4711#"],
    ] as const;
    expect(await heard(1001, "*98", right, 2000)).toEqual(letIn);
    went(await code("*97", 1001));
  });

  it("another's phone becomes one's own by the PIN, and is its owner's again", async () => {
    went(
      await code("*111003", 1002, [
        [600, "9999#"],
        [900, "8888#"],
        [900, "7777#"],
      ]),
    );
    expect(runtime("hotDesk", acme.ext(1003))).toBeUndefined();
    went(await code("*111003", 1002, [[600, "4711#"]]));
    expect(runtime("hotDesk", acme.ext(1003))).toBe("1002");
    const desk = await sipp("answer", {}, { port: portOf(1002) });
    went(await call("1003"));
    went(await desk.done);
    // its owner has no phone now
    went(await refused("1002", 480));
    const ada = await sipp("answer", {}, { port: portOf(1001) });
    went(await call("1001", 1002));
    const invite = (await ada.done).received.find((message) => message.startsWith("INVITE ")) ?? "";
    expect(invite).toContain('From: "Carol" <sip:1003@');
    went(await code("*12", 1002));
    expect(runtime("hotDesk", acme.ext(1003))).toBeNull();
    const bob = await sipp("answer", {}, { port: portOf(1002) });
    went(await call("1002"));
    went(await bob.done);
  });

  it("a speed dial, an echo, one's own number, and a hidden one", async () => {
    for (const to of ["*5", "*671002"]) {
      const bob = await sipp("answer", {}, { port: portOf(1002) });
      went(await call(to));
      const invite = (await bob.done).received.find((message) => message.startsWith("INVITE ")) ?? "";
      expect(invite.includes("1001")).toBe(to === "*5");
    }
    went(await call("*43"));
    went(await code("*65"));
  });

  it("the last caller is called back with the extension's own permission, and only where he showed a number", async () => {
    const carrier = await freePort();
    const trunk = acme.trunk(1, { name: "t", port: carrier, inboundAddresses: ["127.0.0.1"] });
    expect(await host.apply(acme.owner, trunk)).toEqual([]);
    acme.number("+12025550100", { kind: "extension", ref: acme.ext(1002) });
    const rung = async (caller: () => Promise<unknown>) => {
      const bob = await sipp("refuse", { status: "486" }, { port: portOf(1002) });
      await caller();
      went(await bob.done);
    };
    const nobody = { ...globex.phone(1002), to: "*69" };
    went(await play("call-until-bye", nobody, { to: host.phones, port: portOf(1002, globex) }));

    await rung(() => refused("1002", 486));
    const alice = await sipp("answer", {}, { port: portOf(1001) });
    went(await call("*69", 1002));
    went(await alice.done);

    const outside = { from: "<sip:+12025550123@c.example>", user: "carrier", domain: "c.example", to: "+12025550100" };
    const comesIn = () => play("carrier-refused", { ...outside, status: "486" }, { to: host.carriers });
    await rung(comesIn);
    const mobile = await sipp("answer", {}, { port: carrier });
    went(await call("*69", 1002));
    expect(went(await mobile.done).received[0]).toMatch(/^INVITE sip:\+12025550123@/);
    acme.extension(1002, { displayName: "Bob", outbound: { permission: "internal", countries: null } });
    went(await refused("*69", 403, 1002));

    await rung(() => refused("*671002", 486));
    const silent = await sipp("answer", {}, { port: portOf(1001) });
    went(await code("*69", 1002));
    silent.stop();
    expect((await silent.done).received).toEqual([]);
  });

  it("a code that the tenant turned off, and one that nobody has, end with 404", async () => {
    await host.apply(acme.owner, acme.put("feature-code", "echo", { action: "echo-test", code: null }));
    for (const to of ["*43", "*5551"]) went(await refused(to, 404));
    went(await play("call", { ...globex.phone(1001), to: "*43" }, { to: host.phones, port: portOf(1001, globex) }));
  });
});
