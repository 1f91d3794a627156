import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { engineInstalled, type FreeswitchHost, startFreeswitch } from "../../support/freeswitch.ts";
import { createPbx } from "../../support/pbx.ts";
import { freePort, play, sipp, went } from "../../support/sipp.ts";

const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const always = [{ days, from: "00:00", to: "24:00" }];

describe.runIf(engineInstalled())("a schedule and an announcement on a real FreeSWITCH", { timeout: 40_000 }, () => {
  const pbx = createPbx();
  const { acme } = pbx;
  let host: FreeswitchHost;
  let port = 0;

  const office = (more: Record<string, unknown>) =>
    acme.put("schedule", "office", {
      name: "office",
      extensionNumber: "500",
      open: { kind: "extension", ref: acme.ext(1002) },
      closed: { kind: "announcement", ref: acme.idOf("announcement", "shut") },
      ...more,
    });
  beforeAll(async () => {
    acme.put("prompt", "shut", { name: "we are shut" });
    for (const [name, answer] of [
      ["shut", true],
      ["early", false],
    ] as const)
      acme.put("announcement", name, {
        ...{ name, answer, prompt: acme.idOf("prompt", "shut"), extensionNumber: answer ? "510" : "511" },
        afterwards: answer ? null : { kind: "hangup", cause: "busy" },
      });
    host = await startFreeswitch(pbx);
    port = await freePort();
    went(await play("register", acme.phone(1002), { to: host.phones, port }));
  }, 60_000);
  afterAll(() => host?.stop());

  const call = (scenario: string, to: string, more: Record<string, string> = {}) =>
    play(scenario, { ...acme.phone(1001), to, ...more }, { to: host.phones });

  it("in opening hours lets the phone ring", async () => {
    office({ hours: always });
    const callee = await sipp("answer", {}, { port });
    went(await call("call", "500"));
    went(await callee.done);
  });

  it("on a holiday, though it is within its hours, says so and hangs up; the phone stays silent", async () => {
    const today = new Date();
    const dates = [0, 1].map((n) => new Date(today.getTime() + n * 86_400_000).toISOString().slice(0, 10));
    office({ hours: always, holidays: [{ name: "Feast", date: dates[0], lastDate: dates[1] }] });
    const callee = await sipp("answer", {}, { port });
    went(await call("call-until-bye", "500"));
    callee.stop();
    expect((await callee.done).received).toEqual([]);
  });

  it("out of hours hangs up after its announcement, at the next call after the change", async () => {
    office({ hours: [] });
    went(await call("call-until-bye", "500"));
  });

  it("an announcement before the answer is heard as early media, and the call is refused as its destination says", async () => {
    const heard = await call("call-refused", "511", { status: "486" });
    went(heard);
    expect(heard.received.some((message) => message.startsWith("SIP/2.0 183"))).toBe(true);
    expect(heard.received.some((message) => /^SIP\/2.0 200/.test(message))).toBe(false);
  });
});
