// Who called each extension last, on this host's disk: so that it can call back, also after a restart and with the cloud gone.
import type { Owner } from "../core/owner.ts";
import { type Database, rows } from "./database.ts";

export interface LastCallers {
  /** A phone of the extension rings for this number; null: it is withheld. */
  rang(owner: Owner, extension: string, number: string | null): void;
  /** Undefined where nobody called. */
  of(owner: Owner, extension: string): string | null | undefined;
  /** Called within the state's transaction: these resources are gone. */
  forget(owner: Owner, gone: { kind: string; id: string }[]): void;
}

export function createLastCallers(db: Database): LastCallers {
  const put = db.prepare("insert or replace into last_caller (owner, extension, number) values (?, ?, ?)");
  const find = rows<{ number: string | null }>(db, "select number from last_caller where owner = ? and extension = ?");
  const drop = db.prepare("delete from last_caller where owner = ? and extension = ?");
  return {
    rang: (owner, extension, number) => void put.run(owner, extension, number),
    of: (owner, extension) => find.get(owner, extension)?.number,
    forget(owner, gone) {
      for (const { kind, id } of gone) if (kind === "extension") drop.run(owner, id);
    },
  };
}
