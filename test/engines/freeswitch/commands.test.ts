// Calls that the cloud has made, ended and sent elsewhere: what phones and FreeSWITCH saw of it, and what the record says.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { LiveCall } from "../../../core/wire-events.ts";
import { heldOf } from "../../../edge-agent/certificate/files.ts";
import { presented } from "../../../edge-agent/certificate/presented.ts";
import { selfMade } from "../../support/certificate.ts";
import { engineInstalled, type FreeswitchHost, startFreeswitch } from "../../support/freeswitch.ts";
import { createPbx } from "../../support/pbx.ts";
import { openPhone, response, statusOf } from "../../support/sip.ts";
import { wss } from "../../support/sip-wires.ts";
import { freePort, play, sipp, went } from "../../support/sipp.ts";

const ha1 = (text: string): string => createHash("md5").update(text).digest("hex");

describe.runIf(engineInstalled())("commands, on a real FreeSWITCH", { timeout: 40_000 }, () => {
  const pbx = createPbx();
  const { acme, globex } = pbx;
  let host: FreeswitchHost;
  const ports = new Map<string, number>();
  const port = (user: string) => ports.get(user) ?? 0;

  async function register(user: string, password?: string) {
    const to = { to: host.phones, port: ports.get(user) ?? (await freePort()) };
    ports.set(user, to.port);
    went(await play("register", { ...acme.phone(user, password) }, to));
  }
  const originate = (extension: string, to: string) => host.command(acme.owner, "originate", { extension, to });
  const record = async () => {
    await expect.poll(host.records, { timeout: 10_000 }).toHaveLength(1);
    return host.records()[0];
  };
  const answered = (id: string) =>
    expect
      .poll(() => host.reported.flatMap(({ data }) => ((data as LiveCall).id === id ? [(data as LiveCall).state] : [])))
      .toContain("answered");

  beforeAll(async () => {
    host = await startFreeswitch(pbx, { browsers: true });
    acme.extension(1005, {
      devices: [1, 2].map((n) => ({
        label: `Phone ${n}`,
        username: `desk-${n}`,
        password: acme.secret(ha1(`desk-${n}:acme.test:pw`)),
      })),
    });
    await register("1001");
    await register("1002");
  }, 60_000);
  afterAll(() => host?.stop());
  beforeEach(async () => {
    await host.rest();
  });

  it("a call rings the extension's phone, then the one that it dials, and is ended from the cloud", async () => {
    const [mine, theirs] = [
      await sipp("answer", {}, { port: port("1001") }),
      await sipp("answer", {}, { port: port("1002") }),
    ];
    const { ok, call = "" } = await originate(acme.ext(1001), "1002");
    expect([ok, call]).toEqual([true, expect.stringMatching(/^cal_/)]);
    await answered(call);
    await expect(host.command(globex.owner, "hangup", { call })).rejects.toThrow("the call is over");
    expect(await host.command(acme.owner, "hangup", { call })).toEqual({ ok: true, detail: null });
    const [first = "", second = ""] = [went(await mine.done), went(await theirs.done)].map(
      ({ received }) => received[0],
    );
    expect(first).toMatch(/^From: "1002" <sip:1002@/m);
    expect(first).not.toMatch(/answer-after|Alert-Info/i);
    expect(second).toMatch(/^From: "Alice" <sip:1001@/m);
    expect(await record()).toMatchObject({
      ...{ id: call, direction: "internal", outcome: "answered", hangupBy: "system" },
      from: { number: "1001", name: "Alice", extension: acme.ext(1001) },
      to: { number: "1002", name: "Bob", extension: acme.ext(1002) },
    });
    await expect(host.command(acme.owner, "hangup", { call })).rejects.toThrow("the call is over");
  });

  it("a call whose own phone is busy, or not there, says so, and leaves at most one record", async () => {
    const mine = await sipp("refuse", { status: "486" }, { port: port("1001") });
    await expect(originate(acme.ext(1001), "1002")).rejects.toThrow("the extension's phone is busy");
    went(await mine.done);
    expect(await record()).toMatchObject({ outcome: "busy", from: { extension: acme.ext(1001) }, answeredAt: null });
    await expect(originate(acme.ext(1003), "1002")).rejects.toThrow("no phone registered");
    expect(host.records()).toHaveLength(1);
  });

  it("of several phones the one that is taken up has the call; the other side not answering is no answered call", async () => {
    await Promise.all([register("desk-1", "pw"), register("desk-2", "pw")]);
    const other = await sipp("ring", {}, { port: port("desk-1") });
    const [mine, theirs] = [
      await sipp("answer", {}, { port: port("desk-2") }),
      await sipp("ring", {}, { port: port("1002") }),
    ];
    const { call = "" } = await originate(acme.ext(1005), "1002");
    for (const phone of [other, mine, theirs]) went(await phone.done);
    expect(await record()).toMatchObject({
      id: call,
      outcome: "no-answer",
      answeredAt: null,
      from: { number: "1005" },
    });
  });

  it("a call sent elsewhere reaches voicemail there, and what it talked to is hung up", async () => {
    const [mine, theirs] = [
      await sipp("answer", {}, { port: port("1001") }),
      await sipp("answer", {}, { port: port("1002") }),
    ];
    const { call = "" } = await originate(acme.ext(1001), "1002");
    await answered(call);
    expect(await host.command(acme.owner, "transfer", { call, to: "1003" })).toEqual({ ok: true, detail: null });
    went(await theirs.done);
    await expect.poll(() => host.log()).toContain(`voicemail(max300 phones ${acme.box(1003)})`);
    await host.command(acme.owner, "hangup", { call });
    went(await mine.done);
    await record();
  });

  it("a call sent elsewhere can't lead outside", async () => {
    const carrier = await sipp("answer", {});
    await host.apply(acme.owner, acme.trunk(1, { name: "out", port: carrier.port }));
    const [mine, theirs] = [
      await sipp("answer", {}, { port: port("1001") }),
      await sipp("answer", {}, { port: port("1002") }),
    ];
    const { call = "" } = await originate(acme.ext(1001), "1002");
    await answered(call);
    await host.command(acme.owner, "transfer", { call, to: "+12025550123" });
    for (const phone of [mine, theirs]) went(await phone.done);
    carrier.stop();
    expect((await carrier.done).received.filter((text) => text.startsWith("INVITE"))).toEqual([]);
    await record();
  });

  it("another certificate is shown to whoever comes then; a browser phone that is registered stays, on its connection", async () => {
    const { wssPort = 0, tlsDir = "" } = host.config.browsers ?? {};
    const shown = () => presented("127.0.0.1", wssPort);
    const trusted = getCACertificates();
    setDefaultCACertificates([...trusted, readFileSync(join(tlsDir, "certificate.pem"), "utf8")]);
    const phone = await openPhone(await wss(wssPort));
    setDefaultCACertificates(trusted);
    const carol = { user: "1003", realm: "acme.test", password: "pw-1-1003" };
    const said = { from: "1003@acme.test", to: "1003@acme.test", uri: "sip:acme.test", callId: "through-it" };
    const register = async () =>
      statusOf(
        await phone.request({ ...said, method: "REGISTER", contact: "<sip:1003@x7f3.invalid;transport=ws>" }, carol),
      );
    expect(await register()).toBe(200);
    const pem = selfMade();
    const { fingerprint256 } = heldOf(pem).leaf;
    expect(await shown()).not.toBe(fingerprint256);
    await host.certify(pem);
    expect(await shown()).toBe(fingerprint256);
    // as it is called by that connection, though its Contact says `transport=ws`, as RFC 7118 has it
    phone.answerWith((request) => response(request, request.line.startsWith("INVITE") ? "486 Busy Here" : "200 OK"));
    await expect(originate(acme.ext(1003), "1002")).rejects.toThrow("the extension's phone is busy");
    expect(await register()).toBe(200);
    phone.close();
  });
});
