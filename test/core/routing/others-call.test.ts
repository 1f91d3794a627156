// Parking, pick-up and listening in, as routing decides them.
import { describe, expect, it } from "vitest";
import type { Now } from "../../../core/routing/now.ts";
import { nothing } from "../../../core/routing/now.ts";
import type { Call } from "../../../core/routing/plan.ts";
import { resolve } from "../../../core/routing/resolve.ts";
import { createPbx } from "../../support/pbx.ts";

const pbx = createPbx();
const { acme } = pbx;
acme.extension(1001, { supervisor: true, pickupGroup: "sales" });
acme.extension(1002, { pickupGroup: "sales" });
const lotBody = { name: "lot", extensionNumber: "700", firstSlot: "701", slots: 2 };
acme.put("parking-lot", "lot", lotBody);
const lot = acme.idOf("parking-lot", "lot");
const [alice, bob, carol] = [acme.ext(1001), acme.ext(1002), acme.ext(1003)];
const outsider: Call["from"] = { kind: "outside", number: "+15550123", name: null };

function go(from: Call["from"] | string, to: string, more: Partial<Call> = {}) {
  const config = pbx.documents.config(acme.owner);
  if (!config) throw new Error("no tenant");
  const caller = typeof from === "string" ? ({ kind: "extension", id: from } as const) : from;
  return resolve(config, { from: caller, to, at: new Date(0), ...more }).action;
}
const parked = (...slots: [slot: string, extension?: string][]): Partial<Call> => ({
  now: {
    ...nothing,
    parked: (_, slot) =>
      slots.flatMap(([one, extension]) => (one === slot ? [{ leg: `leg-${slot}`, extension }] : []))[0],
  },
});
const brought = (by?: string) => ({ inside: true, ...(by !== undefined && { transferredBy: by }) }) as const;

describe("a parking lot", () => {
  it("parks in the first free slot and says which to who dials it", () => {
    expect(go(alice, "700")).toMatchObject({ do: "park", lot, slot: "701", announce: true, seconds: 120 });
    expect(go(alice, "700", parked(["701"]))).toMatchObject({ slot: "702" });
    expect(go(alice, "*85")).toMatchObject({ do: "park", slot: "701", announce: true });
  });

  it("takes a transferred call in the first free slot, in the one named, or in the one that the phone holds", () => {
    expect(go(outsider, "700", brought(bob))).toMatchObject({ slot: "701", announce: false });
    expect(go(outsider, "700", brought())).toMatchObject({ slot: "701" });
    expect(go(outsider, "*85", brought(bob))).toMatchObject({ slot: "701", announce: false });
    expect(go(outsider, "702", brought(bob))).toMatchObject({ slot: "702" });
    expect(go(outsider, "700", { ...brought(bob), ...parked(["701", alice], ["702", bob]) })).toMatchObject({
      slot: "702",
    });
  });

  it("gives a call back to who brought it where its slot or every slot is taken", () => {
    expect(go(outsider, "702", { ...brought(bob), ...parked(["702"]) })).toMatchObject({
      do: "ring",
      groups: [[{ extension: bob }]],
    });
    expect(go(outsider, "700", { ...brought(bob), ...parked(["701"], ["702"]) })).toMatchObject({ do: "ring" });
    expect(go(alice, "700", parked(["701"], ["702"]))).toMatchObject({ do: "hangup", cause: "busy" });
  });

  it("gives the call in a slot to an extension that dials it, to nobody else, and says 404 for an empty one", () => {
    expect(go(alice, "701", parked(["701"]))).toMatchObject({ do: "unpark", lot, slot: "701", call: "leg-701" });
    expect(go(alice, "702", parked(["701"]))).toMatchObject({ do: "hangup", cause: "not-found" });
    expect(go(outsider, "701", parked(["701"]))).toMatchObject({ do: "hangup" });
  });

  it("sends a call that nobody takes back to who parked it, or on where the lot says", () => {
    const late = (by: string) =>
      go(outsider, "700", { resume: { node: `parking-lot.${lot}.701.${by}`, disposition: "done" } });
    expect(late(bob)).toMatchObject({ do: "ring", groups: [[{ extension: bob }]] });
    expect(late("-")).toMatchObject({ do: "hangup", cause: "no-answer" });
    acme.put("parking-lot", "lot", { ...lotBody, timeout: { kind: "extension", ref: carol } });
    expect(late(bob)).toMatchObject({ do: "ring", groups: [[{ extension: carol }]] });
    acme.put("parking-lot", "lot", lotBody);
  });
});

const now = (more: Partial<Now>): Partial<Call> => ({ now: { ...nothing, ...more } });
const ringing = (...extensions: string[]) =>
  now({ ringing: () => extensions.map((extension) => ({ extension, leg: `caller-of-${extension}` })) });

describe("pick-up", () => {
  it("by number takes the call that rings at that extension", () => {
    expect(go(alice, "**1003", ringing(bob, carol))).toMatchObject({
      do: "pickup",
      extension: carol,
      call: `caller-of-${carol}`,
    });
  });

  it("by group takes the call that rings the longest in the caller's own group", () => {
    expect(go(alice, "*8", ringing(carol, bob))).toMatchObject({ do: "pickup", extension: bob });
    expect(go(alice, "*8", ringing(carol)).do).toBe("play");
    expect(go(carol, "*8", ringing(bob)).do).toBe("play");
  });

  it("of a call that is gone takes nothing", () => {
    expect(go(alice, "**1003").do).toBe("play");
    expect(go(alice, "x", { resume: { node: `pickup.${carol}`, disposition: "done" } })).toMatchObject({
      do: "play",
      otherwise: "end.not-found",
    });
  });
});

describe("listening in", () => {
  const talking = now({ talking: (extension) => (extension === bob ? "bobs-leg" : undefined) });
  it.each([
    ["*331002", "listen"],
    ["*341002", "whisper"],
    ["*351002", "barge"],
  ])("%s: %s, by a supervisor", (code, mode) => {
    expect(go(alice, code, talking)).toEqual({
      do: "monitor",
      extension: bob,
      call: "bobs-leg",
      mode,
      by: alice,
      otherwise: "end.done",
    });
    expect(go(carol, code, talking)).toMatchObject({ do: "play", otherwise: "end.rejected" });
  });

  it("only where the extension is on a call, and never to oneself", () => {
    expect(go(alice, "*331003", talking).do).toBe("play");
    expect(go(alice, "*331001", now({ talking: () => "own" })).do).toBe("play");
  });
});
