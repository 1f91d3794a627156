// A message for a voicemail box.
import type { Leave } from "../../../core/routing/plan.ts";
import { run, set } from "./actions.ts";
import { boxDomain } from "./box.ts";
import { token } from "./inert.ts";
import { type Hearing, promptOf } from "./sound.ts";
import { variables } from "./variables.ts";
import { profileFor } from "./voicemail-profiles.ts";
import type { Xml } from "./xml.ts";

export function renderVoicemail(action: Leave, hearing: Hearing): Xml[] {
  const greeting = action.prompt && promptOf(action.prompt, hearing);
  return [
    set(variables.box, token(action.box)),
    ...(greeting ? [set("voicemail_greeting_path", greeting)] : []),
    run("answer"),
    // the first words are lost on phones that open their audio late
    run("sleep", "500"),
    run("voicemail", `${profileFor(action.maxSeconds)} ${boxDomain} ${token(action.box)}`),
    run("hangup", "NORMAL_CLEARING"),
  ];
}
