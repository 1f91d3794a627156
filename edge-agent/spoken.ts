// Runtime state on this host's disk: of each field the last word, and which of them the spool has yet to be told.
import { isLater, timeAfter } from "../core/last-word.ts";
import type { Owner } from "../core/owner.ts";
import type { Runtime } from "../core/wire.ts";
import { type Database, rows, transaction } from "./database.ts";

/** A field of a resource, and what it is to be. */
export type Setting = { kind: string; id: string; field: string; value: unknown };
/** A word said here, and the event that tells it. */
export type Untold = { event: string; word: Runtime };

export interface Spoken {
  /** Said here and now, and so the last word: on disk, even against a power cut, when this returns. */
  say(owner: Owner, settings: Setting[], edge: string, now: Date, newEvent: () => string): Untold[];
  /** Said elsewhere. Whether it is the last word, and was not known before. */
  hear(word: Runtime): boolean;
  /** The last word of a field; undefined where nobody said anything. */
  known(field: Pick<Runtime, "owner" | "subject" | "field">): Runtime | undefined;
  untold(): Untold[];
  /** The event is in the spool. */
  told(untold: Untold): void;
  /** Called within the state's transaction: these resources are gone. */
  forget(owner: Owner, gone: { kind: string; id: string }[]): void;
  /** From when the cloud is to be asked for more; undefined before the first time. */
  heardUpTo(): string | undefined;
  setHeardUpTo(at: string): void;
}

type Row = Omit<Runtime, "type" | "subject" | "value"> & {
  kind: string;
  id: string;
  value: string;
  event: string | null;
};

/** `changed` is told whose fields have other values now. */
export function createSpoken(db: Database, changed: (owner: Owner) => void): Spoken {
  const columns = "owner, kind, id, field, value, at, edge, event";
  const find = rows<Row>(db, `select ${columns} from runtime where owner = ? and kind = ? and id = ? and field = ?`);
  const put = db.prepare(`insert or replace into runtime (${columns}) values (?, ?, ?, ?, ?, ?, ?, ?)`);
  const due = rows<Row>(db, `select ${columns} from runtime where event is not null order by at`);
  const settle = db.prepare("update runtime set event = null where event = ?");
  const drop = db.prepare("delete from runtime where owner = ? and kind = ? and id = ?");
  const dropped = rows<{ dropped: number }>(db, "select dropped from document where owner = ?");
  const meta = rows<{ value: string }>(db, "select value from meta where name = 'runtime'");
  const setMeta = db.prepare("insert or replace into meta (name, value) values ('runtime', ?)");

  const wordOf = ({ owner, kind, id, field, value, at, edge }: Row): Runtime => ({
    ...{ type: "runtime", owner, subject: { kind, id }, field, value: JSON.parse(value), at, edge },
  });

  function known({ owner, subject, field }: Pick<Runtime, "owner" | "subject" | "field">): Runtime | undefined {
    const row = find.get(owner, subject.kind, subject.id, field);
    return row && wordOf(row);
  }

  function write({ owner, subject, field, value, at, edge }: Runtime, event: string | null): void {
    // one spelling of a moment, so that the index sorts by time
    const moment = new Date(at).toISOString();
    put.run(owner, subject.kind, subject.id, field, JSON.stringify(value ?? null), moment, edge, event);
    changed(owner);
  }

  /** A commit of the state survives the death of the process alone; this one is people's only word. */
  function durably<T>(work: () => T): T {
    db.exec("pragma synchronous = full");
    try {
      return transaction(db, work);
    } finally {
      db.exec("pragma synchronous = normal");
    }
  }

  return {
    say(owner, settings, edge, now, newEvent) {
      return durably(() =>
        settings.map(({ kind, id, field, value }) => {
          const place = { owner, subject: { kind, id }, field };
          const word: Runtime = { type: "runtime", ...place, value, at: timeAfter(known(place), now), edge };
          const event = newEvent();
          write(word, event);
          return { event, word };
        }),
      );
    },
    hear(word) {
      // what comes late for a document that was dropped
      if ((dropped.get(word.owner)?.dropped ?? 0) !== 0 || !isLater(word, known(word))) return false;
      write(word, null);
      return true;
    },
    known,
    untold: () => due.all().flatMap((row) => (row.event === null ? [] : [{ event: row.event, word: wordOf(row) }])),
    told: ({ event }) => void settle.run(event),
    forget(owner, gone) {
      for (const { kind, id } of gone) drop.run(owner, kind, id);
    },
    heardUpTo: () => meta.get()?.value,
    setHeardUpTo: (at) => void setMeta.run(at),
  };
}
