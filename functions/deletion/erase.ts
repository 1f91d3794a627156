// Every trace of a purged owner but its tombstone: found by where things lie, not by what they are, so that what is added to an owner's partition or folder
// one day goes too. Each step removes first what only the thing itself leads to; so it may be killed anywhere and begun again.
import { accountOwner, idOf, isTenant, type Owner } from "../../core/owner.ts";
import { kindOf } from "../../core/registry.ts";
import type { Context } from "../context.ts";
import { back } from "../document/globals.ts";
import type { Head } from "../document/head.ts";
import { readTombstone } from "../document/head.ts";
import { fromItem } from "../document/view.ts";
import { readEdge } from "../edges/edge.ts";
import { removeEdge } from "../edges/removal.ts";
import { entriesOf, levelsOf, read } from "../events/log.ts";
import { shardsOf } from "../events/shards.ts";
import * as keys from "../keys.ts";
import { objects } from "../media/media.ts";
import { allItems, ConditionFailed, type Item, type Key, type Operation, type Query } from "../store/store.ts";

/** Bodies of the longest resources in one transaction stay below its limit. */
const atOnce = 20;

/** Removes what an installation keeps of an owner elsewhere: mail in a folder. */
export type Elsewhere = (owner: Owner) => void;

/** Resolves with how many items and objects there were. */
export async function erase(ctx: Context, head: Head, elsewhere: Elsewhere): Promise<number> {
  const { owner } = head;
  let gone = await eraseEvents(ctx, owner);
  if (isTenant(owner)) gone += await eraseMonths(ctx, idOf(owner));
  gone += await eraseTrunkStates(ctx, owner);
  gone += await erasePlanNotes(ctx, head);
  gone += await erasePartition(ctx, head);
  for await (const key of ctx.media.list(objects.all(owner))) {
    await ctx.media.remove(key);
    gone++;
  }
  elsewhere(owner);
  return gone;
}

const all = (ctx: Context, query: Query): AsyncGenerator<Item> => allItems((q) => ctx.store.query(q), query);

async function drop(ctx: Context, items: AsyncIterable<Key> | Iterable<Key>): Promise<number> {
  let gone = 0;
  let batch: Operation[] = [];
  const flush = async (): Promise<void> => {
    if (batch.length > 0) await ctx.store.transact(batch);
    gone += batch.length;
    batch = [];
  };
  for await (const { pk, sk } of items) {
    batch.push({ delete: { pk, sk } });
    if (batch.length === atOnce) await flush();
  }
  await flush();
  return gone;
}

/**
 * Its log, and what the logs of the accounts above tell of it: an event bears the same id in each. The deliveries to endpoints that it had are found by the
 * events that tell of these, which are kept as long.
 */
async function eraseEvents(ctx: Context, owner: Owner): Promise<number> {
  const above = new Map<string, Owner[]>();
  let gone = 0;
  async function* traces(): AsyncGenerator<Key> {
    const logs = Array.from({ length: await shardsOf(ctx, owner) }, (_, shard) => keys.log(owner, shard));
    for (const pk of logs)
      for await (const item of all(ctx, { pk, prefix: keys.logEvents })) {
        const { id, type, accountId, tenantId, data } = read(item);
        if ((tenantId ?? accountId) === idOf(owner)) {
          if (type.startsWith("webhook-endpoint.")) gone += await eraseDeliveries(ctx, owner, String(data.id));
          const levels = above.get(accountId) ?? (await levelsAbove(ctx, accountId));
          above.set(accountId, levels);
          const elsewhere = levels.filter((level) => level !== owner);
          for (const entry of await ctx.store.getMany(entriesOf(elsewhere, owner, id))) if (entry) yield entry;
        }
        yield item;
      }
    // the first tells how many there are
    for (const pk of logs.reverse()) yield* all(ctx, { pk, from: "F" });
  }
  return gone + (await drop(ctx, traces()));
}

async function levelsAbove(ctx: Context, account: string): Promise<Owner[]> {
  const head = await readTombstone(ctx.store, accountOwner(account));
  return head ? levelsOf(head) : [accountOwner(account)];
}

const eraseDeliveries = (ctx: Context, owner: Owner, endpoint: string): Promise<number> =>
  drop(ctx, all(ctx, { pk: keys.deliveriesTo(owner, endpoint) }));

/** A host without a clock tells of 1970. */
const firstYear = 1970;
const monthsAtOnce = 24;

/** Call records and usage of all months. */
async function eraseMonths(ctx: Context, tenant: string): Promise<number> {
  const months: string[] = [];
  for (let year = firstYear; year <= ctx.now().getUTCFullYear() + 1; year++)
    for (let month = 1; month <= 12; month++) months.push(`${year}-${String(month).padStart(2, "0")}`);
  let gone = 0;
  while (months.length > 0) {
    const some = months.splice(0, monthsAtOnce);
    const counts = await Promise.all(some.map((month) => drop(ctx, all(ctx, { pk: keys.callMonth(tenant, month) }))));
    gone += counts.reduce((sum, count) => sum + count, 0);
  }
  return gone;
}

