// A change larger than a transaction, as one revision all the same. Under a lease it is written beside what stands (published.ts), then published by one
// transaction that moves the head, then folded in. Of a document that is founded so (found.ts) there is no head until then, and nobody looks. Whoever dies in between leaves it to the sweep, which undoes what was not published and ends what was.
import type { Owner } from "../../core/owner.ts";
import type { Counting } from "../accounts/counts.ts";
import type { Context } from "../context.ts";
import { newId, newToken } from "../id.ts";
import * as keys from "../keys.ts";
import { due, dueAt } from "../outbox.ts";
import { Problem } from "../problem.ts";
import { checkItem } from "../store/rules.ts";
import {
  allItems,
  type Condition,
  ConditionFailed,
  Conflict,
  type Item,
  type Key,
  limits,
  type Operation,
} from "../store/store.ts";
import { back } from "./globals.ts";
import { type Head, headItem, moveHead, putHead, readTombstone } from "./head.ts";
import { staged } from "./published.ts";

/** A change by when it may be written. */
export type Parts = {
  /** Resources and claims, which readers see when it is published. */
  shown: Operation[];
  /** What nobody reads before something published names it: secrets, the change record. */
  hidden: { put: Item }[];
  /** Claims in the installation, which only one may hold. */
  taken: { put: Item; if: Condition }[];
  /** What goes when nothing needs it any more; a claim may go back to where it was taken from. */
  released: Operation[];
  /** What goes with the head. */
  beside: Operation[];
};

export type Lease = {
  owner: Owner;
  token: string;
  id: string;
  revision: number;
  /** Operations carried out, of how many: for people who wait. */
  written: number;
  of: number;
};

/** Renewed by every step; who needs longer for one is taken for dead. */
const leaseMs = 30_000;
const stepBytes = 3 * 1024 * 1024;
const partEntries = 2000;

/** What is done with a key when the change is over: `shown` is written down as readers see it then, `new` goes if it was undone, `old` if it was published. */
type Entry = [what: "shown" | "new" | "old", pk: string, sk: string];

const leaseItem = (ctx: Context, lease: Lease): Item => ({
  ...keys.lease(lease.owner),
  ...dueAt(keys.index.leases, new Date(ctx.now().getTime() + leaseMs), lease.owner),
  ...lease,
});

/** Takes the document for one change. Throws ConditionFailed where it has moved, `busy` while another large change is under way. */
export async function takeLease(ctx: Context, head: Head): Promise<Lease> {
  const lease = {
    owner: head.owner,
    token: newToken(),
    id: newId("chg"),
    revision: head.revision + 1,
    written: 0,
    of: 0,
  };
  await ctx.store.transact([
    moveHead(head, { ...head, changing: lease.id }),
    { put: leaseItem(ctx, lease), if: { absent: true } },
  ]);
  return lease;
}

/** Takes the place of a document that is not there yet. Throws ConditionFailed where somebody founds it already. */
export async function takePlace(ctx: Context, owner: Owner): Promise<Lease> {
  const lease = { owner, token: newToken(), id: newId("chg"), revision: 0, written: 0, of: 0 };
  await ctx.store.transact([{ put: leaseItem(ctx, lease), if: { absent: true } }]);
  return lease;
}

/**
 * Throws what kept it from being published, and then it is undone: now, or by the sweep. Once published, nothing is thrown. `before` is the head as the
 * lease found it, undefined where there was none; `counting`: what is counted with it, which others may have moved meanwhile (accounts/counts.ts).
 */
export async function carryOut(
  ctx: Context,
  lease: Lease,
  before: Head | undefined,
  next: Head,
  parts: Parts,
  counting: () => Promise<Counting>,
): Promise<void> {
  let failure: unknown;
  try {
    await stage(ctx, lease, parts);
    const held = before && { ...before, version: before.version + 1, changing: lease.id };
    await publish(ctx, lease, held, { ...next, changing: lease.id, changed: lease.id }, parts.beside, counting);
  } catch (error) {
    failure = error;
  }
  const published = await settle(ctx, lease).catch((error) => {
    ctx.log.warn({ owner: lease.owner, error: String(error) }, "a large change is not over; the sweep goes on with it");
    return failure === undefined;
  });
  if (!published) throw failure ?? lost();
}

async function publish(
  ctx: Context,
  lease: Lease,
  held: Head | undefined,
  next: Head,
  beside: Operation[],
  counting: () => Promise<Counting>,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const { head: counts, operations } = await counting();
    const head = { ...next, ...counts };
    const put: Operation = held ? putHead(held, head) : { put: headItem(head), if: { absent: true } };
    try {
      return await step(ctx, lease, [put, ...beside, ...operations]);
    } catch (error) {
      const others = error instanceof ConditionFailed && error.failed.every((index) => index > beside.length);
      if (!others || attempt === 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(200, 5 * 2 ** attempt)));
    }
  }
}

const lost = (): Problem =>
  new Problem("busy", "The change took so long that it was given up and undone; send it again.", {
    headers: { "Retry-After": "5" },
  });

/** One transaction under the lease. A failed condition's index counts from the operations. */
async function step(ctx: Context, lease: Lease, operations: Operation[]): Promise<void> {
  const held: Operation = { put: leaseItem(ctx, lease), if: { equals: { token: lease.token } } };
  for (let attempt = 1; ; attempt++) {
    try {
      await ctx.store.transact([held, ...operations]);
      lease.written += operations.length;
      return;
    } catch (error) {
      if (error instanceof ConditionFailed) {
        if (error.failed.includes(0)) throw lost();
        throw new ConditionFailed(error.failed.map((index) => index - 1));
      }
      if (!(error instanceof Conflict) || attempt === 20) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(500, 10 * 2 ** attempt)));
    }
  }
}

