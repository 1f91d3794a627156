// Who carries deletions and restorations on: called at once for what can't wait, and by a clock.
import { isTenant, type Owner } from "../../core/owner.ts";
import { childrenOf } from "../accounts/below.ts";
import type { Context } from "../context.ts";
import { type Head, isPurged, readTombstone } from "../document/head.ts";
import * as keys from "../keys.ts";
import { due, take } from "../outbox.ts";
import { ConditionFailed } from "../store/store.ts";
import { type Elsewhere, erase } from "./erase.ts";
import { type Deletion, itemOf, read } from "./item.ts";
import { at, bury, entomb, isEmpty, settle } from "./purge.ts";
import { hasten, ownerOf, removeBelow } from "./remove.ts";
import { restoreRest } from "./restore.ts";

const hour = 3_600_000;

/** Everything that is due. Rejects after all were tried, if any failed. Resolves with of how many owners something was. */
export async function sweepDeletions(ctx: Context, elsewhere: Elsewhere = () => {}): Promise<number> {
  let [done, failed] = [0, 0];
  let cause: unknown;
  const owners: Owner[] = [];
  for await (const item of due(ctx, keys.index.deletions)) owners.push(read(item).owner);
  // what is in an account comes before it
  owners.sort((a, b) => Number(isTenant(b)) - Number(isTenant(a)));
  for (const owner of owners)
    try {
      await carryOn(ctx, owner, { elsewhere });
      done++;
    } catch (error) {
      ctx.log.warn({ owner, error: String(error) }, "a deletion was not carried on; it will be");
      failed++;
      cause = error;
    }
  if (failed > 0) throw new Error(`of ${done + failed} deletions ${failed} were not carried on`, { cause });
  return done;
}

export type Bounds = {
  elsewhere: Elsewhere;
  /** The rest of what is below an account is left to the next sweep from then on, in milliseconds. */
  until?: number;
  /** Only these; all without. */
  stages?: readonly Deletion["stage"][];
};

/** As far as it goes now. Where others carry on with the same, one of them does. */
export async function carryOn(ctx: Context, owner: Owner, bounds: Bounds): Promise<void> {
  for (;;) {
    const item = await ctx.store.get(keys.deletion(owner));
    const deletion = item && read(item);
    if (!deletion || deletion.due > ctx.now().toISOString()) return;
    if (bounds.stages && !bounds.stages.includes(deletion.stage)) return;
    try {
      if (!(await step(ctx, deletion, bounds))) return;
    } catch (error) {
      if (error instanceof ConditionFailed) return;
      throw error;
    }
  }
}

/** False where the rest is for later. */
async function step(ctx: Context, deletion: Deletion, bounds: Bounds): Promise<boolean> {
  const { owner, stage, turn, actor } = deletion;
  const head = await readTombstone(ctx.store, owner);
  const to = (next: Deletion) => take(ctx.store, { put: itemOf(next) }, { turn });
  const end = () => take(ctx.store, { delete: keys.deletion(owner) }, { turn });
  if (!head) return end();
  if (stage === "restore") return (await restoreRest(ctx, head, actor, bounds.until)) ? end() : false;
  if (head.deletedAt === null) return end();
  if (stage === "below") {
    if (!(await removeBelow(ctx, head, actor, bounds.until))) return false;
    return to({ ...at(ctx, deletion, "kept"), due: head.purgeAt ?? deletion.due });
  }
  if (stage === "kept") {
    await purgeBelow(ctx, head, deletion, bounds);
    if (!(await isEmpty(ctx, head))) return to(at(ctx, deletion, "kept", hour));
    await entomb(ctx, head, deletion);
    return true;
  }
  if (!isPurged(head)) return end();
  // until nothing is found
  if ((await erase(ctx, head, bounds.elsewhere)) > 0) return true;
  await (stage === "purge" ? bury(ctx, head, deletion) : settle(ctx, head, deletion));
  return true;
}

/** Without the account nothing in it could be restored. */
async function purgeBelow(ctx: Context, { owner, ...head }: Head, { actor }: Deletion, bounds: Bounds): Promise<void> {
  if (isTenant(owner)) return;
  await removeBelow(ctx, { owner, ...head }, actor);
  for (const what of [keys.deleted("TENANT"), keys.deleted("ACCOUNT")])
    for await (const id of childrenOf(ctx.store, owner, what)) {
      const below = ownerOf(what, id);
      await hasten(ctx, below, actor);
      await carryOn(ctx, below, bounds);
    }
}
