// Every field of every kind is read by a rule or a renderer: put another value there, and something that FreeSWITCH is told, in some call or
// configuration, is another. Nothing is looked up in sources.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { canonical } from "../../../../core/canonical.ts";
import { all, type KindName, kindOf } from "../../../../core/registry.ts";
import { boxFolder } from "../../../../edge-agent/drivers/freeswitch/box.ts";
import { createAnnouncer } from "../../../../edge-agent/drivers/freeswitch/callcenter/announcer.ts";
import { agentSettings } from "../../../../edge-agent/drivers/freeswitch/callcenter/settings.ts";
import { tiersOf } from "../../../../edge-agent/drivers/freeswitch/callcenter/tiers.ts";
import { createLegs } from "../../../../edge-agent/drivers/freeswitch/legs.ts";
import { reply } from "../../../../edge-agent/drivers/freeswitch/lookup.ts";
import { nobody } from "../../../../edge-agent/drivers/freeswitch/people.ts";
import { typist } from "../../../../functions/api/typist.ts";
import { fieldsOf } from "../../../support/field-values.ts";
import { freeswitchConfig } from "../../../support/freeswitch-config.ts";
import { legOf } from "../../../support/legs.ts";
import { createPbx } from "../../../support/pbx.ts";
import { walk } from "../../../support/walk.ts";
import { wavOf } from "../../../support/wav.ts";
import { auth, dialled, body as encoded, fromCarrier, type Request } from "./requests.ts";

/** Read by nobody whom a phone can reach, each with who does. */
const elsewhere: Record<string, string> = {
  "extension.devices[].label": "for people: the console's name of a phone",
  "voicemail-box.label": "for people: lists and mail",
  "voicemail-box.retentionDays": "the control plane deletes (test/functions/retention/sweep.test.ts)",
  "tenant.recordingRetentionDays": "the control plane deletes (test/functions/retention/sweep.test.ts)",
  "tenant.voicemailRetentionDays": "the control plane deletes (test/functions/retention/sweep.test.ts)",
  "voicemail-box.email": "the control plane mails (test/functions/mail/voicemail.test.ts)",
  "voicemail-box.emailAudio": "the control plane mails (test/functions/mail/voicemail.test.ts)",
  "voicemail-box.keepAfterEmail": "the control plane mails (test/functions/mail/voicemail.test.ts)",
  ...Object.fromEntries(
    ["payer", "tries", "retryAfterSeconds", "expiresSeconds"].map((field) => [
      `queue.callBack.${field}`,
      "read when it is somebody's turn to be called back (callcenter/call-backs.test.ts)",
    ]),
  ),
  "phone-number.label": "for people: lists",
  "speed-dial.name": "for people: lists",
  "menu.options[].label": "for people: the simulator's steps (test/core/routing/menu.test.ts)",
  "schedule.holidays[].name": "for people: the simulator's steps (test/core/routing/schedule.test.ts)",
  "prompt.audio.bytes": "checked by the API against what was uploaded (test/functions/api/prompts.test.ts)",
  "prompt.audio.contentType": "what the API sends with the audio (test/functions/api/prompts.test.ts)",
  "account.sipZone": "the API makes tenants' domains of it (test/functions/accounts/domain.test.ts)",
  "account.timeZone": "the API's default for its tenants (test/functions/accounts/domain.test.ts)",
  "account.language": "the API's default for its tenants (test/functions/accounts/domain.test.ts)",
  "account.deletionGraceDays": "how long the API keeps what was deleted (test/functions/deletion/deletion.test.ts)",
  // names are what people, references and the simulator's steps call a resource by
  ...Object.fromEntries(
    all.flatMap(({ kind, key }) =>
      key === "name" && kind !== "plan" && kind !== "template" && kind !== "brand"
        ? [[`${kind}.name`, "its natural key"]]
        : [],
    ),
  ),
};

const dir = mkdtempSync(join(tmpdir(), "dp-fields-"));
const host = freeswitchConfig(dir, { soundsDir: null });
const hashes = ["a".repeat(64), "b".repeat(64)];
mkdirSync(host.promptsDir, { recursive: true });
for (const hash of hashes)
  writeFileSync(
    join(host.promptsDir, `${hash}.wav`),
    wavOf(2, () => 0),
  );
const begun = new Date("2026-03-04T10:00:00Z");
beforeAll(() => void vi.useFakeTimers({ now: begun }));
afterAll(() => {
  vi.useRealTimers();
  rmSync(dir, { recursive: true });
});

