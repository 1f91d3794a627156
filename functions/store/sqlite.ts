// The store on node:sqlite: the embedded default for `npm start`, tests and a one-box installation.
import { closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { decode } from "./body.ts";
import { indexOrder, type Order, rangeOf, tableOrder } from "./range.ts";
import { checkKey } from "./rules.ts";
import { reader } from "./sqlite-page.ts";
import { type Write, writer, writesOf } from "./sqlite-write.ts";
import {
  type Changed,
  Conflict,
  type Item,
  type Key,
  type Operation,
  type Page,
  type Query,
  type Store,
} from "./store.ts";

const schema = `
  CREATE TABLE IF NOT EXISTS item (
    pk TEXT NOT NULL, sk TEXT NOT NULL, ipk TEXT, isk TEXT, ttl INTEGER, size INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (pk, sk)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS item_index ON item (ipk, isk, pk, sk) WHERE ipk IS NOT NULL;
  CREATE INDEX IF NOT EXISTS item_ttl ON item (ttl) WHERE ttl IS NOT NULL;
`;

/** Expired items go this long after their `ttl` (DynamoDB takes up to some days); they are looked for this often. */
const expiry = { graceSeconds: 3600, everyMs: 600_000, atOnce: 100 };

type Waiting = { writes: Write[]; resolve: () => void; reject: (error: unknown) => void };

/**
 * Opens the file at `path`, made with mode 0600 (`:memory:`: none). What is acknowledged survives power loss.
 * Transactions asked for in one turn of the event loop are committed together, with one fsync.
 * `subscribe` tells of this process's changes, while it lives. Another process that writes to the file is waited for, which blocks this one.
 */
export function openSqlite(path: string, busyTimeoutMs = 5000): Store {
  if (path !== ":memory:") closeSync(openSync(path, "a", 0o600));
  const db = new DatabaseSync(path, { timeout: busyTimeoutMs });
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768;");
  db.exec(schema);
  const select = db.prepare("SELECT body FROM item WHERE pk = ? AND sk = ?");
  const expired = db.prepare("SELECT pk, sk, ttl FROM item WHERE ttl < ? LIMIT ?");
  const readPage = reader(db);
  const apply = writer(db);
  const listeners = new Set<(changes: Changed[]) => void>();
  let waiting: Waiting[] = [];

  function get({ pk, sk }: Key): Item | undefined {
    checkKey({ pk, sk });
    const body = select.get(pk, sk)?.body;
    return typeof body === "string" ? decode(body) : undefined;
  }

  function page(query: Query, order: Order): Page {
    const range = rangeOf(query, order);
    return range ? readPage(range, order) : { items: [], next: undefined };
  }

  async function transact(operations: Operation[]): Promise<void> {
    const writes = writesOf(operations);
    await new Promise<void>((resolve, reject) => {
      if (waiting.length === 0) setImmediate(commit);
      waiting.push({ writes, resolve, reject });
    });
  }

  function commit(): void {
    const group = waiting;
    waiting = [];
    if (group.length === 0) return;
    const changes: Changed[] | undefined = listeners.size > 0 ? [] : undefined;
    try {
      db.exec("BEGIN IMMEDIATE");
      const refusals = group.map(({ writes }) => apply(writes, changes));
      db.exec("COMMIT");
      group.forEach(({ resolve, reject }, index) => void (refusals[index] ? reject(refusals[index]) : resolve()));
    } catch (error) {
      if (db.isOpen && db.isTransaction) db.exec("ROLLBACK");
      const reason = isBusy(error) ? new Conflict("another process is writing to the file") : error;
      for (const { reject } of group) reject(reason);
      return;
    }
    if (changes?.length) setImmediate(() => listeners.forEach((listener) => void listener(changes)));
  }

  async function expire(): Promise<void> {
    const before = Math.floor(Date.now() / 1000) - expiry.graceSeconds;
    for (let more = true; more && db.isOpen; ) {
      const rows = expired
        .all(before, expiry.atOnce)
        .map(({ pk, sk, ttl }) => ({ pk: String(pk), sk: String(sk), ttl: Number(ttl) }));
      // One by one, so that an item whose life was prolonged meanwhile keeps no other alive.
      const deletions = rows.map(({ pk, sk, ttl }) => transact([{ delete: { pk, sk }, if: { equals: { ttl } } }]));
      const results = await Promise.allSettled(deletions);
      more = rows.length === expiry.atOnce && results.every(({ status }) => status === "fulfilled");
    }
  }

  // What fails is tried again the next time.
  const tidy = (): void => void expire().catch(() => undefined);
  const timer = setInterval(tidy, expiry.everyMs).unref();
  tidy();

  return {
    get: async (key) => get(key),
    getMany: async (keys) => keys.map(get),
    query: async (query) => page(query, tableOrder),
    queryIndex: async (query) => page(query, indexOrder),
    transact,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      clearInterval(timer);
      commit();
      listeners.clear();
      db.close();
    },
  };
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && (Number(error.errcode) & 0xff) === 5;
}
