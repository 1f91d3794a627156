// Tells the cloud what is in place. What is due lies on disk; all that is due within a moment goes in one request, and again until it is accepted.
import type { Ack } from "../core/wire.ts";
import { createBackoff, pause } from "./backoff.ts";
import { type Cloud, CloudError } from "./cloud.ts";
import type { Log } from "./log.ts";
import type { Pending } from "./pending.ts";
import type { Traces } from "./traces.ts";

export interface Acks {
  /** Something may be due. */
  poke(): void;
  stop(): Promise<void>;
}

export type AcksOptions = {
  pending: Pending;
  cloud: Cloud;
  traces: Pick<Traces, "of">;
  log: Log;
  retryMilliseconds?: number;
};

const most = 1000;
const gatherMilliseconds = 20;

export function createAcks({ pending, cloud, traces, log, retryMilliseconds = 500 }: AcksOptions): Acks {
  const stopping = new AbortController();
  let sending: Promise<void> | undefined;
  let poked = false;

  async function sendAll(): Promise<void> {
    const backoff = createBackoff(retryMilliseconds, 60_000);
    await pause(gatherMilliseconds, stopping.signal);
    for (;;) {
      poked = false;
      const due = pending.dueAcks(most);
      if (due.length === 0) return;
      try {
        await send(due);
        backoff.reset();
      } catch (error) {
        log.warn({ acks: due.length, error: String(error) }, "acks could not be sent; they will be");
        if (stopping.signal.aborted) return;
        await pause(backoff.next(), stopping.signal);
      }
      if (stopping.signal.aborted) return;
    }
  }

  /** Where the cloud refuses a request for what is in it, halves are tried, so that one ack does not hold up the others. */
  async function send(acks: Ack[]): Promise<void> {
    try {
      await cloud.send("POST", "acks", JSON.stringify({ acks: acks.map((one) => ({ ...one, ...traces.of(one) })) }));
    } catch (error) {
      if (!(error instanceof CloudError) || error.retry || error.status === 403 || error.status === 404) throw error;
      const [first] = acks;
      if (acks.length > 1) {
        const half = Math.ceil(acks.length / 2);
        await send(acks.slice(0, half));
        return send(acks.slice(half));
      }
      log.error({ owner: first?.owner, error: String(error) }, "the cloud refuses an ack; it is not sent again");
    }
    pending.accepted(acks);
  }

  function poke(): void {
    poked = true;
    if (stopping.signal.aborted) return;
    sending ??= sendAll()
      .catch((error: unknown) => log.error({ error: String(error) }, "acks failed"))
      .finally(() => {
        sending = undefined;
        if (poked) poke();
      });
  }

  return {
    poke,
    async stop() {
      stopping.abort();
      await sending;
    },
  };
}
