// What an extension dialled: emergency numbers first, then the tenant's own numbers and codes, then the outside.
import { feature } from "./feature.ts";
import { read } from "./number.ts";
import { outside } from "./outside.ts";
import type { Action } from "./plan.ts";
import type { Way } from "./way.ts";

/** The call as it begins, from an extension. */
export function startAtExtension(way: Way, callerId: string): Action {
  const caller = way.config.get("extension", callerId);
  const at = `extension/${caller?.body.number ?? callerId}`;
  if (!caller?.body.enabled) return way.end(at, "the caller's extension is disabled or gone", "rejected");
  return dial(way, way.call.to, at);
}

/** `to` as dialled at `at`. */
export function dial(way: Way, to: string, at: string): Action {
  const { config } = way;
  const { country } = config.settings;
  const dialled = read(to, country, (digits) => config.dialable(digits) !== undefined);
  if (dialled.as === "emergency") {
    way.step(at, `${dialled.digits} is an emergency number in ${country}`, `emergency/${dialled.digits}`);
    return outside(way, dialled.digits, true);
  }
  if (dialled.as === "internal") {
    const target = config.dialable(dialled.digits);
    if (target) return way.arrive(target, at, `dialled ${to}`);
  }
  const coded = feature(way, to, at);
  if (coded) return coded;
  if (dialled.as !== "e164")
    return way.end(
      at,
      `dialled ${to}: ${dialled.as === "invalid" ? dialled.why : "nobody has this number"}`,
      "not-found",
    );
  const own = config.byKey("phone-number", dialled.number);
  if (own?.body.destination) {
    const here = `phone-number/${dialled.number}`;
    way.step(at, `dialled ${to}, a number of the tenant's own`, here);
    return way.send(own.body.destination, here, "is the number's destination");
  }
  way.step(at, `dialled ${to}, which is ${dialled.number}`, `outside-number/${dialled.number}`);
  return outside(way, dialled.number, false);
}
