// What the simulator says is what the rendered XML does: random configurations, random calls, attempts that end as they like, digits typed at random.
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { defaultCodes } from "../../../../core/resources/feature-code.ts";
import type { Action } from "../../../../core/routing/plan.ts";
import { createLegs } from "../../../../edge-agent/drivers/freeswitch/legs.ts";
import { nobody } from "../../../../edge-agent/drivers/freeswitch/people.ts";
import { simulate, simulation } from "../../../../functions/api/simulate.ts";
import { typist } from "../../../../functions/api/typist.ts";
import { freeswitchConfig } from "../../../support/freeswitch-config.ts";
import { legOf } from "../../../support/legs.ts";
import { createPbx, type Pbx } from "../../../support/pbx.ts";
import { walk } from "../../../support/walk.ts";
import { dialled, fromCarrier } from "./requests.ts";

const extensions = ["1001", "1002", "1003", "1004"];
const kinds = {
  "ring-group": ["600", "601"],
  menu: ["700", "701"],
  schedule: ["800", "801"],
  announcement: ["810"],
  conference: ["820"],
  queue: ["830"],
  directory: ["840"],
  "paging-group": ["850"],
  "parking-lot": ["870"],
} as const;
const slots = ["871", "872"];
type Kind = keyof typeof kinds;
const trunks = ["first", "second"];
const outside = ["+12025550123", "+33142681234"];
const did = "+15550100";
/** Every feature code there is; where a number follows, one that fits or does not, or none. */
const code = fc
  .tuple(fc.constantFrom(...Object.values(defaultCodes)), fc.constantFrom("1002", "1003", "800", "+12025550123", ""))
  .map(([digits, argument]) => digits.replace("…", argument));
/** Those that look at what goes on. */
const codesOfOthers = ["*8", ...["**", "*33", "*34", "*35"].flatMap((digits) => [`${digits}1002`, `${digits}1003`])];

type Destination = Record<string, unknown> | null;
const [ext, box] = [fc.constantFrom(...extensions), fc.constantFrom(...extensions)];
/** With numbers in the place of ids, which `build` puts there. */
const destination: fc.Arbitrary<Destination> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("extension"), ref: ext }) },
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      ...Object.entries(kinds).flatMap(([kind, numbers]) => numbers.map((ref) => ({ kind, ref }))),
    ),
  },
  fc.record({ kind: fc.constant("voicemail-box"), ref: box }),
  fc.record({ kind: fc.constant("outside-number"), number: fc.constantFrom(...outside) }),
  fc.record({ kind: fc.constant("hangup"), cause: fc.constantFrom("rejected", "busy", "not-found", "unavailable") }),
  fc.constant(null),
);
const certain = destination.filter((to) => to !== null);
const member = fc.oneof(
  { weight: 4, arbitrary: fc.record({ extension: ext, ringSeconds: fc.constantFrom(5, 20) }) },
  fc.record({ number: fc.constantFrom(...outside), delaySeconds: fc.constantFrom(0, 5) }),
);

const extension = fc.record({
  enabled: fc.constantFrom(true, true, true, false),
  doNotDisturb: fc.constantFrom(false, false, false, true),
  voicemail: fc.boolean(),
  forward: fc.record({
    always: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, destination),
    busy: destination,
    noAnswer: destination,
    notRegistered: destination,
  }),
  followMe: fc.record({ enabled: fc.boolean(), confirm: fc.boolean(), members: fc.array(member, { maxLength: 2 }) }),
  permission: fc.constantFrom("internal", "national", "international"),
  supervisor: fc.boolean(),
  pickupGroup: fc.constantFrom("sales", null),
  callWaiting: fc.boolean(),
  mayHotDesk: fc.boolean(),
});
const bodies: Record<Kind, fc.Arbitrary<Record<string, unknown>>> = {
  "ring-group": fc.record({
    strategy: fc.constantFrom("simultaneous", "sequence", "random", "rollover"),
    members: fc.array(member, { maxLength: 4 }),
    skipBusy: fc.boolean(),
    confirm: fc.boolean(),
    afterwards: destination,
  }),
  menu: fc.record({
    options: fc.uniqueArray(fc.record({ digits: fc.constantFrom("1", "2", "12", "9"), destination: certain }), {
      selector: ({ digits }) => digits,
      maxLength: 4,
    }),
    dialByExtension: fc.boolean(),
    tries: fc.constantFrom(1, 2, 3),
    timeout: destination,
    invalid: destination,
  }),
  schedule: fc.record({
    hours: fc.constantFrom(
      [],
      [{ days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], from: "00:00", to: "24:00" }],
    ),
    open: destination,
    closed: destination,
  }),
  announcement: fc.record({ answer: fc.boolean(), afterwards: destination }),
  conference: fc.record({ recording: fc.boolean() }),
  queue: fc.record({ afterwards: destination, isAgent: fc.boolean() }),
  "paging-group": fc.record({
    paged: fc.uniqueArray(ext, { maxLength: 3 }),
    twoWay: fc.boolean(),
    skipBusy: fc.boolean(),
  }),
  "parking-lot": fc.record({ timeout: destination }),
  directory: fc.record({ tries: fc.constantFrom(1, 2), afterwards: destination }),
};
const configuration = fc.record({
  extensions: fc.tuple(extension, extension, extension, extension),
  number: destination,
  of: fc.record(
    Object.fromEntries(
      Object.entries(kinds).map(([kind, numbers]) => [kind, fc.tuple(...numbers.map(() => bodies[kind as Kind]))]),
    ),
  ),
});
type Configuration = typeof configuration extends fc.Arbitrary<infer T> ? T : never;

