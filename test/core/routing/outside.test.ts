// Who may call outside, and over which trunks.
import { describe, expect, it, test } from "vitest";
import { accountOwner } from "../../../core/owner.ts";
import { countryOf } from "../../../core/routing/permission.ts";
import type { Call, Disposition, Plan } from "../../../core/routing/plan.ts";
import { resolve } from "../../../core/routing/resolve.ts";
import { configOf, type Input, tenant } from "../../support/config.ts";

const account = accountOwner("acc_1");
const at = new Date("2026-01-01T00:00:00Z");
const german = "+493012345678";
const extension = (number: string, more: Record<string, unknown> = {}): Input => ({
  kind: "extension",
  id: `ext_${number}`,
  body: { number, devices: [{ username: number }], ...more },
});
const trunk = (name: string, more: Record<string, unknown> = {}, owner = tenant): Input => ({
  kind: "trunk",
  id: `trk_${name}`,
  owner,
  body: { name, host: "c.example", ...more },
});
const route = (name: string, trunks: string[], more: Record<string, unknown> = {}, owner = tenant): Input => ({
  kind: "outbound-route",
  id: `rou_${name}`,
  owner,
  body: { name, patterns: ["+*"], trunks: trunks.map((one) => `trk_${one}`), ...more },
});
const rates = (of: string, pairs: Record<string, number>, currency = "USD"): Input => ({
  kind: "rate-table",
  id: `rat_${of}`,
  body: {
    name: of,
    trunk: `trk_${of}`,
    currency,
    rates: Object.entries(pairs).map(([prefix, perMinute]) => ({ prefix, perMinute })),
  },
});
const did = (number: string, destination: unknown = null): Input => ({
  kind: "phone-number",
  id: `num_${number}`,
  body: { number, destination },
});
const from = (number: string): Call["from"] => ({ kind: "extension", id: `ext_${number}` });
const stranger: Call["from"] = { kind: "outside", number: "+12025550199", name: null };
const three = [trunk("a", { priority: 1 }), trunk("b", { priority: 2 }), trunk("c", { priority: 3 }, account)];

const go = (inputs: Input[], to = german, more: Partial<Call> = {}): Plan =>
  resolve(configOf(inputs), { from: from("1001"), to, at, ...more });
const then = (inputs: Input[], plan: Plan, disposition: Disposition, more: Partial<Call> = {}): Plan => {
  const node = "otherwise" in plan.action ? plan.action.otherwise : "";
  return go(inputs, "x", { resume: { node, disposition }, ...more });
};
/** The trunks that are tried one after another where each fails, and the numbers they are asked for. */
function tried(inputs: Input[], to = german, changed: Input[] = inputs): string[] {
  const found: string[] = [];
  let plan = go(inputs, to);
  for (; plan.action.do === "trunk"; plan = then(changed, plan, "trunk-failed"))
    found.push(`${plan.action.trunk.slice(4)} ${plan.action.number}${plan.action.direct ? " directly" : ""}`);
  return found;
}

