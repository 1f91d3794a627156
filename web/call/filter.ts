// Which calls are looked for, and how the API is asked for them.
import { addDays, startOfDay } from "./zone.ts";

/** By name; what is empty does not count. `from` and `to` are days of the tenant. */
export type Filter = Partial<Record<"direction" | "outcome" | "extension" | "number" | "from" | "to", string>>;

export function queryOf({ from, to, ...rest }: Filter, zone: string): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [name, value] of Object.entries(rest)) if (value) query[name] = value;
  if (isDay(from)) query["startedAt[gte]"] = startOfDay(from, zone).toISOString();
  // the last moment of the day
  if (isDay(to)) query["startedAt[lte]"] = new Date(startOfDay(addDays(to, 1), zone).getTime() - 1).toISOString();
  return query;
}

const isDay = (value: string | undefined): value is string => /^\d{4}-\d{2}-\d{2}$/.test(value ?? "");
