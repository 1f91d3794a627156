// Reading what edges reported: call records by time, live calls, registrations.
import { idOf } from "../../core/owner.ts";
import type { Context } from "../context.ts";
import type { Head } from "../document/head.ts";
import * as keys from "../keys.ts";
import { allItems, type Item } from "../store/store.ts";

/** Members of the store's own that callers don't see. */
const inner = new Set(["pk", "sk", "ipk", "isk", "ttl", "tenant", "seq"]);
const strip = (item: Item): Record<string, unknown> =>
  Object.fromEntries(Object.entries(item).filter(([name]) => !inner.has(name)));

export type Range = { from: string; to: string; keep(record: Record<string, unknown>): boolean };

/** Call records of a tenant from the newest to the oldest, started within the range (ISO 8601, both inclusive). */
export async function* records(
  ctx: Context,
  head: Head,
  range: Range,
  before: string | undefined,
): AsyncGenerator<{ position: string; record: Record<string, unknown> }> {
  const tenant = idOf(head.owner);
  for (let month = range.to.slice(0, 7); month >= range.from.slice(0, 7); month = previous(month)) {
    if (before !== undefined && month > before.slice(0, 7)) continue;
    const to = before !== undefined && before < `${range.to}~` ? before : `${range.to}~`;
    for await (const item of allItems((q) => ctx.store.query(q), {
      pk: keys.callMonth(tenant, month),
      from: range.from,
      to,
      descending: true,
    })) {
      if (item.sk === before || item.sk.startsWith("USAGE#")) continue;
      const record = strip(item);
      if (range.keep(record)) yield { position: item.sk, record };
    }
  }
}

function previous(month: string): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return number === 1 ? `${year - 1}-12` : `${year}-${String(number - 1).padStart(2, "0")}`;
}

export async function live(ctx: Context, head: Head): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  for await (const item of allItems((q) => ctx.store.query(q), { pk: head.owner, prefix: "LIVE#" }))
    if (!expired(ctx, item)) found.push(strip(item));
  return found;
}

export async function registrations(ctx: Context, head: Head): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  const now = ctx.now().toISOString();
  for await (const item of allItems((q) => ctx.store.query(q), { pk: head.owner, prefix: "REG#" }))
    if (String(item.expiresAt) > now) found.push(strip(item));
  return found;
}

const expired = (ctx: Context, item: Item): boolean => Number(item.ttl) * 1000 < ctx.now().getTime();
