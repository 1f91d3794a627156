// What a call takes along from one answer to the next, in a variable of its A leg: `<forwards>.<who pays, or ->.<inside or ->`.
import type { Carried } from "../../../core/routing/plan.ts";

/** Undefined where there is nothing to take along. */
export const write = ({ forwards = 0, payer = "-", inside }: Carried): string | undefined =>
  forwards === 0 && payer === "-" && !inside ? undefined : `${forwards}.${payer}.${inside ? "inside" : "-"}`;

/** Of what `write` wrote; nothing of anything else. */
export function read(text: string | undefined): Carried {
  const [, forwards = "0", payer = "-", inside = "-"] =
    /^(\d{1,2})\.(ext_\w{1,32}|-)\.(inside|-)$/.exec(text ?? "") ?? [];
  return {
    ...(forwards !== "0" && { forwards: Number(forwards) }),
    ...(payer !== "-" && { payer }),
    ...(inside === "inside" && { inside: true }),
  };
}
