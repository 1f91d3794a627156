// The log of events: one for every tenant and account, of all that happens in its subtree, in the order in which it came here, for 30 days. An event's id
// is its place in each log that has it: nothing is ever put before what a reader may have seen.
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { decodeTime, encodeTime, ulid } from "ulid";
import { accountOwner, idOf, isTenant, type Owner } from "../../core/owner.ts";
import type { Context } from "../context.ts";
import { type Head, hearing, parentOf } from "../document/head.ts";
import * as keys from "../keys.ts";
import { newestFirst, oldestFirst } from "../store/merge.ts";
import { allItems, ConditionFailed, Conflict, type Item, type Operation, type Value } from "../store/store.ts";
import { type Event, event } from "./event.ts";
import { headsFor, headsOf, move, placesOf, shardsOf, widen } from "./shards.ts";

const keptSeconds = 30 * 86_400;
/** More accounts than this above one another are not told: a transaction ends somewhere. */
const mostLevels = 30;
/** After so many tries that met others' events, an account's log gets more shards. */
const patience = 3;
/** Bytes below which packing gains nothing. */
const worthPacking = 600;

/** Whose an event is. */
export const placed = (head: Head): Pick<Event, "accountId" | "tenantId"> => ({
  accountId: isTenant(head.owner) ? (parentOf(head) ?? "") : idOf(head.owner),
  tenantId: isTenant(head.owner) ? idOf(head.owner) : null,
});

/** The log of what an event is about first, then those of the accounts above. */
export type Levels = [Owner, ...Owner[]];

/** Whose logs tell of an owner: its own, and those of the accounts above; of a sandbox none outside it. */
export const levelsOf = (head: Head): Levels => [
  head.owner,
  ...hearing(head)
    .map(accountOwner)
    .slice(0, mostLevels - 1),
];

/**
 * Writes an event to these logs, in one transaction with what `also` makes of its id. Throws ConditionFailed where a condition of `also` did not hold.
 */
export async function append(
  ctx: Context,
  levels: Levels,
  content: Omit<Event, "id">,
  also: (event: Event) => Operation[],
): Promise<Event> {
  for (let attempt = 0; ; attempt++) {
    const heads = await headsFor(ctx, levels, levels[0], attempt > 0);
    const made: Event = { id: idAfter(heads.map(({ last }) => last).reduce(greater), ctx.now()), ...content };
    const entry = entryOf(made, secondsOf(ctx) + keptSeconds);
    const operations: Operation[] = [
      ...heads.map((head) => move(head, made.id)),
      ...heads.map(({ owner, shard }): Operation => ({ put: { ...keys.logged(owner, made.id, shard), ...entry } })),
      ...also(made),
    ];
    try {
      await ctx.store.transact(operations);
      return made;
    } catch (error) {
      const failed = error instanceof ConditionFailed ? error.failed : [];
      const overtaken = failed.length > 0 && failed.every((index) => index < levels.length);
      if (!(overtaken || error instanceof Conflict) || attempt === 30) throw error;
      // events of others are in its way, and not only those of what it is about
      if (attempt >= patience && !failed.includes(0))
        for (const level of failed) await widen(ctx, levels[level] as Owner);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(200, 5 * 2 ** attempt)));
    }
  }
}

const greater = (a: string, b: string): string => (a > b ? a : b);
const lesser = (a: string, b: string): string => (a < b ? a : b);

/** The next id, greater than all that a log has, and like no other; clocks that differ don't matter. */
export function idAfter(last: string, now: Date): string {
  const lastMs = last === "" ? 0 : decodeTime(last.slice(4));
  const fresh = `evt_${ulid(Math.max(now.getTime(), lastMs))}`;
  return fresh > last ? fresh : `evt_${ulid(lastMs + 1)}`;
}

/** An event as a log has it: packed where that makes it smaller, as it is written once for each level. */
function entryOf(made: Event, ttl: number): Record<string, Value> {
  const text = JSON.stringify(made);
  const body = text.length < worthPacking ? { text } : { packed: new Uint8Array(deflateRawSync(text)) };
  return { type: made.type, ...body, ttl };
}

