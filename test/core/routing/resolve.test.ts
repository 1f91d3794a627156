// Which way a call goes, and why: the same code at the edge and in the simulator.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { accountOwner } from "../../../core/owner.ts";
import type { Action, Call, Disposition, Plan } from "../../../core/routing/plan.ts";
import { resolve } from "../../../core/routing/resolve.ts";
import { configOf, type Input, tenant } from "../../support/config.ts";

const account = accountOwner("acc_1");
const operator = accountOwner("acc_0");

const extension = (number: string, more: Record<string, unknown> = {}): Input => ({
  kind: "extension",
  id: `ext_${number}`,
  body: { number, devices: [{ username: number }], ...more },
});
const did = (number: string, destination: unknown): Input => ({
  kind: "phone-number",
  id: `num_${number}`,
  body: { number, destination },
});
const box = (number: string): Input => ({ kind: "voicemail-box", id: `vmb_${number}`, body: { number } });
const trunk = (name: string, more: Record<string, unknown> = {}, owner = tenant): Input => ({
  kind: "trunk",
  id: `trk_${name}`,
  owner,
  body: { name, host: "c.example", ...more },
});
const office = [
  extension("1001", { voicemailBox: "vmb_801", displayName: "Ada", externalCallerId: "+15550101" }),
  extension("1002"),
  extension("1003", { enabled: false }),
  box("801"),
  did("+15550100", { kind: "extension", ref: "ext_1001" }),
  did("+15550101", null),
  did("+15550102", { kind: "voicemail-box", ref: "vmb_801" }),
  did("+15550103", { kind: "hangup", cause: "busy" }),
  did("+15550104", { kind: "outside-number", number: "+493012345678" }),
  did("+15550105", { kind: "extension", ref: "ext_gone" }),
  trunk("second", { priority: 20, numberFormat: "national" }),
  trunk("first", { priority: 10 }),
  trunk("off", { priority: 1, enabled: false }),
  trunk("reseller", { priority: 1, numberFormat: "e164-without-plus" }, account),
  trunk("operator", { priority: 0 }, operator),
];
const config = configOf(office);
const from = (number: string): Call["from"] => ({ kind: "extension", id: `ext_${number}` });
const outside: Call["from"] = { kind: "outside", number: "+12025550199", name: "Carol" };
const at = new Date("2026-01-01T00:00:00Z");
const go = (to: string, by: Call["from"] = from("1001"), more: Partial<Call> = {}): Plan =>
  resolve(config, { from: by, to, at, ...more });
const nodeOf = (action: Action): string => ("otherwise" in action ? action.otherwise : "");
const then = (plan: Plan, disposition: Disposition, by: Call["from"] = from("1001"), more: Partial<Call> = {}): Plan =>
  go("x", by, { resume: { node: nodeOf(plan.action), disposition }, ...more });
const trace = ({ steps }: Plan): string[] => steps.map((step) => `${step.at} > ${step.goesTo}`);

describe("from an extension", () => {
  test("to an extension it rings all its devices and shows the caller", () => {
    const plan = go("1002");
    expect(plan.action).toEqual({
      do: "ring",
      groups: [
        [
          {
            ...{ to: "extension", extension: "ext_1002", number: "1002", usernames: ["1002"] },
            ...{ inCall: [], delaySeconds: 0, seconds: 25 },
          },
        ],
      ],
      seconds: 25,
      from: { number: "1001", name: "Ada" },
      musicOnHold: null,
      autoAnswer: false,
      otherwise: "ring.ext_1002",
    });
    expect(plan.steps).toEqual([{ at: "extension/1001", why: "dialled 1002", goesTo: "extension/1002" }]);
  });

  test("to a disabled extension, to nobody and to nonsense it ends with 404", () => {
    for (const to of ["1003", "1009", "", "abc", "*5551", "1002@elsewhere", "x".repeat(500)])
      expect(go(to).action).toEqual({ do: "hangup", cause: "not-found", status: 404 });
  });

  test("that is disabled or gone it is refused", () => {
    for (const number of ["1003", "1099"])
      expect(go("1002", from(number)).action).toMatchObject({ do: "hangup", cause: "rejected" });
  });

  test("to a number of the tenant's own it goes where that leads, without leaving", () => {
    expect(trace(go("+15550100"))).toEqual([
      "extension/1001 > phone-number/+15550100",
      "phone-number/+15550100 > extension/1001",
    ]);
    expect(go("5550100", from("1002")).action.do).toBe("hangup");
  });
});

