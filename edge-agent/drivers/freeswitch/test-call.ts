// A phone is tried: the caller hears himself, or his own number.
import type { Test } from "../../../core/routing/plan.ts";
import { answered, type Leg, run } from "./actions.ts";
import { type Hearing, soundOf } from "./sound.ts";
import type { Xml } from "./xml.ts";

export function renderTest(leg: Leg, action: Test, hearing: Hearing): Xml[] {
  const isEcho = action.what === "echo";
  const sound = soundOf([isEcho ? { word: "echo" } : { digits: action.digits }], hearing);
  const heard = sound === undefined ? [] : [run("playback", sound)];
  return [...answered(leg), ...heard, isEcho ? run("echo") : run("hangup", "NORMAL_CLEARING")];
}
