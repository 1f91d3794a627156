// Events on their way to the log: an item that is written in the transaction of what happened, and stands until all of it is in the log and every
// delivery that follows is written down.
import * as z from "zod/mini";
import { lazy } from "../../core/lazy.ts";
import type { Owner } from "../../core/owner.ts";
import type { Context } from "../context.ts";
import * as keys from "../keys.ts";
import { due, dueAt } from "../outbox.ts";
import type { Item, Operation } from "../store/store.ts";
import type { Outgoing } from "./event.ts";

const stored = lazy(() =>
  z.object({
    pk: z.string(),
    sk: z.string(),
    createdAt: z.string(),
    /** The document whose revision this is; its change says what happened. */
    owner: z.nullable(z.string()),
    revision: z.int(),
    /** Otherwise what happened, as JSON. */
    text: z.string(),
    /** So many are in the log with all their deliveries; of the next, the id if it is in the log, and the last endpoint that has it. */
    done: z.int(),
    logged: z.nullable(z.string()),
    given: z.string(),
    /** Moves with every write. */
    turn: z.int(),
  }),
);
export type Waiting = z.output<ReturnType<typeof stored>>;

export const read = (item: Item): Waiting => stored().parse(item);

/** Every call and every acknowledgement is written here and taken out again. */
export const eventShards = 16;
/** Those that are due, the longest first. */
export const dueEvents = (ctx: Context): AsyncGenerator<Item> => due(ctx, keys.index.events, eventShards);

export function itemOf(waiting: Waiting): Item {
  const at = new Date(waiting.createdAt);
  return { ...waiting, ...dueAt(keys.index.events, at, `${waiting.pk}#${waiting.sk}`, eventShards) };
}

const fresh = { done: 0, logged: null, given: "", turn: 0 };

/** The events of a document's revision. */
export const ofRevision = (owner: Owner, revision: number, createdAt: string): Operation => ({
  put: itemOf({
    ...keys.waitingEvents(owner, String(revision).padStart(12, "0")),
    ...fresh,
    ...{ createdAt, owner, revision, text: "[]" },
  }),
});

/** Events that `name` tells from others of the partition; none, if there is nothing to tell. */
export const of = (pk: string, name: string, events: Outgoing[], createdAt: string): Operation[] =>
  events.length === 0
    ? []
    : [
        {
          put: itemOf({
            ...keys.waitingEvents(pk, name),
            ...fresh,
            ...{ createdAt, owner: null, revision: 0, text: JSON.stringify(events) },
          }),
        },
      ];
