// A call to an extension: its devices ring; what happens where nobody takes it.
import type { Resource } from "../registry.ts";
import { shownInside } from "./caller.ts";
import type { Action, Disposition } from "./plan.ts";
import { branchOf } from "./ring.ts";
import { type Ended, node, type Way } from "./way.ts";

export function arriveAtExtension(way: Way, target: Resource<"extension">, at: string, why: string): Action {
  const { number, enabled, ringSeconds } = target.body;
  const here = `extension/${number}`;
  way.step(at, why, here);
  if (!enabled) return way.end(here, "the extension is disabled", "not-found");
  return {
    do: "ring",
    groups: [[branchOf(way.config, target)]],
    seconds: ringSeconds,
    from: shownInside(way.config, way.call),
    musicOnHold: null,
    autoAnswer: false,
    otherwise: node("ring", target.id),
  };
}

const reasons: Partial<Record<Disposition, string>> = {
  busy: "is busy",
  "not-registered": "has no phone registered",
  rejected: "declined the call",
};

/** A node is `ring.<extension id>`. */
export function resumeExtension(way: Way, [id = ""]: string[], { disposition }: Ended): Action {
  const target = way.config.get("extension", id);
  if (!target) return way.end(`extension/${id}`, "the extension is gone", "not-found");
  const at = `extension/${target.body.number}`;
  const why = reasons[disposition] ?? "did not answer";
  const box = target.body.voicemailBox ? way.config.get("voicemail-box", target.body.voicemailBox) : undefined;
  if (box) return way.arrive(box, at, `${why}, and has a voicemail box`);
  const cause = disposition === "busy" || disposition === "rejected" ? disposition : "unavailable";
  return way.end(at, `${why}, and has no voicemail box`, cause);
}
