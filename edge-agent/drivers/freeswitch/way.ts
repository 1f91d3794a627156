// The way of a leg, as a channel variable: each lookup adds what the call came to and how what was before ended. Read again for the call's record, which
// gets it with the channel's last event and with its CDR file alike. Ids, numbers and words of ours only.
import type { Plan } from "../../../core/routing/plan.ts";
import { number, token } from "./inert.ts";

/** An entry: milliseconds since 1970 and what happened then. */
export type WayEntry =
  /** The call came to a resource, by its id. */
  | { at: number; came: string }
  /** It is sent out over a trunk. */
  | { at: number; trunk: string; number: string }
  /** What it came to before ended so. */
  | { at: number; ended: string }
  /** Somebody sent it to this number. */
  | { at: number; transfer: string };

/** At most so many entries; of a longer way the middle is left out. */
const most = 48;

/** How the lookup came about: what ended, or who sent the leg here. */
export type Cause = { ended?: string; transfer?: string };

/** The variable's value after a lookup, or undefined where nothing new is to be told. */
export function extend(before: string | undefined, at: Date, cause: Cause, plan: Plan): string | undefined {
  const { action, through } = plan;
  const came = [
    ...through.map((id) => token(id)),
    ...(action.do === "trunk" ? [`${token(action.trunk)}.${number(action.dialled)}`] : []),
  ];
  const goesOn = came.length === 0 && action.do !== "hangup" && action.do !== "call-back";
  const ended = action.do === "call-back" ? action.do : cause.ended;
  const added = [
    ...(ended === undefined || goesOn ? [] : [`-${token(ended)}`]),
    ...(cause.transfer === undefined ? [] : [`*${number(cause.transfer)}`]),
    ...came,
  ];
  if (added.length === 0) return undefined;
  const stamp = at.getTime().toString(36);
  const entries = [...(before ? before.split(";") : []), ...added.map((entry) => `${stamp}.${entry}`)];
  return (entries.length <= most ? entries : [...entries.slice(0, most / 2), ...entries.slice(-most / 2)]).join(";");
}

/** Reads what `extend` wrote; what it did not write is left out. */
export function readWay(value: string | undefined): WayEntry[] {
  return (value ?? "").split(";").flatMap((entry): WayEntry[] => {
    const [, stamp = "", what = ""] = /^([0-9a-z]{8,9})\.([-*]?[\w.+*#-]{1,110})$/.exec(entry) ?? [];
    const at = Number.parseInt(stamp, 36);
    if (what === "" || !(at < 8.64e15)) return [];
    if (what.startsWith("-")) return [{ at, ended: what.slice(1) }];
    if (what.startsWith("*")) return [{ at, transfer: what.slice(1) }];
    const dot = what.indexOf(".");
    return [dot < 0 ? { at, came: what } : { at, trunk: what.slice(0, dot), number: what.slice(dot + 1) }];
  });
}
