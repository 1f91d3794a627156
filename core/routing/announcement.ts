// A call to an announcement: a prompt is heard, then the call goes on.
import type { Resource } from "../registry.ts";
import type { Action } from "./plan.ts";
import { type Ended, named, node, type Way } from "./way.ts";

export function arriveAtAnnouncement(way: Way, target: Resource<"announcement">, at: string, why: string): Action {
  const { name, prompt, answer } = target.body;
  way.step(at, why, named("announcement", name));
  return { do: "play", sounds: [{ prompt }], answer, otherwise: node("announcement", target.id) };
}

/** A node is `announcement.<id>`. */
export function resumeAnnouncement(way: Way, [id = ""]: string[], _ended: Ended): Action {
  const target = way.config.get("announcement", id);
  if (!target) return way.end(named("announcement", id), "the announcement is gone", "not-found");
  return way.onward(target.body.afterwards, named("announcement", target.body.name), "was heard", "done");
}
