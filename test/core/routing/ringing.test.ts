// Extensions that forward and are followed, ring groups, paging: whom a call rings, and that it ends whatever is set up.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Call, Disposition, Plan } from "../../../core/routing/plan.ts";
import { resolve } from "../../../core/routing/resolve.ts";
import { configOf, type Input } from "../../support/config.ts";

const at = new Date("2026-01-01T00:00:00Z");
const outside: Call["from"] = { kind: "outside", number: "+12025550199", name: "Carol" };
const to = (number: string) => ({ kind: "extension", ref: `ext_${number}` });
const extension = (number: string, more: Record<string, unknown> = {}): Input => ({
  kind: "extension",
  id: `ext_${number}`,
  body: { number, devices: [{ username: number }], ...more },
});
const forwarding = (number: string, when: string, target: unknown, more: Record<string, unknown> = {}): Input =>
  extension(number, {
    forward: { always: null, busy: null, noAnswer: null, notRegistered: null, [when]: target },
    ...more,
  });
const group = (more: Record<string, unknown>): Input => ({
  kind: "ring-group",
  id: "grp_1",
  body: { name: "sales", extensionNumber: "600", ...more },
});
const trunk: Input = { kind: "trunk", id: "trk_1", body: { name: "t", host: "c.example" } };
const did: Input = { kind: "phone-number", id: "num_1", body: { number: "+15550100", destination: to("1002") } };

const go = (inputs: Input[], dialled: string, more: Partial<Call> = {}, runtime: Record<string, unknown> = {}): Plan =>
  resolve(configOf([extension("1001"), trunk, ...inputs], {}, runtime), {
    from: { kind: "extension", id: "ext_1001" },
    to: dialled,
    at,
    ...more,
  });
const rung = ({ action }: Plan) =>
  action.do === "ring"
    ? action.groups.map((branches) =>
        branches.map((one) => [one.to === "extension" ? one.number : one.dialled, one.delaySeconds, one.seconds]),
      )
    : action.do;
const members = (...numbers: string[]) => numbers.map((number) => ({ extension: `ext_${number}`, ringSeconds: 20 }));
const people = ["1002", "1003", "1004"].map((number) => extension(number));

test("a number set by phone wins over the configured forward, an empty one is none, and an emergency number is nowhere to forward to", () => {
  const one = [forwarding("1002", "always", to("1003")), extension("1003"), extension("1004")];
  expect(rung(go(one, "1002"))).toEqual([[["1003", 0, 25]]]);
  expect(rung(go(one, "1002", {}, { "ext_1002/forwardAlways": "1004" }))).toEqual([[["1004", 0, 25]]]);
  expect(rung(go(one, "1002", {}, { "ext_1002/forwardAlways": "" }))).toEqual([[["1002", 0, 25]]]);
  for (const nowhere of ["911", "9999"])
    expect(go(one, "1002", {}, { "ext_1002/forwardAlways": nowhere }).action).toMatchObject({
      do: "hangup",
      status: 404,
    });
});

test("who forwards outside pays, even for a call that somebody unknown transferred; three forwards are the most", () => {
  const away = { kind: "outside-number", number: "+12025550123" };
  const { action, carried } = go([forwarding("1002", "always", away)], "1002", { inside: true });
  expect(action).toMatchObject({ do: "trunk", payer: "ext_1002" });
  expect(carried).toEqual({ forwards: 1, payer: "ext_1002", inside: true });
  const circle = [forwarding("1002", "always", to("1003")), forwarding("1003", "always", to("1002"))];
  const plan = go(circle, "1002");
  expect(plan.action).toMatchObject({ do: "hangup", cause: "unavailable" });
  expect(plan.steps.at(-1)?.why).toContain("extension/1002 → extension/1003 → extension/1002 → extension/1003");
  expect(go(circle, "1002", { carried: { forwards: 3 } }).steps).toHaveLength(2);
});

test("who takes no second call is busy on one, as set by phone before what is configured", () => {
  const onCall = { onCall: (id: string) => id === "ext_1002" };
  const single = [forwarding("1002", "busy", null, { callWaiting: false })];
  expect(go(single, "1002", onCall).action).toMatchObject({ do: "hangup" });
  expect(rung(go(single, "1002", onCall, { "ext_1002/callWaiting": true }))).toEqual([[["1002", 0, 25]]]);
  const several = [forwarding("1002", "busy", null)];
  expect(go(several, "1002", onCall, { "ext_1002/callWaiting": false }).action).toMatchObject({ do: "hangup" });
  expect(rung(go(several, "1002", {}, { "ext_1002/callWaiting": false }))).toEqual([[["1002", 0, 25]]]);
});

test("do not disturb is busy, with voicemail's greeting for it; a call-back after an emergency call rings all the same", () => {
  const box: Input = { kind: "voicemail-box", id: "vmb_1", body: { number: "1002" } };
  const quiet = [forwarding("1002", "busy", null, { doNotDisturb: true, voicemailBox: "vmb_1" }), box, did];
  expect(go(quiet, "1002").action).toMatchObject({ do: "voicemail", greeting: "busy" });
  expect(rung(go(quiet, "1002", {}, { "ext_1002/doNotDisturb": false }))).toEqual([[["1002", 0, 25]]]);
  const back = { from: outside, inEmergency: (id: string) => id === "ext_1002" };
  expect(rung(go(quiet, "+15550100", back))).toEqual([[["1002", 0, 25]]]);
  expect(go(quiet, "1002", { inEmergency: () => true }).action.do).toBe("voicemail");
});

