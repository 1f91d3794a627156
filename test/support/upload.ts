// A file for a route that takes one, as the route wants it.
import { sine, wavOf } from "./wav.ts";

const calendar = [
  "BEGIN:VCALENDAR",
  "BEGIN:VEVENT",
  "DTSTART;VALUE=DATE:20990101",
  "SUMMARY:New Year",
  "END:VEVENT",
  "END:VCALENDAR",
  "",
];

/** `path`: the route's, which tells of what kind a table is. */
export const uploadFor = ({ types }: { types: readonly string[] }, path = "") =>
  types.includes("text/csv")
    ? {
        raw: `number\r\n${path.includes("phone-numbers") ? "+15550177" : "1777"}\r\n`,
        headers: { "content-type": "text/csv" },
      }
    : types.includes("text/calendar")
      ? { raw: calendar.join("\r\n"), headers: { "content-type": "text/calendar" } }
      : { raw: new Uint8Array(wavOf(0.1, sine(440))), headers: { "content-type": "audio/wav" } };