describe("routes", () => {
  it("without any every trunk is tried by priority; with some only what they say", () => {
    const all = [extension("1001"), ...three];
    expect(tried(all)).toEqual([`a ${german}`, `b ${german}`, `c ${german}`]);
    expect(tried([...all, route("r", ["b"])])).toEqual([`b ${german}`]);
    const none = go([...all, route("r", ["b"], { patterns: ["+1*"] })]);
    expect([none.action, none.steps.at(-1)?.why]).toEqual([
      { do: "hangup", cause: "no-route", status: 503 },
      `no outbound route serves ${german}`,
    ]);
  });

  it("the tenant's own come by order, then its account's; each failure leads to the next trunk and the next route", () => {
    const all = [
      ...[extension("1001"), ...three],
      route("late", ["a", "b"], { order: 20, strip: 3, prefix: "0" }),
      route("early", ["a"], { order: 10 }),
      route("off", ["c"], { order: 1, enabled: false }),
      route("account", ["c"], { order: 0 }, account),
    ];
    expect(tried(all)).toEqual([`a ${german}`, "a 03012345678", "b 03012345678", `c ${german}`]);
  });

  it("a leg beside others takes the first trunk that is not known to be dead, and the first of all where every one is", () => {
    const group: Input = {
      kind: "ring-group",
      id: "grp_1",
      body: { name: "g", extensionNumber: "600", members: [{ number: german }] },
    };
    const over = (...dead: string[]): (string | undefined)[] => {
      const inputs = [...three, extension("1001"), group];
      const { action } = go(inputs, "600", { trunkFailed: (id) => dead.includes(id.slice(4)) });
      return action.do === "ring" ? action.groups.flat().map((leg) => ("trunk" in leg ? leg.trunk.slice(4) : "")) : [];
    };
    expect([over(), over("a"), over("a", "b"), over("b"), over("a", "b", "c")]).toEqual([
      ["a"],
      ["b"],
      ["c"],
      ["a"],
      ["a"],
    ]);
  });

  it("that change between two tries lead neither round and round nor to what was tried", () => {
    const all = [extension("1001"), ...three];
    const changed = [extension("1001"), trunk("b"), trunk("a"), trunk("d", { priority: 0 })];
    expect(tried(all, german, changed)).toEqual([`a ${german}`, `d ${german}`, `b ${german}`]);
  });

  it("a node holds so many tries that every call ends, and each node is one that engines can carry", () => {
    const many = Array.from({ length: 40 }, (_, n) => trunk(`n${n}`, { priority: n }));
    const inputs = [extension("1001"), ...many];
    const all = tried(inputs);
    expect(all.length).toBeGreaterThanOrEqual(15);
    expect(new Set(all).size).toBe(all.length);
    const plan = go(inputs);
    expect(plan.action).toMatchObject({ otherwise: expect.stringMatching(/^[a-z0-9_.-]{1,120}$/i) });
  });

  it("cost: the longest prefix counts, trunks without a rate come last, and currencies are not compared", () => {
    const least = (...tables: Input[]) =>
      tried([extension("1001"), ...three, route("r", ["a", "b", "c"], { select: "least-cost" }), ...tables]).map(
        (one) => one.split(" ")[0],
      );
    expect(least(rates("a", { "+49": 0.02 }), rates("b", { "+49": 0.09, "+4930": 0.01 }))).toEqual(["b", "a", "c"]);
    expect(least(rates("b", { "+49": 0.02 }))).toEqual(["b", "a", "c"]);
    expect(least(rates("a", { "+49": 5 }), rates("b", { "+49": 0.01 }, "EUR"))).toEqual(["a", "b", "c"]);
    const plan = go([
      ...[extension("1001"), ...three, route("r", ["a", "b"], { select: "least-cost" })],
      ...[rates("a", { "+49": 5 }), rates("b", { "+49": 0.01 }, "EUR")],
    ]);
    expect(plan.steps.at(-1)?.why).toBe("is the next cheapest, at USD 5 a minute, by the route r");
  });

  it("show the extension's number, a fixed one that is the tenant's, or nobody", () => {
    const shown = (callerId: unknown, owner = tenant) => {
      const inputs = [extension("1001"), ...three, did("+12025550100"), route("r", ["a"], { callerId }, owner)];
      const { action } = go(inputs);
      return action.do === "trunk" ? [action.from.number, action.hidden] : undefined;
    };
    const foreign = { policy: "fixed", number: "+12025559999" };
    expect(shown({ policy: "extension" })).toEqual(["+12025550100", false]);
    expect(shown({ policy: "anonymous" })).toEqual(["+12025550100", true]);
    expect(shown(foreign)).toEqual(["+12025550100", false]);
    expect(shown(foreign, account)).toEqual(["+12025559999", false]);
  });
});

