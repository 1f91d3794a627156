// What is still to be done about a deleted or restored owner: an item written in the transaction that deletes or restores, which stands until all of it is
// done. Whoever is killed in the middle leaves it to the next sweep.
import { z } from "zod";
import type { Owner } from "../../core/owner.ts";
import { actor } from "../document/change.ts";
import * as keys from "../keys.ts";
import { dueAt } from "../outbox.ts";
import type { Item } from "../store/store.ts";

/**
 * `below`: what an account holds is yet to be deleted with it. `kept`: it waits for its purge. `purge`: its traces are being removed. `tombstone`: only the
 * head is left, until every edge has dropped it. `restore`: what was deleted with it is yet to come back.
 */
const stages = ["below", "kept", "purge", "tombstone", "restore"] as const;

const stored = z.object({
  owner: z.string().transform((value) => value as Owner),
  stage: z.enum(stages),
  due: z.string(),
  /** Since when it is at this stage. */
  since: z.string(),
  /** Who deleted or restored. */
  actor: actor(),
  /** Moves with every write. */
  turn: z.int(),
});
export type Deletion = z.output<typeof stored>;

export const read = (item: Item): Deletion => stored.parse(item);

export const itemOf = (deletion: Deletion): Item => ({
  ...keys.deletion(deletion.owner),
  ...dueAt(keys.index.deletions, new Date(deletion.due), deletion.owner),
  ...deletion,
});

/** At a stage from now on, to be looked at again when it is `due`. */
export const begun = (owner: Owner, stage: Deletion["stage"], now: Date, actor: Deletion["actor"], due = now): Item =>
  itemOf({ owner, stage, due: due.toISOString(), since: now.toISOString(), actor, turn: 0 });
