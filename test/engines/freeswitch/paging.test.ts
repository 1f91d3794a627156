import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { engineInstalled, type FreeswitchHost, startFreeswitch } from "../../support/freeswitch.ts";
import { createPbx } from "../../support/pbx.ts";
import { createPhones } from "../../support/phones.ts";
import { type Played, went } from "../../support/sipp.ts";

const inviteOf = (played: Played) => played.received.find((message) => message.startsWith("INVITE ")) ?? "";

describe.runIf(engineInstalled())("paging on a real FreeSWITCH", { timeout: 40_000 }, () => {
  const pbx = createPbx();
  const { acme, globex } = pbx;
  const phones = createPhones(acme);
  const theirs = createPhones(globex);
  let host: FreeswitchHost;
  const group = (more: Record<string, unknown>, tenant = acme) =>
    tenant.put("paging-group", "all", { name: "all", extensionNumber: "650", ...more });
  const everybody = (tenant = acme) => [1001, 1002, 1003].map((number) => tenant.ext(number));

  beforeAll(async () => {
    acme.extension(1004);
    host = await startFreeswitch(pbx);
    await phones.register(host, 1001, 1002, 1003, 1004);
    await theirs.register(host, 1001, 1002);
  }, 60_000);
  afterAll(() => host?.stop());
  beforeEach(async () => {
    await host.rest();
  });
  const members = async () => {
    const listed = await host.api("conference list");
    return listed.split("\n").flatMap((line) => {
      const [, , channel = "", , , flags = ""] = line.split(";");
      return channel.includes("sofia/") || flags ? [line] : [];
    });
  };

  it("has phones answer by themselves, muted, and ends when the caller goes; it is one call", async () => {
    group({ members: everybody() });
    const rung = [await phones.is(1002, "auto-answer"), await phones.is(1003, "auto-answer")];
    const caller = await phones.calling(1001, "650", "call", { talk: "3000" });
    await expect.poll(async () => (await members()).length, { timeout: 8000 }).toBe(3);
    expect((await members()).filter((line) => /\bspeak\b/.test(line))).toHaveLength(1);
    went(await caller.done);
    for (const phone of rung) {
      const invite = inviteOf(went(await phone.done));
      expect(invite).toMatch(/^Call-Info: .*answer-after=0/m);
      expect(invite).toMatch(/^Alert-Info: .*info=alert-autoanswer/m);
      expect(invite).toContain('From: "Alice" <sip:1001@');
    }
    await expect.poll(() => host.records().length, { timeout: 10_000 }).toBe(1);
    expect(
      host
        .records()[0]
        ?.legs.map(({ extension }) => extension)
        .sort(),
    ).toEqual(everybody());
  });

  it("two ways, everybody may speak; a phone that is late does not hold it up, and is let go with the caller", async () => {
    group({ members: everybody(), twoWay: true });
    const [prompt, late] = [await phones.is(1002, "auto-answer"), await phones.is(1003, "trying")];
    const caller = await phones.calling(1001, "650", "call", { talk: "2500" });
    await expect.poll(async () => (await members()).filter((line) => /\bspeak\b/.test(line)).length).toBe(2);
    went(await caller.done);
    went(await prompt.done);
    went(await late.done);
  });

  it("leaves alone who is on a call or wants no calls, and with nobody left the call ends", async () => {
    group({ members: [acme.ext(1002), acme.ext(1003)] });
    acme.extension(1003, { doNotDisturb: true });
    const talking = await phones.is(1002, "answer");
    const other = await phones.calling(1004, "1002", "call", { talk: "2000" });
    await expect
      .poll(() => host.reported.some(({ data }) => (data as { state?: string }).state === "answered"))
      .toBe(true);
    await phones.call(1001, "650", "call-refused", { status: "480" });
    went(await other.done);
    went(await talking.done);
    acme.extension(1003);
  });

  it("of another tenant with the same number is heard on that tenant's phones alone", async () => {
    group({ members: everybody() });
    group({ members: [globex.ext(1002)] }, globex);
    const [mine, other] = [await phones.is(1002, "auto-answer"), await theirs.is(1002, "auto-answer")];
    await theirs.call(1001, "650", "call", { talk: "1500" });
    went(await other.done);
    mine.stop();
    expect((await mine.done).received).toEqual([]);
  });

  it("of one phone, by code: it answers by itself, and both talk", async () => {
    const phone = await phones.is(1002, "auto-answer");
    await phones.call(1001, "*801002");
    expect(inviteOf(went(await phone.done))).toMatch(/^Call-Info: .*answer-after=0/m);
  });
});
