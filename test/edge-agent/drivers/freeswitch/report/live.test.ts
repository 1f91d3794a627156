import { describe, expect, it, vi } from "vitest";
import { connectEsl } from "../../../../../edge-agent/drivers/freeswitch/esl/esl.ts";
import { events as subscribed } from "../../../../../edge-agent/drivers/freeswitch/report/report.ts";
import { frames, recorded, recordedFile, startEslServer } from "../../../../support/esl-server.ts";
import { cdrsOf, eventsOf, harness, pbx, writeCdrs } from "./harness.ts";

const live = "lookup_live";
const quickly = { interval: 5, timeout: 10_000 };
const channels: { rows: { uuid: string }[] } = JSON.parse(recordedFile(live, "channels.json"));
/** What FreeSWITCH answered while the call of the scenario was going on. */
const during = Object.fromEntries([
  ["show channels as json", JSON.stringify(channels)],
  ...channels.rows.map(({ uuid }) => [`uuid_dump ${uuid} json`, recordedFile(live, `dump-${uuid}.json`)]),
  ["sofia xmlstatus profile phones reg", recordedFile(live, "registrations.xml")],
  ["sofia xmlstatus gateway", recordedFile(live, "gateways.xml")],
]);
const nothing = {
  "show channels as json": '{"row_count":0}\n',
  "sofia xmlstatus profile phones reg": '<?xml version="1.0"?>\n<profile>\n</profile>\n',
  "sofia xmlstatus gateway": '<?xml version="1.0"?>\n<gateways>\n</gateways>\n',
};
const engine = (answers: Record<string, string>) => ({
  up: true,
  api: async (command: string) => answers[command] ?? "-ERR No such channel!\n",
});

describe("live calls", () => {
  it.each([
    ["lookup_answered", ["ringing", "answered", "ended"]],
    ["lookup_busy", ["ringing", "ended"]],
    ["lookup_cancelled", ["ringing", "ended"]],
    ["lookup_failover", ["ringing", "answered", "ended"]],
    ["lookup_inbound", ["ringing", "answered", "ended"]],
    ["lookup_voicemail", ["answered", "ended"]],
    ["lookup_unknown", []],
    ["lookup_stranger", []],
  ])("of %s are told as %j", async (scenario, states) => {
    const { play, lives, report } = harness();
    play(eventsOf(scenario));
    expect(lives().map(({ state }) => state)).toEqual(states);
    expect(report.liveCalls).toBe(0);
  });

  it("have the id, the parties and the start of the record that they become", async () => {
    for (const scenario of ["lookup_answered", "lookup_inbound", "lookup_failover", "lookup_voicemail"]) {
      const { play, lives, records } = harness();
      play(eventsOf(scenario));
      await vi.waitFor(() => expect(records()).toHaveLength(1), quickly);
      const { id, tenant, direction, from, to, startedAt, answeredAt } = records()[0] ?? {};
      expect(lives().at(-1)).toEqual({ id, tenant, direction, from, to, startedAt, answeredAt, state: "ended" });
    }
  });

  it("are counted while they last", () => {
    const { play, report } = harness();
    const all = eventsOf("lookup_answered");
    play(all.slice(0, -1));
    expect(report.liveCalls).toBe(1);
    play(all.slice(-1));
    expect(report.liveCalls).toBe(0);
  });

  it("are rebuilt from what FreeSWITCH has", async () => {
    const { play, report, lives, records } = harness();
    await report.onUp(engine(during));
    expect(lives()).toMatchObject([{ tenant: pbx.acme.id, state: "answered", to: { extension: pbx.acme.ext(1002) } }]);
    expect(report.liveCalls).toBe(1);
    play(eventsOf(live).filter(({ name }) => name === "CHANNEL_HANGUP_COMPLETE"));
    await vi.waitFor(() => expect(records()).toHaveLength(1), quickly);
    expect(records()[0]?.id).toBe(lives()[0]?.id);
    expect(report.liveCalls).toBe(0);
  });

  it("that FreeSWITCH tells of late do not go back from answered to ringing", async () => {
    const { play, report, lives } = harness();
    await report.onUp(engine(during));
    play(eventsOf(live).filter(({ name }) => name !== "CHANNEL_HANGUP_COMPLETE"));
    expect(lives().map(({ state }) => state)).toEqual(["answered"]);
  });

  it("that ended while nobody listened are told as ended", async () => {
    const { report, lives } = harness();
    await report.onUp(engine(during));
    await report.onUp(engine(nothing));
    expect(lives().map(({ state }) => state)).toEqual(["answered", "ended"]);
    expect(report.liveCalls).toBe(0);
  });

  it("stay as they are if FreeSWITCH does not answer", async () => {
    const { report, lives, log } = harness();
    await report.onUp(engine(during));
    await report.onUp({ up: true, api: async () => Promise.reject(new Error("no answer")) });
    expect(lives().map(({ state }) => state)).toEqual(["answered"]);
    expect(log.error).toHaveBeenCalledTimes(4);
  });
});

describe("a connection that is cut in the middle of a call", () => {
  it.each(["before the answer", "in the middle of the answer", "before the first leg's end", "between the legs' ends"])(
    "%s loses nothing: one right record, and no call that never ends",
    async (when) => {
      const scenario = "lookup_answered";
      const bytes = recorded(scenario);
      const parts = frames(bytes);
      const sizes = parts.map((frame) => frame.length);
      const until = (n: number) => sizes.slice(0, n).reduce((sum, size) => sum + size, 0);
      const at = {
        "before the answer": until(2),
        "in the middle of the answer": until(2) + 4000,
        "before the first leg's end": until(5),
        "between the legs' ends": until(6),
      }[when];
      const server = await startEslServer(nothing);
      const { report, records, lives, log, cdrDir } = harness();
      report.start();
      const esl = connectEsl({
        ...{ host: "127.0.0.1", port: server.port, password: server.password, log, events: subscribed },
        ...{ onEvent: report.onEvent, onUp: report.onUp, onDown: () => {}, waits: { first: 5 } },
      });
      try {
        await vi.waitFor(() => expect(server.subscriptions).toBe(1), quickly);
        await server.play(bytes.subarray(0, at));
        server.cut();
        await vi.waitFor(() => expect(server.subscriptions).toBe(2), quickly);
        writeCdrs(cdrDir, cdrsOf(scenario));
        await vi.waitFor(() => expect(records()).toHaveLength(1), quickly);
        await expect(`${JSON.stringify(records()[0], null, 2)}\n`).toMatchFileSnapshot(`golden/${scenario}.json`);
        await vi.waitFor(() => expect(report.liveCalls).toBe(0), quickly);
        expect(lives().at(-1)?.state).toBe("ended");
      } finally {
        await esl.close();
        await server.close();
      }
    },
  );
});
