// The tables of the agent's state. A document has a number here; what belongs to it hangs on that number, so that rows are small.

export const schema = `
create table if not exists meta (name text primary key, value text not null) strict, without rowid;
-- a tombstone keeps late messages from bringing a document back; dropped = 1: it is gone, 2: it may be restored
create table if not exists document (
  doc integer primary key, owner text not null unique, epoch integer not null, revision integer not null, digest text not null,
  path text not null, dropped integer not null default 0
) strict;
create table if not exists resource (
  row integer primary key, doc integer not null, kind text not null, id text not null, text text not null, unique (doc, kind, id)
) strict;
-- doc 0: among all documents
create table if not exists name (doc integer not null, name text not null, row integer not null, primary key (doc, name, row)) strict, without rowid;
create table if not exists secret (ref text primary key, doc integer not null, value text not null) strict, without rowid;
create index if not exists secret_of on secret (doc);
-- what is in the state and not yet carried out by the driver: each resource as it was before
create table if not exists pending (seq integer primary key autoincrement, owner text not null, kind text not null, id text not null, before text) strict;
create index if not exists pending_of on pending (owner);
-- what the cloud was told last (due = 0) or is to be told (due = 1) of each document
create table if not exists ack (owner text primary key, body text not null, due integer not null) strict, without rowid;
-- what people set by phone, console or API; value is JSON, at and edge say whose word is the last; event: said here and not yet in the spool, the id of the event that will tell it
create table if not exists runtime (
  owner text not null, kind text not null, id text not null, field text not null, value text not null, at text not null, edge text not null,
  event text, primary key (owner, kind, id, field)
) strict, without rowid;
-- the number that called an extension last; null: withheld
create table if not exists last_caller (owner text not null, extension text not null, number text, primary key (owner, extension)) strict, without rowid;
-- wrong PINs of the last hour; pin: which of a resource's PINs, at: milliseconds
create table if not exists pin_try (seq integer primary key, owner text not null, kind text not null, id text not null, pin text not null, at integer not null) strict;
create index if not exists pin_try_of on pin_try (owner, kind, id, pin, at);
create index if not exists pin_try_at on pin_try (at);
-- who is to be called back by a queue; times in milliseconds, leg: the call that is being made for it
create table if not exists call_back (
  id text primary key, owner text not null, queue text not null, number text not null, since integer not null, askedAt integer not null,
  tries integer not null, due integer not null, leg text, unique (queue, number)
) strict, without rowid;
-- what was used of limits that count over a day or a month (used.ts)
create table if not exists used (
  owner text not null, what text not null, period text not null, id text not null, amount real not null, primary key (owner, what, period, id)
) strict, without rowid;
create index if not exists used_period on used (period);
-- commands that were begun, so that none is carried out twice; done = 0: nobody knows yet how it ended
create table if not exists command (id text primary key, owner text not null, at text not null, done integer not null default 0) strict, without rowid;
create index if not exists runtime_value on runtime (owner, kind, field, value);
create index if not exists runtime_event on runtime (owner) where event is not null;
create index if not exists ack_due on ack (owner) where due = 1;
`;
