// Telling the edges: the outbox item of a committed revision stands until every edge of the document's pools has been sent a message.

import type { Owner } from "../../core/owner.ts";
import type { Message } from "../../core/wire.ts";
import { encodeMessage } from "../../core/wire-text.ts";
import type { Context } from "../context.ts";
import * as keys from "../keys.ts";
import { allItems } from "../store/store.ts";
import { type Head, readTombstone } from "./head.ts";

/** Sends at once, after the answer is on its way. What fails here is sent again from the outbox: `sweep` and the stream's publisher do that. */
export function publish(ctx: Context, head: Head, message: Message, requestId: string): void {
  ctx.after(
    tell(ctx, head, message, requestId).catch((error) => {
      ctx.log.warn(
        { requestId, owner: head.owner, revision: head.revision, error: String(error) },
        "edges not told; the outbox will try again",
      );
    }),
  );
}

/** Sends `message` to every edge of the head's pools, then takes the outbox item away. Rejects if any edge could not be told. */
export async function tell(ctx: Context, head: Head, message: Message, requestId?: string): Promise<void> {
  const body = encodeMessage({ ...message, ...(requestId !== undefined && { requestId }) });
  const urls = await queueUrls(ctx, head.pools);
  await Promise.all(urls.map((url) => ctx.queues.send(url, body)));
  ctx.log.info({ requestId, owner: head.owner, revision: head.revision, edges: urls.length }, "edges told");
  // where queue and store live in this process, the message goes out before the disk is waited for again
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  await ctx.store.transact([{ delete: keys.outbox(head.owner, head.revision) }]);
}

/** The queues of every edge in these pools. */
export async function queueUrls(ctx: Context, pools: string[]): Promise<string[]> {
  const urls: string[] = [];
  for (const pool of pools) {
    for await (const item of allItems((q) => ctx.store.query(q), { pk: keys.pool(pool).pk, prefix: "E#" }))
      urls.push(String(item.queueUrl));
  }
  return urls;
}

/**
 * Sends a pointer for everything in the outbox that is older than `ageMs`: what a crash or an unreachable queue left. One document that can't be told
 * holds up no other: it rejects after all were tried, and what failed still stands.
 */
export async function sweep(ctx: Context, ageMs: number): Promise<number> {
  const before = new Date(ctx.now().getTime() - ageMs).toISOString();
  let told = 0;
  const failed: unknown[] = [];
  for await (const item of allItems((q) => ctx.store.queryIndex(q), { pk: keys.index.outbox, to: before })) {
    try {
      await republish(ctx, item.owner as Owner, Number(item.revision));
      told++;
    } catch (error) {
      failed.push(error);
    }
  }
  if (failed.length > 0)
    throw new Error(`${failed.length} of ${told + failed.length} outbox items not told`, { cause: failed[0] });
  return told;
}

/** What edges are told of a deleted document. */
export const droppedMessage = ({ owner, epoch, revision, purgeAt }: Head): Message => ({
  ...{ type: "deleted", owner, epoch, revision },
  ...(purgeAt !== null && { restorable: true }),
});

/** Sends a pointer for one outbox item, if it still stands. */
export async function republish(ctx: Context, owner: Owner, revision: number): Promise<void> {
  const key = keys.outbox(owner, revision);
  const item = await ctx.store.get(key);
  if (!item) return;
  const head = await readTombstone(ctx.store, owner);
  if (!head) return ctx.store.transact([{ delete: key }]);
  const { epoch, digest } = head;
  const standing = { owner, epoch, revision: head.revision };
  await tell(
    ctx,
    { ...head, revision },
    head.deletedAt === null ? { type: "pointer", ...standing, digest } : droppedMessage(head),
    item.requestId === undefined ? undefined : String(item.requestId),
  );
}
