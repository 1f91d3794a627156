// Deleting a tenant: edges are told, what it held in the whole installation is free again, a tombstone stays.
import { accountOwner, idOf } from "../../core/owner.ts";
import { kindOf } from "../../core/registry.ts";
import type { Access } from "../access/access.ts";
import { countingRemoval } from "../accounts/counts.ts";
import type { Context } from "../context.ts";
import { ofRevision } from "../events/waiting.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";
import { forget } from "../runtime/said.ts";
import { ConditionFailed, Conflict, type Operation } from "../store/store.ts";
import { type Actor, changeItems } from "./change.ts";
import { checkVersion } from "./draft.ts";
import { type Head, moveHead, outboxItem, placementItem, readHead, sortOf } from "./head.ts";
import { publish } from "./publish.ts";
import { openView } from "./view.ts";

export type Removal = {
  actor: Actor;
  /** Throws `version_mismatch` where the settings are not at it. */
  ifVersion: number | undefined;
  /** Operations that belong to the same transaction. */
  also(head: Head): Operation[];
};

export async function remove(ctx: Context, access: Access, { actor, ifVersion, also }: Removal): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const head = await readHead(ctx.store, access.owner);
    if (!head) return;
    const now = ctx.now().toISOString();
    const resources = await openView(ctx.store, head.owner).all();
    const settings = resources.find((resource) => resource.id === idOf(head.owner));
    if (settings) checkVersion(settings, ifVersion);
    const held = resources.flatMap((resource) => kindOf(resource.kind).globals?.(resource.body) ?? []);
    const counted = await countingRemoval(ctx, head);
    const next: Head = { ...head, ...counted.head, revision: head.revision + 1, deletedAt: now };
    const change = {
      revision: next.revision,
      at: now,
      actor,
      summary: `delete ${sortOf(head.owner)}`,
      base: head.digest,
      digest: head.digest,
      diff: [],
    };
    const release = held.map(
      ([what, value]): Operation => ({ delete: keys.global(what, value), if: { equals: { owner: head.owner } } }),
    );
    const parent = head.path[0];
    const operations: Operation[] = [
      moveHead(head, next),
      ...changeItems(head.owner, change).map((item): Operation => ({ put: item })),
      ...head.pools.map((pool): Operation => ({ put: placementItem(next, pool) })),
      { put: outboxItem(next, now) },
      ofRevision(head.owner, next.revision, now),
      ...(parent === undefined
        ? []
        : [{ delete: keys.child(accountOwner(parent), sortOf(head.owner).toUpperCase(), idOf(head.owner)) }]),
      ...counted.operations,
      ...also(next),
    ];
    try {
      await ctx.store.transact(operations);
    } catch (error) {
      if (error instanceof ConditionFailed || error instanceof Conflict) continue;
      throw error;
    }
    for (const operation of release)
      await ctx.store.transact([operation]).catch((error) => {
        if (!(error instanceof ConditionFailed)) throw error;
      });
    ctx.after(forget(ctx, next.owner));
    publish(ctx, next, { type: "deleted", owner: next.owner, epoch: next.epoch, revision: next.revision });
    return;
  }
  throw new Problem("busy", "Others keep writing to it; try again in a moment.", { headers: { "Retry-After": "2" } });
}
