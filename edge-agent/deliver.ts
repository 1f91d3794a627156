// Brings the spool's batches to the cloud: in order, one in flight, again until taken.
import { createBackoff, pause } from "./backoff.ts";
import { type Cloud, CloudError } from "./cloud.ts";
import type { Log } from "./log.ts";
import type { Spool } from "./spool.ts";

export type DeliverOptions = { spool: Spool; cloud: Cloud; log: Log; retryMilliseconds?: number };

/** Delivers until stopped; what is left stays in the spool. */
export function deliver({ spool, cloud, log, retryMilliseconds = 500 }: DeliverOptions): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const backoff = createBackoff(retryMilliseconds, 60_000);
  let wake = (): void => {};
  spool.onEvents(() => wake());
  stopping.signal.addEventListener("abort", () => wake());

  async function send({ batch, body }: { batch: number; body: string }): Promise<void> {
    try {
      await cloud.send("POST", "events", body);
      spool.accepted(batch);
      backoff.reset();
    } catch (error) {
      if (error instanceof CloudError && !error.retry && error.status !== 403 && error.status !== 404) {
        log.error(
          { batch, generation: spool.generation, error: String(error) },
          "the cloud refuses a batch of events; it is set aside",
        );
        return spool.setAside(batch, error.message);
      }
      log.warn({ batch, waiting: spool.size(), error: String(error) }, "events could not be delivered; they will be");
      await pause(backoff.next(), stopping.signal);
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const batch = spool.next();
      if (batch) await send(batch);
      else
        await new Promise<void>((done) => {
          wake = done;
        });
    }
  }

  const running = run().catch((error: unknown) => log.error({ error: String(error) }, "delivering events failed"));
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