describe("to the outside", () => {
  test("the tenant's trunks come first by priority, then the reseller's, then the operator's, each after the other's failure alone", () => {
    let plan = go("2025550123");
    const tried: unknown[] = [];
    for (; plan.action.do === "trunk"; plan = then(plan, "trunk-failed"))
      tried.push([plan.action.trunk, plan.action.number]);
    expect(tried).toEqual([
      ["trk_first", "+12025550123"],
      ["trk_second", "2025550123"],
      ["trk_reseller", "12025550123"],
      ["trk_operator", "+12025550123"],
    ]);
    expect(plan.action).toEqual({ do: "hangup", cause: "no-route", status: 503 });
    expect(plan.steps.at(-1)?.why).toContain("every trunk failed");
  });

  test.for<[Disposition, string, number]>([
    ["busy", "busy", 486],
    ["no-answer", "no-answer", 480],
    ["rejected", "rejected", 403],
    ["not-found", "not-found", 404],
    ["cancelled", "no-answer", 480],
  ])("%s is final: no other trunk is tried", ([disposition, cause, status]) => {
    expect(then(go("2025550123"), disposition).action).toEqual({ do: "hangup", cause, status });
  });

  test("shows the extension's own number if the tenant has it, else the tenant's first, and never the extension's inside one", () => {
    const shown = (plan: Plan) => (plan.action.do === "trunk" ? plan.action.from : undefined);
    expect(shown(go("2025550123"))).toEqual({ number: "+15550101", name: null });
    expect(shown(go("2025550123", from("1002")))).toEqual({ number: "+15550100", name: null });
    const bare = configOf([extension("1001", { externalCallerId: "+19995550000" }), trunk("t")]);
    expect(shown(resolve(bare, { from: from("1001"), to: "2025550123", at }))).toEqual({
      number: "anonymous",
      name: null,
    });
  });

  test("without any trunk it says so", () => {
    const plan = resolve(configOf([extension("1001")]), { from: from("1001"), to: "2025550123", at });
    expect([plan.action, plan.steps.at(-1)?.why]).toEqual([
      { do: "hangup", cause: "no-route", status: 503 },
      "there is no trunk to the outside",
    ]);
  });

  test("an emergency call goes out as dialled, and over every trunk there is", () => {
    let plan = go("911");
    expect(plan.action).toMatchObject({ do: "trunk", trunk: "trk_first", number: "911", emergency: true });
    const tried: string[] = [];
    for (; plan.action.do === "trunk"; plan = then(plan, "trunk-failed")) {
      tried.push(plan.action.number);
      expect(plan.action.emergency).toBe(true);
    }
    // over each, and then once more round their gateways
    expect(tried).toEqual(Array(8).fill("911"));
    const french = configOf([extension("1001"), trunk("t")], { country: "FR" });
    expect(resolve(french, { from: from("1001"), to: "15", at }).action).toMatchObject({
      do: "trunk",
      number: "15",
      emergency: true,
    });
  });
});

describe("from the outside", () => {
  test("a number leads to its destination", () => {
    expect(go("+15550100", outside).action).toMatchObject({
      do: "ring",
      groups: [[{ number: "1001" }]],
      from: { number: "+12025550199", name: "Carol" },
    });
    expect(go("+15550102", outside).action).toEqual({
      do: "voicemail",
      box: "vmb_801",
      number: "801",
      maxSeconds: 300,
      greeting: "unavailable",
    });
    expect(go("+15550103", outside).action).toMatchObject({ do: "hangup", cause: "busy", status: 486 });
    expect(go("+15550104", outside).action).toMatchObject({
      do: "trunk",
      number: "+493012345678",
      from: { number: "+12025550199" },
    });
    expect(go("+15550100", { kind: "outside", number: null, name: null }).action).toMatchObject({
      from: { number: "anonymous", name: null },
    });
  });

  test("without a destination, with one that is gone, or of nobody here it is 404: no extension, no way out", () => {
    for (const to of ["+15550101", "+15550105", "+15559999", "1001", "911", "2025550123"])
      expect([to, go(to, outside).action]).toEqual([to, { do: "hangup", cause: "not-found", status: 404 }]);
  });
});

describe("an extension that did not take the call", () => {
  test.for<Disposition>(["busy", "no-answer", "not-registered", "rejected"])(
    "%s: its voicemail box does",
    (disposition) => {
      const plan = then(go("1001", from("1002")), disposition, from("1002"));
      const greeting = disposition === "busy" ? "busy" : "unavailable";
      expect(plan.action).toEqual({ do: "voicemail", box: "vmb_801", number: "801", maxSeconds: 300, greeting });
      expect(trace(plan)).toEqual(["extension/1001 > voicemail-box/801"]);
    },
  );

  test.for<[Disposition, string, number]>([
    ["busy", "busy", 486],
    ["no-answer", "unavailable", 480],
    ["not-registered", "unavailable", 480],
    ["rejected", "rejected", 403],
  ])("%s without a box: %s", ([disposition, cause, status]) => {
    expect(then(go("1002"), disposition).action).toEqual({ do: "hangup", cause, status });
  });

  test("and is gone meanwhile: 404", () => {
    expect(go("x", outside, { resume: { node: "ring.ext_1099", disposition: "busy" } }).action).toMatchObject({
      status: 404,
    });
  });
});

