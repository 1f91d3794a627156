// What is older than its tenant wants it kept is deleted: recordings with their audio, and voicemail messages by a command to the host that has them. It
// goes by what is configured now, so that a shorter time counts for what there is already.
import { accountOwner, idOf, type Owner, tenantOwner } from "../../core/owner.ts";
import type { BodyOf } from "../../core/registry.ts";
import type { Context } from "../context.ts";
import { sweepRecords } from "../dns/records.ts";
import { readHead } from "../document/head.ts";
import { fromItem } from "../document/view.ts";
import { place } from "../edges/commands.ts";
import * as keys from "../keys.ts";
import { objects } from "../media/media.ts";
import { allItems, type Item, type Query } from "../store/store.ts";

/** Of one tenant at a time: the rest is the next sweep's, so that no tenant keeps others waiting. */
const mostOfTenant = 500;
const dayMs = 86_400_000;

/** What tenants don't keep any longer, and what hosts left in DNS. Rejects after both were tried, if not all of it could go. */
export async function sweepOld(ctx: Context): Promise<number> {
  const done = await Promise.allSettled([sweepRetention(ctx), sweepRecords(ctx)]);
  for (const one of done) if (one.status === "rejected") throw one.reason;
  return done.reduce((sum, one) => sum + (one.status === "fulfilled" ? one.value : 0), 0);
}

/** Resolves with how many recordings were deleted and messages asked to be. Rejects after all were tried, if any tenant's could not be. */
export async function sweepRetention(ctx: Context): Promise<number> {
  const operator = await ctx.store.get(keys.operator);
  const failed: unknown[] = [];
  let gone = 0;
  if (!operator) return gone;
  for await (const owner of tenantsBelow(ctx, operator.owner as Owner)) {
    try {
      gone += await sweepTenant(ctx, owner);
    } catch (error) {
      ctx.log.warn({ tenant: idOf(owner), error: String(error) }, "what is not to be kept could not be deleted");
      failed.push(error);
    }
  }
  if (failed.length > 0) throw new Error(`of ${failed.length} tenants not all was deleted`, { cause: failed[0] });
  return gone;
}

async function* tenantsBelow(ctx: Context, account: Owner): AsyncGenerator<Owner> {
  for await (const { id } of all(ctx, { pk: account, prefix: keys.children("TENANT") })) yield tenantOwner(String(id));
  for await (const { id } of all(ctx, { pk: account, prefix: keys.children("ACCOUNT") }))
    yield* tenantsBelow(ctx, accountOwner(String(id)));
}

async function sweepTenant(ctx: Context, owner: Owner): Promise<number> {
  const item = await ctx.store.get(keys.resource(owner, "tenant", idOf(owner)));
  if (!item) return 0;
  // written by the API after the kind's schema, maybe before it had these fields
  const { recordingRetentionDays, voicemailRetentionDays } = fromItem(item).body as Partial<BodyOf<"tenant">>;
  let left = mostOfTenant;
  left -= await sweepRecordings(ctx, owner, recordingRetentionDays, left);
  for await (const box of all(ctx, { pk: owner, prefix: keys.resources("voicemail-box") })) {
    const { id, body } = fromItem(box);
    const days = (body as Partial<BodyOf<"voicemail-box">>).retentionDays ?? voicemailRetentionDays;
    left -= await sweepMessages(ctx, owner, id, days, left);
  }
  return mostOfTenant - left;
}

async function sweepRecordings(ctx: Context, owner: Owner, days: Days, most: number): Promise<number> {
  let gone = 0;
  for await (const item of expired(ctx, { pk: owner, prefix: keys.recordings }, "startedAt", days, most)) {
    const id = String(item.id);
    // the audio first: what is listed is found again
    await ctx.media.remove(objects.recording(idOf(owner), id));
    await ctx.store.transact([{ delete: keys.recording(owner, id) }]);
    gone += 1;
  }
  return gone;
}

/** The host is told at each sweep, until it says that the message is gone. */
async function sweepMessages(ctx: Context, owner: Owner, box: string, days: Days, most: number): Promise<number> {
  let asked = 0;
  const head = await readHead(ctx.store, owner);
  if (!head) return asked;
  const actor = { type: "system", id: "retention", name: "Retention", ip: null } as const;
  for await (const item of expired(ctx, { pk: owner, prefix: keys.messages(box) }, "receivedAt", days, most)) {
    const id = String(item.id);
    await place(
      ctx,
      { owner, head },
      {
        name: "voicemail.delete",
        arguments: { box, message: id },
        actor: { ...actor, requestId: `retention_${id}` },
        edge: String(item.edge),
        record: () => [],
      },
    );
    asked += 1;
  }
  return asked;
}

type Days = number | null | undefined;

/** The oldest come first: ids begin with their time. */
async function* expired(
  ctx: Context,
  range: Query,
  at: "startedAt" | "receivedAt",
  days: Days,
  most: number,
): AsyncGenerator<Item> {
  if (days === null || days === undefined) return;
  const before = ctx.now().getTime() - days * dayMs;
  let left = most;
  for await (const item of all(ctx, range)) {
    if (left <= 0 || Date.parse(String(item[at])) >= before) return;
    left -= 1;
    yield item;
  }
}

const all = (ctx: Context, range: Query) => allItems((q) => ctx.store.query(q), range);