/** The event of an entry. */
export const read = ({ text, packed }: Item): Event =>
  event.parse(JSON.parse(packed instanceof Uint8Array ? inflateRawSync(packed).toString() : String(text)));

const secondsOf = (ctx: Context): number => Math.floor(ctx.now().getTime() / 1000);
const kept = (ctx: Context, item: Item): boolean => Number(item.ttl) > secondsOf(ctx);

/** Where an event about `about` may stand in these logs. */
export const entriesOf = (levels: Owner[], about: Owner, id: string): { pk: string; sk: string }[] =>
  levels.flatMap((owner) => placesOf(owner, about).map((shard) => keys.logged(owner, id, shard)));

/** `about`: whose event it is, where that is known. */
export async function find(ctx: Context, owner: Owner, id: string, about?: Owner): Promise<Event | undefined> {
  const places =
    about === undefined
      ? Array.from({ length: await shardsOf(ctx, owner) }, (_, shard) => keys.logged(owner, id, shard))
      : entriesOf([owner], about, id);
  const item = (await ctx.store.getMany(places)).find((one) => one !== undefined);
  return item && kept(ctx, item) ? read(item) : undefined;
}

export type Range = {
  from?: string | undefined;
  to?: string | undefined;
  after?: string | undefined;
  newestFirst?: boolean;
};

/** Events that came within the range (ISO 8601, both inclusive), after the event with the id `after` in the order that is asked for. */
export async function* events(ctx: Context, owner: Owner, range: Range): AsyncGenerator<Event> {
  const time = (text: string): string => keys.logged(owner, `evt_${encodeTime(Date.parse(text), 10)}`).sk;
  const { after, newestFirst: descending = false } = range;
  const place = after === undefined ? undefined : keys.logged(owner, after).sk;
  const oldest = new Date(ctx.now().getTime() - keptSeconds * 1000).toISOString();
  const first = time(range.from !== undefined && range.from > oldest ? range.from : oldest);
  const last = range.to === undefined ? `${keys.logEvents}~` : `${time(range.to)}~`;
  const from = place !== undefined && !descending && place > first ? place : first;
  const to = place !== undefined && descending && place < last ? place : last;
  if (from > to) return;
  const span = { from, to, descending };
  const items = isTenant(owner)
    ? allItems((q) => ctx.store.query(q), { pk: keys.log(owner), ...span })
    : merged(ctx, owner, span);
  for await (const item of items) if (item.sk !== place && kept(ctx, item)) yield read(item);
}

type Span = { from: string; to: string; descending: boolean };
/** Items of one shard that are read at once, where there are several. */
const atOnce = 16;

/** An account's, of all shards, up to the last event that there is as this begins: before it goes so far, no shard takes in one that comes before. */
async function* merged(ctx: Context, owner: Owner, { from, to, descending }: Span): AsyncGenerator<Item> {
  const heads = await headsOf(ctx, owner);
  const lasts = heads.map(({ last }) => last);
  const safe = `${keys.logEvents}${lasts.reduce(lesser)}`;
  const until = lesser(to, `${keys.logEvents}${lasts.reduce(greater)}`);
  const lines = (having: typeof heads, bounds: Omit<Span, "descending">) =>
    having
      .filter(({ event: last }) => `${keys.logEvents}${last}` >= bounds.from)
      .map(({ shard }) => {
        const query = { pk: keys.log(owner, shard), ...bounds, descending };
        return allItems((q) => ctx.store.query(q), having.length === 1 ? query : { ...query, limit: atOnce });
      });
  const raised = async () => (until > safe ? headsOf(ctx, owner, lasts.reduce(greater)) : heads);
  if (descending) {
    if (from <= until) yield* newestFirst(lines(await raised(), { from, to: until }), "sk");
    return;
  }
  const soFar = lesser(until, safe);
  if (from <= soFar) yield* oldestFirst(lines(heads, { from, to: soFar }), "sk");
  // nothing has an id between this one and the next
  const rest = greater(from, `${safe}~`);
  if (until > safe && rest <= until) yield* oldestFirst(lines(await raised(), { from: rest, to: until }), "sk");
}
