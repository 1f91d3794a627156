// What was used of limits that count over a day or a month, on this host's disk: what calls cost and how long they were recorded. Each entry stands under the
// id of what it is for, so that told twice it counts once.
import type { Owner } from "../core/owner.ts";
import { type Database, rows } from "./database.ts";

/** `what`: `spend USD`, `minutes`, `recording`; `period`: a day or a month on the owner's wall clock, as in 2026-12-25 or 2026-12. */
export type UsedIn = { owner: Owner; what: string; period: string };

export interface UsedStore {
  /** An amount for something, in the place of what stood there for it. */
  put(of: UsedIn, id: string, amount: number): void;
  sum(of: UsedIn): number;
}

/** The month before this one may go on in another time zone. */
const keptMs = 62 * 86_400_000;
const sweepEveryMs = 3_600_000;
const mostSums = 10_000;

export function createUsedStore(db: Database, now: () => number = Date.now): UsedStore {
  const set = db.prepare("insert or replace into used (owner, what, period, id, amount) values (?, ?, ?, ?, ?)");
  const total = rows<{ amount: number | null }>(
    db,
    "select sum(amount) as amount from used where owner = ? and what = ? and period = ?",
  );
  const drop = db.prepare("delete from used where period < ?");
  const sums = new Map<string, number>();
  let sweptAt = 0;
  const nameOf = ({ owner, what, period }: UsedIn): string => `${owner}#${what}#${period}`;

  function sweep(): void {
    if (now() - sweptAt < sweepEveryMs) return;
    sweptAt = now();
    drop.run(new Date(now() - keptMs).toISOString().slice(0, 10));
  }

  return {
    put(of, id, amount) {
      set.run(of.owner, of.what, of.period, id, amount);
      sums.delete(nameOf(of));
      sweep();
    },
    sum(of) {
      const name = nameOf(of);
      const known = sums.get(name);
      if (known !== undefined) return known;
      const found = total.get(of.owner, of.what, of.period)?.amount ?? 0;
      if (sums.size >= mostSums) sums.clear();
      sums.set(name, found);
      return found;
    },
  };
}
