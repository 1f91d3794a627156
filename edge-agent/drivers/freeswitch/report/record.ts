// A call record out of the legs of one call, all of which have ended.
import { tenantOwner } from "../../../../core/owner.ts";
import type { CallRecord } from "../../../../core/wire-events.ts";
import type { Documents } from "../../../documents.ts";
import { callId } from "./id.ts";
import type { Leg } from "./leg.ts";
import { answeredUs, instant, legOf, partiesOf, reachedBy, tenantOf } from "./parties.ts";
import { segmentsOf } from "./segments.ts";

type Outcome = CallRecord["outcome"];
type Known = Pick<Documents, "config" | "device" | "tenantByDomain">;

/**
 * `root` is the A leg. Undefined where no tenant is known: then it is no call of ours (a stranger's INVITE).
 *
 * - `seq` is the number of legs: a leg that comes late corrects, and the same legs give the same `seq` whichever way they came.
 * - `durationSeconds` is the A leg's whole time, `billableSeconds` its time from answer to end (a voicemail box answers too), both rounded up to seconds.
 * - `hangupCause` is the A leg's if it was answered or the caller gave up, else that of the last attempt, for the A leg's own says NORMAL_CLEARING.
 */
export function recordOf(root: Leg, all: Leg[], documents: Known): CallRecord | undefined {
  if (root.placed && (root.cause === "LOSE_RACE" || (root.beside && root.answeredUs === null))) return undefined;
  const tenant = tenantOf(root, documents);
  const others = all
    .filter((leg) => leg !== root && (tenant === undefined || (tenantOf(leg, documents) ?? tenant) === tenant))
    .sort((a, b) => a.startedUs - b.startedUs || (a.uuid < b.uuid ? -1 : 1));
  const parties = partiesOf(root, others, documents);
  if (!parties) return undefined;
  const ended = root.endedUs ?? root.startedUs;
  const answered = answeredUs(root, others);
  const outcome = outcomeOf(root, others);
  return {
    id: callId(root.uuid, root.startedUs),
    seq: others.length + 1,
    ...parties,
    startedAt: instant(root.startedUs),
    answeredAt: answered === null ? null : instant(answered),
    endedAt: instant(ended),
    durationSeconds: seconds(root.startedUs, ended),
    billableSeconds: answered === null ? 0 : seconds(answered, ended),
    outcome,
    hangupCause: answered !== null || outcome === "cancelled" ? root.cause : failureOf(root),
    hangupBy: hangupBy(root, others, outcome),
    ...(root.limit && { limit: root.limit.name }),
    segments: segmentsOf(root, others, tenantOwner(parties.tenant), documents),
    legs: [root, ...others].map((leg) => legOf(leg, root, parties, documents)),
  };
}

/** Rounded to milliseconds as FreeSWITCH's billmsec is, then up to seconds. */
const seconds = (from: number, to: number): number => Math.max(0, Math.ceil(Math.round((to - from) / 1000) / 1000));

const failureOf = (root: Leg): string =>
  root.attempt === null || root.attempt === "SUCCESS" ? root.cause : root.attempt;

const ofRefusal: Record<string, Outcome> = {
  busy: "busy",
  rejected: "rejected",
  unavailable: "no-answer",
  "no-answer": "no-answer",
  "not-found": "failed",
  "no-route": "failed",
  congestion: "failed",
};

const ofCause: Record<string, Outcome> = {
  USER_BUSY: "busy",
  CALL_REJECTED: "rejected",
  OUTGOING_CALL_BARRED: "rejected",
  INCOMING_CALL_BARRED: "rejected",
  NO_ANSWER: "no-answer",
  NO_USER_RESPONSE: "no-answer",
  ALLOTTED_TIMEOUT: "no-answer",
  USER_NOT_REGISTERED: "no-answer",
  SUBSCRIBER_ABSENT: "no-answer",
};

function outcomeOf(root: Leg, others: Leg[]): Outcome {
  if (answeredUs(root, others) !== null) {
    if (leftMessage(root, others)) return "voicemail";
    // the queue answered, but nobody in it did
    if (root.queue === null || reachedBy(root, others)) return "answered";
    return root.ending === "recv_bye" ? "cancelled" : "no-answer";
  }
  if (root.cause === "ORIGINATOR_CANCEL" || (root.placed && root.ending === "recv_bye")) return "cancelled";
  return ofRefusal[root.refused ?? ""] ?? ofCause[failureOf(root)] ?? "failed";
}

/** The dialplan says which box; without it, a caller whom nobody answered but the voicemail application. */
function leftMessage(root: Leg, others: Leg[]): boolean {
  if (reachedBy(root, others) !== undefined && root.attempt === "SUCCESS") return false;
  // somebody talked to the caller before he was sent here
  if (others.some((leg) => leg.answeredUs !== null && leg.bridgedTo !== null)) return false;
  return root.box !== null || (root.application === "voicemail" && root.attempt !== null);
}

function hangupBy(root: Leg, others: Leg[], outcome: Outcome): CallRecord["hangupBy"] {
  if (root.ending?.startsWith("recv_")) return "caller";
  const reached = reachedBy(root, others);
  if (answeredUs(root, others) !== null)
    return outcome === "answered" && reached?.ending === "recv_bye" ? "callee" : "system";
  if (outcome !== "busy" && outcome !== "rejected") return "system";
  return others.at(-1)?.ending === "recv_refuse" ? "callee" : "system";
}
