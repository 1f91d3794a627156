// Block rules: the first by name that fits a call refuses it, or sends a caller elsewhere.
import type { Resource } from "../registry.ts";
import { fits } from "../resources/pattern.ts";
import type { Action } from "./plan.ts";
import { playThenEnd } from "./sound.ts";
import { named, type Way } from "./way.ts";

type Rule = Resource<"block-rule">;

/** Carriers write all sorts of words where a caller hides his number. */
export const isAnonymous = (number: string | null): boolean => number === null || !/\d/.test(number);

/** The action for a caller from outside whom a rule refuses; undefined for one who may come in. */
export function blockCaller(way: Way, number: string | null, at: string): Action | undefined {
  const hidden = isAnonymous(number);
  const rule = first(way, "inbound", (one) =>
    hidden ? one.anonymous : one.patterns.some((p) => fits(p, number ?? "")),
  );
  if (!rule) return undefined;
  const why = hidden ? "blocks callers who hide their number" : `blocks ${number}`;
  if (rule.body.destination) {
    const here = named("block-rule", rule.body.name);
    way.step(at, why, here);
    return way.send(rule.body.destination, here, "is where such calls go");
  }
  return refuse(way, rule, at, why);
}

/** The action for a call to a number of the outside that a rule forbids; undefined where it may go out. */
export function blockNumber(way: Way, number: string, at: string): Action | undefined {
  const rule = ruleAgainst(way, number);
  return rule && refuse(way, rule, at, `blocks calls to ${number}`);
}

/** The rule that forbids calls to `number`. */
export const ruleAgainst = (way: Way, number: string): Rule | undefined =>
  first(way, "outbound", (body) => body.patterns.some((pattern) => fits(pattern, number)));

function first(
  way: Way,
  direction: "inbound" | "outbound",
  applies: (body: Rule["body"]) => boolean,
): Rule | undefined {
  return way.config
    .list("block-rule")
    .find(({ body }) => body.enabled && body.direction === direction && applies(body));
}

function refuse(way: Way, rule: Rule, at: string, why: string): Action {
  const here = named("block-rule", rule.body.name);
  way.step(at, why, here);
  if (rule.body.message === null) return way.end(here, "refuses the call", "rejected");
  way.step(here, "says why, and refuses the call", "hangup/rejected");
  return playThenEnd([{ prompt: rule.body.message }], "rejected", false);
}
