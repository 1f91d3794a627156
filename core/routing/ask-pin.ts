// A PIN is asked for: one way for calls outside, hot desks and conferences. Who guesses call after call is refused for a while.
import type { Action, Node } from "./plan.ts";
import { type Collect, playThenEnd } from "./sound.ts";
import type { Way } from "./way.ts";

/** One of a resource's PINs; the two of a conference count as one. */
export type PinOf =
  | { kind: "voicemail-box" | "conference"; id: string; pin: "pin" }
  | { kind: "extension"; id: string; pin: "outbound" | "hot-desk" };

/** So often it may be typed within a call; then the call ends. */
export const pinTries = 3;

/** `again`: the one before was wrong. Routing goes on with what was typed. */
export const collectPin = (again: boolean, otherwise: Node): Collect => ({
  do: "collect",
  sounds: [...(again ? [{ word: "invalid" as const }] : []), { word: "enter-pin" }],
  min: 1,
  max: 12,
  seconds: 10,
  betweenSeconds: 5,
  terminator: "#",
  secret: true,
  otherwise,
});

/** Undefined while tries are left; else the caller hears that there are none. */
export function refuseSpent(way: Way, of: PinOf, at: string): Action | undefined {
  if (!way.call.pinSpent?.(of)) return undefined;
  way.step(at, "its PIN was typed wrong too often within the hour: no try counts for a while", "hangup/rejected");
  return playThenEnd([{ word: "too-many-tries" }], "rejected", true);
}
