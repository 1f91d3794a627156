// A PIN is asked for: one way for calls outside, hot desks and conferences.
import type { Node } from "./plan.ts";
import type { Collect } from "./sound.ts";

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
