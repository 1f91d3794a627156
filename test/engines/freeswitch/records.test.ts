// A call is one record, whatever became of it on its way: with a segment for everything that it came to.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { CallRecord, LiveCall } from "../../../core/wire-events.ts";
import { engineInstalled, type FreeswitchHost, startFreeswitch } from "../../support/freeswitch.ts";
import { createPbx } from "../../support/pbx.ts";
import { freePort, play, sipp, went } from "../../support/sipp.ts";

describe.runIf(engineInstalled())("call records, on a real FreeSWITCH", { timeout: 40_000 }, () => {
  const pbx = createPbx();
  const { acme } = pbx;
  let host: FreeswitchHost;
  const ports = new Map<string, number>();
  const port = (user: string) => ports.get(user) ?? 0;

  async function register(user: string) {
    const where = { to: host.phones, port: await freePort() };
    ports.set(user, where.port);
    went(await play("register", { ...acme.phone(user) }, where));
  }
  const call = (from: string, to: string, talk = "300") =>
    sipp("call", { ...acme.phone(from), to, talk }, { to: host.phones, port: port(from) });
  const answering = (user: string) => sipp("answer", {}, { port: port(user) });
  const lives = () => host.reported.flatMap(({ type, data }) => (type === "call.updated" ? [data as LiveCall] : []));
  /** The one record that there is once nobody is on the phone any more. */
  async function record() {
    await expect.poll(() => host.api("show calls count"), { timeout: 10_000 }).toContain("0 total");
    await expect.poll(host.records, { timeout: 10_000 }).toHaveLength(1);
    return host.records()[0];
  }
  const ways = (of: CallRecord | undefined) =>
    of?.segments?.map(({ kind, number, outcome }) => `${kind} ${number} ${outcome}`);
  /** The uuids of answered legs that FreeSWITCH made to this phone. */
  const legsTo = async (user: string): Promise<string[]> => {
    const { rows = [] }: { rows?: { uuid: string; name: string; direction: string; callstate: string }[] } = JSON.parse(
      await host.api("show channels as json"),
    );
    return rows
      .filter(
        ({ name, direction, callstate }) =>
          direction === "outbound" && callstate === "ACTIVE" && name === `sofia/phones/${user}`,
      )
      .map(({ uuid }) => uuid);
  };
  const talking = (times = 1) =>
    expect.poll(() => lives().filter(({ state }) => state === "answered").length).toBeGreaterThanOrEqual(times);

  beforeAll(async () => {
    host = await startFreeswitch(pbx);
    acme.extension(1004, { displayName: "Dave" });
    for (const user of ["1001", "1002", "1004"]) await register(user);
  }, 60_000);
  afterAll(() => host?.stop());
  beforeEach(async () => {
    await host.api("hupall");
    await host.rest();
  });

  it("tells of an extension that was not there, and the voicemail box after it", async () => {
    went(await (await call("1001", "1003")).done);
    const told = await record();
    expect(ways(told)).toEqual(["extension 1003 not-registered", "voicemail-box 1003 voicemail"]);
    expect(told).toMatchObject({
      outcome: "voicemail",
      segments: [{ name: "Carol", id: acme.ext(1003) }, { id: acme.box(1003) }],
    });
    const times = told?.segments?.flatMap(({ startedAt, endedAt }) => [startedAt, endedAt]) ?? [];
    expect(times).toEqual([...times].sort());
    expect([times[0], times.at(-1)]).toEqual([
      expect.stringContaining(told?.startedAt.slice(0, 18) ?? "?"),
      told?.endedAt,
    ]);
  });

  it("tells of one who gave up while it rang", async () => {
    const callee = await sipp("ring", {}, { port: port("1002") });
    const caller = await sipp(
      "call-refused",
      { ...acme.phone("1001"), to: "1002", status: "480" },
      { to: host.phones },
    );
    went(await callee.done);
    went(await caller.done);
    expect(ways(await record())).toEqual(["extension 1002 no-answer"]);
  });

  it("is one where the called party sends the caller on, and still says that he was answered", async () => {
    const callee = await answering("1002");
    const caller = await call("1001", "1002", "2500");
    await talking();
    await host.command(acme.owner, "transfer", { call: lives()[0]?.id, to: "1003" });
    for (const phone of [callee, caller]) went(await phone.done);
    const told = await record();
    expect(ways(told)).toEqual([
      ...[
        "extension 1002 answered",
        "transfer 1003 passed",
        "extension 1003 not-registered",
        "voicemail-box 1003 voicemail",
      ],
    ]);
    expect(told).toMatchObject({ outcome: "answered", from: { number: "1001" } });
  });

  it("is one where the caller sends the called party on and leaves", async () => {
    const [callee, third] = [await answering("1002"), await answering("1004")];
    const caller = await sipp("answer", {}, { port: port("1001") });
    await host.command(acme.owner, "originate", { extension: acme.ext(1001), to: "1002" });
    await expect.poll(() => legsTo("1002")).toHaveLength(1);
    await talking();
    await host.api(`uuid_transfer ${(await legsTo("1002"))[0]} 1004 XML acme.test`);
    went(await caller.done);
    await expect.poll(() => legsTo("1004")).toHaveLength(1);
    await host.api("hupall");
    for (const phone of [callee, third]) went(await phone.done);
    const told = await record();
    expect(ways(told)).toEqual([
      ...["extension 1001 answered", "extension 1002 answered", "transfer 1004 passed", "extension 1004 answered"],
    ]);
  });

  it("is one where two calls of somebody are connected with one another and he leaves", async () => {
    const phones = [await answering("1002"), await answering("1004")];
    const calls = [await call("1001", "1002", "2000")];
    await talking();
    calls.push(await sipp("call", { ...acme.phone("1001"), to: "1004", talk: "2000" }, { to: host.phones }));
    for (const user of ["1002", "1004"]) await expect.poll(() => legsTo(user)).toHaveLength(1);
    const [bob, dave] = [await legsTo("1002"), await legsTo("1004")];
    // as FreeSWITCH does it at a REFER with Replaces (sofia.c)
    await host.api(`uuid_bridge ${bob[0]} ${dave[0]}`);
    for (const leg of calls) await leg.done;
    await expect.poll(() => host.api("show channels count")).toContain("2 total");
    await host.api("hupall");
    for (const phone of phones) went(await phone.done);
    const told = await record();
    expect(told?.legs).toHaveLength(4);
    expect(ways(told)).toEqual(["extension 1002 answered", "extension 1004 answered"]);
  });
});
