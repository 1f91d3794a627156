// What a call came to, where two things touch in time.
import { expect, it } from "vitest";
import { segmentsOf } from "../../../../../edge-agent/drivers/freeswitch/report/segments.ts";
import { legOf } from "../../../../support/legs.ts";
import { createPbx } from "../../../../support/pbx.ts";

it.each([-20, -1, 0, 1, 19, 20])(
  "a leg that starts %i ms after a wait has ended is told of once, as where the call went then",
  (ms) => {
    const { acme } = createPbx();
    const documents = { config: () => undefined, device: () => undefined, tenantByDomain: () => undefined };
    const start = 1_700_000_000_000;
    const end = start + 3000;
    const queue = "que_0000000000000000000000001Q";
    const root = {
      ...legOf(acme, "a", { from: 1001 }, true),
      ...{ startedUs: start * 1000, answeredUs: start * 1000, endedUs: (end + 1000) * 1000 },
      way: [
        { came: queue, at: start },
        { ended: "not-registered", at: end } as const,
        { came: acme.ext(1002), at: end },
      ],
    };
    const rung = {
      ...legOf(acme, "b", { to: 1002, by: "a" }, true),
      ...{ startedUs: (end + ms) * 1000, answeredUs: (end + 30) * 1000, endedUs: (end + 1000) * 1000, bridgedTo: "a" },
    };
    const found = segmentsOf(root, [rung], acme.owner, documents);
    expect(found.map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual([
      "queue not-registered",
      "extension answered",
    ]);
  },
);
