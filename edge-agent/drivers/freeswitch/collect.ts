// Sounds are heard and digits typed, then routing goes on with what was typed.
import type { Collect } from "../../../core/routing/sound.ts";
import { answered, expect, goOn, type Leg, run, set } from "./actions.ts";
import { type Hearing, soundOf } from "./sound.ts";
import { variables } from "./variables.ts";
import type { Xml } from "./xml.ts";

/** FreeSWITCH takes no terminator for `#`, and any key that no phone has for none. */
const nothing = "none";

/**
 * One try of `play_and_get_digits` (switch_ivr_play_say.c, switch_ivr_read): the first digit ends the sound, what was typed is in the variable
 * whether it is enough or not, and the variable is gone where nothing was.
 */
export function renderCollect(leg: Leg, action: Collect, hearing: Hearing): Xml[] {
  const { min, max, terminator } = action;
  const sound = soundOf(action.sounds, hearing) ?? "silence";
  const ends = /^[0-9*#]$/.test(terminator) ? terminator : nothing;
  const wait = milliseconds(action.seconds);
  const between = milliseconds(action.betweenSeconds);
  return [
    expect(action.otherwise),
    ...answered(leg),
    // neither logged nor in events
    ...(action.secret ? [set("sensitive_dtmf", "true")] : []),
    run(
      "play_and_get_digits",
      [min, max, 1, wait, ends, `'${sound}'`, "''", variables.digits, "''", between].join(" "),
    ),
    ...(action.secret ? [run("unset", "sensitive_dtmf")] : []),
    goOn(leg, action.otherwise),
  ];
}

/** FreeSWITCH waits at least a second. */
const milliseconds = (seconds: number): number => Math.max(1000, Math.round(seconds * 1000));
