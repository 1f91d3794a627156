// Reading the state's file within lookups: several reads are one transaction, which begins when something is really read.
import type { SQLInputValue } from "node:sqlite";
import { type Database, rows as plain, type Rows } from "./database.ts";

export interface Reads {
  /** A prepared query, as `rows` of database.ts. */
  rows<Row>(sql: string): Pick<Rows<Row>, "get" | "all">;
  /** Runs `work`, whose reads lock the file once, not at each of them. */
  at<T>(work: () => T): T;
}

export function createReads(db: Database): Reads {
  const [begin, commit] = [db.prepare("begin"), db.prepare("commit")];
  let within = false;
  let begun = false;

  function beginIfDue(): void {
    if (!within || begun) return;
    begin.run();
    begun = true;
  }

  return {
    rows<Row>(sql: string) {
      const statement = plain<Row>(db, sql);
      return {
        get(...values: SQLInputValue[]) {
          beginIfDue();
          return statement.get(...values);
        },
        all(...values: SQLInputValue[]) {
          beginIfDue();
          return statement.all(...values);
        },
      };
    },
    at(work) {
      if (within || db.isTransaction) return work();
      within = true;
      try {
        return work();
      } finally {
        within = false;
        if (begun) {
          begun = false;
          commit.run();
        }
      }
    },
  };
}
