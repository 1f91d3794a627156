// What the worker does with what feeds it.
import type { SQSRecord } from "aws-lambda";
import type { Context } from "../context.ts";
import { sweepLeases } from "../document/large.ts";
import { runJob, sweepJobs } from "./run.ts";

/** A message names a job: a hint, since what is lost of them is due in the table. */
export type WorkerEvent = { Records: SQSRecord[] } | WorkerSweep;
/** What the schedule in infra/worker.ts sends. */
export type WorkerSweep = { sweep: true };

/** Rejects if not all could be done: the next sweep has the rest. `settled`: when the work that goes on after it is done. */
export function createWorker(ctx: Context, settled: () => Promise<void>): (event: WorkerEvent) => Promise<void> {
  return async (event) => {
    try {
      if ("sweep" in event) await sweepWork(ctx);
      else for (const { body } of event.Records) await runJob(ctx, body);
    } finally {
      await settled();
    }
  };
}

/** Ends what the dead left, then does the jobs that are due. Rejects if not all could be done. */
export async function sweepWork(ctx: Context): Promise<void> {
  const ended = await Promise.allSettled([sweepLeases(ctx)]);
  await sweepJobs(ctx);
  for (const one of ended) if (one.status === "rejected") throw one.reason;
}
