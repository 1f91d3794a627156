// What a lamp shows: a phone watches a number of its tenant, and this says what that number is and what goes on there.
import { codeOf, usual } from "../../../../core/routing/code.ts";
import type { Config } from "../../../../core/routing/config.ts";
import { scheduleOf } from "../../../../core/routing/day-night.ts";
import { runtimeOf } from "../../../../core/routing/runtime.ts";
import type { KnownLeg, Legs, Slot } from "../legs.ts";

/** What can be watched: an extension, a slot of a parking lot, the day/night switch of a schedule. */
export type Subject = { extension: string } | Slot | { schedule: string };

/** A dialog as RFC 4235 tells of it: its id, state and direction. Nothing of who calls whom. */
export type Shown = { id: string; state: "early" | "confirmed"; direction: "initiator" | "recipient" };

/** What a number, as dialled, is to who watches it; undefined where it has no lamp. */
export function subjectOf(config: Config, number: string): Subject | undefined {
  const dialled = codeOf(config, number);
  if (dialled?.action === "schedule-override") {
    const schedule = scheduleOf(config, dialled.argument);
    return schedule && { schedule: schedule.id };
  }
  const found = config.dialable(number);
  if (found?.kind === "extension") return { extension: found.id };
  const lot = found?.kind === "parking-lot" ? config.get("parking-lot", found.id) : undefined;
  return lot && lot.body.extensionNumber !== number ? { lot: lot.id, slot: number } : undefined;
}

/** What its lamp shows now; undefined: nothing goes on. */
export function shown(config: Config, subject: Subject, legs: Pick<Legs, "of" | "parkedIn">): Shown | undefined {
  if ("schedule" in subject) return heldBy(config, subject.schedule);
  if ("extension" in subject) return inCall(legs.of(subject.extension));
  const waiting = legs.parkedIn(subject);
  return waiting === undefined ? undefined : { id: plain(waiting), state: "confirmed", direction: "recipient" };
}

/** A call that goes on counts more than one that rings, and that more than one being made. */
function inCall(legs: KnownLeg[]): Shown | undefined {
  const leg = legs.find(({ answered }) => answered) ?? legs.find(({ calls }) => !calls) ?? legs[0];
  if (!leg) return undefined;
  const [state, direction] = [
    leg.answered ? ("confirmed" as const) : ("early" as const),
    leg.calls ? ("initiator" as const) : ("recipient" as const),
  ];
  return { id: plain(leg.uuid), state, direction };
}

/** Lit while it is held closed; flashing while it is held open. */
function heldBy(config: Config, schedule: string): Shown | undefined {
  const override = runtimeOf(config, "schedule", schedule, "override");
  if (override === undefined) return undefined;
  return { id: plain(schedule), state: override === "closed" ? "confirmed" : "early", direction: "recipient" };
}

/** The numbers under which a schedule's day/night switch is watched. */
export function switchNumbers(config: Config, schedule: string): string[] {
  const own = config.byKey("feature-code", "schedule-override");
  const code = own ? own.body.code : usual("schedule-override");
  const place = config.list("schedule").findIndex(({ id }) => id === schedule);
  if (code === null || place < 0) return [];
  const number = config.get("schedule", schedule)?.body.extensionNumber ?? null;
  return [`${code}${place + 1}`, ...(number === null ? [] : [`${code}${number}`])];
}

/** One word, and no leg's uuid: an event that names a leg goes to that leg alone. */
const plain = (id: string): string => id.replace(/[^0-9A-Za-z]/g, "");
