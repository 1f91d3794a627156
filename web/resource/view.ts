// A list as it is asked for: searched, filtered, in order.
import type { Kind } from "../../core/resources/kind.ts";
import type { Item } from "../api/queries.ts";
import { type Field, fieldsOf } from "../form/field.ts";

export type View = {
  q: string;
  /** By a field's name, the value as text. */
  filters: Record<string, string>;
  sort: { by: string; descending: boolean } | undefined;
};

/** The fields by which a list is filtered: those of few values. */
export const filterFields = (kind: Kind): Field[] =>
  fieldsOf(kind).filter(({ control }) => control.as === "check" || control.as === "choice");

/** The view as a page's parameters tell it; unknown ones are left alone. */
export function viewFrom(kind: Kind, parameters: URLSearchParams): View {
  const filters: Record<string, string> = {};
  for (const { name } of filterFields(kind)) {
    const value = parameters.get(name);
    if (value !== null) filters[name] = value;
  }
  const [, minus, by] = /^(-?)(\w+)$/.exec(parameters.get("sort") ?? "") ?? [];
  return { q: parameters.get("q") ?? "", filters, sort: by ? { by, descending: minus === "-" } : undefined };
}

const searched = (kind: Kind): string[] => [...new Set([kind.key, ...(kind.search ?? [])])];

/** What a list must know of its items for such views. */
export const neededFor = (kind: Kind, columns: Field[]): string[] =>
  [
    ...new Set([...searched(kind), ...columns.map(({ name }) => name), ...filterFields(kind).map(({ name }) => name)]),
  ].toSorted();

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

export function sorted(items: Item[], sort: View["sort"]): Item[] {
  if (!sort) return items;
  const { by, descending } = sort;
  const keyed = items.map((item) => ({ item, key: textOf(item[by]) }));
  // what has no value comes last, whichever way
  keyed.sort((a, b) => {
    if (a.key === "" || b.key === "") return a.key === b.key ? 0 : a.key === "" ? 1 : -1;
    return descending ? collator.compare(b.key, a.key) : collator.compare(a.key, b.key);
  });
  return keyed.map(({ item }) => item);
}

export function matching(kind: Kind, items: Item[], { q, filters }: Pick<View, "q" | "filters">): Item[] {
  const wanted = q.trim().toLowerCase();
  const fields = searched(kind);
  const conditions = Object.entries(filters);
  if (wanted === "" && conditions.length === 0) return items;
  return items.filter(
    (item) =>
      conditions.every(([name, value]) => String(item[name] ?? "") === value) &&
      (wanted === "" || lettersOf(item, fields).includes(wanted)),
  );
}

/** What is searched of each item, in small letters: made once, as each letter that is typed asks ten thousand items. */
const letters = new WeakMap<Item, string>();
function lettersOf(item: Item, fields: string[]): string {
  const known = letters.get(item);
  if (known !== undefined) return known;
  const made = fields.map((field) => textOf(item[field]).toLowerCase()).join("\n");
  letters.set(item, made);
  return made;
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
