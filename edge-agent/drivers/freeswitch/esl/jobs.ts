// Commands that FreeSWITCH runs beside others: each has an id of ours, by which the event with its answer is known.
import { randomUUID } from "node:crypto";
import type { EslEvent } from "./event.ts";

export type Jobs = {
  /** `start` sends the command under the id and resolves with FreeSWITCH's reply. Resolves with the answer. */
  run(seconds: number, start: (id: string) => Promise<string>): Promise<string>;
  onEvent(event: EslEvent): void;
  /** The connection is gone: no answer will come. */
  fail(error: Error): void;
};

export function createJobs(): Jobs {
  const waiting = new Map<string, { done(answer: string): void; failed(error: Error): void }>();
  return {
    run(seconds, start) {
      const id = randomUUID();
      let timer: NodeJS.Timeout | undefined;
      return new Promise<string>((done, failed) => {
        waiting.set(id, { done, failed });
        timer = setTimeout(() => failed(new Error(`no answer within ${seconds} s`)), seconds * 1000).unref();
        start(id).then((reply) => {
          if (!reply.startsWith("+OK")) failed(new Error(`FreeSWITCH says ${reply.slice(0, 100)}`));
        }, failed);
      }).finally(() => {
        clearTimeout(timer);
        waiting.delete(id);
      });
    },
    onEvent: ({ headers, body }) => waiting.get(headers["Job-UUID"] ?? "")?.done(body ?? ""),
    fail(error) {
      for (const { failed } of waiting.values()) failed(error);
    },
  };
}