type Bodies = Record<string, unknown>;
const outsider = "+15550123";
const unwanted = "+15550166";
const did = "+12025550100";

/** A tenant that uses every kind, and for each kind bodies of the one resource whose fields are changed: in one of them each field matters. */
function createWorld() {
  const pbx = createPbx();
  const { acme, account } = pbx;
  const secrets = {
    "sip-password": [acme.secret(hashes[0]?.slice(32) ?? ""), acme.secret(hashes[1]?.slice(32) ?? "")],
    password: [acme.secret("password-1"), acme.secret("password-2")],
    pin: [acme.secret("4711"), acme.secret("9999")],
  };
  const [sip, password, pin] = [secrets["sip-password"][0], secrets.password[0], secrets.pin[0]];
  const id = (kind: KindName, name: string) => acme.idOf(kind, name);
  const ext = (number: number) => ({ kind: "extension", ref: acme.ext(number) });
  const audio = (n: number) => ({ sha256: hashes[n], bytes: 5, contentType: "audio/wav" });
  const member = { extension: acme.ext(1003), number: null, delaySeconds: 0, ringSeconds: 20 };
  const mobile = { extension: null, number: "+12025550199", delaySeconds: 3, ringSeconds: 15 };
  const devices = [
    { label: "Desk", username: "desk-1", password: sip },
    { label: "Phone", username: "1002", password: sip },
  ];
  const bob: Bodies = {
    ...{ number: "1002", displayName: "Bob Marley", devices, ringSeconds: 25, voicemailBox: id("voicemail-box", "1") },
    ...{ externalCallerId: "+12025550101", externalCallerName: "Acme", emergencyCallerId: "+12025550102" },
    ...{ emergencyLocation: "Room 1", callWaiting: true, followMe: { enabled: true, members: [mobile] } },
    ...{ outbound: { permission: "international", countries: ["FR"] }, supervisor: true, pickupGroup: "sales" },
    ...{ hotDeskPin: pin, skills: [{ skill: "french", level: 5 }], language: "fr" },
  };
  const alone = { voicemailBox: null, forward: { notRegistered: null, busy: null, always: null, noAnswer: null } };
  const group = {
    name: "g",
    extensionNumber: "600",
    musicOnHold: id("music-on-hold", "1"),
    ringSeconds: 60,
    callerNamePrefix: "S",
    afterwards: null,
  };
  const menu = {
    ...{ name: "m", extensionNumber: "700", greeting: id("prompt", "1"), invalidPrompt: id("prompt", "1"), tries: 2 },
    ...{ options: [{ digits: "1", label: "Sales", destination: ext(1003) }], dialByExtension: true },
  };
  const queue = {
    ...{ name: "q", extensionNumber: "830", greeting: id("prompt", "1"), announcePosition: true, announceWait: true },
    ...{ announceEverySeconds: 10, callerNamePrefix: "Q", recording: true, missedCallsToPause: 3, tierDelaySeconds: 5 },
    agents: [1002, 1003].map((number, tier) => ({ extension: acme.ext(number), tier: tier + 1, position: 1 })),
    skills: [{ skill: "french", level: 5, relaxations: [{ afterSeconds: 10, level: 1 }] }],
  };
  const closed = { name: "s", extensionNumber: "800", open: ext(1003), closed: { kind: "hangup", cause: "busy" } };
  const hours = [{ days: ["wed"], from: "09:00", to: "17:00" }];
  const trunk = {
    ...{ name: "t", host: "192.0.2.20", port: 5070, transport: "udp", username: "acme", password, register: true },
    ...{ inboundAddresses: ["192.0.2.64"], priority: 5, numberFormat: "national", prefix: "9", codecs: ["pcmu"] },
  };
  const route = { name: "r", order: 5, patterns: ["+1202*"], trunks: ["1", "2"].map((name) => id("trunk", name)) };
  const cheapestLast = [...route.trunks].reverse();
  const rule = { name: "b", patterns: [unwanted], anonymous: true, message: id("prompt", "1") };
  const room = { name: "c", extensionNumber: "820", pin, moderatorPin: secrets.pin[1], muteOnEntry: true };
  const locale = { country: "US", timeZone: "UTC", language: "en" };

  const subjects: Record<KindName, Bodies[]> = {
    extension: [
      bob,
      { ...bob, ...alone, callWaiting: false },
      { ...bob, outbound: { pin }, followMe: { enabled: true, members: [member] } },
    ],
    "ring-group": [
      { ...group, members: [member, mobile] },
      { ...group, members: [mobile, member] },
    ],
    queue: [
      queue,
      {
        ...{ ...queue, skills: [] },
        agents: [1002, 1003, 1001].map((number, n) => ({
          extension: acme.ext(number),
          tier: n < 2 ? 1 : 2,
          position: n + 1,
        })),
      },
      { ...queue, agents: [{ extension: acme.ext(1004) }], skills: [], greeting: null },
    ],
    menu: [menu, { ...menu, dialByExtension: false, directory: id("directory", "1") }],
    schedule: [
      { ...closed, timeZone: "Europe/Paris", hours },
      { ...closed, holidays: [{ name: "H", date: "2026-03-03", lastDate: "2026-03-05", destination: ext(1001) }] },
      { ...closed, holidays: [{ name: "H", date: "03-04", destination: null }] },
    ],
    announcement: [{ name: "a", extensionNumber: "810", prompt: id("prompt", "1"), answer: false }],
    "voicemail-box": [
      { number: "1002", label: "Bob", pin, greeting: id("prompt", "1"), busyGreeting: id("prompt", "2") },
    ],
    conference: [room, { ...room, waitForModerator: true, recording: true }],
    "paging-group": [{ name: "p", extensionNumber: "850", members: [acme.ext(1002), acme.ext(1003)], skipBusy: false }],
    "parking-lot": [{ name: "l", extensionNumber: "870", firstSlot: "871", slots: 3 }],
    directory: [
      {
        name: "d",
        extensionNumber: "840",
        members: [acme.ext(1002)],
        by: "either",
        greeting: id("prompt", "1"),
        tries: 2,
      },
    ],
    "phone-number": [
      { number: did, label: "Main", destination: ext(1003), callerNamePrefix: "M", recording: true, language: "fr" },
    ],
    trunk: [trunk],
    "outbound-route": [
      { ...route, strip: 1, prefix: "8", callerId: { policy: "fixed", number: "+12025550101" } },
      {
        ...route,
        patterns: ["+33*"],
        select: "least-cost",
        trunks: ["2", "1"].map((name) => id("trunk", name)),
        order: 2,
      },
    ],
    "rate-table": [{ name: "x", trunk: id("trunk", "1"), currency: "USD", rates: [{ prefix: "+33", perMinute: 5 }] }],
    "block-rule": [rule, { ...rule, destination: ext(1003) }],
    contact: [{ number: outsider, name: "Grace", company: "Navy" }],
    "speed-dial": [{ number: "55", name: "Sales", target: "1003" }],
    "feature-code": [{ action: "do-not-disturb-on", code: "*77" }],
    prompt: [{ name: "hello", audio: audio(0) }],
    "music-on-hold": [{ name: "music", prompts: ["1", "2"].map((name) => id("prompt", name)) }],
    // that there is one stops every call, whatever its fields say to people (test/core/routing/suspension.test.ts)
    suspension: [],
    // who carries calls, which is the front's to know
    placement: [],
    // they refuse calls or let them be: each field in test/core/routing/limits.test.ts
    limits: [],
    plan: [],
    // tenants are made of it by the API
    template: [],
    brand: [],
    tenant: [{ name: "Acme", domain: "acme.test", ...locale }],
    account: [{ name: "Reseller", sipZone: "sip.test", ...locale }],
  };

  const write = (kind: KindName, body: Bodies) => {
    if (kind !== "account") return acme.put(kind, nameOf[kind] ?? "1", body);
    return pbx.state.apply(account.write({ kind, id: `acc_${"9".padStart(26, "0")}`, body }));
  };
  const nameOf: Partial<Record<KindName, string>> = { extension: "1002", tenant: "" };

  for (const name of ["1", "2"]) acme.put("prompt", name, { name: `p${name}`, audio: audio(Number(name) - 1) });
  acme.put("music-on-hold", "2", { name: "m2", prompts: [id("prompt", "2")] });
  for (const number of ["+12025550101", "+12025550102"])
    acme.put("phone-number", number.slice(1), { number, destination: number.endsWith("2") ? ext(1003) : null });
  acme.put("trunk", "2", { name: "u", host: "192.0.2.30", priority: 4 });
  acme.put("rate-table", "2", { name: "y", trunk: id("trunk", "2"), rates: [{ prefix: "+33", perMinute: 6 }] });
  acme.put("outbound-route", "2", { name: "s", order: 4, patterns: ["+1202555012*"], trunks: [id("trunk", "2")] });
  acme.put("outbound-route", "3", {
    name: "t",
    order: 3,
    patterns: ["+33*"],
    select: "least-cost",
    trunks: cheapestLast,
  });
  acme.put("voicemail-box", "2", { number: "1009", pin });
  acme.extension(1001, {
    displayName: "Ann Lee",
    pickupGroup: "sales",
    outbound: { permission: "international", countries: null },
  });
  acme.extension(1003, {
    displayName: "Cy Low",
    box: false,
    pickupGroup: "sales",
    skills: [{ skill: "french", level: 2 }],
    ringSeconds: 5,
  });
  acme.extension(1004, { displayName: "Di Low", doNotDisturb: true });
  acme.put("directory", "2", { name: "d2" });
  acme.put("speed-dial", "2", { number: "56", target: "+33142681234" });
  for (const [kind, n] of [
    ["ring-group", "60"],
    ["queue", "83"],
    ["menu", "70"],
    ["conference", "82"],
  ] as const)
    acme.put(kind, "2", { name: "zz", extensionNumber: `${n}9` });
  for (const [kind, n] of [
    ["announcement", "81"],
    ["paging-group", "85"],
  ] as const)
    acme.put(kind, "2", {
      name: "zz",
      extensionNumber: `${n}9`,
      ...(kind === "announcement" ? { prompt: id("prompt", "2") } : { members: [acme.ext(1003)] }),
    });
  acme.put("schedule", "2", { ...closed, name: "zz", extensionNumber: "809", hours });
  acme.put("parking-lot", "2", { name: "zz", extensionNumber: "879", firstSlot: "880" });
  pbx.sharedTrunk(9, { name: "shared", host: "192.0.2.90", numberFormat: "national" });
  const restore = (kind: KindName) => subjects[kind].slice(0, 1).map((body) => write(kind, body));
  for (const { kind } of all) restore(kind as KindName);

  const references = (kind: string) =>
    kind === "extension"
      ? [1001, 1002, 1003].map((number) => acme.ext(number))
      : ["1", "2"].map((name) => id(kind as KindName, name));
  return {
    pbx,
    acme,
    subjects,
    write,
    restore,
    known: { references, secrets: (form: keyof typeof secrets) => secrets[form] },
  };
}
type World = ReturnType<typeof createWorld>;

