// The rows that Kamailio loads into its hash tables when it starts: an SQLite file of the agent's own, derived from its state and kept in step with it. Each
// row remembers whose document it comes from, so that what a document no longer says is found.
import type { Owner } from "../../../core/owner.ts";
import { type Database, open, rows, transaction } from "../../database.ts";
import type { Row, Table } from "./rows.ts";

export const tableNames: readonly Table[] = ["cred", "tenant", "did", "carrier", "peer"];

/** In whose document each row stands; rows that come from several or from none belong to "". */
export interface Tables {
  get(table: Table, key: string): string | undefined;
  /** Writes rows, and deletes those without a value; all or none of them. */
  write(changed: Iterable<Row & { owner: Owner | "" }>): void;
  /** Rows of a document. */
  of(owner: Owner): { table: Table; key: string; value: string }[];
  /** The documents that rows come from. */
  owners(): Owner[];
  count(table: Table): number;
  /** What was said under a name, beside the rows. */
  said(name: string): string | undefined;
  say(name: string, value: string): void;
  /** `limit` rows after `after` in the order of keys. */
  page(table: Table, after: string, limit: number): { key: string; value: string }[];
  close(): void;
}

const schema = ["create table if not exists said (name text primary key, value text not null) strict, without rowid;"]
  .concat(
    tableNames.map(
      (table) => `
create table if not exists ${table} (key_name text primary key, key_value text not null, owner text not null) strict, without rowid;
create index if not exists ${table}_of on ${table} (owner);`,
    ),
  )
  .join("");

export function openTables(file: string): Tables {
  const db = open(file, "NORMAL", schema, 2000);
  const each = Object.fromEntries(tableNames.map((table) => [table, statements(db, table)])) as Record<
    Table,
    ReturnType<typeof statements>
  >;
  const said = rows<{ value: string }>(db, "select value from said where name = ?");
  const say = db.prepare("insert or replace into said (name, value) values (?, ?)");
  return {
    said: (name) => said.get(name)?.value,
    say: (name, value) => void say.run(name, value),
    get: (table, key) => each[table].get.get(key)?.value,
    write(changed) {
      transaction(db, () => {
        for (const { table, key, value, owner } of changed)
          if (value === undefined) each[table].drop.run(key);
          else each[table].put.run(key, value, owner);
      });
    },
    of: (owner) => tableNames.flatMap((table) => each[table].of.all(owner).map((row) => ({ table, ...row }))),
    owners: () => [...new Set(tableNames.flatMap((table) => each[table].owners.all().map(({ owner }) => owner)))],
    count: (table) => each[table].count.get()?.count ?? 0,
    page: (table, after, limit) => each[table].page.all(after, limit),
    close: () => db.close(),
  };
}

function statements(db: Database, table: Table) {
  const row = "key_name as key, key_value as value";
  return {
    get: rows<{ value: string }>(db, `select key_value as value from ${table} where key_name = ?`),
    put: db.prepare(`insert or replace into ${table} (key_name, key_value, owner) values (?, ?, ?)`),
    drop: db.prepare(`delete from ${table} where key_name = ?`),
    of: rows<{ key: string; value: string }>(db, `select ${row} from ${table} where owner = ? order by key_name`),
    owners: rows<{ owner: Owner }>(db, `select distinct owner from ${table} where owner <> ''`),
    count: rows<{ count: number }>(db, `select count(*) as count from ${table}`),
    page: rows<{ key: string; value: string }>(
      db,
      `select ${row} from ${table} where key_name > ? order by key_name limit ?`,
    ),
  };
}
