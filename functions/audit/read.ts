// Reading the audit log, newest first: a tenant's from its own partition, an account's with all below it, merged from the index, where records stand by the
// account that they were nearest to when they were made.
import { encodeTime } from "ulid";
import { idOf, isTenant } from "../../core/owner.ts";
import { accountsEverBelow } from "../accounts/below.ts";
import type { Context } from "../context.ts";
import type { Head } from "../document/head.ts";
import * as keys from "../keys.ts";
import { allItems, type Item } from "../store/store.ts";
import { keptSeconds } from "./record.ts";
import { type AuditRecord, auditRecord } from "./shown.ts";

export type Range = {
  /** ISO 8601, both inclusive. */
  from?: string | undefined;
  to?: string | undefined;
  /** The id of a record: only those older. */
  before?: string | undefined;
  requestId?: string | undefined;
};

/** Accounts asked at once, and records read of each at a time: most of them have few that are new. */
const [asked, chunk] = [25, 10];

/** Three reads per account below, those that can be restored included, and one more per ten records. */
export async function* auditOf(ctx: Context, { owner }: Head, range: Range): AsyncGenerator<AuditRecord> {
  const bounds = boundsOf(ctx, range);
  if (bounds === undefined) return;
  const [from, to] = bounds;
  const found = isTenant(owner)
    ? allItems((q) => ctx.store.query(q), {
        ...{ pk: owner, from: keys.audits + from, to: keys.audits + to },
        descending: true,
      })
    : merged(ctx, idOf(owner), from, to);
  for await (const item of found) {
    const record = auditRecord.parse(JSON.parse(String(item.text)));
    if (record.id !== range.before && Number(item.ttl) * 1000 > ctx.now().getTime()) yield record;
  }
}

/** The least and the greatest id; undefined where there can be none. */
function boundsOf(ctx: Context, { from, to, before, requestId }: Range): [string, string] | undefined {
  const idAt = (time: number): string => `aud_${encodeTime(Math.max(0, time), 10)}`;
  const oldest = ctx.now().getTime() - keptSeconds * 1000;
  const least = [idAt(Math.max(oldest, from === undefined ? 0 : Date.parse(from)))];
  // what ends by itself later stands there already (access/impersonation.ts)
  const now = `${idAt(ctx.now().getTime())}~`;
  const most = to === undefined ? [now] : [now, `${idAt(Date.parse(to))}~`];
  if (before !== undefined) most.push(before);
  if (requestId !== undefined) {
    least.push(`aud_${requestId.slice(4)}`);
    most.push(`aud_${requestId.slice(4)}`);
  }
  const bounds = [least.reduce((a, b) => (a > b ? a : b)), most.reduce((a, b) => (a < b ? a : b))] as const;
  return bounds[0] > bounds[1] ? undefined : [...bounds];
}

type Stream = { items: AsyncGenerator<Item>; first: Item };

/** The newest of what the accounts' own logs still have, again and again. */
async function* merged(ctx: Context, top: string, from: string, to: string): AsyncGenerator<Item> {
  const streams: Stream[] = [];
  const enter = async (account: string): Promise<void> => {
    const query = { pk: keys.index.audit(account), from, to, descending: true, limit: chunk };
    const items = allItems((q) => ctx.store.queryIndex(q), query);
    const { value: first } = await items.next();
    if (first) streams.push({ items, first });
  };
  let accounts: string[] = [];
  for await (const account of accountsEverBelow(ctx.store, top)) {
    accounts.push(account);
    if (accounts.length < asked) continue;
    await Promise.all(accounts.map(enter));
    accounts = [];
  }
  await Promise.all(accounts.map(enter));
  while (streams.length > 0) {
    const newest = streams.reduce((a, b) => (String(a.first.isk) > String(b.first.isk) ? a : b));
    yield newest.first;
    const { value: next } = await newest.items.next();
    if (next) newest.first = next;
    else streams.splice(streams.indexOf(newest), 1);
  }
}
