// What the simulator says is what the rendered XML does: random configurations, random calls, attempts that end as they like, digits typed at random.
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Action } from "../../../../core/routing/plan.ts";
import { createLegs } from "../../../../edge-agent/drivers/freeswitch/legs.ts";
import { nobody } from "../../../../edge-agent/drivers/freeswitch/people.ts";
import { simulate } from "../../../../functions/api/simulate.ts";
import { simulation } from "../../../../functions/api/simulation.ts";
import { typist } from "../../../../functions/api/typist.ts";
import { freeswitchConfig } from "../../../support/freeswitch-config.ts";
import { legOf } from "../../../support/legs.ts";
import { createPbx, type Pbx } from "../../../support/pbx.ts";
import {
  build,
  type Configuration,
  call,
  configuration,
  did,
  extensions,
  outside,
  trunks,
  type Wanted,
} from "../../../support/random-tenant.ts";
import { walk } from "../../../support/walk.ts";
import { dialled, fromCarrier } from "./requests.ts";

function built(wanted: Configuration): Pbx {
  const pbx = createPbx();
  build(pbx.acme, wanted, did, (index) => ({ host: `192.0.2.${20 + index}` }));
  return pbx;
}

/** The simulator names legs by whose they are, FreeSWITCH by uuids. */
const legNamed = (name: string): string => {
  const [what = "", number = ""] = name.split("/");
  return `${number.padStart(8, "0")}-0000-4000-8000-${String(["ringing", "talking", "parked"].indexOf(what)).padStart(12, "0")}`;
};

/** What goes on, as FreeSWITCH told it. */
function legsOf({ acme, documents }: Pbx, { busy, ringing, parked }: Wanted) {
  const legs = createLegs(documents);
  for (const number of ringing) {
    const by = legNamed(`ringing/${number}`);
    legs.onLeg(legOf(acme, by.replace(/0$/, "a"), { to: Number(number), by }));
  }
  for (const number of busy) legs.onLeg(legOf(acme, legNamed(`talking/${number}`), { from: Number(number) }, true));
  for (const slot of parked)
    legs.park(legNamed(`parked/${slot}`), acme.id, { lot: acme.idOf("parking-lot", "870"), slot });
  return legs;
}

/** What both say, in the same words. */
function told(pbx: Pbx, outcome: Record<string, unknown>): { do: unknown; what: string[] } {
  const { acme, documents } = pbx;
  const config = documents.config(acme.owner);
  const phones = (id: string) =>
    (config?.get("extension", id)?.body.devices ?? []).map(({ username }) =>
      `sofia/phones/${username}@acme.test`.replace("@", "%"),
    );
  const causes: Record<string, string> = {
    ...{
      "not-found": "UNALLOCATED_NUMBER",
      busy: "USER_BUSY",
      rejected: "OUTGOING_CALL_BARRED",
      unavailable: "SUBSCRIBER_ABSENT",
    },
    ...{ "no-answer": "NO_ANSWER", "no-route": "NORMAL_TEMPORARY_FAILURE", done: "NORMAL_CLEARING" },
  };
  const what = (): string[] => {
    if (outcome.do === "ring") {
      if (typeof outcome.id === "string") return phones(outcome.id);
      const branches = (outcome.groups as { to: string; extension: string; trunk: string; number: string }[][]).flat();
      return branches
        .flatMap((one) =>
          one.to === "extension" ? phones(one.extension) : [`sofia/gateway/${one.trunk}/${one.number}`],
        )
        .sort();
    }
    if (outcome.do === "trunk") return [`sofia/gateway/${outcome.id}/${outcome.number}`];
    if (outcome.do === "voicemail") return [String(outcome.id)];
    if (outcome.do === "hangup") return [causes[String(outcome.cause)] ?? "?"];
    if (outcome.do === "page")
      return (outcome.extensions as { extension: string }[]).flatMap(({ extension: id }) => phones(id)).sort();
    if (outcome.do === "park") return [`${outcome.lot}.${outcome.slot}`];
    if (outcome.do === "unpark" || outcome.do === "pickup" || outcome.do === "monitor")
      return [legNamed(String(outcome.call))];
    if (outcome.do === "call-back") return [String(outcome.number)];
    if (outcome.do === "remember") return [JSON.stringify(outcome.changes)];
    if (outcome.do === "mailbox") return [String(outcome.box)];
    if (outcome.do === "test") return [outcome.what === "echo" ? "" : "NORMAL_CLEARING"];
    return [String(outcome[String(outcome.do)])];
  };
  return { do: outcome.do, what: what() };
}

