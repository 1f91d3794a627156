import { expect, it } from "vitest";
import { timeZone } from "../../../core/resources/locale.ts";

it.each([
  "UTC",
  "Europe/Paris",
  "Asia/Kolkata",
  "Asia/Calcutta",
  "Europe/Kyiv",
  "America/Argentina/Buenos_Aires",
  "America/Port-au-Prince",
])("%s is a time zone", (zone) => expect(timeZone.safeParse(zone).success).toBe(true));

it.each(["", "Paris", "Europe/Atlantis", "+01:00", "europe/paris", "EST5EDT; drop", "../etc"])("%j is none", (zone) =>
  expect(timeZone.safeParse(zone).success).toBe(false),
);
