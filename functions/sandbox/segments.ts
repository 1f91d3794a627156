// What a call in a sandbox came to, one after another, as an edge reads it from the ways that its legs remember.
import { all, isKindName } from "../../core/registry.ts";
import type { Config } from "../../core/routing/config.ts";
import type { Segment } from "../../core/wire-events.ts";
import type { Tried } from "../api/simulate.ts";
import type { Rung, Times } from "./record.ts";

type Who = Pick<Segment, "kind" | "id" | "number" | "name">;
/** Milliseconds since 1970. */
type Timed = Who & { outcome: string; startedAt: number; endedAt: number };
/** It came to something, while which these were rung; or what it came to before ended so. */
type Entry = { at: number; came: Who; rung: Rung[] } | { at: number; ended: string };

export function segmentsOf(config: Config, tried: Tried[], rung: Rung[], times: Times): Timed[] {
  const entries = entriesOf(config, tried, rung);
  const last = tried.at(-1)?.action;
  const refused = last?.do === "hangup" && last.cause !== "done" ? last.cause : undefined;
  const found = entries.flatMap((entry, index): Timed[] => {
    if ("ended" in entry) return [];
    const next = entries[index + 1];
    const answered = entry.rung.find((one) => one.answered !== null);
    const { came } = entry;
    const single = came.kind === "outside-number" || (answered !== undefined && answered.extension === came.id);
    const several = came.kind === "ring-group" || came.kind === "queue";
    const end = next?.at ?? times.ended;
    const to = answered && !single ? (answered.answered ?? end) : end;
    const outcome = answered ? "answered" : outcomeOf(came, next, refused);
    return [
      { ...came, outcome, startedAt: entry.at, endedAt: to },
      ...entry.rung
        .filter((one) => (one === answered ? !single : several))
        .map((one) => ({ ...member(config, one), startedAt: one.from, endedAt: one.to })),
    ];
  });
  return found.sort((a, b) => a.startedAt - b.startedAt);
}

function entriesOf(config: Config, tried: Tried[], rung: Rung[]): Entry[] {
  const entries: Entry[] = [];
  for (const [index, one] of tried.entries()) {
    const { action, through } = one;
    const at = one.at.getTime();
    const came = through.map((id) => whoIs(config, id));
    if (action.do === "trunk")
      came.push({ kind: "outside-number", id: action.trunk, number: action.dialled, name: null });
    const before = tried[index - 1];
    const goesOn = came.length === 0 && action.do !== "hangup" && action.do !== "call-back";
    if (before && !goesOn) entries.push({ at, ended: action.do === "call-back" ? action.do : before.ends });
    for (const who of came) entries.push({ at, came: who, rung: [] });
    const here = entries.findLast((entry) => "came" in entry);
    if (here && "came" in here) here.rung.push(...rung.filter(({ by }) => by === one));
  }
  return entries;
}

/** How what the call came to ended without anybody's answer. */
function outcomeOf(came: Who, next: Entry | undefined, refused: string | undefined): string {
  if (next && "ended" in next) return next.ended === "done" ? "passed" : next.ended;
  if (next) return came.kind === "extension" ? "forwarded" : "passed";
  if (came.kind === "voicemail-box") return "voicemail";
  return refused ?? "answered";
}

const ofCause: Record<string, string> = {
  NORMAL_CLEARING: "answered",
  USER_BUSY: "busy",
  CALL_REJECTED: "rejected",
  USER_NOT_REGISTERED: "not-registered",
  LOSE_RACE: "cancelled",
};

const member = (config: Config, { extension, trunk, number, cause }: Rung): Who & { outcome: string } => ({
  ...(extension === null ? { kind: "outside-number", id: trunk, number, name: null } : whoIs(config, extension)),
  outcome: ofCause[cause] ?? "no-answer",
});

/** A resource with what people call it. */
function whoIs(config: Config, id: string): Who {
  const kind = all.find(({ prefix }) => id.startsWith(`${prefix}_`))?.kind ?? "unknown";
  const body: Record<string, unknown> = (isKindName(kind) && config.find(kind, id)?.body) || {};
  const text = (...names: string[]): string | null => {
    const found = names.map((name) => body[name]).find((value) => typeof value === "string");
    return typeof found === "string" ? found : null;
  };
  return { kind, id, number: text("number", "extensionNumber"), name: text("displayName", "name", "label") };
}
