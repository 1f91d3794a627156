// Ringing phones and numbers outside: one bridge, whose groups are tried one after another.
import type { Branch, Ring } from "../../../core/routing/ring.ts";
import { expect, goOn, hand, type Leg, run, set, share } from "./actions.ts";
import { inert, number, token } from "./inert.ts";
import { variables } from "./variables.ts";
import type { Xml } from "./xml.ts";

export function renderRing(leg: Leg, action: Ring): Xml[] {
  const targets = action.groups.map((group) => group.flatMap((branch) => branchesOf(leg, branch)).join(","));
  const [only, ...others] = action.groups.flat();
  return [
    ...(only?.to === "extension" && others.length === 0 ? [share(variables.toExtension, token(only.extension))] : []),
    ...(leg.trunk === undefined ? [] : [share(variables.trunk, token(leg.trunk))]),
    set("call_timeout", String(action.seconds)),
    ...attempt(leg, action, targets.join("|")),
  ];
}

function branchesOf(leg: Leg, branch: Branch): string[] {
  if (branch.to === "outside") return [`sofia/gateway/${token(branch.trunk)}/${number(branch.number)}`];
  // another extension uses its only phone
  if (branch.usernames.length === 0) return ["error/USER_NOT_REGISTERED"];
  return branch.usernames.map((username) => `sofia/phones/${token(username)}%${token(leg.domain)}`);
}

/** Calls `target` and, if nobody answers, goes on at the action's node. */
export function attempt(
  leg: Leg,
  action: { from: { number: string; name: string | null }; otherwise: string },
  target: string,
): Xml[] {
  const shown = number(action.from.number) || "anonymous";
  return [
    expect(action.otherwise),
    set("effective_caller_id_number", shown),
    set("effective_caller_id_name", inert(action.from.name ?? "") || shown),
    // a redirect would make us call any host it names
    hand("outbound_redirect_fatal", "true"),
    set("hangup_after_bridge", "true"),
    set("continue_on_fail", "true"),
    run("bridge", target),
    goOn(leg, action.otherwise),
  ];
}
