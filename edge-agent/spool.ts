// What happened on this host, on disk before anything else is done with it, until the cloud has taken it. A batch is formed once and resent byte for byte.
import { ulid } from "ulid";
import { type EdgeEvent, edgeEvent } from "../core/wire-events.ts";
import { open, rows, transaction } from "./database.ts";
import type { Report } from "./driver.ts";
import type { Log } from "./log.ts";

/** `events`: how many are in it. */
export type Batch = { batch: number; events: number; body: string };

export interface Spool {
  /** Names this spool; a new file has a new one. */
  readonly generation: string;
  readonly report: Report;
  /** The oldest batch that is not accepted, formed of the oldest events if there is none. Undefined while there is nothing. */
  next(): Batch | undefined;
  /** The cloud has it. */
  accepted(batch: number): void;
  /** The cloud will never take it: kept aside for a human. */
  setAside(batch: number, reason: string): void;
  /** Called whenever new events are on disk; all of them may wait so long for others, in seconds. */
  onEvents(listener: (patienceSeconds: number) => void): void;
  /** Events and batches that wait. */
  size(): number;
  /** Batches and events that no later try can deliver. */
  setAsideCount(): number;
  /** Writes what was reported. */
  close(): void;
}

const schema = `
create table if not exists meta (name text primary key, value text not null) strict, without rowid;
create table if not exists event (seq integer primary key autoincrement, id text not null unique, body text not null) strict;
create table if not exists batch (number integer primary key, events integer not null, body text not null) strict;
create table if not exists aside (seq integer primary key autoincrement, at text not null, reason text not null, body text not null) strict;
`;
export const batchEvents = 25;
/** So long what renews a registration may wait for others. */
export const patienceSeconds = 45;
/** So long the end of a call waits for its record, which ends it too. */
export const endPatienceSeconds = 1;
const batchBytes = 200_000;
/** A commit waits for the disk and nothing else runs meanwhile: this share of the time at most goes there, so that lookups are answered under any load. */
const idleFactor = 4;
const large = 100_000;

type Waiting = { event: unknown; patienceSeconds: number; done: () => void; failed: (error: unknown) => void };

/** `:memory:` for none on disk. */
export function openSpool(file: string, log: Log): Spool {
  const db = open(file, "FULL", schema);
  const addEvent = db.prepare("insert or ignore into event (id, body) values (?, ?)");
  const addAside = db.prepare("insert into aside (at, reason, body) values (?, ?, ?)");
  const oldest = rows<{ seq: number; body: string }>(db, "select seq, body from event order by seq limit ?");
  const removeEvents = db.prepare("delete from event where seq <= ?");
  const firstBatch = rows<Batch>(db, "select number as batch, events, body from batch order by number limit 1");
  const addBatch = db.prepare("insert into batch (number, events, body) values (?, ?, ?)");
  const removeBatch = db.prepare("delete from batch where number = ?");
  const bodyOf = rows<{ body: string }>(db, "select body from batch where number = ?");
  const counts = rows<{ count: number }>(
    db,
    "select (select count(*) from event) + (select coalesce(sum(events), 0) from batch) as count",
  );
  const asideCount = rows<{ count: number }>(db, "select count(*) as count from aside");
  const setMeta = db.prepare("insert or replace into meta (name, value) values (?, ?)");
  const meta = rows<{ value: string }>(db, "select value from meta where name = ?");

  if (!meta.get("generation")) setMeta.run("generation", ulid());
  const generation = meta.get("generation")?.value ?? "";
  let last = Number(meta.get("batch")?.value ?? 0);
  let size = counts.get()?.count ?? 0;
  let complained = large / 2;
  let listener = (_patienceSeconds: number): void => {};
  let waiting: Waiting[] = [];
  let flushing: NodeJS.Immediate | NodeJS.Timeout | undefined;
  let notBefore = 0;

  function schedule(): void {
    if (flushing) return;
    const delay = notBefore - performance.now();
    flushing = delay > 1 ? setTimeout(flush, delay) : setImmediate(flush);
  }

  function flush(): void {
    flushing = undefined;
    const group = waiting;
    waiting = [];
    if (group.length === 0) return;
    const began = performance.now();
    try {
      const added = transaction(db, () => group.reduce((sum, { event }) => sum + keep(event), 0));
      size += added;
    } catch (error) {
      log.error(
        { error: String(error), events: group.length },
        "events could not be written to the spool: is the disk full?",
      );
      for (const one of group) one.failed(error);
      return;
    }
    const ended = performance.now();
    notBefore = ended + (ended - began) * idleFactor;
    for (const one of group) one.done();
    complain();
    listener(Math.min(...group.map((one) => one.patienceSeconds)));
  }

  function keep(event: unknown): number {
    const read = edgeEvent.safeParse(event);
    if (read.success) return Number(addEvent.run(read.data.id, JSON.stringify(read.data)).changes);
    log.error({ event, error: read.error.issues[0] }, "an event that the protocol does not know is set aside");
    addAside.run(new Date().toISOString(), "not in the protocol", JSON.stringify(event));
    return 0;
  }

  /** Says at each doubling that the spool is large. */
  function complain(): void {
    if (size < large / 2) complained = large / 2;
    if (size < complained * 2) return;
    complained = size;
    log.warn(
      { events: size },
      "the spool is large: events wait for the cloud and are kept as long as there is room on the disk",
    );
  }

  function form(): Batch | undefined {
    const events = oldest.all(batchEvents);
    let bytes = 0;
    const fit = events.filter(({ body }, index) => {
      bytes += body.length;
      return index === 0 || bytes <= batchBytes;
    });
    const end = fit.at(-1);
    if (!end) return undefined;
    const number = last + 1;
    const body = `{"generation":${JSON.stringify(generation)},"batch":${number},"events":[${fit.map((event) => event.body).join(",")}]}`;
    transaction(db, () => {
      addBatch.run(number, fit.length, body);
      removeEvents.run(end.seq);
      setMeta.run("batch", String(number));
    });
    last = number;
    return { batch: number, events: fit.length, body };
  }

  function remove(batch: number): void {
    removeBatch.run(batch);
    size = counts.get()?.count ?? 0;
  }

  return {
    generation,
    report({ patienceSeconds: wait = 0, ...event }) {
      return new Promise((done, failed) => {
        const whole: Omit<EdgeEvent, "type" | "data"> & Pick<EdgeEvent, "type" | "data"> = {
          ...event,
          id: event.id ?? `evt_${ulid()}`,
          at: event.at ?? new Date().toISOString(),
        };
        waiting.push({ event: whole, patienceSeconds: wait, done, failed });
        schedule();
      });
    },
    next: () => firstBatch.get() ?? form(),
    accepted: remove,
    setAside(batch, reason) {
      transaction(db, () => {
        addAside.run(new Date().toISOString(), reason, bodyOf.get(batch)?.body ?? "");
        removeBatch.run(batch);
      });
      size = counts.get()?.count ?? 0;
    },
    onEvents(given) {
      listener = given;
    },
    size: () => size,
    setAsideCount: () => asideCount.get()?.count ?? 0,
    close() {
      if (flushing) {
        clearTimeout(flushing as NodeJS.Timeout);
        clearImmediate(flushing as NodeJS.Immediate);
      }
      flush();
      db.close();
    },
  };
}
