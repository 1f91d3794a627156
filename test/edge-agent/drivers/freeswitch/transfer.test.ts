// Who pays for a call that somebody transferred to the outside: who transferred it, or it goes nowhere.
import { describe, expect, it } from "vitest";
import { answerDialplan } from "../../../../edge-agent/drivers/freeswitch/dialplan.ts";
import { parse } from "../../../../edge-agent/drivers/freeswitch/fields.ts";
import { createLegs } from "../../../../edge-agent/drivers/freeswitch/legs.ts";
import { notFound } from "../../../../edge-agent/drivers/freeswitch/xml.ts";
import { freeswitchConfig } from "../../../support/freeswitch-config.ts";
import { legOf } from "../../../support/legs.ts";
import { createPbx, idOf } from "../../../support/pbx.ts";
import { body, dialled, fromCarrier, type Request, read } from "./requests.ts";

const pbx = createPbx();
const { acme, globex } = pbx;
acme.trunk(1, { name: "first", inboundAddresses: ["192.0.2.10"], host: "192.0.2.10" });
acme.extension(1004, { enabled: false });
acme.extension(1005, { outbound: { permission: "internal", countries: null } });
const legs = createLegs(pbx.documents);
legs.onLeg(legOf(acme, "leg-of-bob", { to: 1002, by: "leg-of-carol" }, true));
legs.onLeg(legOf(acme, "leg-of-carol", { from: 1003 }, true));
legs.onLeg(legOf(acme, "leg-of-nobody", { from: 1004 }, true));
legs.onLeg(legOf(acme, "leg-of-intern", { to: 1005, by: "leg-of-carol" }, true));
legs.onLeg(legOf(globex, "leg-of-stranger", { from: 1001 }, true));

const ask = (request: Request) => {
  const fields = parse(body(request));
  return read(
    (fields && answerDialplan(fields, pbx.documents, freeswitchConfig(), new Date(), undefined, legs)) ?? notFound,
  ).actions;
};
const refer = (by: string): Request => ({ variable_sip_refer_to: "<sip:x@y>", variable_last_bridge_to: by });
const inTenant = { "Caller-Context": "acme.test", variable_dp_tenant: acme.id };
const caller = (to: string, by: string) => ask(fromCarrier("192.0.2.10", to, { ...inTenant, ...refer(by) }));
const outside = `sofia/gateway/${idOf("trk", 1)}/+15559876`;

describe("a caller from outside whom a phone transfers", () => {
  it("to the outside is paid by that phone's extension", () => {
    const actions = caller("+15559876", "leg-of-bob");
    expect(actions.some((action) => action.includes(outside))).toBe(true);
    expect(actions.at(-1)).toContain(`dp-out.15559876.${acme.ext(1002)}.`);
  });

  it.each([
    ["nobody knows", "leg-of-whom"],
    ["is another tenant's", "leg-of-stranger"],
    ["belongs to a disabled extension", "leg-of-nobody"],
    ["belongs to an extension that may not call outside", "leg-of-intern"],
  ])("to the outside goes nowhere where the transferring leg %s", (_, by) => {
    expect(caller("+15559876", by).at(-1)).toMatch(/^hangup /);
  });

  it("reaches an extension, whoever transferred", () => {
    for (const by of ["leg-of-bob", "leg-of-whom"])
      expect(caller("1003", by)).toContain("bridge sofia/phones/1003%acme.test");
  });
});

describe("an extension that another transfers to the outside", () => {
  it("does not pay: who transferred it does", () => {
    const actions = ask(dialled(acme, "1001", "+15559876", refer("leg-of-carol")));
    expect(actions.at(-1)).toContain(`dp-out.15559876.${acme.ext(1003)}.`);
  });

  it("goes nowhere where nobody knows who transferred it", () => {
    expect(ask(dialled(acme, "1001", "+15559876", refer("leg-of-whom"))).at(-1)).toBe("hangup OUTGOING_CALL_BARRED");
  });
});

it("a leg that says whom it talked to without a transfer is no transferred leg", () => {
  const actions = ask(dialled(acme, "1001", "+15559876", { variable_last_bridge_to: "leg-of-carol" }));
  expect(actions.at(-1)).toContain("dp-out.15559876.-.");
});
