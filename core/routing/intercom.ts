// Intercom by code: one phone answers by itself, and both may speak.
import { shownInside } from "./caller.ts";
import { type Feature, refuse } from "./code-answer.ts";
import { branchOf, engaged } from "./ring.ts";
import { named, node } from "./way.ts";

/** So long a phone may take to answer by itself. */
const seconds = 10;

/** Nobody is spoken to in the midst of a call, or against his wish. */
export const intercom: Feature = (way, argument, caller, at) => {
  const found = way.config.dialable(argument);
  const target = found?.kind === "extension" ? way.config.get("extension", found.id) : undefined;
  if (!target?.body.enabled || target.id === caller.id)
    return refuse(way, at, `${argument} is no other extension`, "invalid");
  const here = named("extension", target.body.number);
  const why = engaged(way, target) ?? (way.call.onCall?.(target.id) ? "is on a call" : undefined);
  if (why !== undefined) return way.end(here, why, "busy");
  way.step(at, "its phone answers by itself", here);
  return {
    do: "ring",
    groups: [[branchOf(way.config, target, seconds)]],
    seconds,
    from: shownInside(way.config, way.call),
    musicOnHold: null,
    autoAnswer: true,
    otherwise: node("end", "unavailable"),
  };
};
