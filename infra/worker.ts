// What has the worker work: a clock.
import type { Stack } from "aws-cdk-lib";
import type { WorkerSweep } from "../functions/jobs/handler.ts";
import { feedClock } from "./feed.ts";
import type { Made } from "./functions.ts";

const sweep: WorkerSweep = { sweep: true };

export function feedWorker(stack: Stack, worker: Made): void {
  feedClock(stack, worker, { id: "WorkerSweep", description: "Ends large changes whose writers died", event: sweep });
}
