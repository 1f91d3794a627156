// Which of the cloud's commands were begun here, on disk before anything of them is done, and which of them have ended.
import type { Owner } from "../core/owner.ts";
import { type Database, rows } from "./database.ts";

export interface Taken {
  /** True once for each id: the command may be carried out. */
  take(id: string, owner: Owner, at: Date): boolean;
  /** It has ended, and the event that says so is on disk. */
  ended(id: string): void;
  /** Begun and not ended: what an agent that was killed left. */
  open(): { id: string; owner: Owner }[];
}

/** Queues keep a message for an hour at the most; a command is remembered far longer. */
const keptMs = 7 * 86_400_000;

export function createTaken(db: Database): Taken {
  const add = db.prepare("insert or ignore into command (id, owner, at) values (?, ?, ?)");
  const end = db.prepare("update command set done = 1 where id = ?");
  const forget = db.prepare("delete from command where done = 1 and at < ?");
  const open = rows<{ id: string; owner: Owner }>(db, "select id, owner from command where done = 0 order by id");
  return {
    take(id, owner, at) {
      forget.run(new Date(at.getTime() - keptMs).toISOString());
      return add.run(id, owner, at.toISOString()).changes === 1;
    },
    ended: (id) => void end.run(id),
    open: () => open.all(),
  };
}
