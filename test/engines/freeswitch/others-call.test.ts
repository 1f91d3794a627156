// Parking, pick-up, listening in and transfers, as phones and FreeSWITCH see them.
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { CallRecord } from "../../../core/wire-events.ts";
import { openEar } from "../../support/ear.ts";
import { engineInstalled, type FreeswitchHost, startFreeswitch } from "../../support/freeswitch.ts";
import { createPbx } from "../../support/pbx.ts";
import { audioPortOf, inDialog, sdpAt } from "../../support/sip.ts";
import {
  call,
  idle,
  openRegistered,
  type Phone,
  requestsOf,
  rings,
  type Talk,
  takesCalls,
} from "../../support/talk.ts";
import { loudest, sine, wavOf } from "../../support/wav.ts";

describe.runIf(engineInstalled())("on a real FreeSWITCH", { timeout: 30_000 }, () => {
  const pbx = createPbx();
  const { acme, globex } = pbx;
  let host: FreeswitchHost;
  let phones: Phone[] = [];
  const phone = (index: number): Phone => {
    const found = phones[index];
    if (!found) throw new Error("no phone");
    return found;
  };
  const [alice, bob, carol, stranger] = [() => phone(0), () => phone(1), () => phone(2), () => phone(3)];

  beforeAll(async () => {
    for (const tenant of [acme, globex])
      tenant.put("parking-lot", "lot", {
        name: "lot",
        extensionNumber: "700",
        firstSlot: "701",
        slots: 2,
        timeoutSeconds: 10,
        musicOnHold: tenant.idOf("music-on-hold", "music"),
      });
    host = await startFreeswitch(pbx);
    // shorter than a call waits
    const audio = host.media.put(wavOf(1.5, sine(700)));
    for (const tenant of [acme, globex]) {
      await host.apply(tenant.owner, tenant.put("prompt", "music", { name: "music", audio }));
      tenant.put("music-on-hold", "music", { name: "music", prompts: [tenant.idOf("prompt", "music")] });
    }
    const members = [{ extension: acme.ext(1003) }];
    acme.put("ring-group", "sales", { name: "sales", extensionNumber: "600", members });
    await host.apply(acme.owner, acme.put("queue", "support", { name: "s", extensionNumber: "610", agents: members }));
    phones = [
      await openRegistered(host, acme, 1001),
      await openRegistered(host, acme, 1002),
      await openRegistered(host, acme, 1003),
      await openRegistered(host, globex, 1001),
    ];
  }, 60_000);
  afterAll(() => {
    for (const each of phones) each.close();
    return host?.stop();
  });
  afterEach(async () => {
    await host.api("hupall");
    await vi.waitFor(async () => expect(await host.api("show channels count")).toContain("0 total"));
    for (const each of phones) {
      idle(each);
      each.requests.splice(0);
    }
    host.reported.splice(0);
  });

  /** The channels that there are: who is on them, and the application or partner. */
  type Channel = {
    uuid: string;
    direction: string;
    presence_id: string;
    application: string;
    callstate: string;
    dest: string;
    cid_num: string;
  };
  async function channels(): Promise<Channel[]> {
    const text = await host.api("show channels as json");
    return (JSON.parse(text) as { rows?: Channel[] }).rows ?? [];
  }
  const bridgedWith = async (): Promise<string[]> =>
    Promise.all((await channels()).map(async ({ uuid }) => (await host.api(`uuid_getvar ${uuid} bridge_uuid`)).trim()));
  const waits = () =>
    vi.waitFor(async () => expect((await channels()).map(({ application }) => application)).toEqual(["playback"]));

  /** Alice's call that Bob has taken; their audio is at these ports, if any are given. */
  async function talking(audio: { alice?: number; bob?: number } = {}) {
    takesCalls(bob(), audio.bob);
    const talk = await call(alice(), "1002", [], audio.alice === undefined ? {} : { body: sdpAt(audio.alice) });
    expect(talk.status).toBe(200);
    const [invite] = requestsOf(bob(), "INVITE");
    if (!invite) throw new Error("no call");
    await vi.waitFor(() => expect(requestsOf(bob(), "ACK")).toHaveLength(1));
    return {
      talk,
      invite,
      bobSends: (method: string, headers: string[] = []) =>
        bob().send(inDialog(invite, method, Date.now() % 100_000, bob().port, headers)),
    };
  }

  describe("a call that a phone transfers to the parking lot", () => {
    it("waits in the first free slot until somebody takes it from any phone of the tenant", async () => {
      const { bobSends } = await talking();
      bobSends("REFER", ["Refer-To: <sip:700@acme.test>"]);
      await waits();
      expect((await call(stranger(), "701")).status).toBe(404);
      expect((await call(carol(), "702")).status).toBe(404);
      const taken = await call(carol(), "701");
      expect(taken.status).toBe(200);
      await vi.waitFor(async () => {
        const uuids = (await channels()).map(({ uuid }) => uuid).sort();
        expect(uuids).toHaveLength(2);
        expect((await bridgedWith()).sort()).toEqual(uuids);
      });
      expect((await call(carol(), "701")).status).toBe(404);
      taken.send("BYE");
      await vi.waitFor(() => expect(requestsOf(alice(), "BYE")).toHaveLength(1));
      await vi.waitFor(() => expect(host.records().some(({ to }) => to.extension === acme.ext(1003))).toBe(true));
    });

    it("goes back to who parked it when nobody takes it", async () => {
      const { bobSends } = await talking();
      bobSends("REFER", ["Refer-To: <sip:702@acme.test>"]);
      await waits();
      const started = Date.now();
      bob().requests.splice(0);
      rings(bob());
      await vi.waitFor(() => expect(requestsOf(bob(), "INVITE")).toHaveLength(1), { timeout: 15_000 });
      expect(Date.now() - started).toBeGreaterThan(8000);
    });

    it("by an attended transfer waits in the slot that was said to who parked it", async () => {
      const { bobSends } = await talking();
      const own = await call(bob(), "700");
      expect(own.status).toBe(200);
      await vi.waitFor(async () => expect(await channels()).toHaveLength(3));
      const other = await call(carol(), "700");
      expect(other.status).toBe(200);
      bobSends("REFER", [`Refer-To: <sip:700@acme.test?${own.replaces}>`]);
      await vi.waitFor(async () =>
        expect((await channels()).map(({ application }) => application)).toEqual(["playback", "playback"]),
      );
      own.send("BYE");
      expect((await call(carol(), "701")).status).toBe(200);
      await vi.waitFor(async () =>
        expect((await channels()).filter(({ callstate }) => callstate === "ACTIVE").length).toBeGreaterThan(1),
      );
    });
  });

  describe("a call that rings", () => {
    const groups = (group: string | null) => {
      for (const number of [1001, 1003]) acme.extension(number, { pickupGroup: group });
      globex.extension(1001, { pickupGroup: group });
    };
    /** Bob calls Alice, whose phone rings. */
    async function ringing() {
      rings(alice());
      const calling = call(bob(), "1001");
      await vi.waitFor(() => expect(requestsOf(alice(), "INVITE")).toHaveLength(1));
      await vi.waitFor(() => expect(host.reported.some(({ type }) => type === "call.updated")).toBe(true));
      return calling;
    }

    it.each([
      ["of an extension by its number", "**1001"],
      ["in the group", "*8"],
    ])("is taken %s by another phone of the tenant, and its record says so", async (_, code) => {
      groups("sales");
      const calling = ringing();
      await vi.waitFor(() => expect(requestsOf(alice(), "INVITE")).toHaveLength(1));
      expect((await call(stranger(), code)).status).toBe(404);
      const taken = await vi.waitFor(async () => {
        const tried = await call(carol(), code);
        expect(tried.status).toBe(200);
        return tried;
      });
      expect((await calling).status).toBe(200);
      await vi.waitFor(() => expect(requestsOf(alice(), "CANCEL")).toHaveLength(1));
      taken.send("BYE");
      await vi.waitFor(() => expect(requestsOf(bob(), "BYE")).toHaveLength(1));
      await vi.waitFor(() =>
        expect(host.records().at(-1)).toMatchObject({ outcome: "answered", to: { extension: acme.ext(1003) } }),
      );
      expect(host.records().every(({ from }) => from.extension !== acme.ext(1003))).toBe(true);
    });

    it("at an extension of another group, or of none, is nobody's to take by the group's code", async () => {
      groups(null);
      acme.extension(1003, { pickupGroup: "others" });
      const calling = ringing();
      await vi.waitFor(() => expect(requestsOf(alice(), "INVITE")).toHaveLength(1));
      expect((await call(carol(), "*8")).status).toBe(404);
      await host.api("hupall");
      await calling;
    });
  });

  describe("a call that goes on", () => {
    const hertz = { alice: 500, bob: 700, carol: 1100 };
    type Who = keyof typeof hertz;

    it.each<[string, string, Record<Who, Who[]>]>([
      ["who listens", "*331002", { alice: ["bob"], bob: ["alice"], carol: ["alice", "bob"] }],
      ["who whispers", "*341002", { alice: ["bob"], bob: ["alice", "carol"], carol: ["alice", "bob"] }],
      ["who joins", "*351002", { alice: ["bob", "carol"], bob: ["alice", "carol"], carol: ["alice", "bob"] }],
    ])("is heard by a supervisor %s, who is heard as far as that", async (_, code, hears) => {
      acme.extension(1003, { supervisor: true });
      const ears = { alice: await openEar(), bob: await openEar(), carol: await openEar() };
      const { talk, invite } = await talking({ alice: ears.alice.port, bob: ears.bob.port });
      ears.alice.talk(talk.audioPort, hertz.alice);
      ears.bob.talk(audioPortOf(invite), hertz.bob);
      const joined = await vi.waitFor(async () => {
        const tried = await call(carol(), code, [], { body: sdpAt(ears.carol.port) });
        expect(tried.status).toBe(200);
        return tried;
      });
      ears.carol.talk(joined.audioPort, hertz.carol);
      const since = { alice: 0, bob: 0, carol: 0 };
      const heardBy = (who: Who) => {
        const { rate, samples } = ears[who].heard();
        return { rate, samples: samples.subarray(since[who]) };
      };
      await vi.waitFor(() => {
        for (const other of ["alice", "bob"] as const)
          expect(loudest(heardBy("carol"), hertz[other])).toBeGreaterThan(0.2);
      });
      for (const who of ["alice", "bob", "carol"] as const) since[who] = heardBy(who).samples.length;
      // from now on a second and more of what everybody hears
      await vi.waitFor(() => {
        for (const who of ["alice", "bob", "carol"] as const) expect(heardBy(who).samples.length).toBeGreaterThan(9000);
      });
      const heard = (who: Who) =>
        (["alice", "bob", "carol"] as const).filter((other) => loudest(heardBy(who), hertz[other]) > 0.1);
      expect({ alice: heard("alice"), bob: heard("bob"), carol: heard("carol") }).toEqual(hears);
      joined.send("BYE");
      await vi.waitFor(async () => expect(await channels()).toHaveLength(2));
      for (const ear of Object.values(ears)) ear.close();
    });

    it("is joined by nobody else", async () => {
      acme.extension(1003, { supervisor: false });
      globex.extension(1001, { supervisor: true });
      await talking();
      expect((await call(carol(), "*331002")).status).toBe(403);
      expect((await call(stranger(), "*331002")).status).toBe(404);
      await vi.waitFor(async () => expect(await channels()).toHaveLength(2));
    });
  });

  describe("a call that the called party transfers", () => {
    const segmentsOf = (record: CallRecord | undefined) =>
      record?.segments?.map(({ kind, number, outcome }) => `${kind} ${number} ${outcome}`);
    /** Alice talks to Carol alone: each hears when the other hangs up. The one record of the call. */
    async function connected(talk: Talk, legsOfBob: number): Promise<CallRecord | undefined> {
      await vi.waitFor(() => expect(requestsOf(bob(), "BYE")).toHaveLength(legsOfBob));
      await vi.waitFor(async () => {
        const uuids = (await channels()).map(({ uuid }) => uuid).sort();
        expect(uuids).toHaveLength(2);
        expect((await bridgedWith()).sort()).toEqual(uuids);
      });
      expect(requestsOf(alice(), "BYE")).toEqual([]);
      talk.send("BYE");
      await vi.waitFor(() => expect(requestsOf(carol(), "BYE")).toHaveLength(1));
      await vi.waitFor(() => expect(host.records()).not.toEqual([]));
      expect(host.records()).toHaveLength(1);
      return host.records()[0];
    }

    it("after he asked a third, connects the first with the third", async () => {
      const { talk, bobSends } = await talking();
      takesCalls(carol());
      const asks = await call(bob(), "1003");
      expect(asks.status).toBe(200);
      bobSends("REFER", [`Refer-To: <sip:1003@acme.test?${asks.replaces}>`]);
      await vi.waitFor(() => expect(requestsOf(bob(), "NOTIFY").at(-1)?.body).toContain("200"));
      const record = await connected(talk, 2);
      expect(segmentsOf(record)).toEqual(["extension 1002 answered", "extension 1003 answered"]);
      expect(record).toMatchObject({ outcome: "answered", from: { number: "1001" } });
    });

    it.each([
      ["a ring group", "600", "ring-group"],
      ["a queue", "610", "queue"],
    ])("to %s reaches who is rung there, and the record says so", async (_, number, kind) => {
      const { talk, bobSends } = await talking();
      takesCalls(carol());
      bobSends("REFER", [`Refer-To: <sip:${number}@acme.test>`]);
      const invite = await vi.waitFor(() => requestsOf(carol(), "INVITE")[0] ?? expect.fail("no call"), {
        timeout: 5000,
      });
      expect(invite.headers.get("from")).toContain("<sip:1001@");
      const record = await connected(talk, 1);
      expect(segmentsOf(record)).toEqual([
        "extension 1002 answered",
        `transfer ${number} passed`,
        `${kind} ${number} answered`,
        "extension 1003 answered",
      ]);
      expect(record).toMatchObject({ outcome: "answered", from: { number: "1001" } });
    });
  });

  it("dialling an empty slot ends with 404", async () => {
    expect((await call(alice(), "701")).status).toBe(404);
  });
});
