// How many extensions and phone numbers there are. Each document counts its own in its head, which every write of it moves. An account on which limits were
// ever set has a counter for all below it, which those writes move too, in the same transaction: of two that race for the last one, one fails its condition,
// looks again, and is told. An account without limits has none, so that no item is written by everybody.
import { type Bound, boundsOn } from "../../core/limits.ts";
import { accountOwner, idOf, isTenant, type Owner, tenantOwner } from "../../core/owner.ts";
import type { Limits } from "../../core/resources/limits.ts";
import type { Context } from "../context.ts";
import type { ChangedResource } from "../document/draft.ts";
import { type Counts, type Head, hearing, moveHead, noCounts, readHead } from "../document/head.ts";
import * as keys from "../keys.ts";
import { allItems, ConditionFailed, Conflict, type Item, type Operation, type Store } from "../store/store.ts";
import { boundsFor } from "./bounds.ts";
import { accountsOf, limitReached } from "./limits.ts";

/** By kind, the limit that counts it. */
const counted = { extension: "extensions", "phone-number": "phoneNumbers" } as const;
type Counted = keyof typeof counted;
const kinds = Object.keys(counted) as Counted[];
const sum = (a: Counts, b: Counts, sign: 1 | -1 = 1): Counts => ({
  extension: a.extension + sign * b.extension,
  "phone-number": a["phone-number"] + sign * b["phone-number"],
});

/** `complete`: all that is below the account is in it. */
type Counter = Counts & { owner: Owner; version: number; complete: boolean };

const readCounter = (item: Item | undefined, owner: Owner): Counter | undefined =>
  item && {
    owner,
    version: Number(item.version),
    complete: item.complete === true,
    extension: Number(item.extension),
    "phone-number": Number(item["phone-number"]),
  };

const counterItem = ({ owner, ...counter }: Counter): Item => ({ ...keys.counter(owner), ...counter });

const moved = (counter: Counter, by: Counts, sign: 1 | -1 = 1): Operation => ({
  put: counterItem({ ...counter, ...sum(counter, by, sign), version: counter.version + 1 }),
  if: { equals: { version: counter.version } },
});

async function countersOf(store: Store, owners: Owner[]): Promise<Counter[]> {
  const items = await store.getMany(owners.map(keys.counter));
  return items.flatMap((item, index) => readCounter(item, owners[index] as Owner) ?? []);
}

/** A document's own; counted anew where its head is from before heads did. */
export async function countsOf(store: Store, head: Head): Promise<Counts> {
  if (head.counts) return head.counts;
  const counts = { ...noCounts };
  for (const kind of kinds)
    for await (const _ of allItems((query) => store.query(query), { pk: head.owner, prefix: keys.resources(kind) }))
      counts[kind]++;
  return counts;
}

/** What is below an account, itself included; undefined where nobody ever set limits on it. */
export async function countsBelow(ctx: Context, owner: Owner): Promise<Counts | undefined> {
  const [counter] = await countersOf(ctx.store, [owner]);
  if (!counter || counter.complete) return counter;
  await completeCounter(ctx, owner);
  return (await countersOf(ctx.store, [owner]))[0];
}

/** What the head says after a write, and what belongs into its transaction. */
export type Counting = { head: Pick<Head, "counts" | "counted">; operations: Operation[] };

/** Of a write that makes these changes. Throws `limit_reached` where there would be more than may be. `pointerTo`: where a resource was written. */
export async function counting(ctx: Context, head: Head, changes: ChangedResource[]): Promise<Counting> {
  const change = { ...noCounts };
  for (const { before, after } of changes) {
    const kind = (after ?? before)?.kind as Counted | undefined;
    if (kind && Object.hasOwn(counted, kind)) change[kind] += (after ? 1 : 0) - (before ? 1 : 0);
  }
  if (kinds.every((kind) => change[kind] === 0))
    return { head: { counts: head.counts, counted: head.counted }, operations: [] };
  const after = sum(await countsOf(ctx.store, head), change);
  const settled = await settle(ctx, head, { counts: after, path: hearing(head) });
  const grown = kinds.filter((kind) => change[kind] > 0);
  const set = changes.flatMap(({ after }) => (after?.kind === "limits" ? [after.body as Limits] : []));
  if (grown.length > 0)
    refuseBeyond(await boundsFor(ctx.store, head.owner, hearing(head), set), grown, change, settled.used);
  return settled;
}

/** Of a document that is made with these. An account whose counter came meanwhile would not know of it: then a condition fails. */
export async function countingNew(ctx: Context, head: Head, changes: ChangedResource[]): Promise<Counting> {
  const made = await counting(ctx, head, changes);
  const { counts, counted: held } = made.head;
  if (kinds.every((kind) => counts?.[kind] === 0)) return made;
  const without = accountsOf(head.owner, hearing(head)).filter((owner) => !held.includes(idOf(owner)));
  const checks = without.map((owner): Operation => ({ check: keys.counter(owner), if: { absent: true } }));
  return { ...made, operations: [...made.operations, ...checks] };
}

/** Of a move to other accounts. Throws `limit_reached` where they have no room for it. */
export async function countingMove(ctx: Context, head: Head, to: string[]): Promise<Counting> {
  const counts = await countsOf(ctx.store, head);
  const path = hearing({ path: to, sandbox: head.sandbox });
  const settled = await settle(ctx, head, { counts, path });
  const fresh = path.filter((id) => !head.path.includes(id)).map(accountOwner);
  const bounds = (await boundsFor(ctx.store, head.owner, path)).filter(({ scope }) => fresh.includes(scope));
  const grown = kinds.filter((kind) => counts[kind] > 0);
  refuseBeyond(bounds, grown, counts, settled.used);
  return settled;
}

