// A suspended tenant: calls that begin stop, whoever makes them; emergency calls go, and calls that go on are left alone.
import { describe, expect, it } from "vitest";
import { accountOwner } from "../../../core/owner.ts";
import { callBackFrom, legsBack } from "../../../core/routing/call-back.ts";
import type { Call } from "../../../core/routing/plan.ts";
import { begin, resolve } from "../../../core/routing/resolve.ts";
import { configOf, type Input } from "../../support/config.ts";

const device = { username: "1001", password: { secret: "sec_01ARZ3NDEKTSV4RRFFQ69G5FAV#1" } };
const extension = (number: string): Input => ({
  kind: "extension",
  id: `ext_${number}`,
  body: { number, devices: [{ ...device, username: number }], outbound: { permission: "international" } },
});
const office: Input[] = [
  extension("1001"),
  extension("1002"),
  { kind: "trunk", id: "trk_1", body: { name: "t", host: "192.0.2.1" } },
  { kind: "speed-dial", id: "spd_1", body: { number: "55", target: "911" } },
  { kind: "speed-dial", id: "spd_2", body: { number: "56", target: "1002" } },
  {
    kind: "phone-number",
    id: "num_1",
    body: { number: "+15550100", destination: { kind: "extension", ref: "ext_1002" } },
  },
  {
    kind: "queue",
    id: "que_1",
    body: { name: "q", extensionNumber: "600", joinEmpty: "yes", callBack: { digit: "1", payer: "ext_1001" } },
  },
];
const suspended = (owner?: Input["owner"]): Input => ({
  kind: "suspension",
  id: "sus_1",
  body: { reason: "unpaid", by: "acc_1", since: "2026-01-01T00:00:00Z" },
  ...(owner && { owner }),
});
const outside: Call["from"] = { kind: "outside", number: "+12025550199", name: null };
const go = (inputs: Input[], to: string, more: Partial<Call> = {}) =>
  resolve(configOf(inputs), { from: { kind: "extension", id: "ext_1001" }, to, at: new Date(0), ...more });

describe.each([
  ["itself", suspended()],
  ["with its reseller", suspended(accountOwner("acc_2"))],
])("a tenant suspended %s", (_, suspension) => {
  const inputs = [...office, suspension];

  it.each(["1002", "+12025550123", "*97", "*78", "600", "56", "*671002"])("refuses %s, which goes otherwise", (to) => {
    expect(go(office, to).action.do).not.toBe("hangup");
    const plan = go(inputs, to);
    expect(plan.action).toEqual({ do: "hangup", cause: "rejected", status: 403 });
    expect(plan.steps.at(-1)?.why).toContain("is suspended (unpaid)");
  });

  it.each(["911", "112", "55", "*67911"])("lets %s go, an emergency number", (to) => {
    expect(go(inputs, to).action).toMatchObject({ do: "trunk", number: to === "112" ? "112" : "911", emergency: true });
  });

  it("takes no call from outside, but a call back to whoever called an emergency number", () => {
    expect(go(office, "+15550100", { from: outside }).action.do).toBe("ring");
    expect(go(inputs, "+15550100", { from: outside }).action).toMatchObject({ do: "hangup", cause: "unavailable" });
    expect(go(inputs, "+15550100", { from: outside, emergencyWithin: () => true }).action.do).toBe("ring");
    expect(go(inputs, "1002", { emergencyWithin: () => true }).action.do).toBe("hangup");
  });

  it("leaves a call that goes on alone, but sends it nowhere else", () => {
    const resume = { node: "ring.ext_1002", disposition: "no-answer" } as const;
    expect(go(inputs, "1002", { resume })).toEqual(go(office, "1002", { resume }));
    expect(go(inputs, "1002", { inside: true, transferredBy: "ext_1002" }).action.do).toBe("hangup");
  });

  it("calls nobody back from a queue", () => {
    const [queue] = [...configOf(office).list("queue")];
    if (!queue) return expect.unreachable();
    const back = (of: Input[]) =>
      legsBack(begin(configOf(of), callBackFrom("+12025550123", new Date(0))), queue.body, "+12025550123");
    expect(back(office)).not.toEqual(expect.any(String));
    expect(back(inputs)).toBe("the tenant is suspended");
  });
});
