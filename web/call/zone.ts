// Days as they begin in a time zone, whatever the browser's own is.
import { wallClock } from "../../core/routing/clock.ts";

/** `2026-11-27`, of a moment. */
export const dayOf = (at: Date, zone: string): string => wallClock(at, zone).date;

/** When a day (`2026-11-27`) begins there: at the first moment that has this date, which is 1:00 where summer time begins at midnight. */
export function startOfDay(day: string, zone: string): Date {
  const wanted = Date.parse(`${day}T00:00:00Z`);
  let at = wanted;
  // twice: the first guess may be on the other side of a change of the clock
  for (let turn = 0; turn < 2; turn++) at = wanted - (wallOf(at, zone) - at);
  while (dayOf(new Date(at), zone) < day) at += 900_000;
  return new Date(at);
}

export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** What its clock shows, as if it were UTC. */
function wallOf(at: number, zone: string): number {
  const { date, time } = wallClock(new Date(at), zone);
  return Date.parse(`${date}T${time}:00Z`) + (at % 60_000);
}
