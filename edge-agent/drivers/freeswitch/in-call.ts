// Codes that phones type while they talk: bound to their own legs, each makes an event that the agent hears (mod_dptools.c, bind_digit_action and event).
import type { Action, Plan } from "../../../core/routing/plan.ts";
import type { InCall } from "../../../core/routing/record-on-demand.ts";
import { type Leg, run, set } from "./actions.ts";
import type { EslEvent } from "./esl/event.ts";
import { number } from "./inert.ts";
import { variables } from "./variables.ts";
import type { Xml } from "./xml.ts";

const header = "dp-in-call";
export const events = ["CHANNEL_APPLICATION"];

const binding = ({ action, code }: InCall): string => `dp,${number(code)},exec[i]:event,${header}=${action}`;

/** Who talks with people may type codes; a menu, a box or a room has digits of its own. */
const talking: readonly Action["do"][] = ["ring", "trunk", "queue", "unpark", "pickup"];

/** The caller's own codes, bound once, and unbound where the call goes on to something that takes digits. */
export function renderInCall(leg: Leg, { action, inCall }: Plan): Xml[] {
  const wanted = talking.includes(action.do) && inCall.length > 0;
  if (wanted === leg.bound) return [];
  if (!wanted) return [run("clear_digit_action", "all"), run("unset", variables.inCall)];
  return [...inCall.map((code) => run("bind_digit_action", binding(code))), set(variables.inCall, "true")];
}

/** Variables of a leg that is called: its codes are bound when it answers. */
export const boundOnAnswer = (codes: readonly InCall[]): Record<string, string> =>
  Object.fromEntries(codes.map((code) => [`execute_on_answer_${code.action}`, `bind_digit_action ${binding(code)}`]));

/** Whose phone typed which code; undefined for any other event. */
export function typedIn({ name, headers }: EslEvent): { leg: string; action: InCall["action"] } | undefined {
  const [leg, action] = [headers["Unique-ID"], headers[header]];
  if (name !== "CHANNEL_APPLICATION" || leg === undefined) return undefined;
  return action === "record" || action === "record-pause" ? { leg, action } : undefined;
}
