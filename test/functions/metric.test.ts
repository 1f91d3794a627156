// Figures in the log, as CloudWatch takes metrics from it.
import { expect, test } from "vitest";
import { createLog } from "../../functions/log.ts";
import { createMeasure } from "../../functions/metric.ts";

test("figures are one line of embedded metric format, at most a hundred values each", () => {
  const lines: string[] = [];
  const log = createLog("info", (line) => lines.push(line));
  createMeasure("prod", log.info)("Propagation", [12, ...Array.from({ length: 100 }, (_, index) => index)]);
  const [first, second] = lines.map((line) => JSON.parse(line));
  expect(lines).toHaveLength(2);
  expect(first).toMatchObject({
    _aws: {
      Timestamp: expect.any(Number),
      CloudWatchMetrics: [
        { Namespace: "Dialplane", Dimensions: [["Stage"]], Metrics: [{ Name: "Propagation", Unit: "Milliseconds" }] },
      ],
    },
    Stage: "prod",
  });
  expect(first.Propagation).toHaveLength(100);
  expect(second.Propagation).toEqual([99]);
  createMeasure("prod", createLog("silent", (line) => lines.push(line)).info)("Refused", [1]);
  expect(lines).toHaveLength(2);
});

test("a line of the log is one object with its level, its time and what it is about; below the level nothing is written", () => {
  const lines: string[] = [];
  const log = createLog("warn", (line) => lines.push(line));
  log.info({ a: 1 }, "unsaid");
  log.error({ requestId: "req_1", error: "a\nb" }, "said");
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^[^\n]*\n$/);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({
    level: "error",
    time: expect.stringMatching(/^\d{4}-.*Z$/),
    message: "said",
    requestId: "req_1",
    error: "a\nb",
  });
});
