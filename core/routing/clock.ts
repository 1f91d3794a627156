// What a clock on the wall shows in a time zone, with its summer time, as the platform's own zone data say (ECMA-402).

/** `date` as 2026-12-25, `time` as 18:05, `day` from 0 for Monday, `weekday` in English. */
export type Wall = { date: string; time: string; day: number; weekday: string };

const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
/** Making one takes a hundred times as long as using it. There are some 600 zones. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const format = create(zone) ?? formatOf("UTC");
  formats.set(zone, format);
  return format;
}

/** Undefined for a zone that this host does not know yet. */
function create(timeZone: string): Intl.DateTimeFormat | undefined {
  const [date, clock] = [
    { year: "numeric", month: "2-digit", day: "2-digit" },
    { hour: "2-digit", minute: "2-digit" },
  ] as const;
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone,
      calendar: "gregory",
      ...date,
      ...clock,
      weekday: "long",
      hourCycle: "h23",
    });
  } catch {
    return undefined;
  }
}

/** A zone that this host does not know counts as UTC. */
export function wallClock(at: Date, zone: string): Wall {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? "";
  const weekday = part("weekday");
  return {
    date: `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}`,
    time: `${part("hour")}:${part("minute")}`,
    day: weekdays.indexOf(weekday),
    weekday,
  };
}
