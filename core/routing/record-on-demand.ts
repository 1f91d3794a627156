// Recording on demand: whose codes do what during a call, and what they may do to a recording that goes on.
import type { Resource } from "../registry.ts";
import { codeFor } from "./code.ts";
import type { Config } from "./config.ts";

/** A code that a phone types while it talks. */
export type InCall = { action: "record" | "record-pause"; code: string };
type Mode = Resource<"extension">["body"]["recordOnDemand"];

/** Whether it may begin and end recordings of its calls. */
export const mayRecord = (mode: Mode): boolean => mode === "own" || mode === "all";
/** Whether it may pause one: that somebody began on demand, or that settings began. */
export const mayPause = (mode: Mode, onDemand: boolean): boolean =>
  onDemand ? mayRecord(mode) : mode === "pause" || mode === "all";

/** The codes of this extension. */
export function inCallCodes(config: Config, extension: Resource<"extension"> | undefined): InCall[] {
  const mode = extension?.body.recordOnDemand ?? "off";
  if (mode === "off") return [];
  const actions = mayRecord(mode) ? (["record", "record-pause"] as const) : (["record-pause"] as const);
  return actions.flatMap((action) => {
    const code = codeFor(config, action);
    return code === null ? [] : [{ action, code }];
  });
}
