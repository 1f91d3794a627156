// What a feature code answers with: each code's file is made of these.
import type { Resource } from "../registry.ts";
import type { Action } from "./plan.ts";
import type { Remember } from "./runtime.ts";
import { playThenEnd, type Sound, type Word } from "./sound.ts";
import { node, type Way } from "./way.ts";

/** `argument`: the digits that followed the code. `caller` dialled it himself, on his own phone or one that he made his own. */
export type Feature = (way: Way, argument: string, caller: Resource<"extension">, at: string) => Action;

/** The caller hears that it can't be done. */
export function refuse(way: Way, at: string, why: string, word: Word): Action {
  way.step(at, why, "hangup/rejected");
  return playThenEnd([{ word }], "rejected", true);
}

/** Runtime state is set and the caller hears how. */
export function remember(way: Way, at: string, why: string, changes: Remember["changes"], sounds: Sound[]): Action {
  way.step(at, why, "hangup/done");
  return { do: "remember", changes, sounds, otherwise: node("end", "done") };
}