describe("permission", () => {
  const may = (outbound: unknown, to: string, country = "US") => {
    const config = configOf([extension("1001", { outbound }), ...three], { country });
    return resolve(config, { from: from("1001"), to, at }).action.do === "trunk";
  };
  test.for<[string, string[] | null, string, boolean]>([
    ["internal", null, "+12025550123", false],
    ["national", null, "+12025550123", true],
    ["national", null, german, false],
    // same country code, another country: what the Wangiri callers live on
    ["national", null, "+18765550123", false],
    ["national", null, "+14165550123", false],
    ["national", null, "+80012345678", false],
    ["international", null, "+881612345678", true],
    ["international", null, german, true],
    ["international", ["FR"], german, false],
    ["international", ["FR", "DE"], german, true],
    ["international", [], "+12025550123", true],
    ["international", ["DE"], "+881612345678", false],
  ])("%s, countries %j: %s is allowed: %s", ([permission, countries, to, allowed]) => {
    expect(may({ permission, countries }, to)).toBe(allowed);
  });

  it("knows the countries of shared codes, and that satellites have none", () => {
    expect(["+12025550123", "+18765550123", "+79161234567", "+77011234567", "+881612345678"].map(countryOf)).toEqual([
      ...["US", "JM", "RU", "KZ"],
      undefined,
    ]);
  });

  it("is the caller's where he dials what leads outside, and nobody's where a caller from outside comes by it", () => {
    const inputs = [
      ...[extension("1001", { outbound: { permission: "internal", countries: null } }), ...three],
      did("+12025550100", { kind: "outside-number", number: german }),
    ];
    expect(go(inputs, "+12025550100").action).toMatchObject({ do: "hangup", cause: "rejected" });
    expect(go(inputs, "+12025550100", { from: stranger, did: "+12025550100" }).action).toMatchObject({ payer: null });
  });

  it("a number that leads to itself ends", () => {
    const inputs = [
      extension("1001"),
      ...three,
      did("+12025550100", { kind: "outside-number", number: "+12025550100" }),
    ];
    for (const by of [from("1001"), stranger])
      expect(go(inputs, "+12025550100", { from: by }).steps.at(-1)?.why).toBe("leads back to itself");
  });
});

describe("a PIN", () => {
  const inputs = [
    extension("1001", { outbound: { permission: "international", countries: null, pin: "4711" } }),
    ...three,
  ];
  const type = (plan: Plan, digits: string) => {
    const node = "otherwise" in plan.action ? plan.action.otherwise : "";
    return go(inputs, "x", { resume: { node, disposition: "done", digits } });
  };

  it("is asked three times, and is in no step and no node", () => {
    const first = go(inputs);
    expect(first.action).toMatchObject({ do: "collect", secret: true });
    expect(type(first, "4711").action).toMatchObject({
      do: "trunk",
      trunk: "trk_a",
      dialled: german,
      payer: "ext_1001",
    });
    const plans = [first];
    for (const digits of ["1", "2", ""]) plans.push(type(plans.at(-1) ?? first, digits));
    expect(plans.map(({ action }) => action.do)).toEqual(["collect", "collect", "collect", "hangup"]);
    expect(JSON.stringify([plans, type(first, "4711")])).not.toContain("4711");
  });

  it("is not asked of others: what the configuration sends outside goes, what somebody types does not", () => {
    const forwards = {
      always: { kind: "outside-number", number: german },
      busy: null,
      noAnswer: null,
      notRegistered: null,
    };
    const outbound = { permission: "international", countries: null, pin: "4711" };
    const all = [extension("1001"), extension("1002", { outbound, forward: forwards }), ...three];
    expect(go(all, "1002").action).toMatchObject({ do: "trunk", payer: "ext_1002" });
    const transferred = { from: stranger, inside: true, transferredBy: "ext_1002" } as const;
    expect(go(all, german, transferred).action).toMatchObject({ do: "hangup", cause: "rejected" });
  });
});

describe("block rules", () => {
  const rule = (name: string, more: Record<string, unknown>): Input => ({
    kind: "block-rule",
    id: `blk_${name}`,
    body: { name, ...more },
  });
  const open = [extension("1001"), ...three, did("+12025550100", { kind: "extension", ref: "ext_1001" })];
  const call = (number: string | null, ...rules: Input[]) =>
    go([...open, ...rules], "+12025550100", { from: { kind: "outside", number, name: null } });

  it("refuse callers by number or for hiding it, with a message or elsewhere", () => {
    expect(call("+19005551234", rule("a", { patterns: ["+1900*"] })).action).toMatchObject({ cause: "rejected" });
    expect(call("+12025551234", rule("a", { patterns: ["+1900*"] })).action.do).toBe("ring");
    for (const hidden of [null, "anonymous", "Restricted"])
      expect([hidden, call(hidden, rule("a", { anonymous: true })).action.do]).toEqual([hidden, "hangup"]);
    expect(call("+12025551234", rule("a", { anonymous: true })).action.do).toBe("ring");
    expect(call(null, rule("a", { anonymous: true, message: "pmt_1" })).action).toEqual({
      do: "play",
      sounds: [{ prompt: "pmt_1" }],
      answer: false,
      otherwise: "end.rejected",
    });
    const elsewhere = rule("a", { anonymous: true, destination: { kind: "hangup", cause: "busy" } });
    expect(call(null, elsewhere).action).toMatchObject({ cause: "busy" });
    expect(call(null, rule("a", { anonymous: true, enabled: false })).action.do).toBe("ring");
  });

  it("refuse numbers, and never emergency numbers", () => {
    const rules = [rule("a", { direction: "outbound", patterns: ["+49*", "*", "9*"] })];
    expect(go([...open, ...rules]).action).toMatchObject({ cause: "rejected" });
    expect(go([...open, ...rules], "911").action.do).toBe("trunk");
  });
});

