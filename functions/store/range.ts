// What a query selects, checked, and the cursors of its pages: the same for both adapters.
import { BadCursor, Invalid, type Item, limits, type Query } from "./store.ts";

/** The key attributes after the partition's, in order; a cursor holds an item's values of them. */
export const tableOrder = ["sk"] as const;
export const indexOrder = ["isk", "pk", "sk"] as const;
export type Order = typeof tableOrder | typeof indexOrder;

export type Range = {
  pk: string;
  prefix: string | undefined;
  from: string | undefined;
  to: string | undefined;
  /** The values of the order's attributes in the last item before. */
  after: string[] | undefined;
  limit: number | undefined;
  descending: boolean;
};

/** Undefined where nothing can match. */
export function rangeOf(query: Query, order: Order): Range | undefined {
  const { pk, limit, descending = false } = query;
  const [prefix, from, to] = [query.prefix || undefined, query.from || undefined, query.to];
  if (pk === "") throw new Invalid("a query needs a pk that is not empty");
  if (prefix !== undefined && (from !== undefined || to !== undefined))
    throw new Invalid("a query has a prefix or a range, not both");
  if (limit !== undefined && !(Number.isSafeInteger(limit) && limit > 0))
    throw new Invalid("a limit is a whole number from 1");
  for (const text of [pk, prefix, from, to]) {
    if (text?.isWellFormed() === false) throw new Invalid("a string holds half of a surrogate pair");
  }
  const { keyBytes } = limits;
  if (Buffer.byteLength(pk) > keyBytes.pk) throw new Invalid(`a pk has at most ${keyBytes.pk} bytes`);
  for (const text of [prefix, from, to]) {
    if (text !== undefined && Buffer.byteLength(text) > keyBytes.sk)
      throw new Invalid(`a sort key has at most ${keyBytes.sk} bytes`);
  }
  if (to === "" || (from !== undefined && to !== undefined && compare(from, to) > 0)) return undefined;
  const range = { pk, prefix, from, to, after: undefined, limit, descending };
  return query.after === undefined ? range : { ...range, after: readCursor(query.after, order, range) };
}

/** The cursor of the page that ends with this item. */
export function cursorOf(item: Item, order: Order): string {
  return Buffer.from(JSON.stringify(order.map((name) => item[name]))).toString("base64url");
}

/** The first text after all that begin with `prefix`; undefined if there is none. Byte order of UTF-8 is the order of code points. */
export function successor(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  while (points.at(-1) === 0x10ffff) points.pop();
  const last = points.pop();
  if (last === undefined) return undefined;
  return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1);
}

function readCursor(cursor: string, order: Order, { prefix = "", from = "", to }: Range): string[] {
  const values = parse(cursor);
  if (!Array.isArray(values) || values.length !== order.length)
    throw new BadCursor("the cursor is not one of this query");
  const texts = values.filter((value) => typeof value === "string" && value !== "" && value.isWellFormed());
  const first = texts[0];
  const inside =
    texts.length === order.length &&
    first.startsWith(prefix) &&
    compare(first, from) >= 0 &&
    (to === undefined || compare(first, to) <= 0);
  if (!inside) throw new BadCursor("the cursor is outside of this query");
  return texts;
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString());
  } catch {
    return undefined;
  }
}

const compare = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
