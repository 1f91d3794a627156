// A call to a ring group.
import type { Resource } from "../registry.ts";
import type { Action } from "./plan.ts";
import { type Ended, named, type Way } from "./way.ts";

export function arriveAtRingGroup(way: Way, target: Resource<"ring-group">, at: string, why: string): Action {
  const here = named("ring-group", target.body.name);
  way.step(at, why, here);
  return way.end(here, "can't take calls yet", "not-found");
}

/** A node is `ring-group.<id>…`. */
export function resumeRingGroup(way: Way, [id = ""]: string[], _ended: Ended): Action {
  return way.end(named("ring-group", id), "can't take calls yet", "not-found");
}
