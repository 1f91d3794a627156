// Lists: pages by an opaque cursor, filters that a kind declares, a choice of fields.
import type { Kind } from "../../core/resources/kind.ts";
import { Problem } from "../problem.ts";
import type { Item, Query, Store } from "../store/store.ts";

export const paging = {
  limit: "How many at the most: 1 to 100, 20 by default",
  after: "The cursor `next` of the page before",
};

export function limitOf({ limit: sent }: Record<string, string>, usual = 20, most = 100): number {
  const limit = sent === undefined ? usual : Number(sent);
  if (!/^\d{1,4}$/.test(sent ?? "1") || limit < 1 || limit > most)
    throw new Problem("bad_parameter", `limit must be a whole number from 1 to ${most}.`, {
      errors: [{ pointer: "?limit", detail: `must be 1 to ${most}` }],
    });
  return limit;
}

export const encodeCursor = (position: string): string => Buffer.from(position).toString("base64url");

/** The position that a cursor stands for, which must have this form. Throws `bad_cursor`. */
export function decodeCursor(cursor: string, form: RegExp): string {
  const position = Buffer.from(cursor.slice(0, 500), "base64url").toString();
  if (encodeCursor(position) !== cursor || !form.test(position))
    throw new Problem("bad_cursor", "Send `after` as it stood in `next`, or leave it out to begin again.");
  return position;
}

/** The positions of lists of things with ids. */
const afterId = (prefix: string): RegExp => new RegExp(`^${prefix}[a-z]{3}_[0-9A-HJKMNP-TV-Z]{26}$`);

/** A page may look at this many items for those that pass the filter. */
const maxScanned = 2000;

/** Items of a partition that `keep` keeps, as a page. */
export async function page<T>(
  store: Store,
  range: { pk: string; prefix: string; descending?: boolean },
  query: Record<string, string>,
  keep: (item: Item) => T | undefined,
): Promise<{ data: T[]; next: string | null }> {
  const limit = limitOf(query);
  const data: T[] = [];
  let scanned = 0;
  let last = query.after === undefined ? undefined : decodeCursor(query.after, afterId(range.prefix));
  for (;;) {
    const read: Query = { ...beyond(range, last), limit: limit - data.length + 1 };
    const { items } = await store.query(read);
    for (const item of items) {
      if (data.length === limit || scanned === maxScanned) return { data, next: encodeCursor(last ?? "") };
      scanned++;
      last = item.sk;
      const kept = keep(item);
      if (kept !== undefined) data.push(kept);
    }
    if (items.length < (read.limit ?? 0)) {
      const more = await store.query({ ...beyond(range, last), limit: 1 });
      if (more.items.length === 0) return { data, next: null };
    }
  }
}

/** The rest of the range after a sort key. Keys are printable ASCII, so the next key is the same with a NUL-free least suffix. */
function beyond(range: { pk: string; prefix: string; descending?: boolean }, last: string | undefined): Query {
  if (last === undefined) return range;
  const { pk, prefix, descending } = range;
  return descending
    ? { pk, from: prefix, to: before(last), descending }
    : { pk, from: `${last}\u0001`, to: `${prefix}\u{10FFFF}` };
}

const before = (sk: string): string =>
  `${sk.slice(0, -1)}${String.fromCharCode(sk.charCodeAt(sk.length - 1) - 1)}\u{10FFFF}`;

/** Filters by equality, for the fields a kind declares. */
export function matches(
  body: Record<string, unknown>,
  filters: readonly string[],
  query: Record<string, string>,
): boolean {
  return filters.every((field) => query[field] === undefined || String(body[field] ?? "") === query[field]);
}

type Listed = Pick<Kind, "filters" | "search">;

/** The parameters by which lists of a kind may be filtered. */
export const filtersOf = ({ filters, search = [] }: Listed): Record<string, string> => ({
  ...Object.fromEntries(filters.map((field) => [field, `Only those whose ${field} is this`])),
  ...(search.length > 0 && { q: `Only those whose ${search.join(" or ")} contains this, in small or capital letters` }),
});

/** Tells of a resource whether it passes the filters and the search of a list of its kind. Throws `bad_parameter`. */
export function passing(
  { filters, search = [] }: Listed,
  query: Record<string, string>,
): (body: Record<string, unknown>) => boolean {
  const { q } = query;
  if (q === "" || (q?.length ?? 0) > 100)
    throw new Problem("bad_parameter", "q must be 1 to 100 characters.", {
      errors: [{ pointer: "?q", detail: "must be 1 to 100 characters" }],
    });
  const wanted = q?.toLowerCase();
  return (body) =>
    matches(body, filters, query) &&
    (wanted === undefined ||
      search.some((field) =>
        String(body[field] ?? "")
          .toLowerCase()
          .includes(wanted),
      ));
}

/** Only the named members and `id`. Unknown names are refused. */
export function pick(
  resource: Record<string, unknown>,
  fields: string | undefined,
  known: readonly string[],
): Record<string, unknown> {
  if (fields === undefined) return resource;
  const names = fields.split(",");
  const unknown = names.find((name) => name !== "id" && !known.includes(name));
  if (unknown !== undefined)
    throw new Problem(
      "bad_parameter",
      `fields: there is no field ${JSON.stringify(unknown.slice(0, 64))}; known are ${known.join(", ")}.`,
      { errors: [{ pointer: "?fields", detail: "unknown field" }] },
    );
  return Object.fromEntries(Object.entries(resource).filter(([name]) => name === "id" || names.includes(name)));
}

/** A parameter that is true or false; false where it is not sent. */
export function flag(query: Record<string, string>, name: string): boolean {
  const value = query[name];
  if (value !== undefined && value !== "true" && value !== "false")
    throw new Problem("bad_parameter", `${name} must be true or false.`, {
      errors: [{ pointer: `?${name}`, detail: "must be true or false" }],
    });
  return value === "true";
}
