// Matches FreeSWITCH's replies with our commands: it answers one connection's commands in the order in which they came.

export type Kind = "command/reply" | "api/response";

export type Replies = {
  /** Waits for the next reply that nobody waits for yet. Rejects after `timeoutMs`; the reply's place is kept, so later ones still match. */
  expect(kind: Kind, timeoutMs: number): Promise<string>;
  /** False if no such reply is due. */
  settle(kind: Kind, text: string): boolean;
  /** The connection is gone: every waiting command fails. */
  fail(error: Error): void;
};

export function createReplies(): Replies {
  type Due = { kind: Kind; done(text: string): void; failed(error: Error): void };
  const due: Due[] = [];
  return {
    expect(kind, timeoutMs) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
        due.push({
          kind,
          done(text) {
            clearTimeout(timer);
            resolve(text);
          },
          failed(error) {
            clearTimeout(timer);
            reject(error);
          },
        });
      });
    },
    settle(kind, text) {
      if (due[0]?.kind !== kind) return false;
      due.shift()?.done(text);
      return true;
    },
    fail(error) {
      for (const { failed } of due.splice(0)) failed(error);
    },
  };
}
