// A call to a menu.
import type { Resource } from "../registry.ts";
import type { Action } from "./plan.ts";
import { type Ended, named, type Way } from "./way.ts";

export function arriveAtMenu(way: Way, target: Resource<"menu">, at: string, why: string): Action {
  const here = named("menu", target.body.name);
  way.step(at, why, here);
  return way.end(here, "can't take calls yet", "not-found");
}

/** A node is `menu.<id>…`. */
export function resumeMenu(way: Way, [id = ""]: string[], _ended: Ended): Action {
  return way.end(named("menu", id), "can't take calls yet", "not-found");
}
