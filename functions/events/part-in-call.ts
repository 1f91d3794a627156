// What a call was to one extension that took part in it: who else, and what came of it there. Of the others' way nothing is told.
import type { CallRecord } from "../../core/wire-events.ts";

type Party = { number: string | null; name: string | null };
export type Part = {
  id: string;
  direction: "in" | "out";
  /** The other end: who called, or what was called. */
  with: Party;
  /** What was dialled, of a call that came in; of one to a group that group's number. */
  dialled: string | null;
  outcome: "answered" | "elsewhere" | "voicemail" | "missed" | CallRecord["outcome"];
  startedAt: string;
  answeredAt: string | null;
  endedAt: string;
  /** From the answer on. */
  talkSeconds: number;
  livemode: boolean;
};
type Shown = Omit<CallRecord, "seq" | "tenant"> & { livemode: boolean };

const party = ({ number, name }: Party): Party => ({ number, name });
const secondsBetween = (from: string, to: string): number =>
  Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));

/** Undefined: it took no part. `id`: the extension's. */
export function partOf(call: Shown, id: string): Part | undefined {
  const { from, to, startedAt, answeredAt, endedAt, outcome, livemode } = call;
  const about = { id: call.id, startedAt, endedAt, livemode };
  if (from.extension === id)
    return {
      ...{ ...about, direction: "out", with: party(to), dialled: to.number },
      ...{ outcome, answeredAt, talkSeconds: call.billableSeconds },
    };
  // the first leg is the caller's
  const legs = call.legs.filter((leg) => leg.direction === "outbound" && leg.extension === id);
  const came = (call.segments ?? []).filter((segment) => segment.kind === "extension" && segment.id === id);
  if (to.extension !== id && legs.length === 0 && came.length === 0) return undefined;
  const taken = legs.find((leg) => leg.answeredAt !== null);
  const took = taken !== undefined || came.some((segment) => segment.outcome === "answered");
  const mine = taken?.answeredAt ?? (took ? answeredAt : null);
  return {
    ...{ ...about, direction: "in", with: party(from), dialled: to.number },
    outcome: took
      ? "answered"
      : outcome === "answered"
        ? "elsewhere"
        : outcome === "voicemail"
          ? "voicemail"
          : "missed",
    answeredAt: mine,
    talkSeconds: mine === null ? 0 : secondsBetween(mine, taken?.endedAt ?? endedAt),
  };
}