/** At 1003 it rings, 1002 and 1003 are on calls, and the first slot is taken. */
function goingOn({ pbx, acme }: World) {
  const legs = createLegs(pbx.documents);
  const uuid = (n: number) => `0000000${n}-0000-4000-8000-000000000000`;
  legs.onLeg(legOf(acme, uuid(1), { to: 1003, by: uuid(2) }));
  for (const number of [1002, 1003]) legs.onLeg(legOf(acme, uuid(number - 999), { from: number }, true));
  legs.park(uuid(5), acme.id, { lot: acme.idOf("parking-lot", "1"), slot: "871" });
  return legs;
}

/** All that FreeSWITCH is told in the course of something, and the simulator's account of it. */
type Probe = (world: World) => string;
const lookups = (world: World) => {
  const legs = goingOn(world);
  return {
    ...{ documents: world.pbx.documents, config: host, legs, people: { ...nobody, onCall: legs.onCall } },
    ...{ log: { error: () => undefined }, present: () => ({ waiting: () => 4 }) },
  };
};
const ask =
  (request: Request): Probe =>
  (world) =>
    reply(encoded(request), lookups(world));

type Course = { ends?: string; digits?: string[]; at?: Date };
const call =
  (first: (world: World) => Request, { ends = "answered", digits = [], at = begun }: Course = {}): Probe =>
  (world) => {
    vi.setSystemTime(at);
    const keypad = typist(digits);
    const heard: string[] = [];
    const between = { min: 0, seconds: 1, betweenSeconds: 1, secret: false, otherwise: "" };
    try {
      const end = walk(
        {
          lookups: lookups(world),
          assume: new Proxy({}, { get: () => ends }),
          nameOf: () => "any",
          passed: (seconds) => void vi.setSystemTime(Date.now() + seconds * 1000),
          onReply: (xml) => void heard.push(xml),
          heard: () => void keypad.miss({ do: "play", sounds: [], answer: true, otherwise: "" }),
          typed: ({ max, terminator, silent }) =>
            keypad.collect({ do: "collect", sounds: silent ? [] : [{ word: "beep" }], max, terminator, ...between }),
        },
        first(world),
      );
      heard.push(canonical(end));
    } catch (error) {
      heard.push(String(error));
    }
    return heard.join("\n");
  };
