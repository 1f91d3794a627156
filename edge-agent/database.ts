// SQLite files of the agent: opened for this user alone, with statements that know their row's type, and transactions.
import { chmodSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";

export type Database = DatabaseSync;
export type Rows<Row> = {
  get(...values: SQLInputValue[]): Row | undefined;
  all(...values: SQLInputValue[]): Row[];
  each(...values: SQLInputValue[]): IterableIterator<Row>;
};

/**
 * Opens the file and makes it where it is missing, mode 0600 in a folder of mode 0700, in WAL mode. `synchronous` NORMAL survives the death of the
 * process, FULL a power cut too. After `autocheckpoint` pages (of 4 KB) in its log they are moved to the file, and the caller waits.
 */
export function open(file: string, synchronous: "NORMAL" | "FULL", schema: string, autocheckpoint = 1000): Database {
  if (file !== ":memory:") mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const mask = process.umask(0o077);
  try {
    const db = new DatabaseSync(file, { timeout: 2000 });
    db.exec(
      `pragma journal_mode = wal; pragma synchronous = ${synchronous}; pragma cache_size = -16384; pragma wal_autocheckpoint = ${autocheckpoint};`,
    );
    if (file !== ":memory:") chmodSync(file, 0o600);
    db.exec(schema);
    return db;
  } finally {
    process.umask(mask);
  }
}

/** A prepared query whose rows are of type Row: what the SQL selects is for the caller to know. */
export function rows<Row>(db: Database, sql: string): Rows<Row> {
  const statement = db.prepare(sql);
  return {
    get: (...values) => statement.get(...values) as Row | undefined,
    all: (...values) => statement.all(...values) as Row[],
    each: (...values) => statement.iterate(...values) as IterableIterator<Row>,
  };
}

/** Runs `work` in one transaction: all of it, or nothing when it throws. */
export function transaction<T>(db: Database, work: () => T): T {
  db.exec("begin immediate");
  try {
    const result = work();
    db.exec("commit");
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec("rollback");
    throw error;
  }
}

/** SQLite's result codes for a file that is damaged or is none of its own: SQLITE_CORRUPT, SQLITE_NOTADB. */
const damage = [11, 26];

/** Opens, and where the file is damaged puts it aside and opens a new one: what the cloud has comes back, and the host answers again. */
export function openOrSetAside<T>(
  file: string,
  openFile: (file: string) => T,
  said: (aside: string, error: Error) => void,
): T {
  try {
    return openFile(file);
  } catch (error) {
    if (!(error instanceof Error && "errcode" in error && damage.includes(Number(error.errcode) & 0xff))) throw error;
    const aside = `${file}.damaged`;
    renameSync(file, aside);
    for (const rest of ["-wal", "-shm"]) rmSync(file + rest, { force: true });
    said(aside, error);
    return openFile(file);
  }
}
