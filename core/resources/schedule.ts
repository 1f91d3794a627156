// A schedule: opening hours and holidays decide where a call goes. People may override it by code, by the console or by API (the day/night switch).
import { z } from "zod";
import { lazy } from "../lazy.ts";
import { line } from "../text.ts";
import { onward } from "./destination.ts";
import { defineKind } from "./kind.ts";
import { timeZone } from "./locale.ts";
import { optionalNumber } from "./number.ts";

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, "must be a time of day, as in 09:00 or 24:00");
export const weekday = z.enum(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]);

const schema = lazy(() =>
  z.strictObject({
    name: line(64),
    extensionNumber: optionalNumber,
    timeZone: timeZone.nullable().default(null).describe("The tenant's if null"),
    hours: z
      .array(
        z.strictObject({
          days: z
            .array(weekday)
            .min(1)
            .max(7)
            .refine((days) => new Set(days).size === days.length, "names a day twice; remove one")
            .meta({ uniqueItems: true }),
          from: clock,
          to: clock.describe("Exclusive. Earlier than from: on the next day"),
        }),
      )
      .max(50)
      .default([])
      .describe("When it is open"),
    holidays: z
      .array(
        z.strictObject({
          name: line(64),
          date: z
            .string()
            .regex(
              /^(\d{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/,
              "must be a date, as in 2026-12-25, or 12-25 for every year",
            ),
          lastDate: z.iso.date().nullable().default(null).describe("Where it lasts longer than a day: its last one"),
          destination: onward().describe("Where its calls go, if not where closed leads"),
        }),
      )
      .max(500)
      .default([]),
    open: onward().describe("Where calls go in opening hours"),
    closed: onward().describe("Where calls go otherwise"),
  }),
);

export const schedule = defineKind({
  kind: "schedule",
  plural: "schedules",
  prefix: "sch",
  at: ["tenant"],
  about: "Opening hours and holidays decide where a call goes.",
  schema,
  key: "name",
  dialable: "extensionNumber",
  filters: ["name", "extensionNumber"],
  search: ["name", "extensionNumber"],
  check: (body) =>
    body.holidays.flatMap(({ date, lastDate }, index) =>
      lastDate !== null && (date.length !== 10 || lastDate < date)
        ? [{ pointer: `/holidays/${index}/lastDate`, detail: "must not be before date, and date must name its year" }]
        : [],
    ),
});

export type Schedule = z.output<ReturnType<typeof schema>>;
