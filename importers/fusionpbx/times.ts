// FreeSWITCH's conditions on time, as opening hours or as days of the calendar.
export type Times = { field: string; value: string }[];
export type Hours = { days: string[]; from: string; to: string };
export type Holiday = { name: string; date: string; lastDate: string | null };

const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** `2-6`, `1,7`, `6-2` (over the end of the range): every value; undefined if it is no list within the bounds. */
function values(text: string, min: number, max: number): number[] | undefined {
  const found: number[] = [];
  for (const part of text.split(",")) {
    const [, first, last = first] = /^\s*(\d{1,4})(?:-(\d{1,4}))?\s*$/.exec(part) ?? [];
    const [from, to] = [Number(first), Number(last)];
    if (first === undefined || from < min || from > max || to < min || to > max) return undefined;
    for (let value = from; ; value = value === max ? min : value + 1) {
      found.push(value);
      if (value === to) break;
    }
  }
  return [...new Set(found)];
}

const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

/** From and to in minutes, `to` exclusive; 1440 is the day's end. */
function span(field: string, value: string): [number, number] | undefined {
  if (field === "minute-of-day") {
    // FreeSWITCH counts a day's minutes from 1
    const [, from, to] = /^(\d{1,4})-(\d{1,4})$/.exec(value) ?? [];
    return from === undefined ? undefined : [Math.max(0, Number(from) - 1), Math.min(1440, Number(to))];
  }
  if (field === "hour") {
    const [, from, to = from] = /^(\d{1,2})(?:-(\d{1,2}))?$/.exec(value) ?? [];
    return from === undefined || Number(from) > 23 || Number(to) > 23
      ? undefined
      : [Number(from) * 60, Number(to) * 60 + 60];
  }
  const [, h1, m1, h2, m2] = /^(\d{1,2}):(\d\d)(?::\d\d)?-(\d{1,2}):(\d\d)(?::\d\d)?$/.exec(value) ?? [];
  if (h1 === undefined) return undefined;
  const to = Number(h2) * 60 + Number(m2);
  // 23:59 means the day's end
  return [Number(h1) * 60 + Number(m1), to === 1439 ? 1440 : to];
}

/** Opening hours, where only weekdays and times of the day are asked for. */
export function hoursOf(times: Times): Hours[] | undefined {
  let days = [0, 1, 2, 3, 4, 5, 6];
  let open: [number, number] = [0, 1440];
  for (const { field, value } of times) {
    if (field === "wday") {
      const found = values(value, 1, 7)?.map((day) => day - 1);
      if (!found) return undefined;
      days = days.filter((day) => found.includes(day));
    } else if (["minute-of-day", "hour", "time-of-day"].includes(field) && open[0] === 0 && open[1] === 1440) {
      const found = span(field, value);
      if (!found || found[0] > 1440 || found[1] > 1440) return undefined;
      open = found;
    } else return undefined;
  }
  const named = days.map((day) => weekdays[day] ?? "");
  if (named.length === 0 || open[0] === open[1]) return undefined;
  // over midnight it is both ends of each of these days: FreeSWITCH asks the weekday at the time of the call
  const spans: [number, number][] =
    open[0] < open[1]
      ? [open]
      : [
          [0, open[1]],
          [open[0], 1440],
        ];
  return spans
    .filter(([from, to]) => from < to)
    .map(([from, to]) => ({ days: named, from: clock(from), to: clock(to) }));
}

/** Whole days of the calendar, where they are named by month and day (of each year or of some), or by two dates; else a word on what else is asked for. */
export function holidaysOf(times: Times): Holiday[] | string {
  const asked = new Map(times.map(({ field, value }) => [field, value]));
  const described = times
    .map(({ field, value }) => `${field} ${value}`)
    .join(", ")
    .slice(0, 200);
  if (asked.size !== times.length) return described;
  if (asked.size === 1 && asked.has("date-time")) return dateRange(asked.get("date-time") ?? "") ?? described;
  if ([...asked.keys()].some((field) => !["year", "mon", "mday"].includes(field))) return described;
  const [months, days] = [values(asked.get("mon") ?? "", 1, 12), values(asked.get("mday") ?? "", 1, 31)];
  const years = asked.has("year") ? values(asked.get("year") ?? "", 2000, 2999) : [undefined];
  if (!months || !days || !years || months.length * days.length * years.length > 60) return described;
  return years.flatMap((year) =>
    months.flatMap((month) =>
      days.flatMap((day) => {
        const date = [
          ...(year === undefined ? [] : [String(year)]),
          String(month).padStart(2, "0"),
          String(day).padStart(2, "0"),
        ].join("-");
        const real = new Date(Date.UTC(year ?? 2024, month - 1, day)).getUTCMonth() === month - 1;
        return real ? [{ name: date, date, lastDate: null }] : [];
      }),
    ),
  );
}

/** `2026-12-24 00:00~2026-12-26 23:59`, whole days alone. */
function dateRange(value: string): Holiday[] | undefined {
  const [, date, from, lastDate, to] =
    /^(\d{4}-\d\d-\d\d) (\d\d:\d\d)(?::\d\d)?~(\d{4}-\d\d-\d\d) (\d\d:\d\d)(?::\d\d)?$/.exec(value) ?? [];
  if (!date || !lastDate || from !== "00:00" || to !== "23:59" || lastDate < date) return undefined;
  return [{ name: date, date, lastDate: lastDate === date ? null : lastDate }];
}
