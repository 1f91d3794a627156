import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { engineInstalled, type FreeswitchHost, startFreeswitch } from "../../support/freeswitch.ts";
import { createPbx } from "../../support/pbx.ts";
import { createPhones } from "../../support/phones.ts";
import { freePort, type Played, sipp, went } from "../../support/sipp.ts";

const inviteOf = (played: Played) => played.received.find((message) => message.startsWith("INVITE ")) ?? "";
const none = { always: null, busy: null, noAnswer: null, notRegistered: null };

describe.runIf(engineInstalled())("an extension on a real FreeSWITCH", { timeout: 40_000 }, () => {
  const pbx = createPbx();
  const { acme, globex } = pbx;
  const phones = createPhones(acme);
  let host: FreeswitchHost;
  let carrier = 0;
  const mobile = "+12025550123";
  const to = (number: number) => ({ kind: "extension", ref: acme.ext(number) });

  beforeAll(async () => {
    acme.extension(1004);
    acme.number("+15550100", null);
    host = await startFreeswitch(pbx);
    await phones.register(host, 1001, 1002, 1003);
    carrier = await freePort();
    expect(await host.apply(acme.owner, acme.trunk(1, { name: "t", port: carrier }))).toEqual([]);
  }, 60_000);
  afterAll(() => host?.stop());
  beforeEach(async () => {
    await host.rest();
    acme.extension(1002, { ringSeconds: 5 });
  });

  it("that wants no calls does not ring, and is busy", async () => {
    acme.extension(1002, { doNotDisturb: true });
    const phone = await phones.is(1002, "answer");
    await phones.call(1001, "1002", "call-refused", { status: "486" });
    phone.stop();
    expect((await phone.done).received).toEqual([]);
  });

  it.each<[string, string | null, Record<string, string>]>([
    ["always", null, {}],
    ["busy", "refuse", { status: "486" }],
    ["busy", "refuse", { status: "603" }],
    ["noAnswer", "ring", {}],
  ])("forwards %s (its phone: %s %o)", async (when, scenario, values) => {
    acme.extension(1002, { ringSeconds: 5, forward: { ...none, [when]: to(1003) } });
    const phone = scenario === null ? undefined : await phones.is(1002, scenario, values);
    const other = await phones.is(1003, "answer");
    await phones.call(1001, "1002");
    if (phone) went(await phone.done);
    expect(inviteOf(went(await other.done))).toContain('From: "Alice" <sip:1001@');
  });

  it("whose phone is not there forwards", async () => {
    acme.extension(1004, { forward: { ...none, notRegistered: to(1003) } });
    const other = await phones.is(1003, "answer");
    await phones.call(1001, "1004");
    went(await other.done);
  });

  it("that forwards in a circle ends the call", async () => {
    acme.extension(1002, { forward: { ...none, always: to(1004) } });
    acme.extension(1004, { forward: { ...none, always: to(1002) } });
    await phones.call(1001, "1002", "call-refused", { status: "480" });
  });

  it("that forwards outside pays: with its permission and its number, and without permission the call ends", async () => {
    const outside = { ...none, always: { kind: "outside-number", number: mobile } };
    acme.extension(1002, { externalCallerId: "+15550100", forward: outside });
    const reached = await sipp("answer", {}, { port: carrier });
    await phones.call(1001, "1002");
    expect(inviteOf(went(await reached.done))).toContain("<sip:+15550100@");
    acme.extension(1002, { forward: outside, outbound: { permission: "internal", countries: null } });
    await phones.call(1001, "1002", "call-refused", { status: "403" });
  });

  it("that is on a call and takes no second one is busy", async () => {
    acme.extension(1002, { callWaiting: false });
    const talking = await phones.is(1002, "answer");
    const first = await phones.calling(1003, "1002", "call", { talk: "2000" });
    await expect
      .poll(() => host.reported.some(({ data }) => (data as { state?: string }).state === "answered"))
      .toBe(true);
    await phones.call(1001, "1002", "call-refused", { status: "486" });
    went(await first.done);
    went(await talking.done);
  });

  it("is followed by a mobile, which takes the call when 1 is pressed there", async () => {
    acme.extension(1002, {
      followMe: {
        enabled: true,
        confirm: true,
        members: [{ extension: null, number: mobile, delaySeconds: 0, ringSeconds: 20 }],
      },
    });
    const [desk, pressing] = [
      await phones.is(1002, "ring"),
      await sipp("answer", {}, { port: carrier, typed: [[800, "1"]] }),
    ];
    await phones.call(1001, "1002");
    went(await desk.done);
    expect(inviteOf(went(await pressing.done))).toMatch(/^INVITE sip:\+12025550123@/);
  });

  it("of another tenant with the same number is none of its business", async () => {
    acme.extension(1002, { doNotDisturb: true, forward: { ...none, always: to(1003) } });
    const theirs = createPhones(globex);
    await theirs.register(host, 1001, 1002);
    const [mine, other] = [await phones.is(1003, "answer"), await theirs.is(1002, "answer")];
    await theirs.call(1001, "1002");
    went(await other.done);
    mine.stop();
    expect((await mine.done).received).toEqual([]);
  });
});
