// How many calls there were when, how many of them were answered and after how long: counted by hours or days as the clocks on the tenant's wall show them.
import { wallClock } from "../../core/routing/clock.ts";

export type Counted = { startedAt?: unknown; answeredAt?: unknown; billableSeconds?: unknown; outcome?: unknown };
export type Bucket = {
  /** In the time zone: `2026-11-27`. */
  date: string;
  /** From 0 to 23; null of a whole day. */
  hour: number | null;
  calls: number;
  answered: number;
  talkSeconds: number;
  /** The mean time until an answer; null where nobody answered. */
  waitSeconds: number | null;
};
export type Summary = { outcomes: Record<string, number>; buckets: Bucket[] };

export type Range = { from: Date; to: Date; by: "hour" | "day"; zone: string };

const hourMs = 3_600_000;
const dayMs = 86_400_000;

/** Buckets from the one that `from` is in to that of `to`, those without calls too. An hour that comes twice, as summer time ends, is two. */
export async function summarize(records: AsyncIterable<Counted>, { from, to, by, zone }: Range): Promise<Summary> {
  const buckets = new Map<string, Bucket & { waited: number }>();
  for (const { key, date, hour } of by === "hour" ? hoursOf(from, to, zone) : daysOf(from, to, zone))
    buckets.set(key, { ...{ date, hour, calls: 0, answered: 0 }, ...{ talkSeconds: 0, waitSeconds: null, waited: 0 } });
  const outcomes: Record<string, number> = {};
  for await (const { startedAt, answeredAt, billableSeconds, outcome } of records) {
    const started = new Date(String(startedAt));
    const key = by === "hour" ? String(hourOf(started, zone).getTime()) : wallClock(started, zone).date;
    const bucket = buckets.get(key);
    if (!bucket) continue;
    bucket.calls++;
    outcomes[String(outcome)] = (outcomes[String(outcome)] ?? 0) + 1;
    if (outcome !== "answered" || typeof answeredAt !== "string") continue;
    bucket.answered++;
    bucket.talkSeconds += Number(billableSeconds);
    bucket.waited += Math.max(0, (Date.parse(answeredAt) - started.getTime()) / 1000);
  }
  return {
    outcomes,
    buckets: [...buckets.values()].map(({ waited, ...bucket }) => ({
      ...bucket,
      waitSeconds: bucket.answered === 0 ? null : Math.round((10 * waited) / bucket.answered) / 10,
    })),
  };
}

type Named = { key: string; date: string; hour: number | null };

/** When the hour began that the clock shows. */
function hourOf(at: Date, zone: string): Date {
  const minutes = Number(wallClock(at, zone).time.slice(3));
  return new Date(Math.floor(at.getTime() / 60_000) * 60_000 - minutes * 60_000);
}

function* hoursOf(from: Date, to: Date, zone: string): Generator<Named> {
  for (let start = hourOf(from, zone); start <= to; start = hourOf(new Date(start.getTime() + hourMs), zone)) {
    const { date, time } = wallClock(start, zone);
    yield { key: String(start.getTime()), date, hour: Number(time.slice(0, 2)) };
  }
}

function* daysOf(from: Date, to: Date, zone: string): Generator<Named> {
  const last = wallClock(to, zone).date;
  for (let day = Date.parse(wallClock(from, zone).date); ; day += dayMs) {
    const date = new Date(day).toISOString().slice(0, 10);
    if (date > last) return;
    yield { key: date, date, hour: null };
  }
}
