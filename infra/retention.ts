// What has the sweeps of old and of deleted things run: two clocks.
import { Duration, type Stack } from "aws-cdk-lib";
import type { Sweep } from "../functions/retention/lambda.ts";
import { feedClock } from "./feed.ts";
import type { Made } from "./functions.ts";

const sweep = (what: Sweep["sweep"]): Sweep => ({ sweep: what });

export function feedRetention(stack: Stack, retention: Made): void {
  const old = {
    id: "RetentionSweep",
    description: "Deletes what is older than its tenant wants it kept",
    every: Duration.hours(1),
    event: sweep("retention"),
  };
  const deleted = {
    id: "DeletionSweep",
    description: "Removes the traces of tenants and accounts that were deleted",
    every: Duration.minutes(5),
    event: sweep("deletions"),
  };
  feedClock(stack, retention, old, deleted);
}