/** Of a restoration. Throws `limit_reached` where there is no room for it any more. */
export async function countingRestoration(ctx: Context, head: Head): Promise<Counting> {
  const counts = await countsOf(ctx.store, { ...head, counts: null });
  const settled = await settle(ctx, { ...head, counts: noCounts }, { counts, path: hearing(head) });
  const grown = kinds.filter((kind) => counts[kind] > 0);
  refuseBeyond(await boundsFor(ctx.store, head.owner, hearing(head)), grown, counts, settled.used);
  return settled;
}

/** Of a deletion. */
export const countingRemoval = (ctx: Context, head: Head): Promise<Counting> =>
  settle(ctx, head, { counts: noCounts, path: [] });

function refuseBeyond(bounds: Bound[], grown: Counted[], by: Counts, used: (scope: Owner) => Counts | undefined): void {
  for (const kind of grown)
    for (const { bound, value } of boundsOn(bounds, counted[kind])) {
      const there = used(bound.scope)?.[kind] ?? 0;
      if (there > value) throw limitReached(counted[kind], { bound, value, used: there - by[kind] });
    }
}

/** Moves the counters that hold this document, and enters it in those that do not yet. */
async function settle(
  ctx: Context,
  head: Head,
  after: { counts: Counts; path: string[] },
): Promise<Counting & { used(scope: Owner): Counts | undefined }> {
  const before = await countsOf(ctx.store, head);
  const accounts = accountsOf(head.owner, after.path);
  const left = head.counted.map(accountOwner).filter((owner) => !accounts.includes(owner));
  let counters = await countersOf(ctx.store, [...accounts, ...left]);
  let { counted: held } = head;
  const unfinished = counters.filter(({ complete }) => !complete);
  if (unfinished.length > 0) {
    for (const { owner } of unfinished) await completeCounter(ctx, owner);
    // that moved this head too: what is made of it here fails at its condition, and is made again
    counters = await countersOf(ctx.store, [...accounts, ...left]);
    held = (await readHead(ctx.store, head.owner))?.counted ?? held;
  }
  const used = new Map<Owner, Counts>(isTenant(head.owner) ? [[head.owner, after.counts]] : []);
  const operations: Operation[] = [];
  for (const counter of counters) {
    const was = held.includes(idOf(counter.owner)) ? before : noCounts;
    const by = sum(accounts.includes(counter.owner) ? after.counts : noCounts, was, -1);
    used.set(counter.owner, sum(counter, by));
    operations.push(moved(counter, by));
  }
  const holds = counters.map(({ owner }) => owner).filter((owner) => accounts.includes(owner));
  return { head: { counts: after.counts, counted: holds.map(idOf) }, operations, used: (scope) => used.get(scope) };
}

/** An account's counter, to be there before limits are. */
export async function startCounter(ctx: Context, owner: Owner): Promise<void> {
  if (isTenant(owner) || (await ctx.store.get(keys.counter(owner)))) return;
  const item = counterItem({ owner, ...noCounts, version: 1, complete: false });
  await ctx.store.transact([{ put: item, if: { absent: true } }]).catch((error: unknown) => {
    if (!(error instanceof ConditionFailed)) throw error;
  });
}

/** So many documents enter a counter at once. */
const together = 40;

/**
 * Enters all that is below the account. A document that is founded meanwhile enters by its own first write. Whoever was writing when the counter came does
 * not know of it: his write fails, as his head has moved, and he looks again. Begun anew by whoever finds it incomplete.
 */
export async function completeCounter(ctx: Context, owner: Owner): Promise<void> {
  const [counter] = await countersOf(ctx.store, [owner]);
  if (!counter || counter.complete) return;
  const all = await below(ctx.store, owner);
  for (let from = 0; from < all.length; from += together) await enter(ctx, owner, all.slice(from, from + together));
  await retried(async () => {
    const [now] = await countersOf(ctx.store, [owner]);
    if (!now || now.complete) return;
    const item = counterItem({ ...now, complete: true, version: now.version + 1 });
    await ctx.store.transact([{ put: item, if: { equals: { version: now.version } } }]);
  });
}

const enter = (ctx: Context, owner: Owner, documents: Owner[]): Promise<void> =>
  retried(async () => {
    const [counter] = await countersOf(ctx.store, [owner]);
    const heads = await Promise.all(documents.map((one) => readHead(ctx.store, one)));
    const missing = heads.filter(
      (head) =>
        head !== undefined &&
        !head.counted.includes(idOf(owner)) &&
        accountsOf(head.owner, hearing(head)).includes(owner),
    ) as Head[];
    if (!counter || missing.length === 0) return;
    const counts = await Promise.all(missing.map((head) => countsOf(ctx.store, head)));
    const entered = missing.map((head, index) =>
      moveHead(head, { ...head, counts: counts[index] ?? noCounts, counted: [...head.counted, idOf(owner)] }),
    );
    await ctx.store.transact([
      moved(
        counter,
        counts.reduce((a, b) => sum(a, b), noCounts),
      ),
      ...entered,
    ]);
  });

async function retried(work: () => Promise<void>): Promise<void> {
  for (let attempt = 0; ; attempt++)
    try {
      return await work();
    } catch (error) {
      if (attempt > 50 || !(error instanceof ConditionFailed || error instanceof Conflict)) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 50));
    }
}

/** The account and every document below it. */
async function below(store: Store, account: Owner): Promise<Owner[]> {
  const found = [account];
  for (const [what, of] of [
    ["TENANT", tenantOwner],
    ["ACCOUNT", accountOwner],
  ] as const)
    for await (const { id } of allItems((query) => store.query(query), { pk: account, prefix: keys.children(what) }))
      if (what === "TENANT") found.push(of(String(id)));
      else found.push(...(await below(store, of(String(id)))));
  return found;
}
