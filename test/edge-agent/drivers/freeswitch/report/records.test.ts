import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { CallRecord } from "../../../../../core/wire-events.ts";
import type { EslEvent } from "../../../../../edge-agent/drivers/freeswitch/esl/event.ts";
import { legOfCdr } from "../../../../../edge-agent/drivers/freeswitch/report/leg.ts";
import { cdrsOf, eventsOf, harness, pbx, writeCdrs } from "./harness.ts";

const filesIn = (dir: string): string[] =>
  existsSync(dir) ? readdirSync(dir).filter((name) => name.endsWith(".json")) : [];
const soon = { interval: 5, timeout: 10_000 };
const isEnd = (event: EslEvent): boolean => event.name === "CHANNEL_HANGUP_COMPLETE";
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Of FreeSWITCH with a hand-written dialplan, without our variables. */
const foreign = [
  ...["call_answered", "call_busy", "call_callee_hangup", "call_noanswer", "call_unknown_number", "call_unregistered"],
  ...["gateway_out", "hold", "inbound_did", "voicemail_leave"],
];
/** With the lookups of this driver; their CDR files lie beside them. */
const own = [
  ...["lookup_answered", "lookup_busy", "lookup_cancelled", "lookup_noanswer", "lookup_unknown", "lookup_voicemail"],
  ...["lookup_inbound", "lookup_failover", "lookup_trunks_down"],
];

describe("a call that the event socket tells of", () => {
  it.each([...foreign, ...own])("gives exactly one record, at once: %s", async (scenario) => {
    const { play, records } = harness();
    play(eventsOf(scenario));
    await vi.waitFor(() => expect(records()).toHaveLength(1), soon);
    await expect(json(records()[0])).toMatchFileSnapshot(`golden/${scenario}.json`);
  });

  it.each(["call_bad_auth", "lookup_stranger"])("is none, and leaves nothing behind: %s", async (scenario) => {
    const { play, report, reported } = harness({ waits: { legs: 1, sweep: 5, grace: 1 } });
    play(eventsOf(scenario));
    await new Promise(setImmediate);
    expect(reported).toEqual([]);
    expect(report.liveCalls).toBe(0);
  });
});

describe("a call that CDR files tell of", () => {
  it.each(own)("gives the same record, and the files go: %s", async (scenario) => {
    const { report, records, reported, cdrDir } = harness();
    writeCdrs(cdrDir, cdrsOf(scenario));
    report.start();
    await vi.waitFor(() => expect(filesIn(cdrDir)).toEqual([]), soon);
    expect(records()).toHaveLength(1);
    await expect(json(records()[0])).toMatchFileSnapshot(`golden/${scenario}.json`);
    const told = harness();
    told.play(eventsOf(scenario));
    await vi.waitFor(() => expect(told.records()).toHaveLength(1), soon);
    const ended = (list: typeof reported) => list.filter(({ type }) => type === "call.completed");
    expect(ended(told.reported)).toEqual(ended(reported));
  });

  it("gives nothing more if the event socket told of it before", async () => {
    const { report, play, records, cdrDir } = harness();
    report.start();
    play(eventsOf("lookup_failover"));
    await vi.waitFor(() => expect(records()).toHaveLength(1), soon);
    writeCdrs(cdrDir, cdrsOf("lookup_failover"));
    await vi.waitFor(() => expect(filesIn(cdrDir)).toEqual([]), soon);
    expect(records()).toHaveLength(1);
  });

  it("of which the event socket told half gives one whole record", async () => {
    const scenario = "lookup_failover";
    const ends = eventsOf(scenario).filter(isEnd);
    for (let seen = 0; seen < ends.length; seen += 1) {
      const { report, play, records, cdrDir } = harness();
      play(ends.slice(0, seen));
      writeCdrs(cdrDir, cdrsOf(scenario));
      report.start();
      await vi.waitFor(() => expect(filesIn(cdrDir)).toEqual([]), soon);
      expect(records()).toHaveLength(1);
      await expect(json(records()[0])).toMatchFileSnapshot(`golden/${scenario}.json`);
    }
  });

  it("may hold bytes that are no UTF-8, which are read as the event socket's are", () => {
    const [cdr] = cdrsOf("lookup_unknown");
    const text = cdr?.text.replace(/"sip_call_id":"[^"]*"/, '"sip_call_id":"a%FFb%C3%A9%"') ?? "";
    expect(legOfCdr(text)?.sipCallId).toBe("a\ufffdb\u00e9%");
  });

  it("of strangers are deleted without a record", async () => {
    const { report, reported, cdrDir } = harness();
    writeCdrs(cdrDir, cdrsOf("lookup_stranger"));
    report.start();
    await vi.waitFor(() => expect(filesIn(cdrDir)).toEqual([]), soon);
    expect(reported).toEqual([]);
    expect(readdirSync(join(cdrDir, "bad"))).toEqual([]);
  });
});

