// Holidays out of a calendar: events of whole days, once, for some days, or every year.
import { type Event, readEvents, unescaped } from "./ical.ts";

/** As a schedule holds them. */
export type Holiday = { name: string; date: string; lastDate: string | null };
/** What is no holiday, and why. */
export type Skipped = { name: string; why: string };

const dayMs = 86_400_000;
const farthest = Date.UTC(9999, 11, 31);
/** Of an event that comes back: so many days, so many years. */
const most = { days: 31, years: 50 };

/** Throws NoCalendar. Events that were over before `today` (a date) are skipped. */
export function holidaysOf(text: string, today: string): { holidays: Holiday[]; skipped: Skipped[] } {
  const holidays = new Map<string, Holiday>();
  const skipped: Skipped[] = [];
  for (const event of readEvents(text)) {
    const name = nameOf(event);
    const found = read(event, today);
    if (typeof found === "string") skipped.push({ name, why: found });
    else for (const days of found) holidays.set(keyOf(days), { name, ...days });
  }
  return { holidays: [...holidays.values()], skipped };
}

type Days = Omit<Holiday, "name">;
/** Two holidays on the same days are one. */
export const keyOf = ({ date, lastDate }: Days): string => `${date}/${lastDate ?? date}`;

function read(event: Event, today: string): Days[] | string {
  const get = (name: string) => event.properties.find((one) => one.name === name);
  if (get("STATUS")?.value.trim().toUpperCase() === "CANCELLED") return "it was cancelled";
  for (const name of ["RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID"]) if (get(name)) return `${name} is not understood`;
  const start = get("DTSTART");
  const first = day(start?.value ?? "");
  if (start && first === undefined)
    return /T\d/.test(start.value) ? "it is not of whole days" : "there is no such date";
  if (first === undefined) return "it has no DTSTART";
  const end = get("DTEND");
  const after = end ? day(end.value) : first + lasting(get("DURATION")?.value);
  if (after === undefined || !(after <= farthest)) return "its end is not understood";
  if (end && after <= first) return "it ends before it begins";
  const last = Math.max(first, after - dayMs);
  const rule = get("RRULE");
  if (rule) return yearly(rule.value, first, last, today);
  if (dateOf(last) < today) return "it is over";
  return [{ date: dateOf(first), lastDate: last === first ? null : dateOf(last) }];
}

/** Every year on the same dates, for good or until a year. */
function yearly(rule: string, first: number, last: number, today: string): Days[] | string {
  const parts = new Map(
    rule
      .toUpperCase()
      .split(";")
      .map((part): [string, string] => [part.split("=")[0]?.trim() ?? "", part.split("=")[1]?.trim() ?? ""]),
  );
  const [, month = "", date = ""] = dateOf(first).split("-");
  const expected: Record<string, string> = {
    FREQ: "YEARLY",
    INTERVAL: "1",
    BYMONTH: String(Number(month)),
    BYMONTHDAY: String(Number(date)),
  };
  for (const [name, value] of parts)
    if (!["UNTIL", "COUNT", "WKST"].includes(name) && expected[name] !== value.replace(/^0/, ""))
      return "only what comes every year on the same date is understood";
  if (!parts.has("FREQ")) return "its RRULE has no FREQ";
  const days = Math.round((last - first) / dayMs) + 1;
  if (days > most.days) return `what comes every year may last ${most.days} days`;
  if (!parts.has("UNTIL") && !parts.has("COUNT"))
    return Array.from({ length: days }, (_, n) => ({ date: dateOf(first + n * dayMs).slice(5), lastDate: null }));
  const until = parts.has("UNTIL") ? day(parts.get("UNTIL")?.slice(0, 8) ?? "") : Number.POSITIVE_INFINITY;
  const count = parts.has("COUNT") ? Number(parts.get("COUNT")) : most.years;
  if (until === undefined || !Number.isInteger(count)) return "its end is not understood";
  const all = Array.from({ length: Math.max(0, Math.min(count, most.years)) }, (_, n) => inYears(first, n)).filter(
    (one) => one !== undefined,
  );
  const left = all.filter((one) => one <= until && dateOf(one + last - first) >= today);
  return left.length === 0
    ? "it is over"
    : left.map((one) => ({ date: dateOf(one), lastDate: days === 1 ? null : dateOf(one + last - first) }));
}

/** Undefined where that year has no such day: the 29th of February. */
function inYears(first: number, years: number): number | undefined {
  const [year = "", ...rest] = dateOf(first).split("-");
  return day([String(Number(year) + years), ...rest].join(""));
}

/** A DATE (RFC 5545, section 3.3.4) in ms; undefined for what is none. */
function day(value: string): number | undefined {
  const [, year = "", month = "", date = ""] = /^\s*(\d{4})(\d\d)(\d\d)\s*$/.exec(value) ?? [];
  const at = Date.UTC(Number(year), Number(month) - 1, Number(date));
  return year !== "" && Number(year) >= 1900 && dateOf(at) === `${year}-${month}-${date}` ? at : undefined;
}

const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** A DURATION of whole days or weeks in ms; a day where there is none. */
function lasting(value: string | undefined): number {
  if (value === undefined) return dayMs;
  const [, count = "", unit] = /^\s*\+?P(\d{1,4})([DW])\s*$/i.exec(value) ?? [];
  return count === "" ? Number.NaN : Number(count) * dayMs * (unit?.toUpperCase() === "W" ? 7 : 1);
}

/** One line that a schedule takes as a name. */
function nameOf(event: Event): string {
  const text = unescaped(event.properties.find(({ name }) => name === "SUMMARY")?.value ?? "")
    .toWellFormed()
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff\s]+/g, " ")
    .trim();
  return (
    text
      .slice(0, 64)
      .replace(/[\ud800-\udbff]$/, "")
      .trim() || "Holiday"
  );
}
