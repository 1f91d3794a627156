// The record of a call in a sandbox: what an edge would tell of it once all its legs had ended.
import { randomUUID } from "node:crypto";
import type { Config } from "../../core/routing/config.ts";
import type { Action, Disposition, Hangup } from "../../core/routing/plan.ts";
import type { Branch } from "../../core/routing/ring.ts";
import type { CallRecord } from "../../core/wire-events.ts";
import { endOf, type Followed, type Tried } from "../api/simulate.ts";
import { newIdAt } from "../id.ts";
import { segmentsOf } from "./segments.ts";

/** Somebody who was rung, by what was tried. Milliseconds since 1970. */
export type Rung = {
  by: Tried;
  extension: string | null;
  /** Of an outside number. */
  trunk: string | null;
  number: string;
  from: number;
  to: number;
  answered: number | null;
  cause: string;
};
/** How it went: seconds from ringing to answer, and from answer to the end. */
export type Pace = { answerAfterSeconds: number; talkSeconds: number };
/** Milliseconds since 1970. */
export type Times = { answered: number | null; ended: number };

/** What a phone or a carrier says of an attempt, and what FreeSWITCH makes of a refusal (mod_sofia.c). */
const causes: Record<Exclude<Disposition, "done">, string> = {
  answered: "NORMAL_CLEARING",
  busy: "USER_BUSY",
  "no-answer": "NO_ANSWER",
  "not-registered": "USER_NOT_REGISTERED",
  rejected: "CALL_REJECTED",
  "not-found": "UNALLOCATED_NUMBER",
  "trunk-failed": "NORMAL_TEMPORARY_FAILURE",
  cancelled: "ORIGINATOR_CANCEL",
};
const refusals: Record<Hangup["cause"], { cause: string; outcome: CallRecord["outcome"] }> = {
  busy: { cause: "USER_BUSY", outcome: "busy" },
  rejected: { cause: "OUTGOING_CALL_BARRED", outcome: "rejected" },
  unavailable: { cause: "SUBSCRIBER_ABSENT", outcome: "no-answer" },
  "no-answer": { cause: "NO_ANSWER", outcome: "no-answer" },
  "not-found": { cause: "UNALLOCATED_NUMBER", outcome: "failed" },
  "no-route": { cause: "NORMAL_TEMPORARY_FAILURE", outcome: "failed" },
  congestion: { cause: "NORMAL_CIRCUIT_CONGESTION", outcome: "failed" },
  done: { cause: "NORMAL_CLEARING", outcome: "failed" },
};
/** ITU-T Q.850. */
const q850: Record<string, number> = {
  UNALLOCATED_NUMBER: 1,
  NORMAL_CLEARING: 16,
  USER_BUSY: 17,
  NO_ANSWER: 19,
  SUBSCRIBER_ABSENT: 20,
  CALL_REJECTED: 21,
  NORMAL_CIRCUIT_CONGESTION: 34,
  NORMAL_TEMPORARY_FAILURE: 41,
};

/** `ended` is when the record says that the call was over, whatever time it was followed at. */
export function recordOf(
  config: Config,
  tenant: string,
  followed: Followed,
  { assume, pace, ended: now }: { assume: Record<string, Disposition> | undefined; pace: Pace; ended: Date },
): CallRecord {
  const { tried } = followed;
  const last = tried.at(-1)?.action;
  const times = timesOf(tried, pace);
  const began = tried[0]?.at.getTime() ?? times.ended;
  const shift = now.getTime() - times.ended;
  const instant = (ms: number): string => new Date(ms + shift).toISOString();
  const orNull = (ms: number | null): string | null => (ms === null ? null : instant(ms));
  const called = tried.flatMap((one, index) => rungBy(one, tried[index + 1], times, pace, assume));
  // no leg is made to a phone that is not there
  const rung = called.filter(({ cause }) => cause !== causes["not-registered"]);
  const reached = rung.find(({ answered }) => answered !== null);
  const from = callerOf(config, followed.from);
  const farthest = reached ?? (last?.do === "voicemail" ? undefined : called.at(-1));
  const isOutbound = Boolean(farthest?.trunk) || (last?.do === "hangup" && last.cause === "no-route");
  const refusal = refusals[last?.do === "hangup" ? last.cause : "done"];
  const outcome = times.answered === null ? refusal.outcome : answeredAs(tried);
  const startedAt = instant(began);
  const rootCause = last?.do === "hangup" && times.answered === null ? refusal.cause : "NORMAL_CLEARING";
  const { answered, ended } = times;
  const refused = called.at(-1)?.cause ?? "";
  return {
    id: newIdAt("cal", new Date(startedAt)),
    seq: rung.length + 1,
    tenant,
    direction: isOutbound ? "outbound" : from.extension === null ? "inbound" : "internal",
    from,
    to: calledOf(config, followed.to, (reached ?? called.at(-1))?.extension ?? null),
    trunk: isOutbound ? (farthest?.trunk ?? null) : null,
    startedAt,
    answeredAt: orNull(answered),
    endedAt: instant(ended),
    durationSeconds: seconds(began, ended),
    billableSeconds: answered === null ? 0 : seconds(answered, ended),
    outcome,
    hangupCause: answered === null ? (called.at(-1)?.cause ?? rootCause) : "NORMAL_CLEARING",
    hangupBy:
      answered !== null
        ? "caller"
        : (outcome === "busy" || outcome === "rejected") && /^(USER_BUSY|CALL_REJECTED)$/.test(refused)
          ? "callee"
          : "system",
    ...(last?.do === "hangup" && last.limit && { limit: last.limit.name }),
    segments: segmentsOf(config, tried, rung, times).map(({ startedAt: start, endedAt: end, ...who }) => ({
      ...{ ...who, startedAt: instant(start), endedAt: instant(end) },
    })),
    legs: [
      {
        ...{ uuid: randomUUID(), direction: "inbound" as const },
        ...{ startedAt, answeredAt: orNull(answered), endedAt: instant(ended) },
        ...{ cause: rootCause, q850: q850[rootCause] ?? null },
        ...{ sipCallId: null, extension: from.extension, trunk: null },
      },
      ...rung.map((one) => ({
        ...{ uuid: randomUUID(), direction: "outbound" as const },
        ...{ startedAt: instant(one.from), answeredAt: orNull(one.answered), endedAt: instant(one.to) },
        ...{ cause: one.cause, q850: q850[one.cause] ?? null },
        ...{ sipCallId: null, extension: one.extension, trunk: one.trunk },
      })),
    ],
  };
}

