// Limits on calls: what each stops, whose it is, that the tightest counts and nobody widens another's, and that no emergency call is asked.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { accountOwner, type Owner } from "../../../core/owner.ts";
import type { LimitValues } from "../../../core/resources/limits.ts";
import type { Call } from "../../../core/routing/plan.ts";
import { resolve } from "../../../core/routing/resolve.ts";
import { configOf, type Input, tenant } from "../../support/config.ts";

const [near, far] = [accountOwner("acc_1"), accountOwner("acc_2")];
const device = { username: "1001", password: { secret: "sec_01ARZ3NDEKTSV4RRFFQ69G5FAV#1" } };
const extension = (number: string, more: Record<string, unknown> = {}): Input => ({
  kind: "extension",
  id: `ext_${number}`,
  body: { number, devices: [{ ...device, username: number }], outbound: { permission: "international" }, ...more },
});
const number = "+15550100";
const office: Input[] = [
  extension("1001"),
  extension("1002"),
  extension("1003", { recording: "all" }),
  { kind: "trunk", id: "trk_1", body: { name: "own", host: "192.0.2.1", priority: 5 } },
  { kind: "trunk", id: "trk_2", body: { name: "shared", host: "192.0.2.2" }, owner: near },
  { kind: "trunk", id: "trk_3", body: { name: "top", host: "192.0.2.3", enabled: false }, owner: far },
  { kind: "speed-dial", id: "spd_1", body: { number: "55", target: "911" } },
  { kind: "phone-number", id: "num_1", body: { number, destination: { kind: "extension", ref: "ext_1002" } } },
  {
    kind: "ring-group",
    id: "grp_1",
    body: { name: "g", extensionNumber: "600", members: [{ extension: "ext_1002" }, { number: "+33142681234" }] },
  },
];
let made = 0;
const limits = (values: Partial<LimitValues> & { plan?: string }, by = "acc_1", owner: Owner = tenant): Input => ({
  ...{ kind: "limits", id: `lim_${++made}`, body: { by, ...values }, owner },
});
const rates = (trunk: string, perMinute: number, currency = "USD"): Input => ({
  kind: "rate-table",
  id: `rat_${trunk}`,
  body: { name: trunk, trunk, currency, rates: [{ prefix: "+49", perMinute }] },
});
const outside: Call["from"] = { kind: "outside", number: "+12025550199", name: null };
const go = (inputs: Input[], to: string, more: Partial<Call> = {}) =>
  resolve(configOf([...office, ...inputs]), {
    from: { kind: "extension", id: "ext_1001" },
    to,
    at: new Date(0),
    ...more,
  });
const usedUp: Partial<Call> = { used: () => 3, spent: () => 1000 };

describe.each(["concurrentCalls", "callsPerSecond"] as const)("%s", (name) => {
  const at = (used: number, scope: Owner = tenant): Partial<Call> => ({
    used: (limit, of) => (limit === name && of === scope ? used : 0),
  });
  it("refuses the call that is one too many with 503, and says whose limit it is", () => {
    expect(go([limits({ [name]: 3 })], "1002", at(2)).action.do).toBe("ring");
    const plan = go([limits({ [name]: 3 })], "1002", at(3));
    expect(plan.action).toEqual({
      ...{ do: "hangup", cause: "congestion", status: 503, limit: { name, scope: tenant, by: "acc_1" } },
    });
    expect(plan.steps.at(-1)?.why).toContain("set by account acc_1");
    expect(go([limits({ [name]: 3 })], number, { ...at(3), from: outside, did: number }).action).toMatchObject({
      limit: { name },
    });
  });

  it("of an account counts what all below it do", () => {
    const inputs = [limits({ [name]: 3 }, "acc_2", far)];
    expect(go(inputs, "1002", at(3)).action.do).toBe("ring");
    expect(go(inputs, "1002", at(3, far)).action).toMatchObject({ limit: { name, scope: far, by: "acc_2" } });
  });

  it("leaves calls that go on, transfers, and where nothing is counted alone", () => {
    const inputs = [limits({ [name]: 0 })];
    expect(go(inputs, "1002", { ...usedUp, inside: true, transferredBy: "ext_1001" }).action.do).toBe("ring");
    const resume = { node: "ring.ext_1002.1.", disposition: "no-answer" as const };
    expect(go(inputs, "1002", { ...usedUp, resume }).action).not.toHaveProperty("limit");
    expect(go(inputs, "1002").action.do).toBe("ring");
  });
});

