// Forwarding: whose calls go elsewhere, where to, and who pays for it.
import type { Resource } from "../registry.ts";
import type { Destination } from "../resources/destination.ts";
import type { Config } from "./config.ts";
import { read } from "./number.ts";
import { outside, toOwnNumber } from "./outside.ts";
import type { Action } from "./plan.ts";
import { runtimeOf } from "./runtime.ts";
import { named, type Way } from "./way.ts";

/** A destination, or a number as the extension dials it, which somebody set by phone. */
export type Forward = { to: Destination } | { dialled: string };

/** A call that is passed on more often goes in circles, or is meant to cost somebody money. */
const mostForwards = 3;

type When = keyof Resource<"extension">["body"]["forward"];
const byPhone = { always: "forwardAlways", busy: "forwardBusy", noAnswer: "forwardNoAnswer" } as const;

/**
 * Where calls to the extension go in that case, if they are forwarded. What was set by phone wins over the configuration; an empty number there is no
 * forward. A phone that is not there does not answer either.
 */
export function forwardOf(config: Config, of: Resource<"extension">, when: When): Forward | undefined {
  const to = of.body.forward[when];
  if (when === "notRegistered") return to ? { to } : forwardOf(config, of, "noAnswer");
  const dialled = runtimeOf(config, "extension", of.id, byPhone[when]);
  if (dialled !== undefined) return dialled === "" ? undefined : { dialled };
  return to ? { to } : undefined;
}

/** The extension passes the call on, and pays for its ways outside from here. */
export function forward(way: Way, by: Resource<"extension">, target: Forward, why: string): Action {
  const at = named("extension", by.body.number);
  if (way.forwards >= mostForwards) {
    const path = way.steps.map(({ goesTo }) => goesTo).join(" → ");
    return way.end(at, `${why}, but the call was forwarded ${mostForwards} times already: ${path}`, "unavailable");
  }
  way.forwards += 1;
  way.payer = by.id;
  if ("to" in target) return way.send(target.to, at, why);
  return sendAsDialled(way, target.dialled, at, why);
}

/** Only numbers, no codes: these do something for whoever dials them. `speedDial`: one stood for it. */
function sendAsDialled(way: Way, to: string, at: string, why: string, speedDial = false): Action {
  const { config } = way;
  const dialled = read(to, config.settings.country, (digits) => config.dialable(digits) !== undefined);
  const target = dialled.as === "internal" ? config.dialable(dialled.digits) : undefined;
  if (target?.kind === "speed-dial" && !speedDial)
    return sendAsDialled(way, (target as Resource<"speed-dial">).body.target, at, `${why}, to ${to}`, true);
  if (target) return way.arrive(target, at, `${why}, to ${to}`);
  if (dialled.as !== "e164")
    return way.end(at, `${why}, to ${to}, which is no number that calls can be forwarded to`, "not-found");
  const own = toOwnNumber(way, dialled.number, at, `${why}, to ${to}, a number of the tenant's own`);
  if (own) return own;
  way.step(at, `${why}, to ${to}`, named("outside-number", dialled.number));
  return outside(way, dialled.number, false, true);
}
