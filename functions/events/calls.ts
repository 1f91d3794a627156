// Reading what edges reported: call records by time, live calls, registrations.

import { decodeTime } from "ulid";
import { pick } from "zod/mini";
import { idOf } from "../../core/owner.ts";
import { type LiveConference, liveConference as told } from "../../core/wire-events.ts";
import type { Context } from "../context.ts";
import type { Head } from "../document/head.ts";
import { simulated } from "../edges/simulated.ts";
import { isId } from "../id.ts";
import * as keys from "../keys.ts";
import { newestFirst } from "../store/merge.ts";
import { allItems, type Item } from "../store/store.ts";

/** Members of the store's own that callers don't see. */
const inner = new Set(["pk", "sk", "ipk", "isk", "ttl", "tenant", "seq", "edge", "at"]);
/** A call record as callers see it. */
export const shownCall = (item: Item): Record<string, unknown> => ({
  ...strip(item),
  livemode: item.edge !== simulated.id,
});

const strip = (item: Item): Record<string, unknown> =>
  Object.fromEntries(Object.entries(item).filter(([name]) => !inner.has(name)));

/** As the API shows it. */
export const shownConference = pick(told, { locked: true, members: true });

/** Hosts' clocks may be off: so much earlier than its tenant, or later than now, a call may have started. */
const toleranceMs = 86_400_000;

/**
 * Call records of a tenant from the newest to the oldest, started within the range (ISO 8601, both inclusive; open where undefined) and before a
 * position. Only months in which there can be any are looked at.
 */
export async function* records(
  ctx: Context,
  head: Head,
  range: { from?: string | undefined; to?: string | undefined; before?: string | undefined },
): AsyncGenerator<{ position: string; record: Record<string, unknown> }> {
  const tenant = idOf(head.owner);
  const first = new Date(Date.parse(head.createdAt) - toleranceMs).toISOString();
  const last = new Date(ctx.now().getTime() + toleranceMs).toISOString();
  const from = range.from !== undefined && range.from > first ? range.from : first;
  const limit = `${range.to !== undefined && range.to < last ? range.to : last}~`;
  const to = range.before !== undefined && range.before < limit ? range.before : limit;
  for (let month = to.slice(0, 7); month >= from.slice(0, 7); month = previous(month)) {
    const query = { pk: keys.callMonth(tenant, month), from, to, descending: true };
    for await (const item of allItems((q) => ctx.store.query(q), query))
      if (item.sk !== range.before) yield { position: item.sk, record: shownCall(item) };
  }
}

type Below = { from?: string | undefined; to?: string | undefined; before?: string | undefined };

/**
 * Call records of all tenants of these accounts from the newest to the oldest, in a range as `records` has it. One read for each account and 50 of its
 * calls. A record stands under the account that had its tenant when the call was.
 */
export async function* recordsOf(
  ctx: Context,
  accounts: string[],
  { from = "", to = "9", before }: Below,
): AsyncGenerator<{ position: string; tenant: string; record: Record<string, unknown> }> {
  const limit = before !== undefined && before < `${to}~` ? before : `${to}~`;
  if (from > limit) return;
  const lines = accounts.map((account) => {
    const query = { pk: keys.index.calls(account), from, to: limit, descending: true, limit: 50 };
    return allItems((q) => ctx.store.queryIndex(q), query);
  });
  for await (const item of newestFirst(lines)) {
    const position = String(item.isk);
    if (position !== before) yield { position, tenant: String(item.tenant), record: shownCall(item) };
  }
}

/** One record. A call's id tells when it started, to the millisecond. */
export async function findRecord(ctx: Context, head: Head, id: string): Promise<Record<string, unknown> | undefined> {
  const started = isId("cal", id) ? decodeTime(id.slice(4)) : undefined;
  const around = (ms: number): string | undefined =>
    started === undefined ? undefined : new Date(started + ms).toISOString();
  for await (const { record } of records(ctx, head, { from: around(-1000), to: around(1000) }))
    if (record.id === id) return record;
  return undefined;
}

function previous(month: string): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return number === 1 ? `${year - 1}-12` : `${year}-${String(number - 1).padStart(2, "0")}`;
}

export async function live(ctx: Context, head: Head): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  for await (const item of allItems((q) => ctx.store.query(q), { pk: head.owner, prefix: keys.liveCalls }))
    if (!expired(ctx, item)) found.push(strip(item));
  return found;
}

/** What each edge has of a conference; nothing where nobody is in it. */
export async function liveConference(
  ctx: Context,
  head: Head,
  id: string,
): Promise<{ edge: string; locked: boolean; members: LiveConference["members"] }[]> {
  const found: (Item & { edge: string })[] = [];
  for await (const item of allItems((q) => ctx.store.query(q), { pk: head.owner, prefix: `ROOM#${id}#` }))
    if (!expired(ctx, item)) found.push({ ...item, edge: String(item.edge) });
  return found.map((item) => ({ edge: item.edge, ...shownConference.parse(item) }));
}

/** What is told of by time: who listened to whom, and which PINs were typed wrong too often. */
export type Notices = "MONITOR#" | "PINLOCK#";

/** Newest first, from after a position. */
export async function* notices(
  ctx: Context,
  head: Head,
  what: Notices,
  before = "~",
): AsyncGenerator<{ position: string; shown: Record<string, unknown> }> {
  const query = { pk: head.owner, from: what, to: `${what}${before}`, descending: true };
  for await (const item of allItems((q) => ctx.store.query(q), query)) {
    const position = item.sk.slice(what.length);
    if (position !== before) yield { position, shown: strip(item) };
  }
}

export async function registrations(ctx: Context, head: Head): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  const now = ctx.now().getTime();
  for await (const item of allItems((q) => ctx.store.query(q), { pk: head.owner, prefix: keys.registrations }))
    if (Date.parse(String(item.expiresAt)) > now) found.push(strip(item));
  return found;
}

/** The edge on which a call is going on; undefined where there is no such call. */
export async function edgeOfCall(ctx: Context, head: Head, id: string): Promise<string | undefined> {
  const item = isId("cal", id) ? await ctx.store.get(keys.liveCall(head.owner, id)) : undefined;
  return item && !expired(ctx, item) ? String(item.edge) : undefined;
}

/** An edge where a phone of the extension is registered. */
export async function edgeOfExtension(ctx: Context, head: Head, id: string): Promise<string | undefined> {
  const now = ctx.now().getTime();
  for await (const item of allItems((q) => ctx.store.query(q), { pk: head.owner, prefix: keys.registrations }))
    if (item.extension === id && Date.parse(String(item.expiresAt)) > now) return String(item.edge);
  return undefined;
}

const expired = (ctx: Context, item: Item): boolean => Number(item.ttl) * 1000 < ctx.now().getTime();
