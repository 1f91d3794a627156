// Moving a tenant to another account: its path changes with one revision of its document, which its edges take like any other. Pools that it leaves drop it.
import { accountOwner, idOf } from "../../core/owner.ts";
import { type KindName, kindOf } from "../../core/registry.ts";
import { places } from "../../core/resources/marks.ts";
import { encodeMessage } from "../../core/wire-text.ts";
import type { Access } from "../access/access.ts";
import { countingMove } from "../accounts/counts.ts";
import type { Context } from "../context.ts";
import { arriving, refuseClosed } from "../edges/arrivals.ts";
import { following } from "../edges/own-domain.ts";
import { unplacing } from "../edges/placement.ts";
import { tendSoon } from "../edges/roster.ts";
import { ofRevision } from "../events/waiting.ts";
import * as keys from "../keys.ts";
import { notFound, Problem } from "../problem.ts";
import { list, say } from "../runtime/said.ts";
import { ConditionFailed, Conflict, type Operation } from "../store/store.ts";
import { type Actor, type Change, changeItems } from "./change.ts";
import { deltaOf } from "./delta.ts";
import { widen } from "./found.ts";
import { leftBehind } from "./globals.ts";
import { type Head, moveHead, outboxItem, placementItem, readHead, refuseCrossing, sortOf } from "./head.ts";
import { publish, queueUrls } from "./publish.ts";
import { naturalKey, openView } from "./view.ts";
import { refuseOvertaken } from "./write.ts";

export type Move = {
  /** The account that it goes to. */
  to: Head;
  /** Where its calls live from now on; undefined in a sandbox. */
  pool: string | undefined;
  actor: Actor;
  /** Operations that belong to the same transaction; `moved`: whether it was not there yet. */
  also(head: Head, moved: boolean): Promise<Operation[]>;
};

/**
 * The head as it is then; without effect where it is there already. Throws `in_use` while it uses what only accounts have that it leaves, `conflict` out of a sandbox
 * or into one, `busy`.
 */
export async function move(ctx: Context, access: Access, { to, pool, actor, also }: Move): Promise<Head> {
  const path = [idOf(to.owner), ...to.path];
  for (let attempt = 0; attempt < 20; attempt++) {
    const head = await readHead(ctx.store, access.owner);
    if (!head) throw notFound(sortOf(access.owner), idOf(access.owner));
    refuseCrossing(head, to);
    const pools = pool === undefined ? [] : [pool];
    const left = head.pools.filter((one) => one !== pool);
    const stays = head.path.join() === path.join() && left.length === 0;
    if (!stays) await refuseLeftBehind(ctx, head, path);
    const now = ctx.now().toISOString();
    const counting = stays ? undefined : await countingMove(ctx, head, path);
    const next: Head = counting ? { ...head, ...counting.head, revision: head.revision + 1, path, pools } : head;
    const change: Change = {
      revision: next.revision,
      at: now,
      actor,
      summary: `move to account ${path[0]}`,
      base: head.digest,
      digest: head.digest,
      whole: { what: "moved", from: head.path[0] ?? null },
      diff: [],
    };
    const widened = stays ? [] : await widen(ctx, path, pools, change.actor.requestId);
    const recorded = await also(next, !stays);
    const operations: Operation[] = stays
      ? recorded
      : [
          moveHead(head, next),
          ...changeItems(head.owner, change).map((item): Operation => ({ put: item })),
          { put: outboxItem(next, now, change.actor.requestId) },
          ofRevision(head.owner, next.revision, now),
          ...pools.map((one): Operation => ({ put: placementItem(next, one) })),
          ...left.map((one): Operation => ({ put: placementItem({ ...next, deletedAt: now }, one) })),
          ...childOperations(head, next),
          ...widened.flatMap(({ operations: more }) => more),
          ...(counting?.operations ?? []),
          ...(head.pools.join() === pools.join()
            ? []
            : [
                ...unplacing(ctx, head.owner, pools),
                ...arriving(ctx, head.owner, pools),
                ...(await following(ctx, head.owner, pools)),
              ]),
          ...recorded,
        ];
    try {
      if (operations.length > 0) await ctx.store.transact(operations);
    } catch (error) {
      refuseOvertaken(error, operations, recorded);
      if (!(error instanceof ConditionFailed || error instanceof Conflict)) throw error;
      await refuseClosed(ctx, pools);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 50));
      continue;
    }
    if (stays) return head;
    for (const { head: above } of widened) {
      const { owner, epoch, revision, digest } = above;
      publish(ctx, above, { type: "pointer", owner, epoch, revision, digest }, change.actor.requestId);
    }
    publish(ctx, next, deltaOf(next, change, []), change.actor.requestId);
    for (const one of head.pools.join() === pools.join() ? [] : pools) ctx.after(tendSoon(ctx, one));
    if (left.length > 0) ctx.after(leave(ctx, next, left));
    return next;
  }
  throw new Problem("busy", "Others keep writing to it; try again in a moment.", { headers: { "Retry-After": "2" } });
}

