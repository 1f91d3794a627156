// The store's port. It speaks DynamoDB's language and keeps DynamoDB's limits, so that what passes on SQLite passes in the cloud.

export type Value = string | number | boolean | null | Uint8Array | Value[] | { [name: string]: Value };
export type Key = { pk: string; sk: string };
/** Attributes next to the key. `ipk` and `isk` put an item into the sparse index; `ttl` (seconds since 1970) lets it expire some time after. */
export type Item = Key & { [name: string]: Value };

/** All given parts must hold of the item at the key as it is before the transaction. */
export type Condition = {
  absent?: true;
  present?: true;
  /** Attributes with exactly these values. */
  equals?: Record<string, string | number | boolean>;
  /** Attributes that are absent or less than these. */
  below?: Record<string, number>;
};

export type Operation = { put: Item; if?: Condition } | { delete: Key; if?: Condition } | { check: Key; if: Condition };

export type Query = {
  pk: string;
  /** Only keys that begin so. Not with `from` or `to`. */
  prefix?: string;
  /** Only keys at or after. */
  from?: string;
  /** Only keys at or before. */
  to?: string;
  /** Continue after this cursor of an earlier page. */
  after?: string;
  limit?: number;
  descending?: boolean;
};
/** `next` continues where the page ended, by limit or by size (1 MB); undefined after the last item. */
export type Page = { items: Item[]; next: string | undefined };

/** A committed change of one item, as DynamoDB Streams reports it. */
export type Changed = { key: Key; before: Item | undefined; after: Item | undefined };

export interface Store {
  /** Strongly consistent. Items past their `ttl` may still answer. */
  get(key: Key): Promise<Item | undefined>;
  /** Strongly consistent, any number of keys, in their order. */
  getMany(keys: Key[]): Promise<(Item | undefined)[]>;
  /** One page in byte order of sort keys, strongly consistent. */
  query(query: Query): Promise<Page>;
  /** One page of the sparse index (`pk` = `ipk`, order and ranges by `isk`); possibly stale in the cloud. */
  queryIndex(query: Query): Promise<Page>;
  /**
   * All or nothing. Throws ConditionFailed or Conflict (nothing was written) or TooLarge. Retried by the SDK under one token, so it is applied once. A put
   * alone with a condition costs half, and is applied once by that; where others wrote the item between two tries of it, it is told as ConditionFailed.
   */
  transact(operations: Operation[]): Promise<void>;
  /** Calls back with each change after it is committed, in commit order of each key, at least once. A listener does not throw. Returns a function that stops it. */
  subscribe(listener: (changes: Changed[]) => void): () => void;
  close(): Promise<void>;
}

/** A condition did not hold: `failed` lists the indices of the operations concerned. */
export class ConditionFailed extends Error {
  readonly failed: number[];
  constructor(failed: number[]) {
    super(`condition of operation ${failed.join(", ")} did not hold`);
    this.failed = failed;
  }
}

/** Another transaction touched the same items at the same time; trying again can help. */
export class Conflict extends Error {}

/** More than the store takes: the sentence says which limit. Trying again can't help. */
export class TooLarge extends Error {}

/** What no store takes, whatever its size: a mistake of the code that asked. Trying again can't help. */
export class Invalid extends Error {}

/** An `after` that did not come from a page of this query. */
export class BadCursor extends Invalid {}

/** DynamoDB's limits, kept by every adapter. */
export const limits = {
  operations: 100,
  transactionBytes: 4 * 1024 * 1024,
  itemBytes: 400 * 1024,
  pageBytes: 1024 * 1024,
  keyBytes: { pk: 2048, sk: 1024 },
  /** Lists and maps in one another: with the value inside, 32 levels. */
  depth: 31,
};

/** The one item every query and page loop needs: all items, page after page. */
export async function* allItems(read: (query: Query) => Promise<Page>, query: Query): AsyncGenerator<Item> {
  let after = query.after;
  do {
    const page = await read(after === undefined ? query : { ...query, after });
    yield* page.items;
    after = page.next;
  } while (after !== undefined);
}
