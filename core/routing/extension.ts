// A call to an extension: its devices ring, with whoever follows it; forwards and voicemail take what it does not.
import type { Resource } from "../registry.ts";
import { shownInside } from "./caller.ts";
import { forward, forwardOf } from "./forward.ts";
import type { Action, Disposition } from "./plan.ts";
import { type Branch, branchesOf, branchOf, engaged } from "./ring.ts";
import { runtimeOf } from "./runtime.ts";
import { type Ended, named, node, type Way } from "./way.ts";

export function arriveAtExtension(way: Way, target: Resource<"extension">, at: string, why: string): Action {
  const here = named("extension", target.body.number);
  way.step(at, why, here);
  if (!target.body.enabled) return way.end(here, "the extension is disabled", "not-found");
  if (isCallBack(way, target)) {
    way.step(here, "called an emergency number within the hour: it rings whatever it is set to", here);
    return ring(way, target);
  }
  const always = forwardOf(way.config, target, "always");
  if (always) return forward(way, target, always, "forwards all its calls");
  const busy = engaged(way, target);
  return busy === undefined ? ring(way, target) : untaken(way, target, "busy", busy);
}

/** Whoever calls from outside may be the emergency services, who call back. */
const isCallBack = ({ call }: Way, { id }: Resource<"extension">): boolean =>
  call.from.kind === "outside" && (call.inEmergency?.(id) ?? false);

function ring(way: Way, target: Resource<"extension">): Action {
  const branches = [branchOf(way.config, target), ...followers(way, target)];
  if (target.body.recording === "inbound" || target.body.recording === "all") way.record = true;
  return {
    do: "ring",
    groups: [branches],
    seconds: Math.max(...branches.map(({ delaySeconds, seconds }) => delaySeconds + seconds)),
    from: shownInside(way.config, way.call),
    musicOnHold: null,
    autoAnswer: false,
    otherwise: node("ring", target.id),
  };
}

function followers(way: Way, { id, body }: Resource<"extension">): Branch[] {
  const { enabled, confirm, members } = body.followMe;
  if (!(runtimeOf(way.config, "extension", id, "followMe") ?? enabled)) return [];
  const at = named("extension", body.number);
  const found = branchesOf(way, members, { at, payer: id, confirm, skipBusy: false });
  for (const branch of found)
    way.step(
      at,
      "rings with it (follow me)",
      `${branch.to === "extension" ? "extension" : "outside-number"}/${called(branch)}`,
    );
  return found;
}

const called = (branch: Branch): string => (branch.to === "extension" ? branch.number : branch.dialled);

const reasons: Partial<Record<Disposition, string>> = {
  busy: "is busy",
  "not-registered": "has no phone registered",
  rejected: "declined the call",
};

/** A node is `ring.<extension id>`. */
export function resumeExtension(way: Way, [id = ""]: string[], { disposition }: Ended): Action {
  const target = way.config.get("extension", id);
  if (!target) return way.end(named("extension", id), "the extension is gone", "not-found");
  return untaken(way, target, disposition, reasons[disposition] ?? "did not answer");
}

/** Who declines a call is busy for it. */
const cases = { busy: "busy", rejected: "busy", "not-registered": "notRegistered" } as const;

/** Nobody took the call: a forward, else the voicemail box, else the end. */
function untaken(way: Way, target: Resource<"extension">, disposition: Disposition, why: string): Action {
  const at = named("extension", target.body.number);
  way.busy = disposition === "busy";
  const when = Object.hasOwn(cases, disposition) ? cases[disposition as keyof typeof cases] : "noAnswer";
  const onward = isCallBack(way, target) ? undefined : forwardOf(way.config, target, when);
  if (onward) return forward(way, target, onward, `${why}, and forwards such calls`);
  const box = target.body.voicemailBox ? way.config.get("voicemail-box", target.body.voicemailBox) : undefined;
  if (box) return way.arrive(box, at, `${why}, and has a voicemail box`);
  const cause = disposition === "busy" || disposition === "rejected" ? disposition : "unavailable";
  return way.end(at, `${why}, and has no voicemail box`, cause);
}
