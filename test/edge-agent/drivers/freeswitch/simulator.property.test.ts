// What the simulator says is what the rendered XML does: random configurations, random calls, attempts that end as they like, digits typed at random.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { simulate, simulation } from "../../../../functions/api/simulate.ts";
import { typist } from "../../../../functions/api/typist.ts";
import { freeswitchConfig } from "../../../support/freeswitch-config.ts";
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
} as const;
type Kind = keyof typeof kinds;
const trunks = ["first", "second"];
const outside = ["+12025550123", "+33142681234"];
const did = "+15550100";

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
  queue: fc.record({ afterwards: destination }),
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
  to: fc.constantFrom(...extensions, ...Object.values(kinds).flat(), ...outside, "911", "4711", did),
  extensions: fc.tuple(ended, ended, ended, ended),
  trunks: fc.tuple(ofTrunk, ofTrunk),
  outside: fc.tuple(ended, ended),
  full: fc.boolean(),
  digits: fc.array(fc.constantFrom("", "1", "2", "12", "1003", "1003#", "9", "99", "222", "1#"), { maxLength: 4 }),
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
    const { voicemail, forward, followMe, permission, ...rest } = one;
    acme.extension(Number(extensions[index]), {
      box: true,
      ...rest,
      ...(!voicemail && { voicemailBox: null }),
      forward: Object.fromEntries(Object.entries(forward).map(([when, target]) => [when, to(target)])),
      followMe: { ...followMe, members: members(followMe.members) },
      outbound: { permission, countries: null },
    });
  }
  for (const [kind, numbers] of Object.entries(kinds))
    for (const [index, n] of numbers.entries()) {
      const more =
        kind === "announcement"
          ? { prompt: acme.idOf("prompt", "hello") }
          : kind === "queue"
            ? { joinEmpty: "yes" }
            : {};
      acme.put(kind as Kind, n, {
        name: `${kind} ${n}`,
        extensionNumber: n,
        ...more,
        ...resolved((of as Record<string, Record<string, unknown>[]>)[kind]?.[index] ?? {}),
      });
    }
  acme.number(did, to(number));
  return pbx;
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
    if (outcome.do === "voicemail") return [String(outcome.voicemailBox)];
    if (outcome.do === "hangup") return [causes[String(outcome.cause)] ?? "?"];
    return [String(outcome[String(outcome.do)])];
  };
  return { do: outcome.do, what: what() };
}

describe("the simulator never lies", () => {
  it("says what the rendered dialplan does", { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(configuration, fc.array(call, { minLength: 8, maxLength: 8 }), (wanted, calls) => {
        const pbx = build(wanted);
        for (const one of calls) compare(pbx, one);
        pbx.state.close();
      }),
      { numRuns: Number(process.env.RUNS ?? 30) },
    );
  });
});

type Wanted = typeof call extends fc.Arbitrary<infer T> ? T : never;

function compare(pbx: Pbx, one: Wanted): void {
  const { acme, documents } = pbx;
  const config = documents.config(acme.owner);
  if (!config) throw new Error("no tenant");
  const fromOutside = one.from.startsWith("+");
  if (!fromOutside && !documents.device(acme.owner, one.from)?.extension.body.enabled) return;
  const to = fromOutside ? did : one.to;
  const assume = {
    ...Object.fromEntries(extensions.map((number, index) => [number, one.extensions[index] ?? "answered"])),
    ...Object.fromEntries(trunks.map((name, index) => [name, one.trunks[index] ?? "answered"])),
    ...Object.fromEntries(outside.map((number, index) => [number, one.outside[index] ?? "answered"])),
    ...(one.full && { "conference 820": "busy" as const }),
  };
  const input = simulation.parse({ from: one.from, to, assume, digits: one.digits });
  const said = simulate(config, input, new Date());
  const keypad = typist(one.digits);
  const log = { error: (detail: object) => expect.fail(JSON.stringify(detail)) };
  const walked = walk(
    {
      lookups: { documents, config: freeswitchConfig(), log },
      assume,
      nameOf: (what, id) => {
        if (what === "device") return documents.device(acme.owner, id)?.extension.body.number;
        return what === "trunk" ? documents.trunk(id)?.body.name : config.get("conference", id)?.body.name;
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
      heard: () => void keypad.miss({ do: "play", sounds: [], answer: true, otherwise: "" }),
    },
    fromOutside
      ? fromCarrier("192.0.2.20", did, { "Unique-ID": "x" })
      : dialled(acme, one.from, to, { "Unique-ID": "x" }),
  );
  expect({ do: walked.do, what: walked.what }, JSON.stringify({ one, steps: said.steps })).toEqual(
    told(pbx, said.outcome),
  );
}
