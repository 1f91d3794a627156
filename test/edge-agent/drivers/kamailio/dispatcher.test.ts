import { expect, test } from "vitest";
import type { Roster } from "../../../../core/wire.ts";
import { listOf, nodesOf } from "../../../../edge-agent/drivers/kamailio/dispatcher.ts";

const host = (slot: number, more: Partial<Roster["hosts"][number]> = {}): Roster["hosts"][number] => ({
  ...{ id: `edg_${slot}`, name: `h${slot}`, engine: "freeswitch", slot, state: "up" },
  front: { address: `192.0.2.${slot}`, port: 5062 },
  ...more,
});
const list = (...hosts: Roster["hosts"]): string =>
  listOf(nodesOf({ type: "roster", pool: "pol_1", version: 1, hosts }));

test("each FreeSWITCH has a set of its own and is in the common one; drained ones are disabled", () => {
  expect(list(host(2, { state: "draining" }), host(1), host(3, { engine: "kamailio" }), host(4, { front: null }))).toBe(
    ["0 sip:192.0.2.1:5062 0", "0 sip:192.0.2.2:5062 4", "1 sip:192.0.2.1:5062 0", "2 sip:192.0.2.2:5062 4", ""].join(
      "\n",
    ),
  );
  expect(list(host(1, { front: { address: "2001:db8::1", port: 5062 } }))).toContain("sip:[2001:db8::1]:5062");
});

test("a dead host is left out, but not all of them: then rather the cloud is out of reach", () => {
  expect(list(host(1, { state: "down" }), host(2))).toBe("0 sip:192.0.2.2:5062 0\n2 sip:192.0.2.2:5062 0\n");
  expect(list(host(1, { state: "down" }))).toBe("0 sip:192.0.2.1:5062 0\n1 sip:192.0.2.1:5062 0\n");
  expect(list()).toBe("");
});
