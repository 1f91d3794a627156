import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { LiveConference } from "../../../core/wire-events.ts";
import { engineInstalled, type FreeswitchHost, startFreeswitch } from "../../support/freeswitch.ts";
import { createPbx } from "../../support/pbx.ts";
import { type Playing, play, sipp, type Typed, went } from "../../support/sipp.ts";

describe.runIf(engineInstalled())("a conference on a real FreeSWITCH", { timeout: 40_000 }, () => {
  const pbx = createPbx();
  const { acme, globex } = pbx;
  let host: FreeswitchHost;
  let playing: Playing[] = [];

  beforeAll(async () => {
    host = await startFreeswitch(pbx);
  }, 60_000);
  afterAll(() => host?.stop());
  beforeEach(async () => {
    for (const one of playing) one.stop();
    playing = [];
    await host.api("hupall");
    await expect.poll(() => host.api("conference list count")).toMatch(/No active conferences/);
  });

  /** A caller who stays. */
  async function enter(tenant: typeof acme, number: number, typed: Typed = []) {
    const one = await sipp("call", { ...tenant.phone(number), to: "800", talk: "15000" }, { to: host.phones, typed });
    playing.push(one);
  }
  const refused = (tenant: typeof acme, number: number, typed: Typed = []) =>
    play("call-until-bye", { ...tenant.phone(number), to: "800" }, { to: host.phones, typed });
  const room = (tenant: typeof acme) => tenant.idOf("conference", "board");
  /** Its members with their flags, as FreeSWITCH lists them. */
  async function members(tenant: typeof acme): Promise<string[]> {
    const text = await host.api(`conference ${room(tenant)} list`);
    return text.includes(";") ? text.trim().split("\n") : [];
  }
  const put = (tenant: typeof acme, more: Record<string, unknown> = {}) =>
    tenant.put("conference", "board", { name: "board", extensionNumber: "800", ...more });
  const count = (tenant: typeof acme, wanted: number) =>
    expect.poll(() => members(tenant), { timeout: 8000 }).toHaveLength(wanted);

  it("is where callers with the right PIN meet, and who has the moderator's moderates", async () => {
    put(acme, { pin: acme.secret("4711"), moderatorPin: acme.secret("9999"), muteOnEntry: true, recording: true });
    await enter(acme, 1001, [[800, "4711#"]]);
    await enter(acme, 1002, [
      [800, "1234#"],
      [1200, "9999#"],
    ]);
    await count(acme, 2);
    const flags = await members(acme);
    expect(flags.filter((line) => line.includes("moderator"))).toEqual([expect.stringContaining("1002")]);
    expect(flags.find((line) => !line.includes("moderator"))).not.toMatch(/hear\|speak/);
    expect(flags.find((line) => line.includes("moderator"))).toMatch(/hear\|speak/);
    await expect
      .poll(() => host.files().filter((file) => file.endsWith(".conference.wav")))
      .toEqual([expect.stringMatching(new RegExp(`^recordings/${acme.id}/`))]);
  });

  it("hangs up on who types three wrong PINs, and never lets him in", async () => {
    put(acme, { pin: acme.secret("4711") });
    went(
      await refused(acme, 1001, [
        [800, "1#"],
        [1500, "2#"],
        [1500, "3#"],
      ]),
    );
    expect(await members(acme)).toEqual([]);
  });

  it("hangs up on who finds it full; those within stay", async () => {
    put(acme, { maxMembers: 2 });
    for (const number of [1001, 1002]) await enter(acme, number);
    await count(acme, 2);
    went(await refused(acme, 1003));
    await count(acme, 2);
  });

  it("of another tenant is another room, though numbers, names and PINs are the same", async () => {
    for (const tenant of [acme, globex]) put(tenant, { pin: tenant.secret("4711") });
    await enter(acme, 1001, [[800, "4711#"]]);
    await enter(globex, 1001, [[800, "4711#"]]);
    await count(acme, 1);
    await count(globex, 1);
  });

  it("is told with its members, who are muted and put out by API; locked it lets nobody in; nothing of it is another tenant's", async () => {
    for (const tenant of [acme, globex]) put(tenant);
    const told = (tenant = acme) =>
      host.reported.flatMap(({ type, data }) =>
        type === "conference.updated" && (data as LiveConference).tenant === tenant.id ? [data as LiveConference] : [],
      );
    const last = () => told().at(-1);
    const does = (action: string, member?: string, tenant = acme) =>
      host.command(tenant.owner, "conference", { conference: room(acme), action, member });
    for (const [tenant, number] of [
      [acme, 1001],
      [globex, 1001],
      [acme, 1002],
    ] as const)
      await enter(tenant, number);
    await expect
      .poll(() =>
        last()
          ?.members.map(({ number }) => number)
          .sort(),
      )
      .toEqual(["1001", "1002"]);
    await expect.poll(() => told(globex).at(-1)?.members).toHaveLength(1);
    const of = (number: string) => last()?.members.find((one) => one.number === number);
    const { id: alice = "" } = of("1001") ?? {};
    expect(of("1001")).toMatchObject({ name: "Alice", extension: acme.ext(1001), moderator: false, muted: false });
    expect(of("1001")?.call).toMatch(/^cal_/);

    expect(await does("mute", alice)).toEqual({ ok: true, detail: null });
    await expect.poll(() => of("1001")?.muted).toBe(true);
    expect((await members(acme)).find((line) => line.includes(alice))).not.toMatch(/hear\|speak/);
    await does("unmute", alice);
    await expect.poll(() => of("1001")?.muted).toBe(false);

    await expect(does("mute", alice, globex)).rejects.toThrow("the conference is gone");
    await expect(does("kick", told(globex).at(-1)?.members[0]?.id)).rejects.toThrow("the member has left");
    await expect(does("kick", "all")).rejects.toThrow("the member has left");

    await does("lock");
    await expect.poll(() => last()?.locked).toBe(true);
    went(await refused(acme, 1003));
    expect(last()?.members).toHaveLength(2);
    await does("unlock");
    await expect.poll(() => last()?.locked).toBe(false);

    await host.restartAgent(async () => void host.reported.splice(0));
    await expect
      .poll(() =>
        last()
          ?.members.map(({ number }) => number)
          .sort(),
      )
      .toEqual(["1001", "1002"]);
    await does("kick", alice);
    await expect.poll(() => last()?.members.map(({ number }) => number)).toEqual(["1002"]);
    await expect(does("kick", alice)).rejects.toThrow("the member has left");
    await host.api("hupall");
    await expect.poll(() => last()?.members).toEqual([]);
    await expect(does("lock")).rejects.toThrow("nobody is in the conference");
  });

  it("lets nobody talk before a moderator is there, and takes its settings anew for the next room", async () => {
    put(acme, { moderatorPin: acme.secret("9999"), waitForModerator: true });
    await enter(acme, 1001, [[800, "#"]]);
    await count(acme, 1);
    expect(await host.api(`conference ${room(acme)} xml_list`)).toContain('wait_mod="true"');
    put(acme, {});
    await host.api("hupall");
    await count(acme, 0);
    await enter(acme, 1001);
    await count(acme, 1);
    expect(await host.api(`conference ${room(acme)} xml_list`)).not.toContain('wait_mod="true"');
  });
});
