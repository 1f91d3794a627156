// Random configurations of a tenant, and random calls in it: what the simulator is compared on, with rendered XML and with a real FreeSWITCH.
import fc from "fast-check";
import { defaultCodes } from "../../core/resources/feature-code.ts";
import type { Pbx } from "./pbx.ts";

export const extensions = ["1001", "1002", "1003", "1004"];
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
/** The number that leads in, as calls name it. */
export const did = "+15550100";
export const slots = ["871", "872"];
type Kind = keyof typeof kinds;
export const trunks = ["first", "second"];
export const outside = ["+12025550123", "+33142681234"];
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
  recordOnDemand: fc.constantFrom("off", "own"),
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
  queue: fc.record({ afterwards: destination, isAgent: fc.boolean(), callsBack: fc.constantFrom(true, true, false) }),
  "paging-group": fc.record({
    paged: fc.uniqueArray(ext, { maxLength: 3 }),
    twoWay: fc.boolean(),
    skipBusy: fc.boolean(),
  }),
  "parking-lot": fc.record({ timeout: destination }),
  directory: fc.record({ tries: fc.constantFrom(1, 2), afterwards: destination }),
};
export const configuration = fc.record({
  extensions: fc.tuple(extension, extension, extension, extension),
  number: destination,
  of: fc.record(
    Object.fromEntries(
      Object.entries(kinds).map(([kind, numbers]) => [kind, fc.tuple(...numbers.map(() => bodies[kind as Kind]))]),
    ),
  ),
});
export type Configuration = typeof configuration extends fc.Arbitrary<infer T> ? T : never;

const ended = fc.constantFrom("answered", "busy", "no-answer", "not-registered", "rejected");
const ofTrunk = fc.constantFrom("answered", "busy", "no-answer", "rejected", "not-found", "trunk-failed");
export const call = fc.record({
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
  digits: fc.oneof(
    {
      weight: 5,
      arbitrary: fc.array(fc.constantFrom("", "1", "2", "12", "1003", "1003#", "9", "99", "222", "1#", "4711"), {
        maxLength: 4,
      }),
    },
    { weight: 2, arbitrary: fc.constantFrom(["1", "1#"], ["1", "12025550123#"]) },
  ),
});

/**
 * Writes it all into a tenant. `number` leads in; `trunkOf`: where the carrier by that index is. A prompt that announcements play has
 * no audio.
 */
export function build(
  acme: Pbx["acme"],
  { extensions: people, number: leads, of }: Configuration,
  number: string,
  trunkOf: (index: number) => Record<string, unknown>,
): void {
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
  for (const [index, name] of trunks.entries()) acme.put("trunk", name, { name, priority: index, ...trunkOf(index) });
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
      const { isAgent, callsBack, paged, ...own } =
        (of as Record<string, Record<string, unknown>[]>)[kind]?.[index] ?? {};
      const more: Record<string, object> = {
        announcement: { prompt: acme.idOf("prompt", "hello") },
        queue: {
          joinEmpty: "yes",
          callBack: callsBack ? { payer: acme.ext(1001) } : null,
          agents: isAgent ? [{ extension: acme.ext(1001) }] : [],
        },
        "paging-group": { members: ((paged ?? []) as string[]).map((number) => acme.ext(number)) },
        "parking-lot": { firstSlot: slots[0], slots: slots.length },
      };
      acme.put(kind as Kind, n, { name: `${kind} ${n}`, extensionNumber: n, ...more[kind], ...resolved(own) });
    }
  acme.number(number, to(leads));
}

export type Wanted = typeof call extends fc.Arbitrary<infer T> ? T : never;
