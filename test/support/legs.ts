// Legs of calls as FreeSWITCH tells of them.
import { type Leg, legOfEvent } from "../../edge-agent/drivers/freeswitch/report/leg.ts";
import type { createPbx } from "./pbx.ts";

type Tenant = ReturnType<typeof createPbx>["acme"];
let started = 0;

/** A leg from or to an extension's phone. Legs start one after another. */
export function legOf(
  tenant: Tenant,
  uuid: string,
  of: { from: number } | { to: number; by: string },
  answered = false,
): Leg {
  started += 1;
  const calls = "from" in of;
  const leg = legOfEvent({
    name: "CHANNEL_DATA",
    subclass: undefined,
    body: undefined,
    headers: {
      "Unique-ID": uuid,
      "Call-Direction": calls ? "inbound" : "outbound",
      "Caller-Channel-Created-Time": String(1_700_000_000_000_000 + started),
      "Caller-Caller-ID-Number": "1001",
      variable_dp_tenant: tenant.id,
      ...(answered && { "Caller-Channel-Answered-Time": "1700000001000000" }),
      ...(calls
        ? { variable_dp_from_extension: tenant.ext(of.from) }
        : { variable_dp_to_extension: tenant.ext(of.to), variable_originator: of.by }),
    },
  });
  if (!leg) throw new Error("no leg");
  return leg;
}
