// A phone takes a call that rings elsewhere or waits in a slot.
import type { Pickup } from "../../../core/routing/others-call.ts";
import type { Unpark } from "../../../core/routing/parking-lot.ts";
import { expect, goOn, type Leg, run, set } from "./actions.ts";
import { token } from "./inert.ts";
import { variables } from "./variables.ts";
import type { Xml } from "./xml.ts";

/**
 * The caller's leg is bridged with this one, and what rang for it ends (switch_ivr_bridge.c, switch_ivr_intercept_session). One that talks already is left
 * alone. From here on this leg is one of that call: its record says who took it.
 */
export function renderTake(leg: Leg, action: Pickup | Unpark): Xml[] {
  return [
    expect(action.otherwise),
    set(variables.takes, token(leg.takes ?? action.call)),
    ...(leg.from === undefined ? [] : [set(variables.toExtension, token(leg.from))]),
    set("intercept_unbridged_only", "true"),
    set("hangup_after_bridge", "true"),
    run("intercept", token(action.call)),
    run("unset", variables.takes),
    goOn(leg, action.otherwise),
  ];
}
