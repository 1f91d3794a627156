// A call to a carrier.
import type { Trunk } from "../../../core/routing/outside.ts";
import { type Leg, set, share } from "./actions.ts";
import { number, token } from "./inert.ts";
import { attempt } from "./ring.ts";
import { variables } from "./variables.ts";
import type { Xml } from "./xml.ts";

export function renderTrunk(leg: Leg, action: Trunk): Xml[] {
  const target = `[leg_progress_timeout=${action.progressSeconds}]sofia/gateway/${token(action.trunk)}/${number(action.number)}`;
  return [share(variables.trunk, token(action.trunk)), set("call_timeout", "120"), ...attempt(leg, action, target)];
}