test("a group rings together, in turn as far as its time allows, or by chance in one order throughout a call", () => {
  expect(
    rung(
      go(
        [
          group({ ringSeconds: 30, members: [...members("1002"), { extension: "ext_1003", delaySeconds: 20 }] }),
          ...people,
        ],
        "600",
      ),
    ),
  ).toEqual([
    [
      ["1002", 0, 20],
      ["1003", 20, 10],
    ],
  ]);
  const inTurn = [
    group({ strategy: "sequence", ringSeconds: 30, members: members("1002", "1003", "1004") }),
    ...people,
  ];
  const first = go(inTurn, "600");
  expect(rung(first)).toEqual([[["1002", 0, 20]], [["1003", 0, 10]]]);
  const node = first.action.do === "ring" ? first.action.otherwise : "";
  const then = (seconds: number) =>
    go(inTurn, "600", { at: new Date(at.getTime() + seconds * 1000), resume: { node, disposition: "busy" } });
  expect(rung(then(5))).toEqual([[["1004", 0, 20]]]);
  expect(then(29).action).toMatchObject({ do: "hangup", cause: "no-answer" });
  const random = [group({ strategy: "random", ringSeconds: 60, members: members("1002", "1003", "1004") }), ...people];
  const orders = new Set(
    Array.from({ length: 60 }, (_, n) => JSON.stringify(rung(go(random, "600", { chance: n / 60 })))),
  );
  expect(orders.size).toBe(6);
  expect(rung(go(random, "600", { chance: 0.3 }))).toEqual(rung(go(random, "600", { chance: 0.3 })));
});

test("a rollover rings the next one only when one does not take it, each for all the time that is left", () => {
  const made = [group({ strategy: "rollover", ringSeconds: 40, members: members("1002", "1003") }), ...people];
  const first = go(made, "600");
  expect(rung(first)).toEqual([[["1002", 0, 40]]]);
  const node = first.action.do === "ring" ? first.action.otherwise : "";
  const then = (disposition: Disposition, seconds: number) =>
    go(made, "600", { at: new Date(at.getTime() + seconds * 1000), resume: { node, disposition } });
  expect(rung(then("rejected", 10))).toEqual([[["1003", 0, 30]]]);
  expect(rung(then("no-answer", 40))).toBe("hangup");
});

test("members who are gone, disabled, the caller, forwarding or in do-not-disturb are skipped, and the steps say so", () => {
  const made = [
    group({ skipBusy: true, members: members("1001", "1002", "1003", "1004", "1005", "1006") }),
    extension("1002", { enabled: false }),
    forwarding("1003", "always", to("1001")),
    extension("1004", { doNotDisturb: true }),
    extension("1005"),
  ];
  const plan = go(made, "600", { onCall: (id) => id === "ext_1005" });
  expect(plan.action).toMatchObject({ do: "hangup", cause: "no-answer" });
  expect(plan.steps.filter(({ why }) => why.endsWith("goes on without"))).toHaveLength(6);
});

test("whatever groups and forwards there are, a call ends, and its nodes are ones that engines can carry", () => {
  const number = fc.integer({ min: 1002, max: 1005 }).map(String);
  const destination = fc.option(
    fc.oneof(
      number.map(to),
      fc.constantFrom("1", "2").map((n) => ({ kind: "ring-group", ref: `grp_${n}` })),
      fc.constant({ kind: "outside-number", number: "+12025550123" }),
    ),
  );
  const member = fc.record({ extension: number.map((n) => `ext_${n}`), delaySeconds: fc.nat(60) });
  const body = fc.record({
    strategy: fc.constantFrom("simultaneous", "sequence", "random", "rollover"),
    members: fc.array(fc.oneof(member, fc.constant({ number: "+12025550124" })), { maxLength: 4 }),
    ringSeconds: fc.integer({ min: 5, max: 60 }),
    afterwards: destination,
  });
  const forward = fc.record({
    always: destination,
    busy: destination,
    noAnswer: destination,
    notRegistered: destination,
  });
  const person = fc.record({ forward, doNotDisturb: fc.boolean(), enabled: fc.boolean() });
  const ends = fc.infiniteStream(
    fc.constantFrom<Disposition>("busy", "no-answer", "not-registered", "rejected", "trunk-failed", "cancelled"),
  );
  fc.assert(
    fc.property(
      fc.array(person, { minLength: 4, maxLength: 4 }),
      body,
      body,
      ends,
      (persons, one, two, dispositions) => {
        const made = configOf([
          extension("1001"),
          trunk,
          ...persons.map((more, index) => extension(String(1002 + index), more)),
          group(one),
          { kind: "ring-group", id: "grp_2", body: { name: "other", ...two } },
        ]);
        let call: Call = { from: { kind: "extension", id: "ext_1001" }, to: "600", at };
        for (let hops = 0; ; hops++) {
          expect(hops).toBeLessThan(120);
          const { action, carried } = resolve(made, call);
          expect(carried.forwards ?? 0).toBeLessThanOrEqual(3);
          if (!("otherwise" in action)) return;
          expect(action.otherwise).toMatch(/^[a-z0-9_.-]{1,120}$/i);
          const next = new Date(call.at.getTime() + (action.do === "ring" ? 7000 : 0));
          call = {
            ...call,
            at: next,
            hops,
            carried,
            resume: { node: action.otherwise, disposition: dispositions.next().value },
          };
        }
      },
    ),
    { numRuns: 200 },
  );
});
