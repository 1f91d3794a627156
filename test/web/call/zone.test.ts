// Days in a tenant's time zone, wherever the browser is.
import fc from "fast-check";
import { expect, test } from "vitest";
import { wallClock } from "../../../core/routing/clock.ts";
import { queryOf } from "../../../web/call/filter.ts";
import { addDays, dayOf, startOfDay } from "../../../web/call/zone.ts";

const zones = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Asia/Kolkata",
  "Australia/Lord_Howe",
  "Asia/Beirut",
  "Pacific/Apia",
];
const days = fc.integer({ min: 0, max: 3650 }).map((n) => addDays("2020-01-01", n));

test("a day begins with its first moment, also where summer time begins at midnight or a zone skips an hour", () => {
  fc.assert(
    fc.property(fc.constantFrom(...zones), days, (zone, day) => {
      const start = startOfDay(day, zone);
      expect(dayOf(start, zone)).toBe(day);
      expect(dayOf(new Date(start.getTime() - 1), zone) < day).toBe(true);
    }),
    { numRuns: 300 },
  );
  // Beirut, 27 March 2022: after 23:59 comes 1:00
  expect(wallClock(startOfDay("2022-03-27", "Asia/Beirut"), "Asia/Beirut").time).toBe("01:00");
});

test("a filter by days asks for all of the last day and nothing of the next", () => {
  const query = queryOf({ from: "2026-10-25", to: "2026-10-25", outcome: "busy", number: "" }, "Europe/Berlin");
  expect(query).toEqual({
    outcome: "busy",
    "startedAt[gte]": "2026-10-24T22:00:00.000Z",
    // summer time ended: the day had 25 hours
    "startedAt[lte]": "2026-10-25T22:59:59.999Z",
  });
  expect(queryOf({ from: "yesterday" }, "UTC")).toEqual({});
});
