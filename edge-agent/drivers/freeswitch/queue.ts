// A caller waits in a queue: mod_callcenter's application, which answers the call and ends when an agent was found or the wait is over.
import type { Queue } from "../../../core/routing/queue.ts";
import { expect, goOn, type Leg, run, set } from "./actions.ts";
import { inert, number, token } from "./inert.ts";
import { type Hearing, musicOf } from "./sound.ts";
import { variables } from "./variables.ts";
import type { Xml } from "./xml.ts";

/** Without music: a short soft tone now and then, so that the line is not dead. */
const quiet = "tone_stream://%(150,9850,440);loops=-1";

/** What an agent's leg takes over from its caller's; the rest is in the agent's contact. */
const handed = [
  ...[variables.queue, variables.direction, variables.dialled, variables.trunk, variables.fromExtension],
  ...["originate_timeout", "hold_music"],
];

export function renderQueue(leg: Leg, action: Queue, hearing: Hearing): Xml[] {
  const shown = number(action.from.number) || "anonymous";
  return [
    set(variables.queue, token(action.queue)),
    ...(leg.trunk === undefined ? [] : [set(variables.trunk, token(leg.trunk))]),
    expect(action.otherwise),
    set("effective_caller_id_number", shown),
    set("effective_caller_id_name", inert(action.from.name ?? "") || shown),
    set("originate_timeout", String(action.ringSeconds)),
    set("cc_export_vars", handed.join(",")),
    set("cc_moh_override", musicOf(action.musicOnHold, hearing) ?? quiet),
    // how an earlier wait of this call ended; a queue that is gone sets nothing
    ...["cc_cause", "cc_cancel_reason", "cc_agent", "cc_exit_key", "cc_exit_keys", "cc_base_score"].map((name) =>
      run("unset", name),
    ),
    ...(action.exitKey === null ? [] : [set("cc_exit_keys", number(action.exitKey))]),
    // seconds that count as waited: his place
    ...(action.waitedSeconds === 0 ? [] : [set("cc_base_score", String(action.waitedSeconds))]),
    set("hangup_after_bridge", "true"),
    run("callcenter", token(action.queue)),
    goOn(leg, action.otherwise),
  ];
}