/** Rounded up as an edge does. */
const seconds = (from: number, to: number): number => Math.ceil((to - from) / 1000);

/** Whether phones ring for it, so that it is answered by whoever picks up. */
const rings = (action: Action): boolean => action.do === "ring" || action.do === "trunk";

/** When an action takes the call, if it does: a play that only passes on does not. */
function takenAt({ action, at, ends }: Tried, { answerAfterSeconds }: Pace): number | null {
  if (action.do === "hangup" || (action.do === "play" && !action.answer)) return null;
  if (!rings(action)) return at.getTime();
  return ends === "answered" ? at.getTime() + answerAfterSeconds * 1000 : null;
}

function timesOf(tried: Tried[], pace: Pace): Times {
  const taken = tried.map((one) => takenAt(one, pace));
  const last = tried.at(-1);
  const at = last?.at.getTime() ?? 0;
  const waits = last?.action.do === "queue" ? pace.answerAfterSeconds * 1000 : 0;
  const ended = last?.action.do === "hangup" ? at : (taken.at(-1) ?? at) + waits + pace.talkSeconds * 1000;
  return { answered: taken.find((one) => one !== null) ?? null, ended };
}

function answeredAs(tried: Tried[]): CallRecord["outcome"] {
  const last = tried.at(-1);
  if (last?.action.do === "voicemail") return "voicemail";
  // the queue answered, but nobody in it did
  const waited = tried.some(({ action }) => action.do === "queue");
  return waited && last?.action.do === "hangup" ? "no-answer" : "answered";
}

function rungBy(
  by: Tried,
  next: Tried | undefined,
  times: Times,
  { answerAfterSeconds }: Pace,
  assume: Record<string, Disposition> | undefined,
): Rung[] {
  const { action, ends } = by;
  const from = by.at.getTime();
  const isTaken = ends === "answered";
  const answered = from + answerAfterSeconds * 1000;
  const until = isTaken ? answered : (next?.at.getTime() ?? times.ended);
  const taken = { from, to: times.ended, answered, cause: causes.answered };
  if (action.do === "trunk") {
    const whom = { by, extension: null, trunk: action.trunk, number: action.dialled };
    return [isTaken ? { ...whom, ...taken } : { ...whom, from, to: until, answered: null, cause: causeOf(ends) }];
  }
  if (action.do !== "ring") return [];
  const branches = action.groups.flat();
  const winner = isTaken ? branches.find((branch) => endOf(branch, assume) === "answered") : undefined;
  return branches.map((branch) => {
    const whom = { by, ...partOf(branch) };
    if (branch === winner) return { ...whom, ...taken };
    const own = endOf(branch, assume);
    const cause = own !== "answered" ? causeOf(own) : isTaken ? "LOSE_RACE" : causes["no-answer"];
    return { ...whom, from, to: until, answered: null, cause };
  });
}

const causeOf = (ends: Disposition): string => causes[ends === "done" ? "cancelled" : ends];

const partOf = (branch: Branch): Pick<Rung, "extension" | "trunk" | "number"> =>
  branch.to === "extension"
    ? { extension: branch.extension, trunk: null, number: branch.number }
    : { extension: null, trunk: branch.trunk, number: branch.dialled };

function callerOf(config: Config, from: Followed["from"]): CallRecord["from"] {
  if (from.kind === "outside") return { number: from.number, name: from.name, extension: null };
  const { number = null, displayName = null } = config.get("extension", from.id)?.body ?? {};
  return { number, name: displayName, extension: from.id };
}

const calledOf = (config: Config, number: string, extension: string | null): CallRecord["to"] => ({
  ...{ number, extension },
  name: extension === null ? null : (config.get("extension", extension)?.body.displayName ?? null),
});
