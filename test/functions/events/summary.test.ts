// Calls counted by the clock on the tenant's wall.
import fc from "fast-check";
import { expect, test } from "vitest";
import { wallClock } from "../../../core/routing/clock.ts";
import { type Counted, summarize } from "../../../functions/events/summary.ts";

async function* each(calls: Counted[]): AsyncGenerator<Counted> {
  yield* calls;
}
const call = (startedAt: string, waitSeconds: number | null = 5): Counted => ({
  startedAt,
  answeredAt: waitSeconds === null ? null : new Date(Date.parse(startedAt) + waitSeconds * 1000).toISOString(),
  billableSeconds: waitSeconds === null ? 0 : 60,
  outcome: waitSeconds === null ? "no-answer" : "answered",
});

test("a day of the tenant's is a day, not one of UTC's; days without calls stand in it", async () => {
  const range = { from: new Date("2026-11-24T23:00:00Z"), to: new Date("2026-11-27T22:59:59Z"), zone: "Europe/Berlin" };
  const calls = [
    call("2026-11-25T22:59:59.000Z", 4),
    call("2026-11-25T23:00:00.000Z", 8),
    call("2026-11-26T12:00:00.000Z", null),
  ];
  const { buckets, outcomes } = await summarize(each(calls), { ...range, by: "day" });
  expect(buckets).toEqual([
    { date: "2026-11-25", hour: null, calls: 1, answered: 1, talkSeconds: 60, waitSeconds: 4 },
    { date: "2026-11-26", hour: null, calls: 2, answered: 1, talkSeconds: 60, waitSeconds: 8 },
    { date: "2026-11-27", hour: null, calls: 0, answered: 0, talkSeconds: 0, waitSeconds: null },
  ]);
  expect(outcomes).toEqual({ answered: 2, "no-answer": 1 });
});

test("the hour that comes twice as summer time ends is two, the one that is skipped is none", async () => {
  const zone = "Europe/Berlin";
  const ofDay = (from: string, to: string, calls: Counted[] = []) =>
    summarize(each(calls), { from: new Date(from), to: new Date(to), by: "hour", zone });
  const long = await ofDay("2026-10-24T22:00:00Z", "2026-10-25T22:59:59Z", [
    call("2026-10-25T00:30:00Z"),
    call("2026-10-25T01:30:00Z"),
  ]);
  expect(long.buckets).toHaveLength(25);
  expect(long.buckets.filter(({ hour }) => hour === 2).map(({ calls }) => calls)).toEqual([1, 1]);
  const short = await ofDay("2026-03-28T23:00:00Z", "2026-03-29T21:59:59Z");
  expect(short.buckets.map(({ hour }) => hour)).toEqual([0, 1, ...Array.from({ length: 21 }, (_, n) => n + 3)]);
});

test("every call of the time is counted once, where the clock says", async () => {
  const zones = fc.constantFrom("UTC", "Asia/Kolkata", "America/New_York", "Australia/Lord_Howe");
  const [from, to] = [new Date("2026-03-05T00:00:00Z"), new Date("2026-03-12T23:59:59.999Z")];
  const moments = fc.array(fc.date({ min: from, max: to, noInvalidDate: true }), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(zones, fc.constantFrom("hour" as const, "day" as const), moments, async (zone, by, times) => {
      const calls = times.map((time) => call(time.toISOString()));
      const { buckets } = await summarize(each(calls), { from, to, by, zone });
      const counted = buckets.flatMap(({ date, hour, calls: n }) => Array.from({ length: n }, () => `${date} ${hour}`));
      const walls = times.map((time) => {
        const { date, time: clock } = wallClock(time, zone);
        return `${date} ${by === "day" ? null : Number(clock.slice(0, 2))}`;
      });
      expect(counted.toSorted()).toEqual(walls.toSorted());
    }),
    { numRuns: 100 },
  );
});
