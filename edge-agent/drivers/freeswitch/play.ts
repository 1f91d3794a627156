// Sounds are heard, then routing goes on.
import type { Play } from "../../../core/routing/sound.ts";
import { answered, expect, goOn, type Leg, run } from "./actions.ts";
import { type Hearing, soundOf } from "./sound.ts";
import type { Xml } from "./xml.ts";

export function renderPlay(leg: Leg, action: Play, hearing: Hearing): Xml[] {
  const sound = soundOf(action.sounds, hearing);
  return [
    expect(action.otherwise),
    ...(action.answer ? answered(leg) : []),
    ...(sound === undefined ? [] : [run("playback", sound)]),
    goOn(leg, action.otherwise),
  ];
}