describe("an emergency call", () => {
  const strict = { outbound: { permission: "internal", countries: null, pin: "4711" } };

  it("takes the route that names it, then every trunk, and every trunk again round its gateway, over any refusal", () => {
    const inputs = [
      ...[extension("1001", strict), ...three],
      route("sos", ["b"], { patterns: ["911"], callerId: { policy: "anonymous" } }),
      route("r", ["a"]),
    ];
    expect(tried(inputs, "911")).toEqual([
      ...["b 911", "a 911", "c 911"],
      ...["a 911 directly", "b 911 directly", "c 911 directly"],
    ]);
    const first = go(inputs, "911");
    expect(first.action).toMatchObject({ trunk: "trk_b", hidden: false, maxChannels: null });
    for (const refused of ["rejected", "not-found", "busy"] as const)
      expect(then(inputs, first, refused).action).toMatchObject({ do: "trunk", trunk: "trk_a" });
    expect(then(inputs, first, "no-answer").action.do).toBe("hangup");
  });

  it("goes from a disabled extension too, which reaches nobody else", () => {
    const inputs = [extension("1001", { enabled: false }), extension("1002"), ...three];
    expect(go(inputs, "911").action).toMatchObject({ do: "trunk", emergency: true });
    expect(then(inputs, go(inputs, "911"), "rejected").action).toMatchObject({ do: "trunk", emergency: true });
    for (const to of ["1002", "+12025550123", "*97"])
      expect(go(inputs, to).action).toMatchObject({ do: "hangup", cause: "rejected" });
    const resume = { node: "ring.ext_1002", disposition: "busy" } as const;
    const call = { from: { kind: "extension", id: "ext_1001" }, to: "1002", at: new Date(0), resume } as const;
    expect(resolve(configOf(inputs), call).action).toMatchObject({ do: "hangup", cause: "rejected" });
  });

  it("shows where the caller is and his emergency number, if that is the tenant's", () => {
    const who = { emergencyCallerId: "+12025550101", externalCallerId: "+12025550100", emergencyLocation: "Room 7" };
    const inputs = [extension("1001", who), ...three, did("+12025550100"), did("+12025550101")];
    expect(go(inputs, "911").action).toMatchObject({ location: "Room 7", from: { number: "+12025550101" } });
    expect(go(inputs).action).toMatchObject({ location: null, from: { number: "+12025550100" } });
  });
});

describe("a speed dial", () => {
  const short = (number: string, target: string): Input => ({
    kind: "speed-dial",
    id: `spd_${number}`,
    body: { number, target },
  });

  it("is dialled with the caller's permission, and two that stand for one another end", () => {
    const inputs = [
      extension("1001"),
      ...three,
      short("5", german),
      short("66", "77"),
      short("77", "66"),
      short("9", "911"),
    ];
    expect(go(inputs, "5").action).toMatchObject({ do: "trunk", dialled: german });
    expect(go(inputs, "9").action).toMatchObject({ do: "trunk", emergency: true });
    expect(go(inputs, "66").steps.at(-1)?.why).toBe("speed dials lead to one another");
    const bound = [
      extension("1001", { outbound: { permission: "internal", countries: null } }),
      ...three,
      short("5", german),
    ];
    expect(go(bound, "5").action).toMatchObject({ cause: "rejected" });
  });
});
