// Reading a page on SQLite, of the table or of its index.
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { decode } from "./body.ts";
import { cursorOf, indexOrder, type Order, type Range, successor } from "./range.ts";
import { limits, type Page } from "./store.ts";

/** Returns a function that reads a page. */
export function reader(db: DatabaseSync): (range: Range, order: Order) => Page {
  const statements = new Map<string, StatementSync>();

  function prepared(sql: string): StatementSync {
    const statement = statements.get(sql) ?? db.prepare(sql);
    statements.set(sql, statement);
    return statement;
  }

  return (range, order) => {
    const { sql, values } = selection(range, order);
    const page: Page = { items: [], next: undefined };
    const statement = prepared(sql);
    // One row more than the limit, to know whether anything follows. A short page is faster read at once, a long one need not be in memory.
    const { limit = Number.POSITIVE_INFINITY } = range;
    const rows = limit <= 100 ? statement.all(...values, limit + 1) : statement.iterate(...values, -1);
    let bytes = 0;
    for (const { size, body } of rows) {
      const last = page.items.at(-1);
      const full = page.items.length === limit || bytes >= limits.pageBytes;
      if (last && full) return { ...page, next: cursorOf(last, order) };
      bytes += Number(size);
      page.items.push(decode(String(body)));
    }
    return page;
  };
}

function selection(
  { pk, prefix, from, to, after, descending }: Range,
  order: Order,
): { sql: string; values: SQLInputValue[] } {
  const first = order[0];
  const end = prefix && successor(prefix);
  const conditions = [order === indexOrder ? "ipk = ?" : "pk = ?"];
  const values: SQLInputValue[] = [pk];
  const add = (condition: string, ...more: SQLInputValue[]): void => {
    conditions.push(condition);
    values.push(...more);
  };
  const cursor = (sign: "<" | ">"): void => {
    if (after) add(`(${order.join(", ")}) ${sign} (${order.map(() => "?").join(", ")})`, ...after);
  };
  // A cursor lies within the range, and two bounds on one side would let SQLite seek to the weaker.
  if (after && !descending) cursor(">");
  else if (prefix !== undefined || from !== undefined) add(`${first} >= ?`, prefix ?? from ?? "");
  if (after && descending) cursor("<");
  else if (to !== undefined) add(`${first} <= ?`, to);
  else if (end !== undefined) add(`${first} < ?`, end);
  const sorted = order.map((name) => (descending ? `${name} DESC` : name)).join(", ");
  return { sql: `SELECT size, body FROM item WHERE ${conditions.join(" AND ")} ORDER BY ${sorted} LIMIT ?`, values };
}
