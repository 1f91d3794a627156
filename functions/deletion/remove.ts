// Deleting a tenant or an account: in one transaction it is gone for callers, edges and API keys, and everything stays where it is until the purge, so that
// it can be restored whole. Domain and numbers stay claimed so long.
import { accountOwner, idOf, type Owner } from "../../core/owner.ts";
import { childrenOf } from "../accounts/below.ts";
import { countingRemoval } from "../accounts/counts.ts";
import type { Context } from "../context.ts";
import { type Actor, type Change, changeItems } from "../document/change.ts";
import { type Head, moveHead, outboxItem, placementItem, readHead, readTombstone, sortOf } from "../document/head.ts";
import { droppedMessage, publish } from "../document/publish.ts";
import { checkVersion } from "../document/version.ts";
import { fromItem } from "../document/view.ts";
import { displacing } from "../edges/placement.ts";
import { ofRevision } from "../events/waiting.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";
import { ConditionFailed, Conflict, type Operation } from "../store/store.ts";
import { begun } from "./item.ts";

export type Removal = {
  actor: Actor;
  /** The settings' version that the caller built on; another is `version_mismatch`. */
  ifVersion?: number | undefined;
  /** Until when it can be restored. */
  purgeAt: Date;
  /** The account with which it goes. */
  with?: string;
  /** Operations that belong to the same transaction. */
  also?(head: Head): Operation[];
};

/** Without effect where it is deleted already. */
export async function remove(ctx: Context, owner: Owner, removal: Removal): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const head = await readHead(ctx.store, owner);
    if (!head) return;
    const settings = await ctx.store.get(keys.resource(owner, sortOf(owner), idOf(owner)));
    if (settings) checkVersion(fromItem(settings), removal.ifVersion);
    const counted = await countingRemoval(ctx, head);
    const next = { ...deleted(head, removal, ctx.now()), ...counted.head };
    try {
      await ctx.store.transact([...operationsOf(ctx, head, next, removal), ...counted.operations]);
    } catch (error) {
      if (!(error instanceof ConditionFailed || error instanceof Conflict)) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 50));
      continue;
    }
    publish(ctx, next, droppedMessage(next), removal.actor.requestId);
    return;
  }
  throw new Problem("busy", "Others keep writing to it; try again in a moment.", { headers: { "Retry-After": "2" } });
}

const deleted = (head: Head, { purgeAt, with: account }: Removal, now: Date): Head => ({
  ...head,
  revision: head.revision + 1,
  deletedAt: now.toISOString(),
  purgeAt: purgeAt.toISOString(),
  deletedWith: account ?? null,
});

function operationsOf(ctx: Context, head: Head, next: Head, { actor, purgeAt, also }: Removal): Operation[] {
  const { owner } = head;
  const now = ctx.now();
  const at = now.toISOString();
  const change: Change = {
    ...{
      revision: next.revision,
      at,
      actor,
      summary: `delete ${sortOf(owner)}`,
      whole: { what: "deleted", from: null },
    },
    ...{ base: head.digest, digest: head.digest, diff: [] },
  };
  const item =
    sortOf(owner) === "account" ? begun(owner, "below", now, actor) : begun(owner, "kept", now, actor, purgeAt);
  return [
    moveHead(head, next),
    ...changeItems(owner, change).map((put): Operation => ({ put })),
    ...head.pools.map((pool): Operation => ({ put: placementItem(next, pool) })),
    { put: outboxItem(next, at, actor.requestId) },
    ofRevision(owner, next.revision, at),
    ...listedAs(head, "deleted"),
    ...displacing(owner),
    { put: item },
    ...(also?.(next) ?? []),
  ];
}

/** Where the account above lists it: among what it has, or among what was deleted there. */
export function listedAs({ owner, path }: Head, as: "live" | "deleted" | "nothing"): Operation[] {
  const [parent] = path;
  if (parent === undefined) return [];
  const what = sortOf(owner).toUpperCase();
  const id = idOf(owner);
  return [[what, as === "live"] as const, [keys.deleted(what), as === "deleted"] as const].map(
    ([name, is]): Operation => {
      const key = keys.child(accountOwner(parent), name, id);
      return is ? { put: { ...key, id } } : { delete: key };
    },
  );
}

/**
 * Deletes what a deleted account holds, the accounts before what is below them; what was deleted before stays as it was, unless the account is to be purged
 * by now. Resolves with false where `until` came before the end.
 */
export async function removeBelow(
  ctx: Context,
  account: Head,
  actor: Actor,
  until = Number.POSITIVE_INFINITY,
): Promise<boolean> {
  const root = account.deletedWith ?? idOf(account.owner);
  const purgeAt = new Date(account.purgeAt ?? ctx.now());
  const isLate = () => Date.now() > until;
  for (const what of ["ACCOUNT", "TENANT"])
    for await (const id of childrenOf(ctx.store, account.owner, what)) {
      await remove(ctx, ownerOf(what, id), { actor, purgeAt, with: root });
      if (isLate()) return false;
    }
  for await (const id of childrenOf(ctx.store, account.owner, keys.deleted("ACCOUNT"))) {
    const head = await readTombstone(ctx.store, accountOwner(id));
    if (head?.deletedWith === root && !(await removeBelow(ctx, head, actor, until))) return false;
  }
  return !isLate();
}

export const ownerOf = (what: string, id: string): Owner => (what.endsWith("TENANT") ? `T#${id}` : accountOwner(id));

/** It is purged at the next sweep. Without effect where it was restored meanwhile. */
export async function hasten(
  ctx: Context,
  owner: Owner,
  actor: Actor,
  also: (head: Head) => Operation[] = () => [],
): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const head = await readTombstone(ctx.store, owner);
    if (!head || head.purgeAt === null) return;
    const now = ctx.now();
    const next = { ...head, purgeAt: now.toISOString() };
    try {
      await ctx.store.transact([moveHead(head, next), { put: begun(owner, "kept", now, actor) }, ...also(next)]);
      return;
    } catch (error) {
      if (!(error instanceof ConditionFailed || error instanceof Conflict)) throw error;
    }
  }
}
