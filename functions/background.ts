// Work that goes on after an answer, kept track of, so that a Lambda can wait for it before it is frozen.
import type { Log } from "./log.ts";

export type Background = {
  after(work: Promise<void>): void;
  /** When nothing goes on any more, also nothing that was begun meanwhile. Never rejects: a failure is logged. */
  settled(): Promise<void>;
};

export function createBackground(log: Log): Background {
  const running = new Set<Promise<void>>();
  return {
    after(work) {
      const tracked = work
        .catch((error) => log.error({ error: String(error) }, "work after an answer failed"))
        .finally(() => running.delete(tracked));
      running.add(tracked);
    },
    async settled() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
