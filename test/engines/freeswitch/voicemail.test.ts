import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openEar } from "../../support/ear.ts";
import { engineInstalled, type FreeswitchHost, startFreeswitch } from "../../support/freeswitch.ts";
import { createPbx } from "../../support/pbx.ts";
import { openPhone, type Rogue, response } from "../../support/sip.ts";
import { play, sipp, went } from "../../support/sipp.ts";
import { openRegistered, requestsOf } from "../../support/talk.ts";
import { samplesOf, sine, toneIn, wavOf } from "../../support/wav.ts";

type Told = {
  id: string;
  tenant: string;
  box: string;
  seconds: number;
  read: boolean;
  from: { number: string | null; name: string | null };
};

describe.runIf(engineInstalled())("voicemail on a real FreeSWITCH", { timeout: 40_000 }, () => {
  const pbx = createPbx();
  const { acme, globex } = pbx;
  let host: FreeswitchHost;
  let phone: Rogue;

  const told = (type: string) =>
    host.reported.filter((event) => event.type === type).map(({ data }) => data as unknown as Told);
  const leave = (to = "1003", tenant = acme) =>
    play("call", { ...tenant.phone(1001), to, talk: "5000" }, { to: host.phones, tone: true });
  const lamps = () =>
    phone.requests
      .filter(({ line }) => line.startsWith("NOTIFY "))
      .map(({ body }) => /Messages-Waiting: (\w+)/.exec(body)?.[1]);
  const command = (name: string, given: Record<string, unknown>) =>
    host.command(acme.owner, name, { box: acme.box(1003), ...given });

  beforeAll(async () => {
    host = await startFreeswitch(pbx);
    phone = await openPhone(host.phones);
    phone.answerWith((request) => response(request, request.line.startsWith("INVITE ") ? "486 Busy Here" : "200 OK"));
    const who = "1003@acme.test";
    const registered = await phone.request(
      { method: "REGISTER", from: who, to: who, uri: "sip:acme.test" },
      { user: "1003", realm: "acme.test", password: "pw-1-1003" },
    );
    expect(registered.line).toContain("200");
  }, 60_000);
  afterAll(async () => {
    phone?.close();
    await host?.stop();
  });

  it("a phone that registers is told that nothing waits", async () => {
    await vi.waitFor(() => expect(lamps()).toEqual(["no"]), { timeout: 5000 });
  });

  it("a message goes up with its audio, is told once, and lights the lamp of its phone alone", async () => {
    went(await leave());
    await vi.waitFor(() => expect(told("voicemail.received")).toHaveLength(1), { timeout: 10_000 });
    const [message] = told("voicemail.received");
    expect(message).toMatchObject({ tenant: acme.id, box: acme.box(1003), read: false, from: { number: "1001" } });
    expect(message?.seconds).toBeGreaterThanOrEqual(2);
    const audio = host.media.uploaded.get(message?.id ?? "");
    expect(audio).toMatchObject({ tenant: acme.id, kind: "message" });
    const { rate, samples } = samplesOf(audio?.bytes ?? Buffer.alloc(0));
    // the caller's tone is 500 Hz, as sipp.ts makes it
    expect(toneIn({ rate, samples }, 500)).toBeGreaterThan(0.1);
    expect(samples.length / rate).toBeGreaterThan(2);
    await vi.waitFor(() => expect(lamps().at(-1)).toBe("yes"), { timeout: 5000 });
    await host.reconcile();
    expect(told("voicemail.received")).toHaveLength(1);
  });

  it("marked as heard by the API, its lamp goes out; marked as new it lights again", async () => {
    const message = told("voicemail.received")[0]?.id;
    expect(await command("voicemail.read", { message, read: true })).toEqual({ ok: true, detail: null });
    expect(told("voicemail.updated")).toEqual([{ id: message, tenant: acme.id, box: acme.box(1003), read: true }]);
    await vi.waitFor(() => expect(lamps().at(-1)).toBe("no"), { timeout: 5000 });
    await command("voicemail.read", { message, read: false });
    await vi.waitFor(() => expect(lamps().at(-1)).toBe("yes"), { timeout: 5000 });
  });

  it("another tenant's command reaches no message, whatever it names", async () => {
    const message = told("voicemail.received")[0]?.id;
    const given = { box: acme.box(1003), message };
    await expect(host.command(globex.owner, "voicemail.delete", given)).rejects.toThrow("the box is gone");
    await expect(host.command(globex.owner, "voicemail.read", { ...given, box: globex.box(1003) })).rejects.toThrow(
      "the message is gone",
    );
  });

  it("deleted by the API it is gone from the disk, told as gone, and dark; again it does no harm", async () => {
    const message = told("voicemail.received")[0]?.id;
    expect(await command("voicemail.delete", { message })).toEqual({ ok: true, detail: null });
    expect(await command("voicemail.delete", { message })).toEqual({ ok: true, detail: null });
    expect(told("voicemail.deleted")).toEqual([{ id: message, tenant: acme.id, box: acme.box(1003) }]);
    expect(readdirSync(join(host.config.voicemailDir, acme.id, acme.box(1003)))).toEqual(["told.json"]);
    await vi.waitFor(() => expect(lamps().at(-1)).toBe("no"), { timeout: 5000 });
  });

  it("the box's own greeting is heard, and a full box takes no message", async () => {
    const audio = host.media.put(wavOf(1, sine(700), { rate: 16_000 }));
    const changes = acme.put("prompt", "greeting", { name: "greeting", audio });
    expect(await host.apply(acme.owner, changes)).toEqual([]);
    const box = { number: "1003", pin: acme.secret("4711"), greeting: acme.idOf("prompt", "greeting"), maxMessages: 1 };
    acme.put("voicemail-box", "1003", box);
    went(await leave());
    await vi.waitFor(() => expect(told("voicemail.received")).toHaveLength(2), { timeout: 10_000 });
    const ear = await openEar();
    // sent away after it: SIPp takes the BYE for an error
    const sent = await play(
      "hear",
      { ...acme.phone(1001), to: "1003", talk: "2500", ear: String(ear.port) },
      { to: host.phones },
    );
    expect(sent.errors).toContain("unexpected BYE");
    expect(toneIn(ear.heard(), 700)).toBeGreaterThan(0.05);
    ear.close();
    expect(await host.api(`vm_boxcount ${acme.box(1003)}@phones`)).toBe("1");
  });

  it("a box's PIN that was typed wrong ten times within an hour, in whatever calls, is taken no more, and it is told", async () => {
    const of = { kind: "voicemail-box", id: acme.box(1003), pin: "pin" } as const;
    for (let n = 0; n < 9; n++) pbx.state.pinTries.wrong(acme.owner, of, Date.now());
    const guess = await sipp(
      "call",
      { ...acme.phone(1001), to: "*981003", talk: "300" },
      {
        to: host.phones,
        typed: [
          [900, "1111#"],
          [900, "4711#"],
        ],
      },
    );
    await vi.waitFor(() => expect(told("pin.locked")).toHaveLength(1), { timeout: 8000 });
    expect(told("pin.locked")[0]).toMatchObject({ tenant: acme.id, ...of });
    went(await guess.done);
    const again = await play("call-until-bye", { ...acme.phone(1001), to: "*981003" }, { to: host.phones });
    went(again);
    expect([...host.log().matchAll(/EXECUTE .* voicemail\(check /g)]).toHaveLength(1);
    pbx.state.pinTries.forget(acme.owner, [of]);
  });

  it("a message ends at its longest, and is kept", async () => {
    await host.command(acme.owner, "voicemail.delete", {
      box: acme.box(1003),
      message: told("voicemail.received").at(-1)?.id,
    });
    const before = told("voicemail.received").length;
    acme.put("voicemail-box", "1003", { number: "1003", pin: acme.secret("4711"), maxSeconds: 5 });
    const caller = await sipp(
      "call",
      { ...acme.phone(1001), to: "1003", talk: "8500" },
      { to: host.phones, tone: true },
    );
    went(await caller.done);
    await vi.waitFor(() => expect(told("voicemail.received")).toHaveLength(before + 1), { timeout: 10_000 });
    const message = told("voicemail.received").at(-1);
    const { rate, samples } = samplesOf(host.media.uploaded.get(message?.id ?? "")?.bytes ?? Buffer.alloc(0));
    expect(samples.length / rate).toBeGreaterThan(3.5);
    expect(samples.length / rate).toBeLessThanOrEqual(5.1);
    expect(message?.seconds).toBeLessThanOrEqual(5);
  });

  it("what the cloud could not take stays, and goes up later", async () => {
    host.media.broken = new Error("no route");
    went(await leave("1003", globex));
    await expect.poll(() => host.api(`vm_boxcount ${globex.box(1003)}@phones`)).toBe("1");
    expect(told("voicemail.received").filter(({ tenant }) => tenant === globex.id)).toEqual([]);
    host.media.broken = undefined;
    await host.reconcile();
    await vi.waitFor(
      () => expect(told("voicemail.received").filter(({ tenant }) => tenant === globex.id)).toHaveLength(1),
      {
        timeout: 5000,
      },
    );
  });

  it("a box that is deleted leaves nothing to whoever gets its number", async () => {
    const folder = join(host.config.voicemailDir, acme.id, acme.box(1003));
    expect(existsSync(folder)).toBe(true);
    acme.extension(1003);
    expect(await host.apply(acme.owner, acme.drop("voicemail-box", "1003"))).toEqual([]);
    expect(existsSync(folder)).toBe(false);
    expect(await host.api(`vm_boxcount ${acme.box(1003)}@phones`)).toBe("0");
    expect(await host.api(`vm_boxcount ${globex.box(1003)}@phones`)).toBe("1");
  });

  it("a message from before its box got another number and its tenant another domain is counted, heard and deleted", async () => {
    const message = told("voicemail.received").at(-1)?.id;
    const box = globex.box(1003);
    await host.apply(globex.owner, globex.settings({ domain: "globex.example" }));
    globex.put("voicemail-box", "1003", { number: "1099", pin: globex.secret("4711") });
    await host.apply(globex.owner, globex.extension(1003, { voicemailBox: box }));
    const theirs = await openRegistered(host, globex, 1003);
    const lit = () => requestsOf(theirs, "NOTIFY").map(({ body }) => /Messages-Waiting: (\w+)/.exec(body)?.[1]);
    await vi.waitFor(() => expect(lit()).toEqual(["yes"]), { timeout: 5000 });
    const ear = await openEar();
    const listening = { ...globex.phone(1003), to: "*97", talk: "5500", ear: String(ear.port) };
    went(await play("hear", listening, { to: host.phones }));
    // the prompts are short beeps of the same frequency
    const { rate, samples } = ear.heard();
    const halves = Array.from({ length: Math.floor((2 * samples.length) / rate) }, (_, n) =>
      toneIn({ rate, samples: samples.subarray((n * rate) / 2, ((n + 1) * rate) / 2) }, 500),
    );
    expect(halves.filter((level) => level > 0.2).length).toBeGreaterThanOrEqual(3);
    ear.close();
    await vi.waitFor(() => expect(told("voicemail.updated").at(-1)).toMatchObject({ box, id: message, read: true }));
    await vi.waitFor(() => expect(lit().at(-1)).toBe("no"), { timeout: 5000 });
    await host.command(globex.owner, "voicemail.delete", { box, message });
    expect(told("voicemail.deleted").at(-1)).toMatchObject({ box, id: message });
    expect(await host.api(`vm_boxcount ${box}@phones`)).toBe("0");
    theirs.close();
  });
});