/** What edges told of its trunks. */
async function eraseTrunkStates(ctx: Context, owner: Owner): Promise<number> {
  const own = new Set<string>();
  for await (const { id } of all(ctx, { pk: owner, prefix: keys.resources("trunk") })) own.add(String(id));
  let gone = 0;
  for await (const { sk } of all(ctx, { pk: owner, prefix: keys.placements }))
    for await (const edge of all(ctx, { pk: keys.pool(keys.placedOn(sk)).pk, prefix: keys.acknowledgements })) {
      const states: Key[] = [];
      for await (const item of all(ctx, { pk: keys.edge(String(edge.id)).pk, prefix: keys.trunkStates }))
        if (item.tenant === idOf(owner) || own.has(String(item.trunk))) states.push(item);
      gone += await drop(ctx, states);
    }
  return gone;
}

/** That it has, or had, plans of the accounts above. */
async function erasePlanNotes(ctx: Context, { owner, path }: Head): Promise<number> {
  let gone = 0;
  for (const account of [owner, ...path.map(accountOwner)])
    for await (const { id } of all(ctx, { pk: account, prefix: keys.resources("plan") }))
      gone += await drop(ctx, all(ctx, { pk: keys.planUsers(String(id)), prefix: `${owner}#` }));
  return gone;
}

/** Everything in the owner's partition but what its tombstone is made of. */
async function erasePartition(ctx: Context, head: Head): Promise<number> {
  let gone = 0;
  let batch: Item[] = [];
  const flush = async (): Promise<void> => {
    gone += await eraseDependents(ctx, head, batch);
    gone += await drop(ctx, batch);
    batch = [];
  };
  for await (const item of all(ctx, { pk: head.owner })) {
    if (isOfTombstone(head, item)) continue;
    batch.push(item);
    if (batch.length === atOnce) await flush();
  }
  await flush();
  return gone;
}

/** An acknowledgement counts once it says that the document was dropped; before, it tells of resources. */
function isOfTombstone({ owner, revision }: Head, item: Item): boolean {
  const { sk } = item;
  if (sk.startsWith(keys.acknowledgements)) return Number(item.revision) >= revision;
  const kept = [keys.head(owner).sk, keys.deletion(owner).sk];
  return kept.includes(sk) || sk.startsWith(keys.placements) || sk.startsWith(keys.outboxes);
}

/** What lies elsewhere and is found by these items alone. */
async function eraseDependents(ctx: Context, head: Head, items: Item[]): Promise<number> {
  const { owner } = head;
  let gone = await eraseClaims(ctx, head, items);
  for (const item of items) {
    if (item.sk.startsWith(keys.allBorrowed))
      gone += await drop(ctx, [keys.borrower(item.from as Owner, String(item.kind), String(item.id), owner)]);
    const is = (what: string): boolean => item.sk.startsWith(keys.children(what));
    if (is("APIKEY")) {
      const { hash, previous } = item as Item & { hash: string; previous?: { hash: string } | null };
      const held = await ctx.store.getMany([hash, ...(previous ? [previous.hash] : [])].map(keys.apiKey));
      gone += await drop(
        ctx,
        held.filter((one) => one !== undefined),
      );
    }
    if (is("WEBHOOK")) gone += await eraseDeliveries(ctx, owner, String(item.id));
    if (is("JOB")) gone += await drop(ctx, all(ctx, { pk: keys.job(String(item.id)).pk }));
    if (is("EDGE")) gone += await eraseEdge(ctx, owner, String(item.id));
    if (is("POOL")) gone += await drop(ctx, all(ctx, { pk: keys.pool(String(item.id)).pk }));
  }
  return gone;
}

/** What is unique in the installation is free again, or back in the inventory that it came from. */
async function eraseClaims(ctx: Context, { owner, sandbox }: Head, items: Item[]): Promise<number> {
  const claims = items
    .filter(({ sk }) => sk.startsWith(keys.resources()))
    .map(fromItem)
    .flatMap(({ kind, body }) => kindOf(kind).globals?.(body) ?? [])
    .map(([what, value]) => keys.global(sandbox, what, value));
  const held = (await ctx.store.getMany(claims)).filter((item) => item?.owner === owner);
  for (const item of held)
    if (item)
      await ctx.store.transact([await back(ctx.store, item)]).catch((error) => {
        if (!(error instanceof ConditionFailed)) throw error;
      });
  return held.length;
}

/** An account's edge: it is taken out, and what it told goes. */
async function eraseEdge(ctx: Context, owner: Owner, id: string): Promise<number> {
  if (await readEdge(ctx, id)) await removeEdge(ctx, { owner }, id, [], "goes");
  return drop(ctx, all(ctx, { pk: keys.edge(id).pk }));
}
