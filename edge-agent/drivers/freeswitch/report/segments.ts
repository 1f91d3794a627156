// What a call came to, one after another: read from the ways that its legs remember (way.ts), with the legs that were rung meanwhile.
import type { Owner } from "../../../../core/owner.ts";
import { all, isKindName } from "../../../../core/registry.ts";
import type { Segment } from "../../../../core/wire-events.ts";
import type { Documents } from "../../../documents.ts";
import type { WayEntry } from "../way.ts";
import type { Leg } from "./leg.ts";
import { extensionOf, instant, takesByItself } from "./parties.ts";

type Known = Pick<Documents, "config" | "device" | "tenantByDomain">;
type Came = Extract<WayEntry, { came: string } | { trunk: string }>;
/** Microseconds. */
type Span = { from: number; to: number };

/** `root` is the A leg, `others` the rest. Of legs that remember no way there is nothing to say. */
export function segmentsOf(root: Leg, others: Leg[], owner: Owner, documents: Known): Segment[] {
  const legs = [root, ...others];
  const own = root.placed && root.fromExtension !== null ? [taken(root, root.fromExtension, owner, documents)] : [];
  const found = legs.flatMap((leg) => [...ofLeg(leg, legs, owner, documents), ...recorded(leg, owner, documents)]);
  return [...own, ...found].sort((a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0));
}

function ofLeg(leg: Leg, legs: Leg[], owner: Owner, documents: Known): Segment[] {
  const ended = leg.endedUs ?? leg.startedUs;
  const within = (at: number): number => Math.min(Math.max(at * 1000, leg.startedUs), ended);
  const rung = legs.filter((other) => other !== leg && other.originator === leg.uuid);
  return leg.way.flatMap((entry, index): Segment[] => {
    const next = leg.way[index + 1];
    const span = { from: within(entry.at), to: next ? within(next.at) : ended };
    if ("transfer" in entry)
      return [
        {
          ...nobody,
          kind: "transfer",
          number: entry.transfer,
          ...times({ ...span, to: span.from }),
          outcome: "passed",
        },
      ];
    if ("ended" in entry) return [];
    // in the moment between two, a leg is the later one's: it is told of once
    const later = leg.way.slice(index + 1).find((one) => "came" in one || "trunk" in one);
    const until = Math.min(span.to + slackUs, later ? within(later.at) - slackUs : Number.POSITIVE_INFINITY);
    const during = rung.filter((other) => other.startedUs >= span.from - slackUs && other.startedUs < until);
    return cameTo(entry, next, span, leg, during, owner, documents);
  });
}

/** A lookup is stamped before its legs start, both by FreeSWITCH's clock, but at different places in it. */
const slackUs = 20_000;

function cameTo(
  entry: Came,
  next: WayEntry | undefined,
  span: Span,
  leg: Leg,
  rung: Leg[],
  owner: Owner,
  documents: Known,
): Segment[] {
  const talked = rung.find((other) => other.answeredUs !== null && other.bridgedTo !== null);
  const who = whoIs(entry, owner, documents);
  const answered = talked && !(next && "ended" in next) ? talked : undefined;
  const outcome = answered ? "answered" : outcomeOf(entry, next, leg);
  const single = who.kind === "outside-number" || (answered && extensionOf(answered, owner, documents) === who.id);
  const several = who.kind === "ring-group" || who.kind === "queue";
  const to = answered && single ? Math.min(answered.endedUs ?? span.to, span.to) : (answered?.answeredUs ?? span.to);
  return [
    { ...who, ...times({ from: span.from, to }), outcome },
    ...rung
      .filter((other) => (other === answered ? !single : several))
      .map((other) => member(other, other === answered, owner, documents)),
  ];
}

/** From each thing that was done to its recording to the next. */
function recorded(leg: Leg, owner: Owner, documents: Known): Segment[] {
  const ended = leg.endedUs ?? leg.startedUs;
  return leg.recording.flatMap(({ at, act, by }, index): Segment[] => {
    if (act === "stop") return [];
    const next = leg.recording[index + 1];
    const who = by === null ? nobody : named("extension", by, owner, documents);
    const span = { from: at * 1000, to: next ? next.at * 1000 : ended };
    return [{ ...who, kind: "recording", ...times(span), outcome: act === "pause" ? "paused" : "recorded" }];
  });
}

/** How what the call came to ended without anybody's answer. */
function outcomeOf(entry: Came, next: WayEntry | undefined, leg: Leg): string {
  const id = "came" in entry ? entry.came : "";
  if (next && "ended" in next) return next.ended === "done" ? "passed" : next.ended;
  if (next) return id.startsWith("ext_") && "came" in next ? "forwarded" : "passed";
  if (id.startsWith("vmb_")) return "voicemail";
  if (takesByItself(id)) return "answered";
  if (leg.refused !== null) return leg.refused;
  return leg.cause === "ORIGINATOR_CANCEL" || leg.ending?.startsWith("recv_") ? "cancelled" : "failed";
}

const causes: Record<string, string> = {
  USER_BUSY: "busy",
  CALL_REJECTED: "rejected",
  NO_ANSWER: "no-answer",
  ALLOTTED_TIMEOUT: "no-answer",
  USER_NOT_REGISTERED: "not-registered",
  SUBSCRIBER_ABSENT: "not-registered",
  ORIGINATOR_CANCEL: "cancelled",
  LOSE_RACE: "cancelled",
};

/** Somebody who was rung. */
function member(leg: Leg, answered: boolean, owner: Owner, documents: Known): Segment {
  const extension = extensionOf(leg, owner, documents);
  const who = extension
    ? named("extension", extension, owner, documents)
    : { ...nobody, kind: "outside-number", id: leg.trunk, number: leg.requested?.slice(0, 64) ?? null };
  const ended = leg.endedUs ?? leg.startedUs;
  return {
    ...who,
    ...times({ from: leg.startedUs, to: ended }),
    outcome: answered ? "answered" : (causes[leg.cause] ?? "no-answer"),
  };
}

/** The caller's own phone, which rang first where the cloud placed the call. */
function taken(root: Leg, extension: string, owner: Owner, documents: Known): Segment {
  const to = root.answeredUs ?? root.endedUs ?? root.startedUs;
  const outcome = root.answeredUs === null ? (causes[root.cause] ?? "no-answer") : "answered";
  return { ...named("extension", extension, owner, documents), ...times({ from: root.startedUs, to }), outcome };
}

const nobody = { id: null, number: null, name: null };
const times = ({ from, to }: Span) => ({ startedAt: instant(from), endedAt: instant(Math.max(from, to)) });

function whoIs(entry: Came, owner: Owner, documents: Known) {
  if ("trunk" in entry) return { ...nobody, kind: "outside-number", id: entry.trunk, number: entry.number };
  const kind = all.find(({ prefix }) => entry.came.startsWith(`${prefix}_`))?.kind ?? "unknown";
  return named(kind, entry.came, owner, documents);
}

/** A resource with what people call it, as long as there is one. */
function named(kind: string, id: string, owner: Owner, documents: Known) {
  const body: Record<string, unknown> = (isKindName(kind) && documents.config(owner)?.get(kind, id)?.body) || {};
  const text = (...names: string[]) =>
    names.map((name) => body[name]).find((value) => typeof value === "string") ?? null;
  return {
    kind,
    id,
    number: text("number", "extensionNumber") as string | null,
    name: text("displayName", "name", "label") as string | null,
  };
}
