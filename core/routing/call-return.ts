// Calling back who called last. The number is a caller's word, and may be forged: it is dialled as if the extension had typed it, and only if it is a number.
import { type Feature, refuse } from "./code-answer.ts";
import { isEmergency } from "./emergency.ts";

export const callReturn: Feature = (way, _argument, { id, body }, at) => {
  const last = way.call.lastCaller?.(id);
  if (last === undefined) return refuse(way, at, `nobody has called ${body.number} yet`, "no-call-back");
  if (last === null) return refuse(way, at, "the last caller withheld his number", "no-call-back");
  // a code would do something in the extension's name
  if (!/^\+?\d{2,20}$/.test(last) || isEmergency(last, way.config.settings.country))
    return refuse(way, at, `the last caller's number, ${last.slice(0, 32)}, is none to call back`, "no-call-back");
  return way.dial(last, at);
};
