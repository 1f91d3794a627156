// Who waits to be called back by a queue, on this host's disk: a wish outlives the agent and the cloud's absence.
import { ulid } from "ulid";
import type { Owner } from "../core/owner.ts";
import { type Database, rows } from "./database.ts";

/** `leg`: the uuid of the call that is being made for it; null: none. Times are milliseconds since 1970. */
export type Wish = {
  id: string;
  owner: Owner;
  queue: string;
  number: string;
  /** Since when he waits: his place. */
  since: number;
  askedAt: number;
  tries: number;
  /** He is called no earlier. */
  due: number;
  leg: string | null;
};

export interface CallBacks {
  /** A number that waits already keeps its place. */
  ask(wish: Pick<Wish, "owner" | "queue" | "number" | "since">, now: number): void;
  /** In the order of their places. */
  all(): Wish[];
  count(queue: string): number;
  /** A call is being made for it. */
  calling(id: string, leg: string, tries: number): void;
  /** That was in vain. */
  later(id: string, due: number): void;
  remove(id: string): void;
  /** Called within the state's transaction: these resources are gone. */
  forget(owner: Owner, gone: { kind: string; id: string }[]): void;
}

export function createCallBackStore(db: Database): CallBacks {
  const put = db.prepare(
    "insert or ignore into call_back (id, owner, queue, number, since, askedAt, tries, due, leg) values (?, ?, ?, ?, ?, ?, 0, ?, null)",
  );
  const all = rows<Wish>(db, "select * from call_back order by since, id");
  const count = rows<{ count: number }>(db, "select count(*) as count from call_back where queue = ?");
  const calling = db.prepare("update call_back set leg = ?, tries = ? where id = ?");
  const later = db.prepare("update call_back set leg = null, due = ? where id = ?");
  const remove = db.prepare("delete from call_back where id = ?");
  const drop = db.prepare("delete from call_back where owner = ? and queue = ?");
  return {
    ask: ({ owner, queue, number, since }, now) => void put.run(ulid(now), owner, queue, number, since, now, now),
    all: () => all.all(),
    count: (queue) => count.get(queue)?.count ?? 0,
    calling: (id, leg, tries) => void calling.run(leg, tries, id),
    later: (id, due) => void later.run(due, id),
    remove: (id) => void remove.run(id),
    forget(owner, gone) {
      for (const { kind, id } of gone) if (kind === "queue") drop.run(owner, id);
    },
  };
}