describe("onlyNumbers", () => {
  it("refuses all others outside, members of groups too; inside and emergency numbers go", () => {
    const inputs = [limits({ onlyNumbers: ["+493012345678"] })];
    expect(go(inputs, "+493012345678").action.do).toBe("trunk");
    const refused = go(inputs, "+33142681234");
    expect(refused.action).toMatchObject({ do: "hangup", status: 403, limit: { name: "onlyNumbers" } });
    expect(refused.steps.at(-1)?.why).toContain("to +493012345678 alone");
    expect(go(inputs, "600").action).toMatchObject({ groups: [[{ number: "1002" }]] });
    expect(go(inputs, "1002").action.do).toBe("ring");
    expect(go([limits({ onlyNumbers: [] })], "911").action).toMatchObject({ do: "trunk", emergency: true });
  });
});

describe("minutesPerDay", () => {
  it("refuses with 403 what begins when they are used up, inside too, but no emergency call", () => {
    const inputs = [limits({ minutesPerDay: 60 })];
    const at = (minutes: number): Partial<Call> => ({ used: (limit) => (limit === "minutesPerDay" ? minutes : 0) });
    expect(go(inputs, "1002", at(59.9)).action.do).toBe("ring");
    const refused = go(inputs, "1002", at(60));
    expect(refused.action).toMatchObject({ do: "hangup", status: 403, limit: { name: "minutesPerDay" } });
    expect(refused.steps.at(-1)?.why).toContain("60 minutes were talked today");
    expect(go(inputs, "911", at(60)).action).toMatchObject({ do: "trunk", emergency: true });
  });
});

describe("countries", () => {
  it("refuses what is in none of them, wherever an extension may call, and members of groups", () => {
    const inputs = [limits({ countries: ["DE"] })];
    expect(go(inputs, "+493012345678").action.do).toBe("trunk");
    expect(go(inputs, "+33142681234").action).toMatchObject({ status: 403, limit: { name: "countries" } });
    expect(go(inputs, "+12025550123").action).toMatchObject({ status: 403, limit: { name: "countries" } });
    expect(go(inputs, "600").action).toMatchObject({ groups: [[{ number: "1002" }]] });
    expect(go([], "600").action).toMatchObject({ groups: [[{ number: "1002" }, { number: "+33142681234" }]] });
  });

  it("are those that all lists have, and nobody below widens them", () => {
    fc.assert(
      fc.property(fc.array(fc.subarray(["DE", "FR", "US"]), { minLength: 1, maxLength: 4 }), (lists) => {
        const inputs = lists.map((countries, n) =>
          limits({ countries }, n % 2 ? "acc_1" : "acc_2", n < 2 ? tenant : n === 2 ? far : near),
        );
        for (const [country, to] of Object.entries({ DE: "+493012345678", FR: "+33142681234", US: "+12025550123" })) {
          expect(go(inputs, to).action.do === "trunk").toBe(lists.every((list) => list.includes(country)));
        }
      }),
      { numRuns: 40 },
    );
  });

  it("set by who is not above count for nothing", () => {
    expect(go([limits({ countries: [] }, "acc_gone")], "+493012345678").action.do).toBe("trunk");
    expect(go([limits({ countries: [] }, "acc_1", far)], "+493012345678").action.do).toBe("trunk");
  });
});

