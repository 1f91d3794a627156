// A call to a schedule.
import type { Resource } from "../registry.ts";
import type { Action } from "./plan.ts";
import { type Ended, named, type Way } from "./way.ts";

export function arriveAtSchedule(way: Way, target: Resource<"schedule">, at: string, why: string): Action {
  const here = named("schedule", target.body.name);
  way.step(at, why, here);
  return way.end(here, "can't take calls yet", "not-found");
}

/** A node is `schedule.<id>…`. */
export function resumeSchedule(way: Way, [id = ""]: string[], _ended: Ended): Action {
  return way.end(named("schedule", id), "can't take calls yet", "not-found");
}
