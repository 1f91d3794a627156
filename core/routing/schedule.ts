// A call to a schedule: an override first, then holidays, then the week's opening hours, all by the clock on the wall of its time zone.
import type { Resource } from "../registry.ts";
import type { Destination } from "../resources/destination.ts";
import type { Schedule } from "../resources/schedule.ts";
import { type Wall, wallClock } from "./clock.ts";
import type { Action } from "./plan.ts";
import { runtimeOf } from "./runtime.ts";
import { named, type Way } from "./way.ts";

export function arriveAtSchedule(way: Way, target: Resource<"schedule">, at: string, why: string): Action {
  const here = named("schedule", target.body.name);
  way.step(at, why, here);
  const rule = judge(way, target);
  return way.onward(rule.to, here, rule.why, "unavailable");
}

function judge(way: Way, { id, body }: Resource<"schedule">): { to: Destination | null; why: string } {
  const override = runtimeOf(way.config, "schedule", id, "override");
  if (override !== undefined) return { to: body[override], why: `is ${override} by override` };
  const zone = body.timeZone ?? way.config.settings.timeZone;
  const wall = wallClock(way.call.at, zone);
  const holiday = body.holidays.find((one) => covers(one, wall.date));
  if (holiday)
    return { to: holiday.destination ?? body.closed, why: `closed: holiday ${holiday.name}, ${wall.date} in ${zone}` };
  const state = isOpen(body.hours, wall) ? "open" : "closed";
  return { to: body[state], why: `${state}: ${wall.weekday} ${wall.time} in ${zone}` };
}

/** A date without a year comes every year. */
function covers({ date, lastDate }: Schedule["holidays"][number], today: string): boolean {
  if (date.length < today.length) return today.endsWith(`-${date}`);
  return date <= today && today <= (lastDate ?? date);
}

const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** Hours that end before they begin, or at the same time, go on into the next day. */
function isOpen(hours: Schedule["hours"], { day, time }: Wall): boolean {
  const today = days[day];
  const yesterday = days[(day + 6) % 7];
  return hours.some(({ days: on, from, to }) => {
    if (today === undefined || yesterday === undefined) return false;
    if (from < to) return on.includes(today) && from <= time && time < to;
    return (on.includes(today) && from <= time) || (on.includes(yesterday) && time < to);
  });
}