/** It is listed in the new account and in the old one no more. */
function childOperations(before: Head, after: Head): Operation[] {
  const [from, to] = [before.path[0], after.path[0]];
  if (from === to) return [];
  const id = idOf(before.owner);
  const key = (account: string) => keys.child(accountOwner(account), sortOf(before.owner).toUpperCase(), id);
  return [
    ...(from === undefined ? [] : [{ delete: key(from) }]),
    ...(to === undefined ? [] : [{ put: { ...key(to), id } }]),
  ];
}

/** Its references to what neither it nor an account of the new path has, and its numbers out of an inventory that it leaves. */
async function refuseLeftBehind(ctx: Context, head: Head, path: string[]): Promise<void> {
  const own = openView(ctx.store, head.owner);
  const views = [own, ...path.map((id) => openView(ctx.store, accountOwner(id)))];
  const users: { kind: string; id: string; key: string; pointer: string }[] = [];
  const resources = await own.all();
  const numbers = resources.filter(({ kind }) => kind === "phone-number");
  const lent = await leftBehind(ctx.store, head.sandbox, numbers.map(naturalKey), path);
  for (const resource of numbers)
    if (lent.includes(naturalKey(resource)))
      users.push({ kind: resource.kind, id: resource.id, key: naturalKey(resource), pointer: "/number" });
  for (const resource of resources)
    for (const { mark, value, pointer } of places(kindOf(resource.kind).schema, resource.body)) {
      if (mark.mark !== "reference" || mark.scope !== "inherited" || typeof value !== "string") continue;
      const found = await Promise.all(views.map((view) => view.get(mark.kind as KindName, value)));
      if (found.every((one) => one === undefined))
        users.push({ kind: resource.kind, id: resource.id, key: naturalKey(resource), pointer });
    }
  if (users.length === 0) return;
  const named = users.slice(0, 5).map(({ kind, key, pointer }) => `${kind} ${key} (${pointer})`);
  const more = users.length > 5 ? ` and ${users.length - 5} more` : "";
  throw new Problem(
    "in_use",
    `What only its present accounts have is used by ${named.join(", ")}${more}; change these first.`,
    { extra: { users: users.slice(0, 100) } },
  );
}

/** The edges that it leaves drop it now, not at their next comparison; those of its new pool hear what people set. */
async function leave(ctx: Context, head: Head, pools: string[]): Promise<void> {
  const { owner, epoch, revision } = head;
  const body = encodeMessage({ type: "deleted", owner, epoch, revision });
  const told = (await queueUrls(ctx, pools)).map((url) => ctx.queues.send(url, body));
  for (const result of await Promise.allSettled(told))
    if (result.status === "rejected")
      ctx.log.warn({ owner, error: String(result.reason) }, "an edge was not told that a tenant left; it will ask");
  for (const { kind, id, field, value, by } of await list(ctx, owner))
    await say(ctx, head, { kind, id }, { [field]: value }, by);
}