const unique = { "Unique-ID": "00000000-0000-4000-8000-0000000000ff" };
const from = (user: string, to: string) => (world: World) => dialled(world.acme, user, to, unique);
const inbound =
  (address: string, caller: string, to = did) =>
  () =>
    fromCarrier(address, to, { ...unique, "Caller-Caller-ID-Number": caller, "Caller-Caller-ID-Name": caller });

const attempts = ["answered", "busy", "no-answer", "not-registered", "rejected", "trunk-failed"];
const tried = attempts.map((ends) => ({ ends }));
const typed = [[], ["1", "1"], ["1003"], ["7", "7"], ["99", "627"], ["262", "1"], ["4711", "4711"], ["9999"]];
const typing = typed.flatMap((digits) => ["answered", "no-answer"].map((ends) => ({ digits, ends })));
const times = ["2026-03-04T10:00:00Z", "2026-03-04T20:00:00Z", "2026-03-07T10:00:00Z"].map((at) => ({
  at: new Date(at),
}));

/** Calls within the tenant, by the number that is dialled. */
const inside: Record<string, Course[]> = {
  ...{ "1002": tried, "1003": tried, "600": tried, "830": tried, "810": tried, "850": tried, "870": tried },
  ...{ "700": typing, "840": typing, "820": typing, "800": times, "809": times, "871": [{}], "55": [{}] },
};
const abroad = ["+12025550199", "+12025550123", "+33142681234", "+442071838750", "911"];
const codes = ["*77", "*78", "*97", "*8", "**1003", "*331003", "*111002", "*67+12025550199", "*991002"];
const callers = [outsider, unwanted, "anonymous", "5550199", "+12025550101"];

