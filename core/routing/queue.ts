// A call to a queue.
import type { Resource } from "../registry.ts";
import type { Action } from "./plan.ts";
import { type Ended, named, type Way } from "./way.ts";

export function arriveAtQueue(way: Way, target: Resource<"queue">, at: string, why: string): Action {
  const here = named("queue", target.body.name);
  way.step(at, why, here);
  return way.end(here, "can't take calls yet", "not-found");
}

/** A node is `queue.<id>…`. */
export function resumeQueue(way: Way, [id = ""]: string[], _ended: Ended): Action {
  return way.end(named("queue", id), "can't take calls yet", "not-found");
}

/** The caller waits; routing goes on when he may not, waited too long, or gave up by a digit. */
export type Queue = {
  do: "queue";
  queue: string;
  otherwise: string;
};
