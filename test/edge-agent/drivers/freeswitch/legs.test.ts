import { beforeEach, describe, expect, it, vi } from "vitest";
import { createLegs, type Legs, slotOf } from "../../../../edge-agent/drivers/freeswitch/legs.ts";
import { legOf } from "../../../support/legs.ts";
import { createPbx } from "../../../support/pbx.ts";

const pbx = createPbx();
const { acme, globex } = pbx;
const place = { lot: acme.idOf("parking-lot", 1), slot: "701" };
let legs: Legs;
beforeEach(() => {
  legs = createLegs(pbx.documents);
});

describe("the legs that FreeSWITCH has", () => {
  it("say who rings, the longest first, and for whose call", () => {
    legs.onLeg(legOf(acme, "a", { from: 1001 }));
    legs.onLeg(legOf(acme, "b", { to: 1002, by: "a" }));
    legs.onLeg(legOf(acme, "c", { to: 1003, by: "a" }));
    legs.onLeg(legOf(globex, "x", { to: 1002, by: "y" }));
    expect(legs.now(acme.id).ringing()).toEqual([
      { extension: acme.ext(1002), leg: "a" },
      { extension: acme.ext(1003), leg: "a" },
    ]);
    legs.onLeg(legOf(acme, "b", { to: 1002, by: "a" }, true));
    legs.onEnd("c");
    expect(legs.now(acme.id).ringing()).toEqual([]);
  });

  it("say who talks, in its own tenant alone", () => {
    legs.onLeg(legOf(acme, "a", { from: 1001 }));
    expect(legs.now(acme.id).talking(acme.ext(1001))).toBeUndefined();
    legs.onLeg(legOf(acme, "a", { from: 1001 }, true));
    expect(legs.now(acme.id).talking(acme.ext(1001))).toBe("a");
    expect(legs.now(globex.id).talking(acme.ext(1001))).toBeUndefined();
    expect(legs.now(globex.id).talking(globex.ext(1001))).toBeUndefined();
  });

  it("are known for half a minute after their end, and forgotten then", () => {
    vi.useFakeTimers();
    legs.onLeg(legOf(acme, "a", { from: 1001 }, true));
    legs.onEnd("a");
    expect(legs.find("a")?.extension).toBe(acme.ext(1001));
    expect(legs.now(acme.id).talking(acme.ext(1001))).toBeUndefined();
    vi.advanceTimersByTime(31_000);
    expect(legs.find("a")).toBeUndefined();
    vi.useRealTimers();
  });

  it("hold a slot until they end, are taken, or another stands there", () => {
    const parked = () => legs.now(acme.id).parked(place.lot, place.slot)?.leg;
    legs.onLeg(legOf(acme, "a", { from: 1001 }, true));
    legs.park("a", acme.id, place);
    expect(parked()).toBe("a");
    expect(legs.now(globex.id).parked(place.lot, place.slot)).toBeUndefined();
    legs.park("b", acme.id, place);
    legs.onEnd("a");
    expect(parked()).toBe("b");
    legs.leave("b");
    expect(parked()).toBeUndefined();
  });

  it("know an extension's own calls from one that a queue gave it", () => {
    const engaged = () => legs.engaged(acme.ext(1002));
    const queued = { ...legOf(acme, "q", { to: 1002, by: "a" }, true), queue: acme.idOf("queue", "q") };
    legs.onLeg(queued);
    expect([legs.onCall(acme.ext(1002)), engaged()]).toEqual([true, false]);
    legs.onLeg(legOf(acme, "b", { to: 1002, by: "c" }));
    expect(engaged()).toBe(false);
    legs.onLeg(legOf(acme, "b", { to: 1002, by: "c" }, true));
    expect(engaged()).toBe(true);
    legs.onEnd("b");
    legs.onLeg({ ...legOf(acme, "d", { from: 1002 }), queue: acme.idOf("queue", "q") });
    expect(engaged()).toBe(true);
  });

  it("tell of each change that a lamp shows, once", () => {
    const told: unknown[] = [];
    legs.onChange((tenant, what) => told.push([tenant, what]));
    legs.onLeg(legOf(acme, "a", { from: 1001 }));
    legs.onLeg(legOf(acme, "a", { from: 1001 }));
    legs.onLeg(legOf(acme, "a", { from: 1001 }, true));
    legs.park("a", acme.id, place);
    legs.onEnd("a");
    const alice = [acme.id, { extension: acme.ext(1001) }];
    expect(told).toEqual([alice, alice, [acme.id, place], [acme.id, place], alice]);
  });
});

describe("a slot read anew", () => {
  const headers = {
    "Channel-State": "CS_EXECUTE",
    variable_current_application: "playback",
    variable_dp_parked: `${place.lot}.701`,
  };
  it("is where the leg waits", () => {
    expect(slotOf(headers)).toEqual(place);
  });
  it.each([
    ["a call that was taken", { "Channel-State": "CS_EXCHANGE_MEDIA" }],
    ["a call that does something else", { variable_current_application: "bridge" }],
    ["no slot of ours", { variable_dp_parked: "lot_1.701" }],
  ])("is not that of %s", (_, more) => {
    expect(slotOf({ ...headers, ...more })).toBeUndefined();
  });
});
