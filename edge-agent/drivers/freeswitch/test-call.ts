// A phone is tried: the caller hears himself, or his own number.
import type { Test } from "../../../core/routing/plan.ts";
import { answered, type Leg, run } from "./actions.ts";
import { type Hearing, soundOf } from "./sound.ts";
import type { Xml } from "./xml.ts";

export function renderTest(leg: Leg, action: Test, hearing: Hearing): Xml[] {
  if (action.what === "echo") return [...answered(leg), run("echo")];
  const sound = soundOf([{ digits: action.digits }], hearing);
  return [...answered(leg), ...(sound === undefined ? [] : [run("playback", sound)]), run("hangup", "NORMAL_CLEARING")];
}