const probes: Record<string, Probe[]> = {
  ...Object.fromEntries(
    Object.entries(inside).map(([to, courses]) => [to, courses.map((course) => call(from("1001", to), course))]),
  ),
  registering: ["1002", "desk-1"].map((user) => ask(auth("REGISTER", user, "acme.test"))),
  messages: ["1", "2"].map(
    (name) => (world: World) =>
      ask({ ...auth("", world.acme.idOf("voicemail-box", name), "phones"), action: "voicemail-lookup" })(world),
  ),
  gateways: [ask({ section: "configuration", key_value: "sofia.conf" })],
  queues: [
    agents,
    announcements,
    (world) =>
      ask({ section: "configuration", key_value: "callcenter.conf", "CC-Queue": world.acme.idOf("queue", "1") })(world),
  ],
  room: [
    (world) => {
      const room = world.acme.idOf("conference", "1");
      const more = { profile_name: `${world.acme.id}.${room}`, "Fetch-Call-UUID": unique["Unique-ID"] };
      return ask({ section: "configuration", key_value: "conference.conf", conference_name: room, ...more })(world);
    },
  ],
  outside: abroad.flatMap((to) => [...tried, { digits: ["4711"] }].map((course) => call(from("1002", to), course))),
  codes: codes.flatMap((to) => [[], ["4711"]].map((digits) => call(from("1001", to), { digits }))),
  bob: ["1001", "*8", "*331003", "*97"].map((to) => call(from("1002", to))),
  inbound: ["192.0.2.20", "192.0.2.64"].flatMap((address) => callers.map((caller) => call(inbound(address, caller)))),
  shared: [call(inbound("192.0.2.90", "2025550107", "2025550100"))],
};

/** Where a kind's fields show first; they may show anywhere. */
const nearest: Partial<Record<KindName, string[]>> = {
  extension: ["1002", "bob", "outside", "codes", "queues", "registering"],
  "ring-group": ["600"],
  queue: ["830", "queues"],
  menu: ["700"],
  schedule: ["800"],
  announcement: ["810"],
  "voicemail-box": ["1002", "messages"],
  conference: ["820", "room"],
  "paging-group": ["850"],
  "parking-lot": ["870", "871"],
  directory: ["840"],
  "phone-number": ["inbound"],
  trunk: ["outside", "gateways", "inbound"],
  "outbound-route": ["outside"],
  "rate-table": ["outside"],
  "block-rule": ["inbound"],
  contact: ["inbound"],
  "speed-dial": ["55"],
  "feature-code": ["codes"],
  prompt: ["810"],
  "music-on-hold": ["600"],
  tenant: ["1002", "809", "outside"],
  account: ["shared"],
};

