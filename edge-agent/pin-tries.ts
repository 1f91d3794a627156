// Wrong PINs of the last hour, on this host's disk: who guesses call after call is refused for a while, also after a restart and with the cloud gone.
import type { Owner } from "../core/owner.ts";
import type { PinOf } from "../core/routing/ask-pin.ts";
import { type Database, rows } from "./database.ts";

export interface PinTries {
  /** A wrong one was typed at `atMs`. Until when further tries are refused, where this was the last one that may be, in milliseconds. */
  wrong(owner: Owner, of: PinOf, atMs: number): number | undefined;
  /** Whether so many were wrong that no further try counts. */
  spent(owner: Owner, of: PinOf, atMs: number): boolean;
  /** Called within the state's transaction: these resources are gone. */
  forget(owner: Owner, gone: { kind: string; id: string }[]): void;
}

/** So many wrong tries within an hour, in all calls together. */
export const mostTries = 10;
const hourMs = 3_600_000;

export function createPinTries(db: Database): PinTries {
  const put = db.prepare("insert into pin_try (owner, kind, id, pin, at) values (?, ?, ?, ?, ?)");
  const find = rows<{ at: number }>(
    db,
    `select at from pin_try where owner = ? and kind = ? and id = ? and pin = ? and at > ? order by at desc limit ${mostTries}`,
  );
  const old = db.prepare("delete from pin_try where at <= ?");
  const drop = db.prepare("delete from pin_try where owner = ? and kind = ? and id = ?");
  const lately = (owner: Owner, { kind, id, pin }: PinOf, atMs: number) =>
    find.all(owner, kind, id, pin, atMs - hourMs).map(({ at }) => at);
  return {
    wrong(owner, of, atMs) {
      const before = lately(owner, of, atMs).length;
      old.run(atMs - hourMs);
      put.run(owner, of.kind, of.id, of.pin, atMs);
      const times = lately(owner, of, atMs);
      return before < mostTries && times.length === mostTries ? Math.min(...times) + hourMs : undefined;
    },
    spent: (owner, of, atMs) => lately(owner, of, atMs).length >= mostTries,
    forget(owner, gone) {
      for (const { kind, id } of gone) drop.run(owner, kind, id);
    },
  };
}
