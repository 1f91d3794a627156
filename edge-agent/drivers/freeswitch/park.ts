// A call waits in a slot of a parking lot: a leg that hears music for so long. Which leg waits where, the agent knows (legs.ts); whoever takes it is
// bridged with that very leg.
import type { Park } from "../../../core/routing/parking-lot.ts";
import { answered, expect, goOn, type Leg, run, set } from "./actions.ts";
import { token } from "./inert.ts";
import { type Hearing, musicFor, soundOf } from "./sound.ts";
import { variables } from "./variables.ts";
import type { Xml } from "./xml.ts";

export function renderPark(leg: Leg, action: Park, hearing: Hearing): Xml[] {
  const slot = action.announce ? soundOf([{ digits: action.slot }], hearing) : undefined;
  return [
    expect(action.otherwise),
    set(variables.parked, `${token(action.lot)}.${token(action.slot)}`),
    set("hangup_after_bridge", "true"),
    ...answered(leg),
    ...(slot === undefined ? [] : [run("playback", slot)]),
    // of its own playback alone: what is said above has its own end
    set("playback_timeout_sec", String(action.seconds)),
    run("playback", musicFor(action.seconds, action.musicOnHold, hearing) ?? waiting),
    run("unset", "playback_timeout_sec"),
    goOn(leg, action.otherwise),
  ];
}

/** Without music: a soft chord now and then. */
const waiting = "tone_stream://v=-24;%(400,200,392);%(400,200,494);%(400,4000,587);loops=-1";
