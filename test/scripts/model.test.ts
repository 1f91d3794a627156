// The models on a small scale: that hosts come back without a herd is theirs to show, and that they would see one.
import { expect, test } from "vitest";
import { outage } from "../../scripts/model/outage.ts";
import { propagation } from "../../scripts/model/propagation.ts";
import { poisson, seeded } from "../../scripts/model/random.ts";

const small = { hosts: 60, outageSeconds: 600, eventsPerSecond: 4, api: { rate: 5000, burst: 5000 }, answerMs: 100 };

test("hosts that come back after an outage are no herd, and lose nothing", () => {
  for (const seed of [1, 2, 3]) {
    const { peakRequests, firstSecond, taken, left, reported, recoverySeconds } = outage(seeded(seed), small);
    // a host has one batch under way at a time, and heartbeats and comparisons beside
    expect(firstSecond).toBeLessThan(small.hosts / 3);
    expect(peakRequests).toBeLessThan(small.hosts * 2.5);
    expect(taken + left).toBe(reported);
    expect(left).toBeLessThanOrEqual(25 * small.hosts);
    expect(recoverySeconds).toBeLessThan(small.outageSeconds / 2);
  }
});

test("without chance in their pauses they would be one", () => {
  const alike = outage(() => 0.5, small);
  expect(alike.atOnce).toBe(small.hosts);
  expect(outage(seeded(1), small).atOnce).toBeLessThan(small.hosts / 3);
});

test("what the API refuses is told later", () => {
  const { refused, taken, left, reported } = outage(seeded(1), { ...small, api: { rate: 20, burst: 20 } });
  expect(refused).toBeGreaterThan(0);
  expect(taken + left).toBe(reported);
});

test("the same seed gives the same figures, and chance is as it should be", () => {
  expect(propagation(seeded(1), 5000)).toEqual(propagation(seeded(1), 5000));
  const { p50, p99 } = propagation(seeded(1), 5000);
  expect(p99).toBeGreaterThan(p50);
  const random = seeded(7);
  for (const mean of [0.5, 5, 500]) {
    const drawn = Array.from({ length: 4000 }, () => poisson(mean, random));
    expect(drawn.reduce((a, b) => a + b, 0) / drawn.length / mean).toBeCloseTo(1, 1);
  }
});
