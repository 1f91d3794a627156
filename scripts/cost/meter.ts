// Counts what AWS would charge for, and how long a Lambda runs: by the sizes of the items that are really read and written.
import { checkItem, checkKey, isEmpty, keyOf } from "../../functions/store/rules.ts";
import type { Item, Key, Page, Store } from "../../functions/store/store.ts";
import { type Counts, none, type Unit } from "./prices.ts";

/** How long one answer takes, in milliseconds: what AWS and those who measure it call usual within a region, and rather more than less. */
export const answerMs = { read: 5, write: 12, sqs: 10, kms: 10, s3: 25, sts: 50, mail: 80, webhook: 150 };
export type Wait = keyof typeof answerMs;

const kb = 1024;
const gb = 1024 ** 3;
/** An item without an end is there for so many months on average in an installation that is a year old and keeps what it has. */
const keptMonths = 12;
const monthSeconds = 30 * 86_400;

/** Units that fell on one partition of the table or the index. */
export type Heat = Map<string, { writes: number; reads: number }>;

export class Meter {
  counts: Counts = none();
  heat: Heat = new Map();
  /** Milliseconds of waiting of the Lambda that runs: what is waited for at once counts once. */
  waitedMs = 0;
  #underWay = 0;

  add(unit: Unit, count = 1): void {
    this.counts[unit] += count;
  }

  /** Request units on a partition. */
  on(pk: string, unit: "writeUnits" | "readUnits", count: number): void {
    if (count === 0) return;
    this.add(unit, count);
    const heat = this.heat.get(pk) ?? { writes: 0, reads: 0 };
    if (unit === "writeUnits") heat.writes += count;
    else heat.reads += count;
    this.heat.set(pk, heat);
  }

  /** Does `work`, whose answer takes as long as such answers do. */
  async wait<T>(what: Wait, work: () => Promise<T>): Promise<T> {
    if (this.#underWay++ === 0) this.waitedMs += answerMs[what];
    try {
      return await work();
    } finally {
      this.#underWay--;
    }
  }

  /** An SQS request with so many bytes. */
  sqs(bytes: number, unit: "sqsRequests" | "fairSqsRequests" = "sqsRequests"): void {
    this.add(unit, Math.max(1, Math.ceil(bytes / (64 * kb))));
  }
}

const sizeOf = (item: Item | undefined): number => (item ? checkItem(item) : 0);
const per = (bytes: number, unit: number): number => Math.max(1, Math.ceil(bytes / unit));

/** Units for writing an item in place of another, one of them at least there, to the table: by the larger of both. Index: see `indexUnits`. */
export const writeUnits = (before: Item | undefined, after: Item | undefined): number =>
  per(Math.max(sizeOf(before), sizeOf(after)), kb);

/** The sparse index holds whole items: one write where an item enters, leaves or stays with a change, two where it moves. With the partition of each. */
export function indexUnits(before: Item | undefined, after: Item | undefined): [ipk: string, units: number][] {
  const [was, is] = [before?.ipk === undefined ? undefined : before, after?.ipk === undefined ? undefined : after];
  const moves = was && is && (was.ipk !== is.ipk || was.isk !== is.isk);
  if (moves)
    return [
      [String(was.ipk), writeUnits(was, undefined)],
      [String(is.ipk), writeUnits(undefined, is)],
    ];
  return was || is ? [[String((is ?? was)?.ipk), writeUnits(was, is)]] : [];
}

/** Byte-months that an item costs: to its end, or as long as things are kept; twice where it is in the index too. */
function gbMonths(item: Item | undefined, nowMs: number): number {
  if (!item) return 0;
  const months = typeof item.ttl === "number" ? Math.max(0, item.ttl - nowMs / 1000) / monthSeconds : keptMonths;
  // 100 bytes of an item's own in table and index each
  return ((sizeOf(item) + 100) * (item.ipk === undefined ? 1 : 2) * months) / gb;
}

/** `store`, counted as DynamoDB counts: strongly consistent reads, transactions at twice the units but a put alone with a condition, the index beside. */
export function metered(store: Store, meter: Meter, now: () => number): Store {
  const readOne = (item: Item | undefined): number => per(sizeOf(item), 4 * kb);
  const page = (pk: string, found: Page, share: number): Page => {
    const bytes = found.items.reduce((sum, item) => sum + sizeOf(item), 0);
    meter.on(pk, "readUnits", per(bytes, 4 * kb) * share);
    return found;
  };
  return {
    ...store,
    get: (key) =>
      meter.wait("read", async () => {
        const item = await store.get(key);
        meter.on(key.pk, "readUnits", readOne(item));
        return item;
      }),
    getMany: (keys) =>
      meter.wait("read", async () => {
        const items = await store.getMany(keys);
        for (const [index, item] of items.entries()) meter.on(keys[index]?.pk ?? "", "readUnits", readOne(item));
        return items;
      }),
    query: (query) => meter.wait("read", async () => page(query.pk, await store.query(query), 1)),
    queryIndex: (query) => meter.wait("read", async () => page(query.pk, await store.queryIndex(query), 0.5)),
    transact: (operations) =>
      meter.wait("write", async () => {
        const targets = operations.map((operation): Key => keyOf(operation));
        const [only] = operations;
        const isPutAlone = operations.length === 1 && only && "put" in only && only.if && !isEmpty(only.if);
        const times = isPutAlone ? 1 : 2;
        const before = await store.getMany(targets.map(({ pk, sk }) => ({ pk, sk })));
        const write = store.transact(operations);
        operations.forEach((operation, index) => {
          const old = before[index];
          const fresh = "put" in operation ? operation.put : "check" in operation ? old : undefined;
          const key = keyOf(operation);
          meter.on(key.pk, "writeUnits", times * Math.max(writeUnits(old, fresh), per(checkKey(key), kb)));
          if ("check" in operation) return;
          for (const [ipk, units] of indexUnits(old, fresh)) meter.on(`index ${ipk}`, "writeUnits", units);
          meter.add("tableGbMonths", gbMonths(fresh, now()) - gbMonths(old, now()));
        });
        await write;
      }),
  };
}
