// What stands between the state and the cloud's knowledge of it: changes that the driver has yet to carry out, and acks that are yet to be accepted.
// Both are on disk beside the state, written in its transactions, so that an agent killed at any point goes on where it was.
import type { Standing } from "../core/comparison.ts";
import { empty } from "../core/digest.ts";
import type { Owner } from "../core/owner.ts";
import { type Ack, ack, type Failure } from "../core/wire.ts";
import { readBody } from "./body.ts";
import { type Database, rows } from "./database.ts";
import type { Change } from "./driver.ts";
import { keyOf } from "./staging.ts";

/**
 * What the driver has to do for one owner. There is one round, unless resources changed again while earlier changes were not known to be carried out:
 * the engine may be at any step of the way, so it is led along all of them. The last round ends every way at what is in the state.
 */
export type Work = { owner: Owner; standing: Standing; rounds: Change[][]; upTo: number };

export interface Pending {
  /** Called within the state's transaction: these resources were `before`. */
  add(owner: Owner, edits: { kind: string; id: string; before: string | undefined }[]): void;
  owners(): Owner[];
  has(owner: Owner): boolean;
  /** Everything pending for the owner. Undefined if nothing is; no rounds if nothing in it concerns the engine. */
  take(owner: Owner): Work | undefined;
  /** The driver is done. What a later try can mend stays pending. The ack is due unless it says nothing new. */
  settle(work: Work, failures: Failure[]): void;
  /** What the driver says of a document of which nothing is pending. */
  note(owner: Owner, failures: Failure[]): void;
  /** Owners whose last ack told of failures. */
  failing(): Owner[];
  dueAcks(limit: number): Ack[];
  /** Accepted by the cloud; stays due if it was replaced meanwhile. */
  accepted(acks: Ack[]): void;
}

type Entry = { seq: number; kind: string; id: string; before: string | null };

export function createPending(db: Database): Pending {
  const insert = db.prepare("insert into pending (owner, kind, id, before) values (?, ?, ?, ?)");
  const entries = rows<Entry>(db, "select seq, kind, id, before from pending where owner = ? order by seq");
  const some = rows<{ seq: number }>(db, "select seq from pending where owner = ? limit 1");
  const owners = rows<{ owner: Owner }>(db, "select distinct owner from pending");
  const done = db.prepare("delete from pending where owner = ? and seq <= ?");
  const textOf = rows<{ text: string }>(
    db,
    "select text from resource where doc = (select doc from document where owner = ?) and kind = ? and id = ?",
  );
  // a tombstone's too
  const standing = rows<Standing>(db, "select owner, epoch, revision, digest from document where owner = ?");
  const bodyOf = rows<{ body: string }>(db, "select body from ack where owner = ?");
  const putAck = db.prepare("insert or replace into ack (owner, body, due) values (?, ?, 1)");
  const due = rows<{ body: string }>(db, "select body from ack where due = 1 limit ?");
  const failing = rows<{ owner: Owner }>(db, "select owner from ack where body not like '%\"failures\":[]}'");
  const accept = db.prepare("update ack set due = 0 where owner = ? and body = ?");

  function roundsOf(owner: Owner, list: Entry[]): Change[][] {
    const ways = new Map<string, { kind: string; id: string; texts: (string | undefined)[] }>();
    for (const { kind, id, before } of list) {
      // an empty kind stands for a step that changed no resource
      const way = kind === "" ? undefined : (ways.get(keyOf(kind, id)) ?? { kind, id, texts: [] });
      if (way) ways.set(keyOf(kind, id), { ...way, texts: [...way.texts, before ?? undefined] });
    }
    const rounds: Change[][] = [];
    for (const { kind, id, texts } of ways.values()) {
      const way = [...texts, textOf.get(owner, kind, id)?.text].filter(
        (text, index, all) => index === 0 || text !== all[index - 1],
      );
      const bodies = way.map((text) => (text === undefined ? undefined : readBody(kind, text)));
      // counted from the end, so that all ways end in the same round
      for (let step = 1; step < bodies.length; step++) {
        const round = rounds[step - 1] ?? [];
        rounds[step - 1] = round;
        round.push({ kind, id, before: bodies.at(-step - 1), after: bodies.at(-step) });
      }
    }
    return rounds.reverse();
  }

  function tell({ owner, epoch, revision, digest }: Standing, failures: Failure[]): void {
    const now = ack.parse({ owner, epoch, revision, digest, at: new Date().toISOString(), failures });
    const last = bodyOf.get(owner)?.body;
    if (
      last !== undefined &&
      JSON.stringify({ ...ack.parse(JSON.parse(last)), at: "" }) === JSON.stringify({ ...now, at: "" })
    )
      return;
    putAck.run(owner, JSON.stringify(now));
  }

  return {
    add(owner, edits) {
      for (const { kind, id, before } of edits) insert.run(owner, kind, id, before ?? null);
      // a step that changes no resource is still to be acknowledged
      if (edits.length === 0) insert.run(owner, "", "", null);
    },
    owners: () => owners.all().map(({ owner }) => owner),
    has: (owner) => some.get(owner) !== undefined,
    take(owner) {
      const list = entries.all(owner);
      const last = list.at(-1);
      if (!last) return undefined;
      const now = standing.get(owner) ?? { owner, epoch: 0, revision: 0, digest: empty };
      return { owner, standing: now, rounds: roundsOf(owner, list), upTo: last.seq };
    },
    settle(work, failures) {
      if (!failures.some((failure) => failure.retry)) done.run(work.owner, work.upTo);
      tell(work.standing, failures);
    },
    note(owner, failures) {
      const now = standing.get(owner);
      if (now && some.get(owner) === undefined) tell(now, failures);
    },
    failing: () => failing.all().map(({ owner }) => owner),
    dueAcks: (limit) => due.all(limit).map(({ body }) => ack.parse(JSON.parse(body))),
    accepted(acks) {
      for (const one of acks) accept.run(one.owner, JSON.stringify(one));
    },
  };
}