const begun = new Date("2026-03-04T10:00:00Z");
beforeAll(() => void vi.useFakeTimers({ toFake: ["Date"], now: begun }));
afterAll(() => void vi.useRealTimers());

describe("the simulator never lies", () => {
  /** Compares random calls through random configurations; resolves with the kinds of outcomes there were. */
  function compareAll(parameters: { seed?: number; numRuns: number }): Set<unknown> {
    const outcomes = new Set<unknown>();
    const property = fc.property(configuration, fc.array(call, { minLength: 8, maxLength: 8 }), (wanted, calls) => {
      const pbx = built(wanted);
      for (const one of calls) outcomes.add(compare(pbx, one));
      pbx.state.close();
    });
    fc.assert(property, parameters);
    return outcomes;
  }

  it("says what the rendered dialplan does", { timeout: 120_000 }, () => {
    compareAll({ numRuns: Number(process.env.RUNS ?? 25) });
  });

  it("whatever a call may end in", () => {
    const ends: Record<Exclude<Action["do"], "play" | "collect">, true> = {
      ...{ ring: true, trunk: true, voicemail: true, hangup: true, queue: true, conference: true, park: true },
      ...{ unpark: true, page: true, pickup: true, monitor: true, remember: true, mailbox: true, test: true },
      "call-back": true,
    };
    const outcomes = compareAll({ seed: 4, numRuns: 60 });
    expect([...outcomes].filter((one) => one !== undefined).sort()).toEqual(Object.keys(ends).sort());
  });
});

/** What the call ended in; undefined for one that nobody can make. */
function compare(pbx: Pbx, one: Wanted): unknown {
  const { acme, documents } = pbx;
  const config = documents.config(acme.owner);
  if (!config) throw new Error("no tenant");
  const fromOutside = one.from.startsWith("+");
  if (!fromOutside && !documents.device(acme.owner, one.from)?.extension.body.enabled) return undefined;
  const to = fromOutside ? did : one.to;
  const assume = {
    ...Object.fromEntries(extensions.map((number, index) => [number, one.extensions[index] ?? "answered"])),
    ...Object.fromEntries(trunks.map((name, index) => [name, one.trunks[index] ?? "answered"])),
    ...Object.fromEntries(outside.map((number, index) => [number, one.outside[index] ?? "answered"])),
    ...(one.full && { "conference 820": "busy" as const }),
    "queue 830": one.waits,
    ...(!one.taken && { "parking-lot 870": "no-answer" as const }),
  };
  const { busy, ringing, parked, digits } = one;
  const input = simulation.parse({ from: one.from, to, assume, digits, busy, ringing, parked });
  const said = simulate(config, input, begun);
  vi.setSystemTime(begun);
  const keypad = typist(one.digits);
  const legs = legsOf(pbx, one);
  const log = { error: (detail: object) => expect.fail(JSON.stringify(detail)) };
  const walked = walk(
    {
      lookups: { documents, config: freeswitchConfig(), log, legs, people: { ...nobody, onCall: legs.onCall } },
      assume,
      nameOf: (what, id) => {
        if (what === "device") return documents.device(acme.owner, id)?.extension.body.number;
        return what === "trunk" ? documents.trunk(id)?.body.name : config.get(what, id)?.body.name;
      },
      typed: ({ max, terminator, silent }) =>
        keypad.collect({
          do: "collect",
          sounds: silent ? [] : [{ word: "invalid" }],
          max,
          terminator,
          min: 0,
          seconds: 1,
          betweenSeconds: 1,
          secret: false,
          otherwise: "",
        }),
      pressed: (key) => keypad.press(key) !== "",
      passed: (seconds) => void vi.setSystemTime(Date.now() + seconds * 1000),
      heard: () => void keypad.miss({ do: "play", sounds: [], answer: true, otherwise: "" }),
    },
    fromOutside
      ? fromCarrier("192.0.2.20", did, { "Unique-ID": "x" })
      : dialled(acme, one.from, to, { "Unique-ID": "x" }),
  );
  expect({ do: walked.do, what: walked.what }, JSON.stringify({ one, steps: said.steps })).toEqual(
    told(pbx, said.outcome),
  );
  return said.outcome.do;
}
