// What callers hear, and what they type: the two actions that menus, announcements, PINs and feature codes are made of.
import type { Hangup, Node } from "./plan.ts";

/** Words that an engine says in the caller's language where it has sounds, else by a tone that tells good from bad. */
export type Word =
  /** No words: a tone that awaits something. */
  | "beep"
  | "enter-pin"
  | "enter-number"
  | "spell-name"
  | "invalid"
  | "confirmed"
  | "on"
  | "off"
  | "press-1-to-accept"
  | "blocked"
  /** A PIN was typed wrong too often. */
  | "too-many-tries"
  | "not-permitted"
  /** The last caller can't be called back. */
  | "no-call-back"
  | "full"
  /** Before one hears oneself. */
  | "echo"
  | "goodbye"
  /** Before a number of callers, or of minutes. */
  | "position"
  | "wait-minutes";

export type Sound =
  /** By its id. Without audio, or where that is not on this host, a tone is heard. */
  { prompt: string } | { word: Word } | { digits: string };

/** Sounds are heard, then routing goes on with `done`. Before an answer where `answer` is false. */
export type Play = { do: "play"; sounds: Sound[]; answer: boolean; otherwise: Node };

/**
 * Sounds are heard and digits typed, at most `max`. Routing goes on with `done` and what was typed, which may be nothing, less than `min` or more
 * than was wanted: whose node it is judges. `secret`: not to be written into logs or records.
 */
export type Collect = {
  do: "collect";
  sounds: Sound[];
  min: number;
  max: number;
  /** Until the first digit, and between digits. */
  seconds: number;
  betweenSeconds: number;
  /** Ends the input at once; `#` mostly. Empty: nothing does. */
  terminator: string;
  secret: boolean;
  otherwise: Node;
};

/** Sounds, then the end: a play whose node is `end`. */
export const playThenEnd = (sounds: Sound[], cause: Hangup["cause"], answer: boolean): Play => ({
  do: "play",
  sounds,
  answer,
  otherwise: `end.${cause}`,
});
