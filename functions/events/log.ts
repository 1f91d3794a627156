// The log of events: one for every tenant and account, of all that happens in its subtree, in the order in which it came here, for 30 days. An event's id
// is its place in each log that has it: nothing is ever put before what a reader may have seen.
import { encodeTime, incrementBase32, ulid } from "ulid";
import { accountOwner, idOf, isTenant, type Owner } from "../../core/owner.ts";
import type { Context } from "../context.ts";
import { type Head, hearing, parentOf } from "../document/head.ts";
import * as keys from "../keys.ts";
import { allItems, ConditionFailed, Conflict, type Item, type Operation } from "../store/store.ts";
import { type Event, event } from "./event.ts";

const keptSeconds = 30 * 86_400;
/** More accounts than this above one another are not told: a transaction ends somewhere. */
const mostLevels = 30;

/** Whose an event is. */
export const placed = (head: Head): Pick<Event, "accountId" | "tenantId"> => ({
  accountId: isTenant(head.owner) ? (parentOf(head) ?? "") : idOf(head.owner),
  tenantId: isTenant(head.owner) ? idOf(head.owner) : null,
});

/** Whose logs tell of an owner: its own, and those of the accounts above; of a sandbox none outside it. */
export const levelsOf = (head: Head): Owner[] => [head.owner, ...hearing(head).map(accountOwner)].slice(0, mostLevels);

/**
 * Writes an event to these logs, in one transaction with what `also` makes of its id. Throws ConditionFailed where a condition of `also` did not hold.
 */
export async function append(
  ctx: Context,
  levels: Owner[],
  content: Omit<Event, "id">,
  also: (event: Event) => Operation[],
): Promise<Event> {
  for (let attempt = 0; ; attempt++) {
    const heads = await ctx.store.getMany(levels.map(keys.logHead));
    const last = heads.map((item) => String(item?.last ?? "")).reduce((a, b) => (a > b ? a : b));
    const made: Event = { id: idAfter(last, ctx.now()), ...content };
    const entry = { type: made.type, text: JSON.stringify(made), ttl: secondsOf(ctx) + keptSeconds };
    const operations: Operation[] = [
      ...levels.map((owner, index): Operation => {
        const before = heads[index];
        const put = { ...keys.logHead(owner), last: made.id };
        return { put, if: before ? { equals: { last: String(before.last) } } : { absent: true } };
      }),
      ...levels.map((owner): Operation => ({ put: { ...keys.logged(owner, made.id), ...entry } })),
      ...also(made),
    ];
    try {
      await ctx.store.transact(operations);
      return made;
    } catch (error) {
      const overtaken = error instanceof ConditionFailed && error.failed.every((index) => index < levels.length);
      if (!(overtaken || error instanceof Conflict) || attempt === 30) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(200, 5 * 2 ** attempt)));
    }
  }
}

/** The next id; clocks that differ don't matter. */
function idAfter(last: string, now: Date): string {
  const fresh = `evt_${ulid(now.getTime())}`;
  return fresh > last ? fresh : `evt_${incrementBase32(last.slice(4))}`;
}

const secondsOf = (ctx: Context): number => Math.floor(ctx.now().getTime() / 1000);

export async function find(ctx: Context, owner: Owner, id: string): Promise<Event | undefined> {
  const item = await ctx.store.get(keys.logged(owner, id));
  return item && kept(ctx, item) ? read(item) : undefined;
}

const kept = (ctx: Context, item: Item): boolean => Number(item.ttl) > secondsOf(ctx);
const read = (item: Item): Event => event.parse(JSON.parse(String(item.text)));

export type Range = {
  from?: string | undefined;
  to?: string | undefined;
  after?: string | undefined;
  newestFirst?: boolean;
};

/** Events that came within the range (ISO 8601, both inclusive), after the event with the id `after` in the order that is asked for. */
export async function* events(ctx: Context, owner: Owner, range: Range): AsyncGenerator<Event> {
  const time = (text: string): string => keys.logged(owner, `evt_${encodeTime(Date.parse(text), 10)}`).sk;
  const { after, newestFirst = false } = range;
  const place = after === undefined ? undefined : keys.logged(owner, after).sk;
  const oldest = new Date(ctx.now().getTime() - keptSeconds * 1000).toISOString();
  const first = time(range.from !== undefined && range.from > oldest ? range.from : oldest);
  const last = range.to === undefined ? `${keys.logEvents}~` : `${time(range.to)}~`;
  const from = place !== undefined && !newestFirst && place > first ? place : first;
  const to = place !== undefined && newestFirst && place < last ? place : last;
  if (from > to) return;
  const query = { pk: keys.log(owner), from, to, descending: newestFirst };
  for await (const item of allItems((q) => ctx.store.query(q), query))
    if (item.sk !== place && kept(ctx, item)) yield read(item);
}
