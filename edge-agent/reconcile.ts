// The timed comparison with the cloud: sums over buckets of documents, so that the work is the same on a quiet and on a bad day.
import type { Owner } from "../core/owner.ts";
import { differences } from "../core/wire.ts";
import { jittered, pause } from "./backoff.ts";
import type { Cloud } from "./cloud.ts";
import type { Log } from "./log.ts";
import type { Runtime } from "./runtime.ts";
import type { State } from "./state.ts";
import type { Sync } from "./sync.ts";

export type ReconcileOptions = {
  state: State;
  cloud: Cloud;
  sync: Sync;
  runtime: Pick<Runtime, "catchUp">;
  log: Log;
  changed: (owner: Owner) => void;
};

/**
 * One comparison, and everything that follows from it; then runtime state that no queue brought. Documents that the cloud's answer lacks stay: only `deleted` drops one. Rejects when the cloud
 * can't be asked.
 */
export async function compare({ state, cloud, sync, runtime, changed }: Omit<ReconcileOptions, "log">): Promise<void> {
  const found = await cloud.post("differences", { buckets: state.buckets() }, differences);
  const goals = found.buckets.flatMap(({ documents }) => documents);
  for (const document of goals) {
    if (document.deleted && state.drop(document).outcome === "applied") changed(document.owner);
  }
  await Promise.all(goals.filter((document) => !document.deleted).map((document) => sync.reach(document)));
  await runtime.catchUp(cloud);
}

/** Compares at once and then about every `seconds`; `inStep` is told whenever all that the cloud has is here. Returns a function that stops it. */
export function keepComparing(
  options: ReconcileOptions & { seconds: number; inStep?: () => void },
): () => Promise<void> {
  const stopping = new AbortController();
  const run = async () => {
    while (!stopping.signal.aborted) {
      try {
        await compare(options);
        options.inStep?.();
      } catch (error) {
        options.log.warn(
          { error: String(error) },
          "the comparison with the cloud failed; calls go on with what is here",
        );
      }
      await pause(jittered(options.seconds), stopping.signal);
    }
  };
  const running = run();
  return async () => {
    stopping.abort();
    await running;
  };
}