/** Who of each queue is asked when, and how he is reached. */
function agents({ acme, pbx }: World): string {
  const config = pbx.documents.config(acme.owner);
  const queues = [...(config?.list("queue") ?? [])];
  const told = queues.map((queue) => [
    tiersOf(queue, (id) => config?.get("extension", id)?.body.skills),
    queue.body.agents.map(({ extension }) => {
      const agent = config?.get("extension", extension);
      return config && agent && agentSettings(config, agent, queues, () => true);
    }),
  ]);
  return JSON.stringify(told);
}

/** What a caller hears within half a minute in the queue. */
function announcements({ acme, pbx }: World): string {
  vi.setSystemTime(begun);
  const said: unknown[] = [];
  const announcer = createAnnouncer({
    documents: pbx.documents,
    waiting: { position: () => 2, latelyMs: () => 90_000 },
    say: (_member, sounds) => void said.push([Date.now() - begun.getTime(), sounds]),
  });
  announcer.joined({ uuid: "x", queue: acme.idOf("queue", "1"), joinedMs: Date.now() });
  vi.advanceTimersByTime(30_000);
  announcer.stop();
  return JSON.stringify(said);
}

const [one, other] = [createWorld(), createWorld()];
mkdirSync(boxFolder(host.voicemailDir, one.acme.id, one.acme.idOf("voicemail-box", "1")), { recursive: true });
for (const n of [1, 2])
  writeFileSync(
    join(
      boxFolder(host.voicemailDir, one.acme.id, one.acme.idOf("voicemail-box", "1")),
      `msg_0000000${n}-0000-4000-8000-000000000000.wav`,
    ),
    "",
  );

/** Whether one of these shows the difference. What told the kind's fields apart lately is tried first. */
function shows(kind: KindName, [a, b]: readonly [unknown, unknown], among: Probe[]): boolean {
  one.write(kind, a as Bodies);
  other.write(kind, b as Bodies);
  const told = among.find((probe) => probe(one) !== probe(other));
  if (told) lately.set(kind, [told, ...(lately.get(kind) ?? []).filter((probe) => probe !== told)].slice(0, 3));
  return told !== undefined;
}
const lately = new Map<KindName, Probe[]>();
const near = (kind: KindName): Probe[] => (nearest[kind] ?? []).flatMap((name) => probes[name] ?? []);

/** Bodies that a tenant could write. */
function possible(kind: KindName, value: unknown): boolean {
  const { schema, check } = kindOf(kind);
  const read = schema.safeParse(value);
  return read.success && (check?.(read.data, { country: "US" }) ?? []).length === 0;
}

type Trial = { kind: KindName; values: unknown[][] };
function trials(): Map<string, Trial> {
  const found = new Map<string, Trial>();
  for (const { kind, schema, prepare } of all as (ReturnType<typeof kindOf> & { kind: KindName })[])
    for (const body of one.subjects[kind]) {
      const base = schema.parse(body);
      for (const { path, values } of fieldsOf(schema, base, one.known)) {
        const prepared = values.map((value) => prepare?.(value as Bodies, base) ?? value);
        const trial = found.get(`${kind}${path}`) ?? { kind, values: [] };
        trial.values.push(prepared.filter((value) => possible(kind, value)));
        found.set(`${kind}${path}`, trial);
      }
    }
  return found;
}
const fields = trials();

describe("another value makes another call or configuration", () => {
  it.each([...fields.keys()].filter((path) => !(path in elsewhere)))("%s", (path) => {
    const { kind, values } = fields.get(path) as Trial;
    const pairs = values.flatMap(([first, ...others]) => others.map((each) => [first, each] as const));
    expect(pairs, "there are no two values to compare: a base or a sample is missing here").not.toEqual([]);
    const places = [lately.get(kind) ?? [], near(kind), Object.values(probes).flat()];
    const read = places.some((among) => pairs.some((pair) => shows(kind, pair, among)));
    expect(read, "nobody reads it").toBe(true);
    one.restore(kind);
    other.restore(kind);
  });
});

it("names no field as read elsewhere that there is not", () => {
  expect(Object.keys(elsewhere).filter((path) => !fields.has(path))).toEqual([]);
});
