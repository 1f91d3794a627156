// Writing on SQLite: a transaction's operations, checked and encoded when it is asked for, applied when its turn comes.
import type { DatabaseSync } from "node:sqlite";
import { decode, encode } from "./body.ts";
import { holds } from "./condition.ts";
import { checkOperations, keyOf } from "./rules.ts";
import { type Changed, type Condition, ConditionFailed, type Item, type Key, type Operation } from "./store.ts";

type Row = { ipk: string | null; isk: string | null; ttl: number | null; size: number; body: string };
/** Holds nothing of the caller's objects, which may change before its turn. */
export type Write = Key & { do: "put" | "delete" | "check"; if: Condition | undefined; row: Row | undefined };

/** Throws as `Store.transact` does. */
export function writesOf(operations: Operation[]): Write[] {
  const sizes = checkOperations(operations);
  return operations.map((operation, index) => {
    const { pk, sk } = keyOf(operation);
    const condition = operation.if && structuredClone(operation.if);
    if ("put" in operation) return { do: "put", pk, sk, if: condition, row: rowOf(operation.put, sizes[index] ?? 0) };
    return { do: "delete" in operation ? "delete" : "check", pk, sk, if: condition, row: undefined };
  });
}

/** Returns a function that applies writes inside an open SQLite transaction, or returns why it wrote none of them. */
export function writer(
  db: DatabaseSync,
): (writes: Write[], changes: Changed[] | undefined) => ConditionFailed | undefined {
  const select = db.prepare("SELECT body FROM item WHERE pk = ? AND sk = ?");
  const remove = db.prepare("DELETE FROM item WHERE pk = ? AND sk = ?");
  const upsert = db.prepare(`
    INSERT INTO item (pk, sk, ipk, isk, ttl, size, body) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
    SET ipk = excluded.ipk, isk = excluded.isk, ttl = excluded.ttl, size = excluded.size, body = excluded.body`);

  const bodyAt = ({ pk, sk }: Key): string | undefined => {
    const body = select.get(pk, sk)?.body;
    return typeof body === "string" ? body : undefined;
  };

  return (writes, changes) => {
    const before = writes.map((write) => (write.if || (changes && write.do !== "check") ? bodyAt(write) : undefined));
    const failed = writes.flatMap((write, index) =>
      write.if && !holds(write.if, itemOf(before[index])) ? [index] : [],
    );
    if (failed.length > 0) return new ConditionFailed(failed);
    writes.forEach(({ do: what, pk, sk, row }, index) => {
      if (what === "check") return;
      if (row) upsert.run(pk, sk, row.ipk, row.isk, row.ttl, row.size, row.body);
      else remove.run(pk, sk);
      if (row?.body !== before[index])
        changes?.push({ key: { pk, sk }, before: itemOf(before[index]), after: itemOf(row?.body) });
    });
    return undefined;
  };
}

/** An item is in the index if it has both of its keys. */
function rowOf(item: Item, size: number): Row {
  const { ipk, isk, ttl } = item;
  const indexed = typeof ipk === "string" && typeof isk === "string";
  return {
    ipk: indexed ? ipk : null,
    isk: indexed ? isk : null,
    ttl: typeof ttl === "number" && Number.isSafeInteger(ttl) ? ttl : null,
    size,
    body: encode(item),
  };
}

const itemOf = (body: string | undefined): Item | undefined => (body === undefined ? undefined : decode(body));
