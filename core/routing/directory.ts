// A call to a directory.
import type { Resource } from "../registry.ts";
import type { Action } from "./plan.ts";
import { type Ended, named, type Way } from "./way.ts";

export function arriveAtDirectory(way: Way, target: Resource<"directory">, at: string, why: string): Action {
  const here = named("directory", target.body.name);
  way.step(at, why, here);
  return way.end(here, "can't take calls yet", "not-found");
}

/** A node is `directory.<id>…`. */
export function resumeDirectory(way: Way, [id = ""]: string[], _ended: Ended): Action {
  return way.end(named("directory", id), "can't take calls yet", "not-found");
}
