// The PIN that an extension's phone is asked for before it calls outside.
import { collectPin, type PinOf, pinTries, refuseSpent } from "./ask-pin.ts";
import { over } from "./outside.ts";
import type { Action } from "./plan.ts";
import { type Ended, node, type Way } from "./way.ts";

/** Asks the caller, who pays by himself. */
export function askPin(way: Way, number: string, at: string, left = pinTries): Action {
  const spent = left === pinTries && refuseSpent(way, pinOf(way), at);
  if (spent) return spent;
  way.step(at, left === pinTries ? "its phone is asked for a PIN" : "the PIN was wrong, and is asked again", "pin");
  return collectPin(left < pinTries, node("pin", left - 1, number.replace("+", "")));
}

const pinOf = ({ call: { from } }: Way): PinOf => ({
  kind: "extension",
  id: from.kind === "extension" ? from.id : "",
  pin: "outbound",
});

/** A node is `pin.<tries left>.<digits of the number>`: no extension but the caller's is asked. */
export function resumePin(way: Way, [left = "", digits = ""]: string[], { digits: typed }: Ended): Action {
  const number = `+${digits}`;
  const at = `outside-number/${number}`;
  const { call } = way;
  const body = call.from.kind === "extension" ? way.config.get("extension", call.from.id)?.body : undefined;
  if (!body?.enabled || call.inside) return way.end(at, "nobody may call there any more", "rejected");
  const spent = refuseSpent(way, pinOf(way), at);
  if (spent) return spent;
  if (way.config.isSecret(body.outbound.pin, typed)) {
    way.step(at, "the PIN was right", at);
    return over(way, number, false, at, []);
  }
  if (typed !== "") way.wrongPin = pinOf(way);
  if (/^[12]$/.test(left)) return askPin(way, number, at, Number(left));
  return way.end(at, "the PIN was wrong three times", "rejected");
}
