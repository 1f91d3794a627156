// A call to a announcement.
import type { Resource } from "../registry.ts";
import type { Action } from "./plan.ts";
import { type Ended, named, type Way } from "./way.ts";

export function arriveAtAnnouncement(way: Way, target: Resource<"announcement">, at: string, why: string): Action {
  const here = named("announcement", target.body.name);
  way.step(at, why, here);
  return way.end(here, "can't take calls yet", "not-found");
}

/** A node is `announcement.<id>…`. */
export function resumeAnnouncement(way: Way, [id = ""]: string[], _ended: Ended): Action {
  return way.end(named("announcement", id), "can't take calls yet", "not-found");
}