describe("legs", () => {
  it("may come in any order, twice, and by both ways: the last record is the whole one, and seq only rises", async () => {
    const ends = eventsOf("lookup_failover").filter(isEnd);
    const [whole] = await recordsOf(ends);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...ends, ...ends], { minLength: 6, maxLength: 6 }), async (order) => {
        const records = await recordsOf(order);
        expect(records.at(-1)).toEqual(whole);
        const seqs = records.map(({ seq }) => seq);
        expect(seqs).toEqual([...new Set(seqs)].sort());
        expect(new Set(records.map(({ id }) => id)).size).toBe(1);
      }),
      { numRuns: 40 },
    );
  });

  async function recordsOf(ends: EslEvent[]) {
    const { play, records } = harness({ waits: { legs: 5 } });
    play(ends);
    await vi.waitFor(() => expect(records().at(-1)?.legs).toHaveLength(3), soon);
    return records();
  }

  it("that come after the wait give a correction with the same id and a higher seq", async () => {
    const [first, second, root] = eventsOf("lookup_failover").filter(isEnd);
    if (!first || !second || !root) throw new Error("three legs");
    const { play, records, reported } = harness({ waits: { legs: 20 } });
    play([first, root]);
    expect(records()).toEqual([]);
    await vi.waitFor(() => expect(records()).toHaveLength(1), soon);
    expect(records()[0]).toMatchObject({ seq: 2, outcome: "answered" });
    play([second]);
    await vi.waitFor(() => expect(records()).toHaveLength(2), soon);
    expect(records()[1]).toMatchObject({ id: records()[0]?.id, seq: 3 });
    const ids = reported.filter(({ type }) => type === "call.completed").map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
  });

  it("that come while the record is being written give a correction too", async () => {
    const [first, second, root] = eventsOf("lookup_failover").filter(isEnd);
    if (!first || !second || !root) throw new Error("three legs");
    const seqs: number[] = [];
    let written = (): void => {};
    const { play } = harness({
      waits: { legs: 5 },
      report: (event) => {
        if (event.type === "call.completed") seqs.push((event.data as CallRecord).seq);
        return new Promise((resolve) => {
          written = resolve;
        });
      },
    });
    play([first, root]);
    await vi.waitFor(() => expect(seqs).toEqual([2]), soon);
    play([second]);
    written();
    await vi.waitFor(() => expect(seqs).toEqual([2, 3]), soon);
  });

  it("of another tenant never get into a record, whatever a leg claims of its caller", async () => {
    const [leg, root] = eventsOf("lookup_answered").filter(isEnd);
    if (!leg || !root) throw new Error("two legs");
    leg.headers.variable_dp_tenant = pbx.globex.id;
    const { play, records } = harness();
    play([leg, root]);
    await vi.waitFor(() => expect(records()).toHaveLength(1), soon);
    expect(records()[0]).toMatchObject({ tenant: pbx.acme.id, legs: [{ uuid: root.headers["Unique-ID"] }] });
  });

  it("with the same extensions in two tenants give each tenant its own record", async () => {
    const ends = eventsOf("lookup_answered").filter(isEnd);
    const { play, records } = harness();
    play(ends);
    play(
      changed(ends, (text) =>
        text
          .replaceAll(uuids, "aaaa$1")
          .replaceAll("acme.test", "globex.test")
          .replaceAll(pbx.acme.id, pbx.globex.id)
          .replaceAll(pbx.acme.ext(1001), pbx.globex.ext(1001))
          .replaceAll(pbx.acme.ext(1002), pbx.globex.ext(1002)),
      ),
    );
    await vi.waitFor(() => expect(records()).toHaveLength(2), soon);
    expect(records().map(({ tenant }) => tenant)).toEqual([pbx.acme.id, pbx.globex.id]);
    expect(records().map(({ from }) => from.extension)).toEqual([pbx.acme.ext(1001), pbx.globex.ext(1001)]);
    expect(records().map(({ to }) => to.extension)).toEqual([pbx.acme.ext(1002), pbx.globex.ext(1002)]);
    expect(new Set(records().map(({ id }) => id)).size).toBe(2);
  });

  it("of a caller who gives up between two attempts say cancelled, not how the first attempt failed", async () => {
    const [leg, root] = eventsOf("lookup_cancelled").filter(isEnd);
    if (!leg || !root) throw new Error("two legs");
    root.headers.variable_originate_disposition = "NORMAL_TEMPORARY_FAILURE";
    const { play, records } = harness();
    play([leg, root]);
    await vi.waitFor(() => expect(records()).toHaveLength(1), soon);
    expect(records()[0]).toMatchObject({ outcome: "cancelled", hangupCause: "ORIGINATOR_CANCEL", hangupBy: "caller" });
  });

  it("of a call that a mobile took up without pressing 1 say what took it afterwards, not that the mobile was reached", async () => {
    const [leg, root] = eventsOf("lookup_noanswer").filter(isEnd);
    if (!leg || !root) throw new Error("two legs");
    Object.assign(root.headers, {
      variable_dp_box: "vmb_1",
      variable_answer_uepoch: root.headers.variable_end_uepoch ?? "",
    });
    const mobile = { sip_gateway_name: "trk_1", answer_uepoch: leg.headers.variable_end_uepoch ?? "" };
    for (const [name, value] of Object.entries({ ...mobile, group_confirm_key: "1" }))
      leg.headers[`variable_${name}`] = value;
    const { play, records } = harness();
    play([leg, root]);
    await vi.waitFor(() => expect(records()).toHaveLength(1), soon);
    expect(records()[0]).toMatchObject({ outcome: "voicemail", direction: "internal", trunk: null });
  });

  it("carry hostile text harmlessly", async () => {
    const [leg, root] = eventsOf("inbound_did").filter(isEnd);
    if (!leg || !root) throw new Error("two legs");
    root.headers["Caller-Caller-ID-Name"] = `\u0000\u202e<script>\r\n${"x".repeat(100_000)}\ud800`;
    root.headers["Caller-Caller-ID-Number"] = `${"9".repeat(5000)}`;
    root.headers.variable_sip_call_id = "c\u0007all";
    root.headers.variable_hangup_cause = "A B\nC";
    const { play, records } = harness();
    play([leg, root]);
    await vi.waitFor(() => expect(records()).toHaveLength(1), soon);
    const [record] = records();
    expect(record?.from.name).toMatch(/^<script>x{50,56}$/);
    expect(record?.from.number).toBe("9".repeat(64));
    expect(record?.legs[0]).toMatchObject({ sipCallId: "call", cause: "NONE" });
  });

  it("of 2,000 calls at once leave nothing behind", async () => {
    const ends = eventsOf("lookup_answered").filter(isEnd);
    const { play, records } = harness();
    for (let call = 0; call < 2000; call += 1)
      play(changed(ends, (text) => text.replaceAll(uuids, `${call.toString(16).padStart(4, "0")}$1`)));
    await vi.waitFor(() => expect(records()).toHaveLength(2000), soon);
    expect(records().every(({ legs }) => legs.length === 2)).toBe(true);
  });
});

const uuids = /\b[0-9a-f]{4}([0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\b/g;

/** The same events with every header's text changed. */
function changed(events: EslEvent[], change: (text: string) => string): EslEvent[] {
  const headersOf = (event: EslEvent) => Object.entries(event.headers).map(([name, value]) => [name, change(value)]);
  return events.map((event) => ({ ...event, headers: Object.fromEntries(headersOf(event)) }));
}