describe("a plan", () => {
  const plan = (owner: Owner): Input => ({ kind: "plan", id: "pln_1", body: { name: "p", countries: ["FR"] }, owner });
  const named = limits({ plan: "pln_1" }, "acc_1");
  it("counts as if its limits were set, from who set it up, not from below", () => {
    for (const owner of [near, far]) expect(go([named, plan(owner)], "+493012345678").action.do).toBe("hangup");
    for (const inputs of [[named], [named, plan(tenant)]]) expect(go(inputs, "+493012345678").action.do).toBe("trunk");
  });
});

describe("daily spend", () => {
  const cap = (amount: number, currency = "USD") => limits({ dailySpend: { amount, currency } });
  const to = "+493012345678";
  const spent = (amount: number): Partial<Call> => ({ spent: (_, currency) => (currency === "USD" ? amount : 0) });

  it("bounds a call by what is left, and refuses it when that is nothing", () => {
    const inputs = [rates("trk_1", 0.5), cap(10)];
    expect(go(inputs, to, spent(4)).action).toMatchObject({
      ...{ do: "trunk", maxSeconds: 720, price: { perMinute: 0.5, currency: "USD" } },
    });
    for (const amount of [10, 9.995, 12])
      expect(go(inputs, to, spent(amount)).action).toMatchObject({ status: 403, limit: { name: "dailySpend" } });
    expect(go([rates("trk_1", 0.5)], to, spent(99)).action).toMatchObject({ do: "trunk", maxSeconds: null });
  });

  it("never lets a call's longest cost exceed what is left of any cap", () => {
    const money = fc.double({ min: 0.0001, max: 50, noNaN: true });
    fc.assert(
      fc.property(money, fc.array(money, { minLength: 1, maxLength: 3 }), money, (perMinute, caps, before) => {
        const { action } = go([rates("trk_1", perMinute), ...caps.map((amount) => cap(amount))], to, spent(before));
        const left = Math.min(...caps) - before;
        if (action.do !== "trunk") expect((left / perMinute) * 60).toBeLessThan(1);
        else expect(((action.maxSeconds ?? 86_400) / 60) * perMinute).toBeLessThanOrEqual(left + 1e-9);
      }),
      { numRuns: 100 },
    );
  });

  it("refuses what it can't count: no rate over an account's trunk, or another currency; the tenant's own costs what its rates say", () => {
    expect(go([cap(1)], to, spent(5)).action.do).toBe("trunk");
    const shared: Input = {
      kind: "outbound-route",
      id: "rou_1",
      body: { name: "r", patterns: ["+*"], trunks: ["trk_2"] },
    };
    expect(go([cap(1), shared], to).action).toMatchObject({ limit: { name: "dailySpend" } });
    expect(go([cap(100), shared, rates("trk_2", 1)], to).action.do).toBe("trunk");
    expect(go([cap(100, "EUR"), rates("trk_1", 1)], to).action).toMatchObject({ limit: { name: "dailySpend" } });
    expect(go([cap(0), rates("trk_1", 0)], to, spent(5)).action.do).toBe("trunk");
  });
});

it("recording minutes that are used up leave the call unrecorded", () => {
  const of: Partial<Call> = { from: { kind: "extension", id: "ext_1003" } };
  const inputs = [limits({ recordingMinutesPerMonth: 3 })];
  expect(go(inputs, "1002", { ...of, used: () => 2.9 })).toMatchObject({ record: true, action: { do: "ring" } });
  expect(go(inputs, "1002", { ...of, used: () => 3 })).toMatchObject({ record: false, action: { do: "ring" } });
});

it("an emergency call is held to nothing, however it is dialled, and who called one is called back", () => {
  const nothing = limits({
    ...{ concurrentCalls: 0, callsPerSecond: 0, countries: [], dailySpend: { amount: 0, currency: "USD" } },
  });
  for (const to of ["911", "112", "55", "*67911"])
    expect(go([nothing], to, usedUp).action).toMatchObject({
      do: "trunk",
      emergency: true,
      maxSeconds: null,
      price: null,
    });
  const back = { ...usedUp, from: outside, did: number, emergencyWithin: () => true };
  expect(go([nothing], number, back).action.do).toBe("ring");
});