async function stage(ctx: Context, lease: Lease, { shown, hidden, taken, released }: Parts): Promise<void> {
  const entries: Entry[] = [
    ...shown.map((one): Entry => ["shown", ...placeOf(one)]),
    ...[...hidden, ...taken].map((one): Entry => ["new", ...placeOf(one)]),
    ...released.map((one): Entry => ["old", ...placeOf(one)]),
  ];
  lease.of = 2 * entries.length;
  const manifest: Operation[] = [];
  for (let at = 0; at < entries.length; at += partEntries)
    manifest.push({
      put: {
        ...keys.manifest(lease.owner, manifest.length),
        entries: JSON.stringify(entries.slice(at, at + partEntries)),
      },
    });
  for (const operations of steps(manifest)) await step(ctx, lease, operations);
  const claims = taken.map((one): Operation => ({ ...one, put: { ...one.put, change: lease.id } }));
  for (const operations of steps(claims))
    await step(ctx, lease, operations).catch((error) => {
      throw error instanceof ConditionFailed ? overtaken(operations, error.failed) : error;
    });
  for (const operations of steps(hidden)) await step(ctx, lease, operations);
  for (let at = 0; at < shown.length; at += limits.operations) {
    const some = shown.slice(at, at + limits.operations);
    const before = await ctx.store.getMany(some.map(keyOf));
    const puts = some.map((one, index): Operation => {
      const after = "put" in one ? one.put : undefined;
      return { put: staged(lease, keyOf(one), before[index], after) };
    });
    for (const operations of steps(puts)) await step(ctx, lease, operations);
  }
}

/** Somebody else claimed values of these just now. */
function overtaken(claims: Operation[], failed: number[]): Problem {
  const values = claims.filter((_, index) => failed.includes(index)).map((one) => keyOf(one).pk.split("#").slice(1));
  const [[what = "value", value = ""] = []] = values;
  return new Problem("taken", `The ${what} ${value} was just taken by another; choose another.`, {
    extra: { [what]: value },
  });
}

const keyOf = (operation: Operation): Key => {
  const { pk, sk } = "put" in operation ? operation.put : "delete" in operation ? operation.delete : operation.check;
  return { pk, sk };
};
const placeOf = (operation: Operation): [pk: string, sk: string] => {
  const { pk, sk } = keyOf(operation);
  return [pk, sk];
};

/** As many operations together as a transaction takes beside the lease. */
function* steps(operations: Operation[]): Generator<Operation[]> {
  let some: Operation[] = [];
  let bytes = 0;
  for (const operation of operations) {
    const size = "put" in operation ? checkItem(operation.put) : 0;
    if (some.length === limits.operations - 1 || (bytes + size > stepBytes && some.length > 0)) {
      yield some;
      some = [];
      bytes = 0;
    }
    some.push(operation);
    bytes += size;
  }
  if (some.length > 0) yield some;
}

/** Ends the change, from wherever it stands: true if it was published. Can be begun again by whoever holds the lease. */
async function settle(ctx: Context, lease: Lease): Promise<boolean> {
  const { owner, id } = lease;
  const head = await readTombstone(ctx.store, owner);
  const published = head?.changed === id;
  if (head && head.changing !== id) return published;
  const parts = { pk: owner, prefix: keys.manifests };
  for await (const { pk, sk, entries } of allItems((query) => ctx.store.query(query), parts)) {
    const all = JSON.parse(String(entries)) as Entry[];
    for (let at = 0; at < all.length; at += limits.operations) {
      const operations = await endOf(ctx, lease, all.slice(at, at + limits.operations), published);
      for (const some of steps(operations)) await step(ctx, lease, some);
    }
    await step(ctx, lease, [{ delete: { pk, sk } }]);
  }
  await ctx.store.transact([
    ...(head ? [putHead(head, { ...head, changing: null })] : []),
    { delete: keys.lease(owner), if: { equals: { token: lease.token } } },
  ]);
  return published;
}

async function endOf(ctx: Context, { id, owner }: Lease, entries: Entry[], published: boolean): Promise<Operation[]> {
  const touched = entries.filter(([what]) => what === "shown" || (what === "new") === !published);
  const items = await ctx.store.getMany(touched.map(([, pk, sk]) => ({ pk, sk })));
  const ends = touched.map(async ([what, pk, sk], index): Promise<Operation[]> => {
    const item = items[index];
    if (what === "shown" && item) return [{ put: item }];
    if (sk !== "CLAIM") return [{ delete: { pk, sk } }];
    // a value in the installation that another got first is the other's
    const ours = item?.owner === owner && (what === "old" || item.change === id);
    return ours ? [await back(ctx.store, item)] : [];
  });
  return (await Promise.all(ends)).flat();
}

/** Ends the large changes of those who died over them. Rejects after all were tried. */
export async function sweepLeases(ctx: Context): Promise<void> {
  let failed: unknown;
  for await (const item of due(ctx, keys.index.leases)) {
    const { owner, id, revision, token, written, of } = item as Item & Lease;
    const lease: Lease = { owner, id, revision, token: newToken(), written, of };
    try {
      await ctx.store.transact([{ put: leaseItem(ctx, lease), if: { equals: { token } } }]);
      const published = await settle(ctx, lease);
      ctx.log.warn({ owner, revision, published }, "a large change whose writer died is over");
    } catch (error) {
      // it is over, or another sweeps too
      if (!(error instanceof ConditionFailed)) failed ??= error;
    }
  }
  if (failed !== undefined)
    throw new Error("a large change is not over; the next sweep tries again", { cause: failed });
}
