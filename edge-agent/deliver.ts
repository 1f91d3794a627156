// Brings the spool's batches to the cloud: in order, one in flight, again until taken. What may wait goes with what may not, or once a batch is full of it.
import { createBackoff, jittered, pause } from "./backoff.ts";
import { type Cloud, CloudError } from "./cloud.ts";
import type { Log } from "./log.ts";
import { batchEvents, type Spool } from "./spool.ts";

/** Between two batches while catching up. */
export const catchUpSeconds = 0.5;

export type DeliverOptions = { spool: Spool; cloud: Cloud; log: Log; retryMilliseconds?: number; patience?: number };

/** Delivers until stopped; what is left stays in the spool. What lies there at the start goes at once. `patience`: seconds at the most. */
export function deliver({ spool, cloud, log, retryMilliseconds = 500, patience }: DeliverOptions): {
  stop(): Promise<void>;
} {
  const stopping = new AbortController();
  const backoff = createBackoff(retryMilliseconds, 60_000);
  let wake = (): void => {};
  /** Something is there that goes at once. */
  let soon = true;
  /** The cloud was away: what piled up goes at a measured pace, so that a thousand hosts that come back are no flood. */
  let isCatchingUp = false;
  /** When the rest goes. */
  let laterAt = Number.POSITIVE_INFINITY;
  spool.onEvents((patienceSeconds) => {
    const wait = Math.min(patienceSeconds, patience ?? patienceSeconds);
    if (patienceSeconds === 0 || spool.size() >= batchEvents) soon = true;
    // spread downwards, so that nothing waits for longer
    else laterAt = Math.min(laterAt, Date.now() + jittered(wait / 1.2));
    wake();
  });
  stopping.signal.addEventListener("abort", () => wake());

  /** Whether it is out of the way. */
  async function send({ batch, body }: { batch: number; body: string }): Promise<boolean> {
    try {
      await cloud.send("POST", "events", body);
      spool.accepted(batch);
      backoff.reset();
      return true;
    } catch (error) {
      if (error instanceof CloudError && !error.retry && error.status !== 403 && error.status !== 404) {
        log.error(
          { batch, generation: spool.generation, error: String(error) },
          "the cloud refuses a batch of events; it is set aside",
        );
        spool.setAside(batch, error.message);
        return true;
      }
      log.warn({ batch, waiting: spool.size(), error: String(error) }, "events could not be delivered; they will be");
      await pause(backoff.next(), stopping.signal);
      return false;
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      if (!soon && Date.now() < laterAt) {
        await untilWoken(laterAt - Date.now());
        continue;
      }
      // what is reported from here on asks anew
      soon = false;
      laterAt = Number.POSITIVE_INFINITY;
      const waiting = spool.size();
      const batch = spool.next();
      if (!batch) {
        isCatchingUp = false;
        continue;
      }
      const taken = await send(batch);
      if (!taken || waiting > batch.events) soon = true;
      if (!taken) isCatchingUp = true;
      else if (waiting <= batch.events) isCatchingUp = false;
      else if (isCatchingUp) await pause(jittered(catchUpSeconds), stopping.signal);
    }
  }

  /** Until something is reported, at most so many milliseconds. */
  function untilWoken(ms: number): Promise<void> {
    return new Promise<void>((done) => {
      const timer = Number.isFinite(ms) ? setTimeout(done, ms).unref() : undefined;
      wake = () => {
        clearTimeout(timer);
        done();
      };
    });
  }

  const running = run().catch((error: unknown) => log.error({ error: String(error) }, "delivering events failed"));
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
