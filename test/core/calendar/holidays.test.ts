import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holidaysOf } from "../../../core/calendar/holidays.ts";
import { NoCalendar } from "../../../core/calendar/ical.ts";

const calendar = (...lines: string[]) => ["BEGIN:VCALENDAR", "VERSION:2.0", ...lines, "END:VCALENDAR", ""].join("\r\n");
const event = (...lines: string[]) => ["BEGIN:VEVENT", "UID:1@x", ...lines, "END:VEVENT"];
const of = (...lines: string[]) => holidaysOf(calendar(...event(...lines)), "2026-11-26");

describe("a calendar's holidays", () => {
  it.each([
    ["a day", ["DTSTART;VALUE=DATE:20261225", "DTEND;VALUE=DATE:20261226"], "2026-12-25", null],
    ["a day without an end", ["DTSTART;VALUE=DATE:20261225"], "2026-12-25", null],
    [
      "days up to the one before the end",
      ["DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20270102"],
      "2026-12-24",
      "2027-01-01",
    ],
    ["a week", ["DTSTART:20261224", "DURATION:P1W"], "2026-12-24", "2026-12-30"],
    ["every year", ["DTSTART;VALUE=DATE:19991225", "RRULE:FREQ=YEARLY"], "12-25", null],
    [
      "every year, spelt out",
      ["DTSTART;VALUE=DATE:19990501", "RRULE:FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=01;INTERVAL=1"],
      "05-01",
      null,
    ],
  ])("%s", (_, lines, date, lastDate) => {
    expect(of(...lines, "SUMMARY:Feast")).toEqual({ holidays: [{ name: "Feast", date, lastDate }], skipped: [] });
  });

  it("that come every year for several days are those days", () => {
    const { holidays } = of("DTSTART;VALUE=DATE:20001224", "DTEND;VALUE=DATE:20001227", "RRULE:FREQ=YEARLY");
    expect(holidays.map(({ date }) => date)).toEqual(["12-24", "12-25", "12-26"]);
  });

  it("that come every year until one are those that are left", () => {
    for (const end of ["UNTIL=20280101", "UNTIL=20280101T000000Z", "COUNT=4"]) {
      const { holidays } = of("DTSTART;VALUE=DATE:20241225", `RRULE:FREQ=YEARLY;${end}`);
      expect(holidays.map(({ date }) => date)).toEqual(["2026-12-25", "2027-12-25"]);
    }
    expect(of("DTSTART;VALUE=DATE:20240229", "RRULE:FREQ=YEARLY;COUNT=9").holidays.map(({ date }) => date)).toEqual([
      "2028-02-29",
      "2032-02-29",
    ]);
  });

  it.each([
    ["what has times", ["DTSTART:20261225T100000Z"], "it is not of whole days"],
    ["what is over", ["DTSTART;VALUE=DATE:20251225"], "it is over"],
    ["what was cancelled", ["DTSTART;VALUE=DATE:20261225", "STATUS:CANCELLED"], "it was cancelled"],
    [
      "what comes on a weekday",
      ["DTSTART;VALUE=DATE:20261126", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH"],
      "only what comes every year on the same date is understood",
    ],
    [
      "what comes every week",
      ["DTSTART;VALUE=DATE:20261126", "RRULE:FREQ=WEEKLY"],
      "only what comes every year on the same date is understood",
    ],
    [
      "what has exceptions",
      ["DTSTART;VALUE=DATE:20261126", "RRULE:FREQ=YEARLY", "EXDATE;VALUE=DATE:20271126"],
      "EXDATE is not understood",
    ],
    ["no day at all", ["DTSTART;VALUE=DATE:20260231"], "there is no such date"],
    ["nothing", [], "it has no DTSTART"],
    [
      "what ends before it begins",
      ["DTSTART;VALUE=DATE:20261226", "DTEND;VALUE=DATE:20261225"],
      "it ends before it begins",
    ],
  ])("are not: %s", (_, lines, why) => {
    expect(of(...lines, "SUMMARY:X")).toEqual({ holidays: [], skipped: [{ name: "X", why }] });
  });

  it("have the names that people read, on one line", () => {
    const name = (summary: string) => of("DTSTART;VALUE=DATE:20261225", summary).holidays[0]?.name;
    expect(name('SUMMARY;LANGUAGE=en;X="a:b;c":New Year\\, of\\; \\\\old\\nand new')).toBe(
      "New Year, of; \\old and new",
    );
    expect(name("SUMMARY:Fête nat\r\n ionale")).toBe("Fête nationale");
    expect(name("SUMMARY:a\u202eb\u0007c")).toBe("a b c");
    expect(name(`SUMMARY:x${"🎄".repeat(100)}`)).toBe(`x${"🎄".repeat(31)}`);
    expect(name("COMMENT:none")).toBe("Holiday");
  });

  it("are read once, and an alarm's properties are not the event's", () => {
    const alarm = ["BEGIN:VALARM", "DTSTART;VALUE=DATE:20270101", "SUMMARY:alarm", "END:VALARM"];
    const one = event("DTSTART;VALUE=DATE:20261225", ...alarm, "SUMMARY:Christmas");
    expect(holidaysOf(calendar(...one, ...one), "2026-11-26").holidays).toEqual([
      { name: "Christmas", date: "2026-12-25", lastDate: null },
    ]);
  });
});

describe("what is no calendar", () => {
  it.each([
    ["nothing", ""],
    ["a page", "<html></html>"],
    ["cut off", calendar(...event("DTSTART;VALUE=DATE:20261225")).slice(0, 60)],
    ["crossed", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\nEND:VEVENT\n"],
    ["no property", calendar("hello")],
    ["too many events", calendar(...Array(5001).fill(event()).flat())],
    ["a line without end", calendar(`SUMMARY:${"x".repeat(30_000)}`)],
  ])("is refused: %s", (_, text) => {
    expect(() => holidaysOf(text, "2026-11-26")).toThrow(NoCalendar);
  });

  it("is told from one in linear time, whatever it holds", () => {
    for (const text of [
      `BEGIN:VCALENDAR\n${'X;"'.repeat(300_000)}`,
      `BEGIN:VCALENDAR\n${" \n".repeat(400_000)}`,
      calendar(`SUMMARY:${"\\\\n,;".repeat(200_000)}`),
      `BEGIN:${";=".repeat(500_000)}`,
    ]) {
      const started = performance.now();
      expect(() => holidaysOf(text, "2026-11-26")).toThrow(NoCalendar);
      expect(performance.now() - started).toBeLessThan(2000);
    }
  });

  it("never fails in another way", () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(
        "DTSTART;VALUE=DATE:20261225",
        "DTEND:2026",
        "RRULE:FREQ=YEARLY;COUNT=-1",
        "RRULE:=;;=",
        "DURATION:P9999W",
        "BEGIN:VALARM",
        "END:VALARM",
        "SUMMARY:",
        "DTSTART:99991231",
      ),
    );
    fc.assert(
      fc.property(fc.array(piece), (lines) => {
        try {
          for (const { date, lastDate, name } of holidaysOf(calendar(...event(...lines)), "2026-11-26").holidays) {
            expect(date).toMatch(/^(\d{4}-)?\d\d-\d\d$/);
            expect(lastDate === null || lastDate > date).toBe(true);
            expect(name.length).toBeGreaterThan(0);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(NoCalendar);
        }
      }),
    );
  });
});