describe("a transferred leg", () => {
  test("stays inside: extensions yes, the outside never, not even through a number that leads there", () => {
    const inside = { inside: true } as const;
    expect(go("1002", outside, inside).action).toMatchObject({ do: "ring", groups: [[{ number: "1002" }]] });
    for (const to of ["2025550123", "+15550104", "911", "+15550100"])
      expect([to, go(to, outside, inside).action.do]).toEqual([to, "hangup"]);
    for (const by of [from("1001"), outside]) {
      expect(go("2025550123", by, inside).action.do).toBe("hangup");
      const resumed = go("x", by, { ...inside, resume: { node: "out.0.12025550123", disposition: "trunk-failed" } });
      expect(resumed.action).toMatchObject({ do: "hangup", cause: "rejected" });
    }
  });
});

test("a node that routing did not make ends the call", () => {
  for (const node of [
    "",
    "x",
    "ring",
    "ring.",
    "ring.ext_1002.more",
    "out",
    "out.x.1",
    "out.-1.1",
    "out.99.1",
    "out.1e0.12025550123",
    "sos..",
    "__proto__.1",
    "ring.constructor",
  ]) {
    const { action } = go("x", from("1001"), { resume: { node, disposition: "trunk-failed" } });
    expect([node, ["hangup", "trunk"].includes(action.do)]).toEqual([node, true]);
  }
});

test("whatever is there, is dialled and fails: every call ends, every step says why, every node is one that engines can carry", () => {
  const number = fc.integer({ min: 1000, max: 1005 }).map(String);
  const destination = fc.oneof(
    number.map((n) => ({ kind: "extension", ref: `ext_${n}` })),
    fc.constant({ kind: "voicemail-box", ref: "vmb_801" }),
    fc.constant({ kind: "outside-number", number: "+12025550123" }),
    fc.constant(null),
  );
  const document = fc.record({
    extensions: fc.uniqueArray(
      fc.record({ number, enabled: fc.boolean(), voicemailBox: fc.constantFrom(null, "vmb_801", "vmb_gone") }),
      { selector: (e) => e.number },
    ),
    numbers: fc.uniqueArray(fc.record({ number: fc.constantFrom("+15550100", "+15550101"), destination }), {
      selector: (n) => n.number,
    }),
    trunks: fc.uniqueArray(
      fc.record({
        name: fc.constantFrom("a", "b", "c"),
        priority: fc.nat(3),
        enabled: fc.boolean(),
        owner: fc.constantFrom(tenant, account, operator),
      }),
      { selector: (t) => t.name },
    ),
  });
  const disposition = fc.constantFrom<Disposition>(
    "busy",
    "no-answer",
    "not-registered",
    "rejected",
    "not-found",
    "trunk-failed",
    "cancelled",
  );
  const caller = fc.oneof(
    number.map((n): Call["from"] => ({ kind: "extension", id: `ext_${n}` })),
    fc.constant(outside),
  );
  const to = fc.oneof(number, fc.constantFrom("+15550100", "+15550101", "2025550123", "911", ""), fc.string());
  fc.assert(
    fc.property(
      document,
      caller,
      to,
      fc.infiniteStream(disposition),
      fc.boolean(),
      ({ extensions, numbers, trunks }, by, dialled, ends, inside) => {
        const made = configOf([
          box("801"),
          ...extensions.map(({ number: n, ...more }) => extension(n, more)),
          ...numbers.map((one) => did(one.number, one.destination)),
          ...trunks.map(({ name, owner, ...more }) => trunk(name, more, owner)),
        ]);
        let call: Call = { from: by, to: dialled, at, ...(inside && { inside }) };
        const used: string[] = [];
        for (let hop = 0; ; hop++) {
          expect(hop).toBeLessThan(10);
          const { action, steps } = resolve(made, call);
          expect(steps.length).toBeGreaterThan(0);
          for (const step of steps)
            expect(step).toEqual({
              at: expect.stringMatching(/./),
              why: expect.stringMatching(/./),
              goesTo: expect.stringMatching(/./),
            });
          if (action.do === "trunk") {
            expect(inside).toBe(false);
            const way = `${action.trunk}${action.direct ? " directly" : ""}`;
            expect(used).not.toContain(way);
            used.push(way);
          }
          if (!("otherwise" in action)) return;
          expect(action.otherwise).toMatch(/^[a-z0-9_.-]{1,120}$/i);
          call = { ...call, resume: { node: action.otherwise, disposition: ends.next().value } };
        }
      },
    ),
    { numRuns: 300 },
  );
});
