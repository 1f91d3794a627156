// Which fields of a kind its list shows: those that the user chose in this browser, else the natural key first, then names and what it points at, then the
// rest. A secret is no column.
import type { Kind } from "../../core/resources/kind.ts";
import { type Field, fieldsOf } from "../form/field.ts";

const most = 5;
const kept = (kind: Kind): string => `dialplane.columns.${kind.plural}`;

/** All fields that can be columns, the natural key first. */
export function possibleColumns(kind: Kind): Field[] {
  const fields = fieldsOf(kind).filter(({ control }) => !["secret", "group", "json"].includes(control.as));
  return fields.toSorted((a, b) => Number(b.name === kind.key) - Number(a.name === kind.key));
}

export function columnsOf(kind: Kind, chosen?: string[]): Field[] {
  const fields = possibleColumns(kind);
  if (chosen) return fields.filter(({ name }) => name === kind.key || chosen.includes(name));
  const rank = ({ name, control }: Field): number =>
    name === kind.key ? 0 : ["text", "reference", "variant"].includes(control.as) ? 1 : 2;
  return fields
    .filter(({ control }) => control.as !== "check")
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, most);
}

export function chosenColumns(kind: Kind): string[] | undefined {
  const stored = localStorage.getItem(kept(kind));
  return stored === null ? undefined : stored.split(",");
}

/** Undefined: as the console would choose. */
export function keepColumns(kind: Kind, names: string[] | undefined): void {
  if (names === undefined) localStorage.removeItem(kept(kind));
  else localStorage.setItem(kept(kind), names.join(","));
}
