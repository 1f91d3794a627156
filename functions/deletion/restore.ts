// Restoring what was deleted, before its purge: a new revision, with everything as it was. Edges fetch the document anew, since they dropped it.
import { accountOwner, idOf, isTenant, type Owner } from "../../core/owner.ts";
import { childrenOf } from "../accounts/below.ts";
import { countingRestoration } from "../accounts/counts.ts";
import type { Context } from "../context.ts";
import { type Actor, type Change, changeItems } from "../document/change.ts";
import {
  type Head,
  isPurged,
  moveHead,
  outboxItem,
  placementItem,
  readHead,
  readTombstone,
  sortOf,
} from "../document/head.ts";
import { publish } from "../document/publish.ts";
import { refuseOvertaken } from "../document/write.ts";
import { unplacing } from "../edges/placement.ts";
import { tendSoon } from "../edges/roster.ts";
import { ofRevision } from "../events/waiting.ts";
import * as keys from "../keys.ts";
import { notFound, Problem } from "../problem.ts";
import { list, say } from "../runtime/said.ts";
import { ConditionFailed, Conflict, type Operation } from "../store/store.ts";
import { begun } from "./item.ts";
import { listedAs, ownerOf } from "./remove.ts";

/** The head as it is then; without effect where it is not deleted. Throws `conflict` while the account above is deleted, `limit_reached` where there is no room for it, `busy`. */
export async function restore(
  ctx: Context,
  owner: Owner,
  actor: Actor,
  also: (head: Head, restored: boolean) => Promise<Operation[]> = async () => [],
): Promise<Head> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const head = await readTombstone(ctx.store, owner);
    if (!head || isPurged(head)) throw notFound(sortOf(owner), idOf(owner));
    const [parent] = head.path;
    if (parent !== undefined && !(await readHead(ctx.store, accountOwner(parent))))
      throw new Problem("conflict", `The account ${parent}, in which it was, is deleted; restore that first.`);
    const isLive = head.deletedAt === null;
    const counted = isLive ? undefined : await countingRestoration(ctx, head);
    const next = isLive ? head : { ...restored(head), ...counted?.head };
    const recorded = await also(next, !isLive);
    const own = isLive ? [] : operationsOf(ctx, head, next, actor);
    const operations = [...own, ...(counted?.operations ?? []), ...recorded];
    try {
      if (operations.length > 0) await ctx.store.transact(operations);
    } catch (error) {
      refuseOvertaken(error, operations, recorded);
      if (!(error instanceof ConditionFailed || error instanceof Conflict)) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 50));
      continue;
    }
    const { epoch, revision, digest } = next;
    if (!isLive) {
      publish(ctx, next, { type: "pointer", owner, epoch, revision, digest }, actor.requestId);
      for (const pool of isTenant(owner) ? next.pools : []) ctx.after(tendSoon(ctx, pool));
    }
    return next;
  }
  throw new Problem("busy", "Others keep writing to it; try again in a moment.", { headers: { "Retry-After": "2" } });
}

const restored = (head: Head): Head => ({
  ...head,
  revision: head.revision + 1,
  deletedAt: null,
  purgeAt: null,
  deletedWith: null,
});

function operationsOf(ctx: Context, head: Head, next: Head, actor: Actor): Operation[] {
  const { owner, digest } = head;
  const now = ctx.now();
  const at = now.toISOString();
  const change: Change = {
    ...{
      revision: next.revision,
      at,
      actor,
      summary: `restore ${sortOf(owner)}`,
      whole: { what: "restored", from: null },
    },
    ...{ base: digest, digest, diff: [] },
  };
  return [
    moveHead(head, next),
    ...changeItems(owner, change).map((put): Operation => ({ put })),
    ...next.pools.map((pool): Operation => ({ put: placementItem(next, pool) })),
    { put: outboxItem(next, at, actor.requestId) },
    ofRevision(owner, next.revision, at),
    ...listedAs(head, "live"),
    ...unplacing(ctx, owner, next.pools),
    { put: begun(owner, "restore", now, actor) },
  ];
}

/**
 * What comes back after the document: of a tenant, what people had set by phone, said again since its edges forgot it; of an account, everything that was
 * deleted with it. Resolves with false where `until` came before the end.
 */
export async function restoreRest(
  ctx: Context,
  head: Head,
  actor: Actor,
  until = Number.POSITIVE_INFINITY,
): Promise<boolean> {
  if (!isTenant(head.owner)) return restoreBelow(ctx, head.owner, idOf(head.owner), actor, until);
  for (const { kind, id, field, value, by } of await list(ctx, head.owner))
    await say(ctx, head, { kind, id }, { [field]: value }, by);
  return true;
}

/** What is beyond a limit by now stays deleted; it can be restored by itself when there is room. */
async function restoreIfRoom(ctx: Context, owner: Owner, actor: Actor): Promise<void> {
  await restore(ctx, owner, actor).catch((error) => {
    if (!(error instanceof Problem && error.code === "limit_reached")) throw error;
    ctx.log.warn({ owner, error: error.message }, "not restored with its account");
  });
}

async function restoreBelow(ctx: Context, account: Owner, root: string, actor: Actor, until: number): Promise<boolean> {
  for (const what of [keys.deleted("ACCOUNT"), keys.deleted("TENANT")])
    for await (const id of childrenOf(ctx.store, account, what)) {
      const head = await readTombstone(ctx.store, ownerOf(what, id));
      if (head?.deletedWith === root) await restoreIfRoom(ctx, head.owner, actor);
      if (Date.now() > until) return false;
    }
  for await (const id of childrenOf(ctx.store, account, "ACCOUNT"))
    if (!(await restoreBelow(ctx, accountOwner(id), root, actor, until))) return false;
  return true;
}