const ended = fc.constantFrom("answered", "busy", "no-answer", "not-registered", "rejected");
const ofTrunk = fc.constantFrom("answered", "busy", "no-answer", "rejected", "not-found", "trunk-failed");
const call = fc.record({
  from: fc.constantFrom(...extensions, "+15550123"),
  to: fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(...extensions, ...Object.values(kinds).flat(), ...slots) },
    { weight: 1, arbitrary: fc.constantFrom(...outside, "911", "4711", did) },
    { weight: 2, arbitrary: code },
    { weight: 1, arbitrary: fc.constantFrom(...codesOfOthers) },
  ),
  extensions: fc.tuple(ended, ended, ended, ended),
  trunks: fc.tuple(ofTrunk, ofTrunk),
  outside: fc.tuple(ended, ended),
  full: fc.boolean(),
  waits: fc.constantFrom("answered", "no-answer", "not-registered"),
  taken: fc.boolean(),
  busy: fc.subarray(extensions, { maxLength: 2 }),
  ringing: fc.subarray(extensions, { maxLength: 2 }),
  parked: fc.subarray(slots),
  digits: fc.array(fc.constantFrom("", "1", "2", "12", "1003", "1003#", "9", "99", "222", "1#", "4711"), {
    maxLength: 4,
  }),
});

function build({ extensions: people, number, of }: Configuration): Pbx {
  const pbx = createPbx();
  const { acme } = pbx;
  const named = new Map<string, string>([
    ...Object.entries(kinds).flatMap(([kind, numbers]) =>
      numbers.map((n): [string, string] => [`${kind}/${n}`, acme.idOf(kind as Kind, n)]),
    ),
  ]);
  const to = (target: Destination): Destination => {
    if (!target || !("ref" in target)) return target;
    const ref = String(target.ref);
    if (target.kind === "extension") return { ...target, ref: acme.ext(ref) };
    return { ...target, ref: target.kind === "voicemail-box" ? acme.box(ref) : named.get(`${target.kind}/${ref}`) };
  };
  const members = (list: object[]) =>
    list.map((one) => ({
      ...{ extension: null, number: null, delaySeconds: 0, ringSeconds: 25 },
      ...one,
      ...("extension" in one && { extension: acme.ext(String(one.extension)) }),
    }));
  const resolved = (body: Record<string, unknown>): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(body).map(([name, value]): [string, unknown] => {
        if (["afterwards", "timeout", "invalid", "open", "closed"].includes(name))
          return [name, to(value as Destination)];
        if (name === "members") return [name, members(value as object[])];
        if (name === "options")
          return [
            name,
            (value as { destination: Destination }[]).map((one) => ({ ...one, destination: to(one.destination) })),
          ];
        return [name, value];
      }),
    );
  acme.put("prompt", "hello", { name: "hello" });
  for (const [index, name] of trunks.entries())
    acme.trunk(index + 1, {
      name,
      host: `192.0.2.${20 + index}`,
      priority: index,
      inboundAddresses: [`192.0.2.${20 + index}`],
    });
  for (const [index, one] of people.entries()) {
    const { voicemail, forward, followMe, permission, mayHotDesk, ...rest } = one;
    acme.extension(Number(extensions[index]), {
      box: true,
      ...rest,
      ...(!voicemail && { voicemailBox: null }),
      forward: Object.fromEntries(Object.entries(forward).map(([when, target]) => [when, to(target)])),
      followMe: { ...followMe, members: members(followMe.members) },
      outbound: { permission, countries: null },
      ...(mayHotDesk && { hotDeskPin: acme.secret("4711") }),
    });
  }
  for (const [kind, numbers] of Object.entries(kinds))
    for (const [index, n] of numbers.entries()) {
      const { isAgent, paged, ...own } = (of as Record<string, Record<string, unknown>[]>)[kind]?.[index] ?? {};
      const more: Record<string, object> = {
        announcement: { prompt: acme.idOf("prompt", "hello") },
        queue: { joinEmpty: "yes", agents: isAgent ? [{ extension: acme.ext(1001) }] : [] },
        "paging-group": { members: ((paged ?? []) as string[]).map((number) => acme.ext(number)) },
        "parking-lot": { firstSlot: slots[0], slots: slots.length },
      };
      acme.put(kind as Kind, n, { name: `${kind} ${n}`, extensionNumber: n, ...more[kind], ...resolved(own) });
    }
  acme.number(did, to(number));
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
      const pbx = build(wanted);
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
    };
    const outcomes = compareAll({ seed: 3, numRuns: 40 });
    expect([...outcomes].filter((one) => one !== undefined).sort()).toEqual(Object.keys(ends).sort());
  });
});

type Wanted = typeof call extends fc.Arbitrary<infer T> ? T : never;

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
