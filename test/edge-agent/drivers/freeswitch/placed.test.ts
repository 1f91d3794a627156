// Legs that the cloud had made: what their lookups are trusted with.
import { describe, expect, it } from "vitest";
import { answerDialplan } from "../../../../edge-agent/drivers/freeswitch/dialplan.ts";
import { parse } from "../../../../edge-agent/drivers/freeswitch/fields.ts";
import { notFound } from "../../../../edge-agent/drivers/freeswitch/xml.ts";
import { freeswitchConfig } from "../../../support/freeswitch-config.ts";
import { createPbx } from "../../../support/pbx.ts";
import { body, dialled, type Request, read } from "./requests.ts";

const pbx = createPbx();
const { acme, globex } = pbx;
acme.trunk(1, { name: "out", host: "192.0.2.11" });
globex.trunk(2, { name: "theirs", host: "192.0.2.12" });

const outside = "+12025550123";
/** The lookup of a leg that was made for 1001 to dial `to`, once its phone was taken up. */
function placed(to: string, more: Request = {}, without: string[] = []) {
  const leg: Request = {
    ...dialled(acme, "1001", to),
    ...{ "Call-Direction": "outbound", "Answer-State": "answered" },
    ...{ variable_dp_placed: to, variable_dp_from_extension: acme.ext(1001), variable_dp_tenant: acme.id },
    ...more,
  };
  for (const name of ["variable_sip_auth_username", "variable_sip_auth_realm", ...without]) delete leg[name];
  const fields = parse(body(leg));
  return read((fields && answerDialplan(fields, pbx.documents, freeswitchConfig())) ?? notFound);
}
const bridges = (reply: ReturnType<typeof read>) => reply.actions.filter((action) => action.startsWith("bridge "));

describe("a leg that the cloud had made", () => {
  it("dials what it was made for as its extension, outside too", () => {
    expect(bridges(placed("1002"))).toEqual(["bridge sofia/phones/1002%acme.test"]);
    const reply = placed(outside);
    expect(bridges(reply)).toHaveLength(1);
    expect(reply.actions).toContain(`export dp_from_extension=${acme.ext(1001)}`);
  });

  it.each([
    ["another number than that", { variable_dp_placed: "1002" }],
    ["after its first lookup", { variable_dp_hops: "1" }],
    ["where a phone transfers it", { variable_sip_refer_to: `<sip:${outside}@acme.test>` }],
    ["where it is no leg that we made", { "Call-Direction": "inbound" }],
    ["where its extension is gone", { variable_dp_from_extension: acme.ext(1999) }],
  ])("leads nowhere outside: %s", (_, more) => {
    expect(bridges(placed(outside, more))).toEqual([]);
  });

  it("of another tenant is not found", () => {
    expect(placed("1002", { variable_dp_tenant: globex.id }).notFound).toBe(true);
  });

  it("does not hand its mark on to the legs that it makes", () => {
    expect(placed("1002").actions.filter((action) => action.includes("dp_placed"))).toEqual([]);
  });
});
