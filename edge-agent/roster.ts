// The hosts of this edge's pool, as the cloud told of them last: on this host's disk, so that they are known with the cloud gone.
import { type Roster, roster } from "../core/wire.ts";
import { type Database, rows } from "./database.ts";

export interface RosterStore {
  /** Undefined until the cloud told of it. */
  get(): Roster | undefined;
  /** False where what is here is as new, or newer. Another pool's replaces it: the host has enrolled anew. */
  set(told: Roster): boolean;
}

export function createRosterStore(db: Database): RosterStore {
  const text = rows<{ value: string }>(db, "select value from meta where name = 'roster'").get()?.value;
  const put = db.prepare("insert or replace into meta (name, value) values ('roster', ?)");
  let known = text === undefined ? undefined : read(text);
  return {
    get: () => known,
    set(told) {
      if (known && known.pool === told.pool && known.version >= told.version) return false;
      put.run(JSON.stringify(told));
      known = told;
      return true;
    },
  };
}

/** Undefined where another version of the agent wrote what this one can't read: the cloud tells it anew. */
function read(text: string): Roster | undefined {
  try {
    return roster.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
