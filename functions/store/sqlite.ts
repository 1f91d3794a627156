// The store on node:sqlite: the embedded default for `npm start`, tests and a one-box installation.
import { closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { decode } from "./body.ts";
import { indexOrder, type Order, rangeOf, tableOrder } from "./range.ts";
import { checkKey, checkOperations } from "./rules.ts";
import { readPage } from "./sqlite-page.ts";
import { apply, type Batch, type Prepared, prepare } from "./sqlite-write.ts";
import { type Changed, Conflict, type Item, type Key, type Query, type Store } from "./store.ts";

const schema = `
  CREATE TABLE IF NOT EXISTS item (
    pk TEXT NOT NULL, sk TEXT NOT NULL, ipk TEXT, isk TEXT, ttl INTEGER, size INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (pk, sk)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS item_index ON item (ipk, isk, pk, sk) WHERE ipk IS NOT NULL;
  CREATE INDEX IF NOT EXISTS item_ttl ON item (ttl) WHERE ttl IS NOT NULL;
`;

/** Expired items go this much after their `ttl`, looked for this often; DynamoDB takes up to some days. */
const expiry = { graceSeconds: 3600, everyMs: 600_000, atOnce: 100 };

/**
 * Opens the file at `path` (made with mode 0600; `:memory:` for none). What was acknowledged survives power loss: WAL with synchronous=FULL.
 * Transactions that are asked for in one turn of the event loop are committed together, with one fsync.
 * `subscribe` tells only of this process's changes, and only while it lives.
 */
export function openSqlite(path: string): Store {
  if (path !== ":memory:") closeSync(openSync(path, "a", 0o600));
  const db = new DatabaseSync(path, { timeout: 5000 });
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768;");
  db.exec(schema);
  const select = db.prepare("SELECT body FROM item WHERE pk = ? AND sk = ?");
  const expired = db.prepare("SELECT pk, sk, ttl FROM item WHERE ttl < ? LIMIT ?");
  const statements = prepare(db);
  const listeners = new Set<(changes: Changed[]) => void>();
  let waiting: Batch[] = [];

  function get(key: Key): Item | undefined {
    checkKey(key);
    const row = select.get(key.pk, key.sk);
    return row === undefined ? undefined : decode(String(row.body));
  }

  function page(query: Query, order: Order) {
    const range = rangeOf(query, order);
    return range === undefined ? { items: [], next: undefined } : readPage(db, range, order);
  }

  function flush(): void {
    const batches = waiting;
    waiting = [];
    if (batches.length === 0) return;
    const changes: Changed[] | undefined = listeners.size > 0 ? [] : undefined;
    try {
      db.exec("BEGIN IMMEDIATE");
      for (const batch of batches) batch.outcome = apply(statements, batch.writes, changes);
      db.exec("COMMIT");
    } catch (error) {
      if (db.isOpen && db.isTransaction) db.exec("ROLLBACK");
      for (const batch of batches) batch.reject(isBusy(error) ? new Conflict("another process is writing to the file") : error);
      return;
    }
    for (const batch of batches) batch.outcome ? batch.reject(batch.outcome) : batch.resolve();
    if (changes?.length) setImmediate(() => listeners.forEach((listener) => void listener(changes)));
  }

  function write(writes: Prepared[]): Promise<void> {
    return new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush);
      waiting.push({ writes, resolve, reject, outcome: undefined });
    });
  }

  async function expire(): Promise<void> {
    const before = Math.floor(Date.now() / 1000) - expiry.graceSeconds;
    const rows = expired.all(before, expiry.atOnce).map((row) => ({ pk: String(row.pk), sk: String(row.sk), ttl: Number(row.ttl) }));
    for (const { pk, sk } of rows) {
      // biome-ignore lint: draft
      await write([]);
    }
  }
  return {} as Store;
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && (Number(error.errcode) & 0xff) === 5;
}
