// What an extension dialled: emergency numbers first, then the tenant's own numbers and codes, then the outside.
import type { Resource } from "../registry.ts";
import { codeOf } from "./code.ts";
import { isEmergency } from "./emergency.ts";
import { feature } from "./feature.ts";
import { stopLimited } from "./limits.ts";
import { read } from "./number.ts";
import { outside, toOwnNumber } from "./outside.ts";
import type { Action } from "./plan.ts";
import { stopSuspended } from "./suspension.ts";
import { named, type Way } from "./way.ts";

/** The call as it begins, from an extension. A disabled one reaches the emergency services alone. */
export function startAtExtension(way: Way, callerId: string): Action {
  const caller = way.config.get("extension", callerId);
  const at = `extension/${caller?.body.number ?? callerId}`;
  if (!caller?.body.enabled && !(caller && isEmergency(way.call.to, way.config.settings.country)))
    return way.end(at, "the caller's extension is disabled or gone", "rejected");
  way.language = caller.body.language ?? way.language;
  return dial(way, way.call.to, at);
}

/** `to` as dialled at `at`; or as somebody who transferred the call meant it, for whom codes do nothing: they would act in the caller's name. */
export function dial(way: Way, to: string, at: string, depth = 0): Action {
  const { config, call } = way;
  const verb = call.inside && !call.resume ? "transferred to" : "dialled";
  const { country } = config.settings;
  const dialled = read(to, country, (digits) => config.dialable(digits) !== undefined);
  if (call.from.kind === "outside" && way.payer === undefined && !insideOnly(way, to))
    return way.end(at, `${verb} ${to}: a caller from outside reaches only who has a number in the tenant`, "not-found");
  if (dialled.as === "emergency") {
    way.step(at, `${dialled.digits} is an emergency number in ${country}`, `emergency/${dialled.digits}`);
    return outside(way, dialled.digits, true);
  }
  const target = dialled.as === "internal" ? config.dialable(dialled.digits) : undefined;
  if (target?.kind === "speed-dial") return speedDial(way, target as Resource<"speed-dial">, at, depth);
  // an emergency number may follow the code that hides the caller
  const stopped = isHidden(way, to) ? undefined : (stopSuspended(way, at, "rejected") ?? stopLimited(way, at));
  if (stopped) return stopped;
  if (dialled.as === "internal" && target) return way.arrive(target, at, `${verb} ${to}`, dialled.digits);
  const coded = call.inside ? undefined : feature(way, to, at);
  if (coded) return coded;
  if (dialled.as !== "e164")
    return way.end(
      at,
      `${verb} ${to}: ${dialled.as === "invalid" ? dialled.why : "nobody has this number"}`,
      "not-found",
    );
  const own = toOwnNumber(way, dialled.number, at, `${verb} ${to}, a number of the tenant's own`);
  if (own) return own;
  way.step(at, `${verb} ${to}, which is ${dialled.number}`, `outside-number/${dialled.number}`);
  return outside(way, dialled.number, false, true);
}

const isHidden = ({ config }: Way, to: string): boolean => codeOf(config, to)?.action === "caller-id-hide";

/** Who calls from outside, and for whom nobody pays, dials neither codes nor numbers of the outside. */
function insideOnly({ config }: Way, to: string): boolean {
  const kind = config.dialable(to)?.kind;
  return kind !== undefined && kind !== "speed-dial" && kind !== "feature-code";
}

/** Speed dials may stand for one another, but not for ever. */
function speedDial(way: Way, { body }: Resource<"speed-dial">, at: string, depth: number): Action {
  const here = named("speed-dial", body.number);
  way.step(at, `dialled ${body.number}`, here);
  if (depth > 3) return way.end(here, "speed dials lead to one another", "unavailable");
  return dial(way, body.target, here, depth + 1);
}
