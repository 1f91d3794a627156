// A call is recorded from its answer to its end: both sides, left and right, into a file whose name tells the call.
import { mkdirSync, statfsSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../../../core/routing/plan.ts";
import { type Leg, run, set } from "./actions.ts";
import { token } from "./inert.ts";
import type { Xml } from "./xml.ts";

/** Below this a disk is taken for full: recording stops, calls go on. */
const leastFreeBytes = 500_000_000;
/** Who talks with people is recorded; menus, messages and rooms are not the call. */
const recorded: readonly Plan["action"]["do"][] = ["ring", "trunk", "queue"];

/**
 * `<tenant>/<uuid>_<start in microseconds>.wav`: what the call's id is made of; of a recording that somebody began on demand, `_<its own start in
 * milliseconds>` follows.
 */
export const recordingFile = /^([\w-]{36})_(\d{10,17})(?:_(\d{13}))?\.wav$/;

/** Where recordings of the tenant are; made if it is missing. Undefined: the disk has no room for any. */
export function recordingFolder(dir: string, tenant: string): string | undefined {
  if (!hasRoom(dir)) return undefined;
  const folder = join(dir, token(tenant));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/**
 * On a leg that is not answered yet, the recording begins with the answer. Said again when routing goes on, it is the same file, which FreeSWITCH
 * already writes (switch_ivr_async.c, switch_ivr_record_session_event: "Already recording").
 */
export function renderRecording(leg: Leg, plan: Plan, dir: string): Xml[] {
  if (!plan.record || !recorded.includes(plan.action.do) || !/^\d{10,17}$/.test(leg.createdUs ?? "")) return [];
  const folder = recordingFolder(dir, leg.tenant);
  if (folder === undefined) return [];
  const file = join(folder, `${token(leg.uuid)}_${leg.createdUs}.wav`);
  return [
    set("RECORD_STEREO", "true"),
    // it goes where the call goes
    set("recording_follow_transfer", "true"),
    leg.answered ? run("record_session", file) : set("execute_on_answer", `record_session ${file}`),
  ];
}

/** What was done to a recording during its call: milliseconds since 1970, and the id of whose phone it was; null: the API. */
export type RecordingEntry = { at: number; act: "start" | "pause" | "resume" | "stop"; by: string | null };

/** The variable's value after one more. */
export function extendRecording(before: string | undefined, { at, act, by }: RecordingEntry): string {
  const entries = [...(before ? before.split(";") : []), `${at.toString(36)}.${act}.${by === null ? "-" : token(by)}`];
  return entries.slice(-most).join(";");
}

/** At most so many are remembered: the last ones. */
const most = 64;

/** Reads what `extendRecording` wrote; what it did not write is left out. */
export const readRecording = (value: string | undefined): RecordingEntry[] =>
  (value ?? "").split(";").flatMap((entry): RecordingEntry[] => {
    const [, stamp = "", act, by] = /^([0-9a-z]{8,9})\.(start|pause|resume|stop)\.(ext_\w{1,32}|-)$/.exec(entry) ?? [];
    const at = Number.parseInt(stamp, 36);
    if (act === undefined || !(at < 8.64e15)) return [];
    return [{ at, act: act as RecordingEntry["act"], by: by === undefined || by === "-" ? null : by }];
  });

/** Looked at once in a while: the disk does not fill within seconds. */
const checked = new Map<string, { at: number; room: boolean }>();

function hasRoom(dir: string): boolean {
  const last = checked.get(dir);
  if (last && Date.now() - last.at < 10_000) return last.room;
  let room = false;
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const { bavail, bsize } = statfsSync(dir);
    room = bavail * bsize > leastFreeBytes;
  } catch {
    // no folder, no recording
  }
  checked.set(dir, { at: Date.now(), room });
  return room;
}
