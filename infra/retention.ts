// What has the retention sweep run: a clock.
import { Duration, type Stack } from "aws-cdk-lib";
import { feedClock } from "./feed.ts";
import type { Made } from "./functions.ts";

export function feedRetention(stack: Stack, retention: Made): void {
  feedClock(stack, retention, {
    id: "RetentionSweep",
    description: "Deletes what is older than its tenant wants it kept",
    every: Duration.hours(1),
  });
}
