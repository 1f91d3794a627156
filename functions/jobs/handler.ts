// What the worker does with what feeds it.
import type { Context } from "../context.ts";
import { sweepLeases } from "../document/large.ts";

/** What the schedule in infra/worker.ts sends. */
export type WorkerSweep = { sweep: true };

/** Rejects if not all could be done: the next sweep has the rest. `settled`: when the work that goes on after it is done. */
export function createWorker(ctx: Context, settled: () => Promise<void>): (event: WorkerSweep) => Promise<void> {
  return async () => {
    await sweepLeases(ctx).finally(settled);
  };
}
