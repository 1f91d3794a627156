// Whom called phones see.
import { describe, expect, test } from "vitest";
import type { Call } from "../../../core/routing/plan.ts";
import { resolve } from "../../../core/routing/resolve.ts";
import { configOf, type Input } from "../../support/config.ts";

const office: Input[] = [
  { kind: "extension", id: "ext_1", body: { number: "1001", devices: [{ username: "1001" }] } },
  {
    kind: "phone-number",
    id: "num_1",
    body: { number: "+15550100", callerNamePrefix: "Shop", destination: { kind: "extension", ref: "ext_1" } },
  },
  { kind: "contact", id: "con_1", body: { number: "+15550123", name: "Grace" } },
  { kind: "contact", id: "con_2", body: { number: "+15550124", name: "Ada", company: "Analytical Engines" } },
];

describe("a caller from outside is shown", () => {
  test.each([
    ["+15550123", "Shop Grace"],
    ["+15550124", "Shop Ada, Analytical Engines"],
    ["+15550125", "Shop CARRIER SAYS"],
  ])("%s as %s, by the tenant's contacts before what his carrier says", (number, name) => {
    const from: Call["from"] = { kind: "outside", number, name: "CARRIER SAYS" };
    const call: Call = { from, to: "+15550100", did: "+15550100", at: new Date(0) };
    expect(resolve(configOf(office), call).action).toMatchObject({ do: "ring", from: { number, name } });
  });
});
