// What FreeSWITCH is told to park, pick up and listen in, letter for letter. `GOLDEN=write` writes the file anew.
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createLegs } from "../../../../edge-agent/drivers/freeswitch/legs.ts";
import { reply } from "../../../../edge-agent/drivers/freeswitch/lookup.ts";
import { freeswitchConfig } from "../../../support/freeswitch-config.ts";
import { legOf } from "../../../support/legs.ts";
import { createPbx } from "../../../support/pbx.ts";
import { body, dialled, fromCarrier, type Request } from "./requests.ts";

const pbx = createPbx();
const { acme } = pbx;
acme.extension(1001, { supervisor: true, pickupGroup: "sales" });
acme.put("parking-lot", "lot", { name: "lot", extensionNumber: "700", firstSlot: "701" });
const legs = createLegs(pbx.documents);
legs.onLeg(legOf(acme, "00000000-0000-4000-8000-00000000000a", { from: 1003 }, true));
legs.onLeg(
  legOf(acme, "00000000-0000-4000-8000-00000000000b", { to: 1002, by: "00000000-0000-4000-8000-00000000000a" }),
);
legs.park("00000000-0000-4000-8000-00000000000a", acme.id, { lot: acme.idOf("parking-lot", "lot"), slot: "702" });

const transferred: Request = {
  "Caller-Context": "acme.test",
  "Unique-ID": "00000000-0000-4000-8000-00000000000c",
  variable_dp_tenant: acme.id,
  variable_sip_refer_to: "<sip:700@acme.test>",
  variable_last_bridge_to: "00000000-0000-4000-8000-00000000000a",
};
const requests: Record<string, Request> = {
  park: dialled(acme, "1001", "700", { "Unique-ID": "00000000-0000-4000-8000-00000000000d" }),
  "park-transferred": fromCarrier("192.0.2.10", "700", transferred),
  pickup: dialled(acme, "1001", "**1002"),
  whisper: dialled(acme, "1001", "*341003"),
  unpark: dialled(acme, "1001", "702"),
};

describe("FreeSWITCH is told exactly", () => {
  const log = { error: () => expect.unreachable() };
  it.each(Object.entries(requests))("%s", (name, request) => {
    const xml = reply(body(request), { documents: pbx.documents, config: freeswitchConfig(), log, legs });
    const file = new URL(`golden/${name}.xml`, import.meta.url);
    if (process.env.GOLDEN === "write") writeFileSync(file, xml);
    expect(xml).toBe(readFileSync(file, "utf8"));
  });
});
