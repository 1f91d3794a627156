// What the worker does with what feeds it.
import type { SQSRecord } from "aws-lambda";
import type { Context } from "../context.ts";
import { sweepLeases } from "../document/large.ts";
import { sweepPools, tendPool } from "../edges/tend.ts";
import { isId } from "../id.ts";
import { sweepTrials } from "../identity/trial.ts";
import { runJob, sweepJobs } from "./run.ts";

/** A message names a job, or a pool to tend: a hint, since what is lost of them is due in the table. */
export type WorkerEvent = { Records: SQSRecord[] } | WorkerSweep;
/** What the schedule in infra/worker.ts sends. */
export type WorkerSweep = { sweep: true };

/** Rejects if not all could be done: the next sweep has the rest. `settled`: when the work that goes on after it is done. */
export function createWorker(ctx: Context, settled: () => Promise<void>): (event: WorkerEvent) => Promise<void> {
  return async (event) => {
    try {
      if ("sweep" in event) await sweepWork(ctx);
      else for (const { body } of event.Records) await doSoon(ctx, body);
    } finally {
      await settled();
    }
  };
}

/** What `startJob` named. */
export const doSoon = (ctx: Context, id: string): Promise<unknown> =>
  isId("pol", id) ? tendPool(ctx, id) : runJob(ctx, id);

/** Ends what the dead left, tends pools, takes back what was lent, then does the jobs that are due. Rejects if not all could be done. */
export async function sweepWork(ctx: Context): Promise<void> {
  const ended = await Promise.allSettled([sweepLeases(ctx), sweepPools(ctx), sweepTrials(ctx)]);
  await sweepJobs(ctx);
  for (const one of ended) if (one.status === "rejected") throw one.reason;
}
