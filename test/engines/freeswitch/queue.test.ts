import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { CallRecord, LiveQueue } from "../../../core/wire-events.ts";
import { rowsOf } from "../../../edge-agent/drivers/freeswitch/callcenter/table.ts";
import { engineInstalled, type FreeswitchHost, startFreeswitch } from "../../support/freeswitch.ts";
import { createPbx, idOf } from "../../support/pbx.ts";
import { freePort, type Played, play, sipp, went } from "../../support/sipp.ts";
import { call as dials, openRegistered, type Phone, requestsOf, takesCalls } from "../../support/talk.ts";

type Tenant = ReturnType<typeof createPbx>["acme"];

describe.runIf(engineInstalled())("a queue on a real FreeSWITCH", { timeout: 30_000 }, () => {
  const pbx = createPbx();
  const { acme, globex } = pbx;
  let host: FreeswitchHost;
  const ports = new Map<string, number>();

  const portOf = (number: number, tenant: Tenant = acme) => ports.get(`${number}@${tenant.domain}`) ?? 0;
  const phone = (scenario: string, number: number, tenant: Tenant = acme, values: Record<string, string> = {}) =>
    sipp(scenario, values, { port: portOf(number, tenant) });
  /** Somebody calls the queue from 1001 and talks so long, waiting or not. */
  const call = (talk: number, tenant: Tenant = acme) =>
    sipp(
      "call",
      { ...tenant.phone(1001), to: "600", talk: String(talk) },
      { to: host.phones, port: portOf(1001, tenant), tone: true },
    );
  const put = async (body: Record<string, unknown>, tenant: Tenant = acme) => {
    const changes = tenant.put("queue", "q", { name: "Support", extensionNumber: "600", agentRingSeconds: 5, ...body });
    expect(await host.apply(tenant.owner, changes)).toEqual([]);
  };
  const agent = (number: number, more: Record<string, unknown> = {}, tenant: Tenant = acme) => ({
    extension: tenant.ext(number),
    ...more,
  });
  const queue = (tenant: Tenant = acme) => tenant.idOf("queue", "q");
  const list = async (what: string) => rowsOf(await host.api(`callcenter_config ${what}`));
  const waiting = async (tenant: Tenant = acme) =>
    (await list(`queue list members ${queue(tenant)}`)).filter(({ state }) => state !== "Abandoned");
  const rang = (played: Played) => played.received.filter((message) => message.startsWith("INVITE "));

  const records = () =>
    host.reported.flatMap((event) => (event.type === "call.completed" ? [event.data as CallRecord] : []));
  /** What a wallboard of the queue was told, from the first to the last. */
  const told = (tenant: Tenant = acme) =>
    host.reported.flatMap(({ type, data }) =>
      type === "queue.updated" && (data as LiveQueue).queue === queue(tenant) ? [data as LiveQueue] : [],
    );
  const status = (number: number) => async () => (await list(`agent list ${acme.ext(number)}`))[0]?.status;

  /** Its devices, with their passwords, stay as they are. */
  async function change(number: number, more: Record<string, unknown>) {
    const before = pbx.documents.config(acme.owner)?.get("extension", acme.ext(number))?.body;
    const body = { ...before, ...more };
    const { changes } = pbx.state.apply(acme.document.write({ kind: "extension", id: acme.ext(number), body }));
    expect(await host.apply(acme.owner, changes)).toEqual([]);
  }

  async function register(number: number, tenant: Tenant = acme, expires = "300") {
    const name = `${number}@${tenant.domain}`;
    const port = ports.get(name) ?? (await freePort());
    ports.set(name, port);
    went(await play("register", { ...tenant.phone(number), expires }, { to: host.phones, port }));
  }

  beforeAll(async () => {
    host = await startFreeswitch(pbx);
    for (const tenant of [acme, globex]) for (const number of [1001, 1002, 1003]) await register(number, tenant);
  }, 60_000);
  afterAll(() => host?.stop());
  beforeEach(async () => {
    // whatever the scenario before left behind: nobody waits, nobody is passed over
    await host.api("hupall");
    await expect.poll(async () => (await list("member list")).length).toBe(0);
    for (const { name } of await list("agent list")) await host.api(`callcenter_config agent set ready_time ${name} 0`);
  });

  it("rings its agent, whose phone shows the caller; both talk, and it is one record of both legs", async () => {
    await change(1002, { recordOnDemand: "own" });
    await put({ agents: [agent(1002)], callerNamePrefix: "Sup" });
    const callee = await sipp("answer", {}, { port: portOf(1002), typed: [[200, "*1"]] });
    const caller = await call(2200);
    const does = () =>
      told()
        .at(-1)
        ?.agents.map(({ number, state }) => `${number} ${state}`);
    await expect.poll(does).toEqual(["1002 on-call"]);
    went(await caller.done);
    const heard = went(await callee.done);
    await expect.poll(does).toEqual(["1002 available"]);
    expect(rang(heard)[0]).toContain('From: "Sup Alice" <sip:1001@');
    await expect.poll(() => records().at(-1)?.legs.length, { timeout: 4000 }).toBe(2);
    const record = records().at(-1);
    expect(record).toMatchObject({
      tenant: acme.id,
      outcome: "answered",
      from: { number: "1001" },
      to: { number: "600", extension: acme.ext(1002) },
    });
    expect(record?.legs.map(({ extension }) => extension)).toEqual([acme.ext(1001), acme.ext(1002)]);
    const segments = record?.segments?.map(({ kind, number, outcome }) => [kind, number, outcome]);
    expect(segments).toEqual([
      ["queue", "600", "answered"],
      ["extension", "1002", "answered"],
      ["recording", "1002", "recorded"],
    ]);
    await change(1002, { recordOnDemand: "off" });
  });

  it("asks the next agent when one does not answer, and leaves the first alone meanwhile", async () => {
    await put({ strategy: "top-down", agents: [agent(1002), agent(1003, { position: 2 })] });
    const [deaf, callee] = [await phone("ring", 1002), await phone("answer", 1003)];
    went(await (await call(6500)).done);
    expect(rang(went(await deaf.done))).toHaveLength(1);
    went(await callee.done);
  });

  it("rings the skilled agent first, and the other only after the relaxation", async () => {
    await change(1002, { skills: [{ skill: "french", level: 2 }] });
    await change(1003, { skills: [{ skill: "french", level: 8 }] });
    const skills = [{ skill: "french", level: 5, relaxations: [{ afterSeconds: 3, level: 1 }] }];
    await put({ strategy: "ring-all", skills, agents: [agent(1002), agent(1003)] });
    const [less, more] = [await phone("ring", 1002), await phone("ring", 1003)];
    const begun = Date.now();
    const caller = await call(4500);
    const offered = (number: number) => async () =>
      (await list(`queue list tiers ${queue()}`)).find((row) => row.agent === acme.ext(number))?.state;
    await expect.poll(offered(1003), { timeout: 2000 }).toBe("Offering");
    expect(await offered(1002)()).not.toBe("Offering");
    const who = { number: "1001", name: "Alice", call: expect.stringMatching(/^cal_/) };
    const rings = expect.objectContaining({ number: "1003", state: "ringing" });
    await expect
      .poll(() => told().at(-1))
      .toMatchObject({ waitingCalls: 1, waiting: [who], agents: expect.arrayContaining([rings]) });
    await expect.poll(offered(1002), { timeout: 4000 }).toBe("Offering");
    expect(Date.now() - begun).toBeGreaterThan(2000);
    went(await caller.done);
    await expect.poll(() => told().at(-1)?.waitingCalls).toBe(0);
    expect(told(globex).some(({ waitingCalls }) => waitingCalls > 0)).toBe(false);
    for (const played of [less, more]) went(await played.done);
    for (const number of [1002, 1003]) await change(number, { skills: [] });
  });

  it("sends a caller on who waited for the longest time", async () => {
    await put({ agents: [agent(1003)], maxWaitSeconds: 1, afterwards: { kind: "extension", ref: acme.ext(1002) } });
    const busy = await phone("refuse", 1003, acme, { status: "486" });
    const callee = await phone("answer", 1002);
    went(await (await call(3000)).done);
    went(await callee.done);
    busy.stop();
  });

  it("sends a caller on at once where no agent is there: logged out, paused, disabled, or without a phone", async () => {
    await put({ agents: [agent(1003)], afterwards: { kind: "extension", ref: acme.ext(1002) } });
    const goesOn = async () => {
      const callee = await phone("answer", 1002);
      went(await (await call(300)).done);
      went(await callee.done);
    };
    await register(1003, acme, "0");
    await expect.poll(status(1003)).toBe("Logged Out");
    await goesOn();
    await register(1003);
    await expect.poll(status(1003)).toBe("Available");
    await change(1003, { doNotDisturb: true });
    expect(await status(1003)()).toBe("On Break");
    await goesOn();
    await change(1003, { doNotDisturb: false });
    expect(await status(1003)()).toBe("Available");
  });

  it("rings no agent who is on another call and takes no second one, but the next; and him again when he has hung up", async () => {
    await change(1002, { callWaiting: false });
    await put({ strategy: "top-down", agents: [agent(1002), agent(1003, { position: 2 })] });
    const state = async () => (await list(`agent list ${acme.ext(1002)}`))[0]?.state;
    const talking = await phone("answer", 1002);
    const ordinary = await sipp("call-until-bye", { ...acme.phone(1003), to: "1002" }, { to: host.phones });
    await expect.poll(state).toBe("Idle");
    const other = await phone("answer", 1003);
    went(await (await call(700)).done);
    went(await other.done);
    await host.reconcile();
    expect(await state()).toBe("Idle");
    // it ends while nobody hears of it
    await host.restartAgent(async () => void (await host.api("hupall")));
    went(await ordinary.done);
    expect(rang(went(await talking.done))).toHaveLength(1);
    await expect.poll(state).toBe("Waiting");
    const again = await phone("answer", 1002);
    went(await (await call(700)).done);
    went(await again.done);
    await change(1002, { callWaiting: true });
  });

  it("keeps its callers and agents through a new name, a new strategy and new agents", async () => {
    await put({ agents: [agent(1002), agent(1003)] });
    const phones = [
      await phone("refuse", 1002, acme, { status: "486" }),
      await phone("refuse", 1003, acme, { status: "486" }),
    ];
    const caller = await call(6000);
    await expect.poll(async () => (await waiting()).length).toBe(1);
    for (const one of phones) went(await one.done);
    await put({ name: "Help", strategy: "ring-all", agents: [agent(1002, { tier: 2 }), agent(1003)] });
    await put({ name: "Help", strategy: "least-calls", wrapUpSeconds: 1, agents: [agent(1002)] });
    expect(await waiting()).toHaveLength(1);
    expect((await list(`queue list tiers ${queue()}`)).map((row) => row.agent)).toEqual([acme.ext(1002)]);
    expect((await list("agent list")).map(({ name, status }) => [name, status])).toEqual([
      [acme.ext(1002), "Available"],
    ]);
    const callee = await phone("answer", 1002);
    await host.api(`callcenter_config agent set ready_time ${acme.ext(1002)} 0`);
    went(await caller.done);
    went(await callee.done);
  });

  it("does not ring who paused or logged out, until he says that he is back", async () => {
    await put({ agents: [agent(1002)] });
    for (const [value, expected] of [
      ["paused", "On Break"],
      ["logged-out", "Logged Out"],
      ["available", "Available"],
      ["paused", "On Break"],
    ]) {
      host.remember(acme.owner, [{ kind: "extension", id: acme.ext(1002), field: "agent", value }]);
      await expect.poll(status(1002)).toBe(expected);
    }
    await host.reconcile();
    await put({ agents: [agent(1002)], wrapUpSeconds: 1, joinEmpty: "unless-paused" });
    expect(await status(1002)()).toBe("On Break");
    const callee = await phone("answer", 1002);
    const caller = await call(2500);
    await expect.poll(async () => (await waiting()).length).toBe(1);
    host.remember(acme.owner, [{ kind: "extension", id: acme.ext(1002), field: "agent", value: null }]);
    went(await caller.done);
    went(await callee.done);
  });

  it("pauses an agent who misses too many calls, as if he had said so himself", async () => {
    await put({ agents: [agent(1003)], missedCallsToPause: 1, joinEmpty: "yes" });
    const deaf = await phone("refuse", 1003, acme, { status: "480" });
    const caller = await call(1500);
    went(await deaf.done);
    const said = () => pbx.documents.config(acme.owner)?.runtime("extension", acme.ext(1003), "agent");
    await expect.poll(said).toBe("paused");
    await host.reconcile();
    expect(await status(1003)()).toBe("On Break");
    went(await caller.done);
    host.remember(acme.owner, [{ kind: "extension", id: acme.ext(1003), field: "agent", value: null }]);
    await expect.poll(status(1003)).toBe("Available");
  });

  describe("with phones of its own", () => {
    const phones: Phone[] = [];
    const numbers = [1011, 1012, 1013, 1014, 1015];
    const at = (number: number): Phone => phones[numbers.indexOf(number)] ?? expect.fail("no phone");

    beforeAll(async () => {
      for (const number of numbers) {
        expect(await host.apply(acme.owner, acme.extension(number))).toEqual([]);
        phones.push(await openRegistered(host, acme, number));
      }
    });
    afterAll(() => {
      for (const each of phones) each.close();
    });

    /** A call of 1011's that an agent takes: who it was. */
    async function takenBy(): Promise<number> {
      for (const each of phones) {
        takesCalls(each);
        each.requests.splice(0);
      }
      const talk = await dials(at(1011), "600");
      const rung = () => numbers.filter((number) => requestsOf(at(number), "ACK").length > 0);
      await expect.poll(rung, { timeout: 8000, interval: 20 }).toHaveLength(1);
      const [agent = 0] = rung();
      // who hangs up before they are connected is no call of the agent's
      const state = async () => (await list(`agent list ${acme.ext(agent)}`))[0]?.state;
      await expect.poll(state, { interval: 20 }).toBe("In a queue call");
      talk.send("BYE");
      await expect.poll(() => requestsOf(at(agent), "BYE")).toHaveLength(1);
      return agent;
    }

    /** mod_callcenter asks nobody in the very second in which a call of his ended. */
    const free = (number = 0) =>
      expect
        .poll(
          async () =>
            Math.floor(Date.now() / 1000) - Number((await list(`agent list ${acme.ext(number)}`))[0]?.last_bridge_end),
        )
        .toBeGreaterThan(0);

    it("asks its agents in a round, or always who had the fewest calls", async () => {
      await put({ strategy: "round-robin", agents: [agent(1012), agent(1013), agent(1014)] });
      const round = [await takenBy(), await takenBy(), await takenBy()];
      await free(round[0]);
      round.push(await takenBy());
      expect(new Set(round.slice(0, 3))).toEqual(new Set([1012, 1013, 1014]));
      expect(round[3]).toBe(round[0]);
      // who had two, and one who never had any
      await put({ strategy: "least-calls", agents: [agent(round[0] ?? 0), agent(1015)] });
      expect(await takenBy()).toBe(1015);
      for (const one of [round[0], 1015]) await free(one);
      expect(await takenBy()).toBe(1015);
    });

    it("sends callers on who wait when its last agent leaves", async () => {
      const afterwards = { kind: "extension", ref: acme.ext(1013) };
      await put({ agents: [agent(1012)], leaveWhenEmptySeconds: 1, afterwards });
      // not rung meanwhile: what his phone says is none of this
      const ready = (seconds: number) =>
        host.api(`callcenter_config agent set ready_time ${acme.ext(1012)} ${seconds}`);
      await ready(Math.floor(Date.now() / 1000) + 60);
      takesCalls(at(1013));
      at(1013).requests.splice(0);
      const says = (value: string | null) =>
        host.remember(acme.owner, [{ kind: "extension", id: acme.ext(1012), field: "agent", value }]);
      const talk = await dials(at(1011), "600");
      expect(talk.status).toBe(200);
      await expect.poll(async () => (await waiting()).length).toBe(1);
      host.reported.length = 0;
      says("logged-out");
      await expect.poll(() => requestsOf(at(1013), "ACK"), { timeout: 8000 }).toHaveLength(1);
      await expect.poll(() => host.api("show bridged_calls count")).toContain("1 total");
      talk.send("BYE");
      await expect
        .poll(() =>
          records()
            .at(-1)
            ?.segments?.map(({ kind, number, outcome }) => `${kind} ${number} ${outcome}`),
        )
        .toEqual(["queue 600 not-registered", "extension 1013 answered"]);
      says(null);
      await expect.poll(status(1012)).toBe("Available");
      await ready(0);
    });
  });

  it("tells a caller his place again and again, and lets no more wait than may", async () => {
    const agents = [agent(1003)];
    await put({ agents, maxWaiting: 1, announcePosition: true });
    const before = pbx.documents.queue(queue())?.body;
    const body = { ...before, announceEverySeconds: 1 };
    await host.apply(acme.owner, pbx.state.apply(acme.document.write({ kind: "queue", id: queue(), body })).changes);
    const busy = await phone("refuse", 1003, acme, { status: "486" });
    const told = () => [...host.log().matchAll(/EXECUTE .* playback\(file_string:\/\/tone_stream/g)].length;
    const already = told();
    const caller = await call(4500);
    await expect.poll(told, { timeout: 4000 }).toBe(already + 2);
    const second = { ...acme.phone(1002), to: "600", status: "480" };
    went(await play("call-refused", second, { to: host.phones }));
    await host.api(`callcenter_config agent set ready_time ${acme.ext(1003)} 0`);
    const callee = await phone("answer", 1003);
    went(await caller.done);
    went(await callee.done);
    busy.stop();
  });

  it("calls back who asked for it, when an agent is free, on the account of who pays, and connects them", async () => {
    const carrier = await freePort();
    const trunk = acme.trunk(1, { name: "t", port: carrier, inboundAddresses: ["127.0.0.1"] });
    expect(await host.apply(acme.owner, trunk)).toEqual([]);
    acme.number("+12025550100", { kind: "queue", ref: queue() });
    await change(1003, { outbound: { permission: "national", countries: null } });
    host.remember(acme.owner, [{ kind: "extension", id: acme.ext(1002), field: "agent", value: "paused" }]);
    await put({ agents: [agent(1002)], joinEmpty: "yes", callBack: { payer: acme.ext(1003) } });
    const from = { from: "<sip:+12025550123@c.example>", user: "c", domain: "c.example", to: "+12025550100" };
    // nobody is called back at an emergency number; his own will do
    const typed = [
      [600, "1"],
      [700, "911#"],
      [900, "1#"],
    ] as const;
    host.reported.length = 0;
    went(await play("carrier-call-until-bye", from, { to: host.carriers, typed }));
    const wishes = () => pbx.state.callBacks.all();
    expect(wishes()).toMatchObject([{ queue: queue(), number: "+12025550123", tries: 0 }]);
    // a record of an earlier scenario may come now
    const record = (direction: string) =>
      records().find(
        (one) => one.direction === direction && `${one.from.number}${one.to.number}`.includes("+12025550123"),
      );
    const outcomes = (direction: string) => record(direction)?.segments?.map(({ kind, outcome }) => [kind, outcome]);
    await expect.poll(() => outcomes("inbound"), { timeout: 5000 }).toEqual([["queue", "call-back"]]);

    const mobile = await sipp("answer", {}, { port: carrier, typed: [[800, "1"]] });
    const callee = await phone("answer", 1002);
    host.remember(acme.owner, [{ kind: "extension", id: acme.ext(1002), field: "agent", value: "available" }]);
    const state = async () => (await list(`agent list ${acme.ext(1002)}`))[0]?.state;
    await expect.poll(state, { timeout: 15_000 }).toBe("In a queue call");
    expect(wishes()).toEqual([]);
    await host.api("hupall");
    expect(rang(went(await mobile.done))[0]).toMatch(/^INVITE sip:\+12025550123@/);
    expect(rang(went(await callee.done))[0]).toContain("<sip:+12025550123@");
    const connected = [
      ["queue", "answered"],
      ["extension", "answered"],
    ];
    await expect.poll(() => outcomes("outbound"), { timeout: 5000 }).toEqual(connected);
    expect(record("outbound")).toMatchObject({
      ...{ tenant: acme.id, outcome: "answered", trunk: idOf("trk", 1) },
      from: { number: "1002", extension: acme.ext(1002) },
      to: { number: "+12025550123", extension: null },
    });
    expect(await host.apply(acme.owner, acme.noTrunk(1))).toEqual([]);
  });

  it("that is deleted lets its callers go, and nothing of it stays", async () => {
    await put({ agents: [agent(1003)] });
    const busy = await phone("refuse", 1003, acme, { status: "486" });
    const caller = await call(8000);
    await expect.poll(async () => (await waiting()).length).toBe(1);
    went(await busy.done);
    expect(await host.apply(acme.owner, acme.drop("queue", "q"))).toEqual([]);
    expect((await caller.done).received.at(-1)).toMatch(/^BYE /);
    expect(await list("agent list")).toEqual([]);
    expect(await list("tier list")).toEqual([]);
    expect(await list("queue list")).toEqual([]);
  });

  it("loses an agent with his extension", async () => {
    await host.apply(acme.owner, acme.extension(1004));
    await put({ agents: [agent(1003), agent(1004)] });
    expect(await host.apply(acme.owner, acme.noExtension(1004))).toEqual([]);
    expect((await list("agent list")).map(({ name }) => name)).toEqual([acme.ext(1003)]);
    expect((await list(`queue list tiers ${queue()}`)).map((row) => row.agent)).toEqual([acme.ext(1003)]);
  });

  it("is repaired by the comparison, whatever became of it on the engine", async () => {
    await put({ agents: [agent(1002), agent(1003)], strategy: "ring-all" });
    const before = [await list("agent list"), await list("tier list")];
    await host.api(`callcenter_config agent del ${acme.ext(1002)}`);
    await host.api(`callcenter_config agent set status ${acme.ext(1003)} 'Logged Out'`);
    await host.api(`callcenter_config agent add stranger Callback`);
    await host.api(`callcenter_config tier add ${queue()} stranger 1 1`);
    await host.reconcile();
    const names = (rows: Record<string, string>[][]) =>
      rows.map((list) => list.map(({ name, agent, status, level }) => `${name ?? agent} ${status ?? level}`).sort());
    expect(names([await list("agent list"), await list("tier list")])).toEqual(names(before));
  });

  it("of one tenant never meets another's with the same name, number and agents", async () => {
    await put({ agents: [agent(1002)] });
    await put({ agents: [agent(1002, {}, globex)] }, globex);
    const [mine, theirs] = [await phone("answer", 1002), await phone("answer", 1002, globex)];
    went(await (await call(1000, globex)).done);
    went(await theirs.done);
    mine.stop();
    expect((await mine.done).received).toEqual([]);
  });
});
