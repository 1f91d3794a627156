// Kamailio's registrations on disk, in the table that its module usrloc keeps (version 9): it reads them when it starts, and the agent reads what they were.
import { DatabaseSync } from "node:sqlite";
import { type Database, open, rows } from "../../database.ts";

/** Columns and types as usrloc writes them; see its parameters `…_column`. */
const schema = `
create table if not exists version (table_name text primary key, table_version integer not null) strict, without rowid;
insert or ignore into version values ('location', 9), ('location_attrs', 1);
create table if not exists location (
  id integer primary key, ruid text not null default '' unique, username text not null default '', domain text, contact text not null default '',
  received text, path text, expires integer not null default 0, q real not null default 1.0, callid text not null default '',
  cseq integer not null default 1, last_modified integer not null default 0, flags integer not null default 0, cflags integer not null default 0,
  user_agent text not null default '', socket text, methods integer, instance text, reg_id integer not null default 0,
  server_id integer not null default 0, connection_id integer not null default 0, keepalive integer not null default 0, "partition" integer not null default 0
);
create index if not exists location_expires on location (expires);
`;

export const openLocation = (file: string): Database => open(file, "NORMAL", schema);

/** `expires`: seconds since 1970; 0: never. */
export type Located = {
  username: string;
  domain: string;
  contact: string;
  received: string | null;
  userAgent: string;
  expires: number;
  /** The Kamailio that it registered at, by its server id; 0: not known. */
  at: number;
};

/** Every registration that Kamailio wrote down and that is still good. Only reads: what Kamailio can't write at once, it never writes. */
export function located(file: string): Located[] {
  const db = new DatabaseSync(file, { readOnly: true, timeout: 2000 });
  try {
    return rows<Omit<Located, "at"> & { cflags: number }>(
      db,
      "select username, domain, contact, received, user_agent as userAgent, expires, cflags from location where expires = 0 or expires > ?",
    )
      .all(Math.floor(Date.now() / 1000))
      .map(({ cflags, ...row }) => ({ ...row, at: cflags >>> 8 }));
  } finally {
    db.close();
  }
}
