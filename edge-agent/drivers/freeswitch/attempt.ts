// An attempt to reach somebody: a bridge, what the caller hears meanwhile, and where routing goes on.
import { expect, goOn, hand, type Leg, run, set } from "./actions.ts";
import { inert, number } from "./inert.ts";
import type { Xml } from "./xml.ts";

const ringing = "%(2000,4000,440,480)";

/** Calls `target` and, if nobody answers, goes on at the action's node. `music`: what the caller hears meanwhile, in the place of ringing. */
export function attempt(
  leg: Leg,
  action: { from: { number: string; name: string | null }; otherwise: string },
  target: string,
  music?: string,
): Xml[] {
  const shown = number(action.from.number) || "anonymous";
  const early = music !== undefined && !leg.answered;
  return [
    expect(action.otherwise),
    set("effective_caller_id_number", shown),
    set("effective_caller_id_name", inert(action.from.name ?? "") || shown),
    // a redirect would make us call any host it names
    hand("outbound_redirect_fatal", "true"),
    set("hangup_after_bridge", "true"),
    set("continue_on_fail", "true"),
    // a caller who was answered before hears nothing of a phone that rings
    ...(leg.answered ? [set("transfer_ringback", music ?? ringing)] : []),
    ...(early ? [set("ringback", music), set("instant_ringback", "true")] : []),
    run("bridge", target),
    ...(early ? [run("unset", "ringback"), run("unset", "instant_ringback")] : []),
    goOn(leg, action.otherwise),
  ];
}
