// By which requests documents came to where they stand, as the queue's messages say it: for logs, and for acknowledgements, which take it back to the cloud.
// In memory alone: what was heard before a restart is acknowledged without it.
import type { Standing } from "../core/comparison.ts";
import type { Owner } from "../core/owner.ts";
import type { Message } from "../core/wire.ts";

export interface Traces {
  heard(message: Message): void;
  /** Of a document at this revision; empty where it is not known. */
  of(standing: Pick<Standing, "owner" | "revision">): { requestId?: string };
}

export function createTraces(): Traces {
  /** The last one of each document. */
  const known = new Map<Owner, { revision: number; requestId: string }>();
  return {
    heard(message) {
      if (!("revision" in message) || message.requestId === undefined) return;
      const { owner, revision, requestId } = message;
      if ((known.get(owner)?.revision ?? -1) <= revision) known.set(owner, { revision, requestId });
    },
    of({ owner, revision }) {
      const last = known.get(owner);
      return last?.revision === revision ? { requestId: last.requestId } : {};
    },
  };
}
