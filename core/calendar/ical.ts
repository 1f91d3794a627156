// iCalendar (RFC 5545) as far as calendars of holidays use it: components with their properties, unfolded and unescaped. Linear in the text's length.

/** A property: its name and parameters in capitals, its value as written. */
export type Property = { name: string; parameters: Map<string, string>; value: string };
export type Event = { properties: Property[] };

/** The text is no calendar; its message says why, to complete "The file is no calendar: …". */
export class NoCalendar extends Error {}

/** Bounds within which a calendar is read in milliseconds. */
const most = { lines: 100_000, events: 5000, line: 20_000 };

/** The calendar's events. Throws NoCalendar. */
export function readEvents(text: string): Event[] {
  const lines = text
    .replace(/^\ufeff/, "")
    .replace(/\r\n?/g, "\n")
    .replace(/\n[ \t]/g, "")
    .split("\n");
  if (lines.length > most.lines) throw new NoCalendar(`it has more than ${most.lines} lines; send less at once`);
  if (lines[0]?.trim().toUpperCase() !== "BEGIN:VCALENDAR")
    throw new NoCalendar("it does not begin with BEGIN:VCALENDAR");
  const events: Event[] = [];
  const within: string[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const property = line.length > most.line ? undefined : readProperty(line);
    if (!property) throw new NoCalendar(`line ${index + 1} of its content is no property; is it cut off?`);
    const { name, value } = property;
    if (name === "BEGIN") within.push(value.trim().toUpperCase());
    if (name === "BEGIN" && within.at(-1) === "VEVENT") events.push({ properties: [] });
    if (events.length > most.events) throw new NoCalendar(`it has more than ${most.events} events; send less at once`);
    if (name === "END" && within.pop() !== value.trim().toUpperCase())
      throw new NoCalendar(`${value.slice(0, 40)} ends where it did not begin`);
    if (name !== "BEGIN" && name !== "END" && within.at(-1) === "VEVENT") events.at(-1)?.properties.push(property);
  }
  if (within.length > 0) throw new NoCalendar(`${within.at(-1)?.slice(0, 40)} does not end; is the file cut off?`);
  return events;
}

/** `NAME;PARAMETER="a:b":value` (section 3.1): what is in quotes divides nothing. */
function readProperty(line: string): Property | undefined {
  const cuts: number[] = [];
  let [quoted, colon] = [false, -1];
  for (let at = 0; at < line.length && colon < 0; at++) {
    const character = line[at];
    if (character === '"') quoted = !quoted;
    else if (!quoted && character === ";") cuts.push(at);
    else if (!quoted && character === ":") colon = at;
  }
  if (colon < 0) return undefined;
  const ends = [...cuts, colon];
  const name = line.slice(0, ends[0]).toUpperCase();
  if (!/^[A-Z0-9-]{1,64}$/.test(name)) return undefined;
  const parameters = new Map<string, string>();
  for (const [index, cut] of cuts.entries()) {
    const [key = "", value = ""] = line.slice(cut + 1, ends[index + 1]).split("=", 2);
    parameters.set(key.toUpperCase(), value.replaceAll('"', "").toUpperCase());
  }
  return { name, parameters, value: line.slice(colon + 1) };
}

/** A value of type TEXT (section 3.3.11). */
export const unescaped = (value: string): string =>
  value.replace(/\\([\\;,nN])/g, (_, character: string) => (/n/i.test(character) ? "\n" : character));
