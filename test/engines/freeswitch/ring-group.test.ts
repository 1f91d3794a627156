import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { CallRecord } from "../../../core/wire-events.ts";
import { engineInstalled, type FreeswitchHost, startFreeswitch } from "../../support/freeswitch.ts";
import { createPbx } from "../../support/pbx.ts";
import { createPhones } from "../../support/phones.ts";
import { freePort, type Played, sipp, went } from "../../support/sipp.ts";

const methods = (played: Played) => played.received.map((message) => message.split(" ")[0]);
const inviteOf = (played: Played) => played.received.find((message) => message.startsWith("INVITE ")) ?? "";

describe.runIf(engineInstalled())("a ring group on a real FreeSWITCH", { timeout: 40_000 }, () => {
  const pbx = createPbx();
  const { acme, globex } = pbx;
  const phones = createPhones(acme);
  const theirs = createPhones(globex);
  let host: FreeswitchHost;
  let carrier = 0;
  const mobile = "+12025550123";
  const member = (number: number, more: Record<string, unknown> = {}) => ({ extension: acme.ext(number), ...more });
  const group = (more: Record<string, unknown>, tenant = acme) =>
    tenant.put("ring-group", "sales", { name: "sales", extensionNumber: "600", ringSeconds: 10, ...more });

  beforeAll(async () => {
    acme.extension(1004);
    host = await startFreeswitch(pbx);
    await phones.register(host, 1001, 1002, 1003, 1004);
    await theirs.register(host, 1002, 1003);
    carrier = await freePort();
    expect(await host.apply(acme.owner, acme.trunk(1, { name: "t", port: carrier }))).toEqual([]);
  }, 60_000);
  afterAll(() => host?.stop());
  beforeEach(async () => {
    await host.rest();
  });

  /** The record of a call may come after the next one has begun. */
  async function record(outcome: string, legs: number): Promise<CallRecord> {
    const found = () => host.records().find((one) => one.outcome === outcome && one.legs.length === legs);
    await expect.poll(found, { timeout: 10_000 }).toBeDefined();
    return found() as CallRecord;
  }

  it("rings all at once with its prefix; who answers first has the call, and the record knows who was rung", async () => {
    group({ members: [member(1002), member(1003)], callerNamePrefix: "Sales", skipBusy: true });
    const [loser, winner] = [await phones.is(1002, "ring"), await phones.is(1003, "answer", { wait: "700" })];
    await phones.call(1001, "600");
    expect(inviteOf(went(await winner.done))).toContain('From: "Sales Alice" <sip:1001@');
    expect(methods(went(await loser.done))).toEqual(["INVITE", "CANCEL", "ACK"]);
    const { outcome, to, legs } = await record("answered", 3);
    expect([outcome, to.extension]).toEqual(["answered", acme.ext(1003)]);
    expect(legs.map(({ extension, cause }) => [extension, cause]).sort()).toEqual([
      [acme.ext(1001), "NORMAL_CLEARING"],
      [acme.ext(1002), "LOSE_RACE"],
      [acme.ext(1003), "NORMAL_CLEARING"],
    ]);
  });

  it("rings one after another: the next one when one declines, and nobody who wants no calls", async () => {
    acme.extension(1004, { doNotDisturb: true });
    group({ strategy: "sequence", members: [member(1004), member(1002), member(1003)] });
    const [first, second, quiet] = [
      await phones.is(1002, "refuse", { status: "603" }),
      await phones.is(1003, "answer"),
      await phones.is(1004, "answer"),
    ];
    await phones.call(1001, "600");
    went(await first.done);
    went(await second.done);
    quiet.stop();
    expect((await quiet.done).received).toEqual([]);
    acme.extension(1004);
  });

  it("rolls over to the next when one is busy, who then keeps on ringing, and its record has a segment for each", async () => {
    group({ strategy: "rollover", members: [member(1002), member(1003, { ringSeconds: 5 }), member(1004)] });
    const [busy, slow, last] = [
      await phones.is(1002, "refuse", { status: "486" }),
      // longer than a turn of his own would be
      await phones.is(1003, "answer", { wait: "5700" }),
      await phones.is(1004, "answer"),
    ];
    await phones.call(1001, "600");
    went(await busy.done);
    went(await slow.done);
    last.stop();
    expect((await last.done).received).toEqual([]);
    const { segments } = await record("answered", 3);
    expect(segments?.map(({ kind, number, outcome }) => [kind, number, outcome])).toEqual([
      ["ring-group", "600", "answered"],
      ["extension", "1002", "busy"],
      ["extension", "1003", "answered"],
    ]);
  });

  it("stops when its time is over, and the call goes where it says", async () => {
    group({ ringSeconds: 5, members: [member(1002), member(1003)], afterwards: { kind: "hangup", cause: "busy" } });
    const rung = [await phones.is(1002, "ring"), await phones.is(1003, "ring")];
    const started = Date.now();
    await phones.call(1001, "600", "call-refused", { status: "486" });
    expect(Date.now() - started).toBeLessThan(8000);
    for (const phone of rung) went(await phone.done);
  });

  it("goes where it says at once when there is nobody to ring", async () => {
    group({ members: [], afterwards: { kind: "extension", ref: acme.ext(1002) } });
    const phone = await phones.is(1002, "answer");
    await phones.call(1001, "600");
    went(await phone.done);
  });

  it("stops ringing everybody when the caller gives up", async () => {
    group({ members: [member(1002), member(1003)] });
    const rung = [await phones.is(1002, "ring"), await phones.is(1003, "ring")];
    await phones.call(1001, "600", "call-cancelled");
    for (const phone of rung) went(await phone.done);
    expect((await record("cancelled", 3)).legs).toHaveLength(3);
  });

  it("does not ring a member before its delay", async () => {
    group({ members: [member(1002), member(1003, { delaySeconds: 4 })] });
    const [now, later] = [await phones.is(1002, "answer", { wait: "1500" }), await phones.is(1003, "answer")];
    await phones.call(1001, "600");
    went(await now.done);
    later.stop();
    expect((await later.done).received).toEqual([]);
  });

  it("gives the call to a mobile that presses 1", async () => {
    group({ confirm: true, members: [{ number: mobile }, member(1002)] });
    const [pressing, desk] = [
      await sipp("answer", {}, { port: carrier, typed: [[800, "1"]] }),
      await phones.is(1002, "ring"),
    ];
    await phones.call(1001, "600");
    expect(inviteOf(went(await pressing.done))).toMatch(/^INVITE sip:\+12025550123@/);
    expect(methods(went(await desk.done))).toEqual(["INVITE", "CANCEL", "ACK"]);
  });

  it("does not give it to the mobile's voicemail, which answers and presses nothing", async () => {
    group({ confirm: true, members: [{ number: mobile }, member(1002)] });
    const [voicemail, desk] = [
      await sipp("answer", {}, { port: carrier }),
      await phones.is(1002, "answer", { wait: "2500" }),
    ];
    await phones.call(1001, "600");
    went(await desk.done);
    went(await voicemail.done);
    const { to } = await record("answered", 3);
    expect(to.extension).toBe(acme.ext(1002));
  });

  it("skips who is on a call", async () => {
    group({ skipBusy: true, members: [member(1002), member(1003)] });
    const talking = await phones.is(1002, "answer");
    const other = await phones.calling(1004, "1002", "call", { talk: "3000" });
    await expect
      .poll(() => host.reported.some(({ data }) => (data as { state?: string }).state === "answered"))
      .toBe(true);
    const free = await phones.is(1003, "answer");
    await phones.call(1001, "600");
    went(await free.done);
    went(await other.done);
    expect(methods(went(await talking.done))).toEqual(["INVITE", "ACK", "BYE"]);
  });

  it("of another tenant with the same number rings that tenant's phones alone", async () => {
    group({ members: [member(1002)] });
    group({ members: [{ extension: globex.ext(1003) }] }, globex);
    const [mine, other] = [await phones.is(1003, "answer"), await theirs.is(1003, "answer")];
    await theirs.call(1002, "600");
    went(await other.done);
    mine.stop();
    expect((await mine.done).received).toEqual([]);
  });
});
