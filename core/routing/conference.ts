// A call to a conference.
import type { Resource } from "../registry.ts";
import type { Action } from "./plan.ts";
import { type Ended, named, type Way } from "./way.ts";

export function arriveAtConference(way: Way, target: Resource<"conference">, at: string, why: string): Action {
  const here = named("conference", target.body.name);
  way.step(at, why, here);
  return way.end(here, "can't take calls yet", "not-found");
}

/** A node is `conference.<id>…`. */
export function resumeConference(way: Way, [id = ""]: string[], _ended: Ended): Action {
  return way.end(named("conference", id), "can't take calls yet", "not-found");
}

export type Conference = { do: "conference"; conference: string; moderator: boolean; otherwise: string };
