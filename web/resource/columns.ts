// Which fields of a kind its list shows: the natural key first, then names and what it points at, then the rest. A secret is no column.
import type { Kind } from "../../core/resources/kind.ts";
import { type Field, fieldsOf } from "../form/field.ts";

const most = 5;

export function columnsOf(kind: Kind): Field[] {
  const fields = fieldsOf(kind).filter(({ control }) => !["secret", "group", "json", "check"].includes(control.as));
  const rank = ({ name, control }: Field): number =>
    name === kind.key ? 0 : ["text", "reference", "variant"].includes(control.as) ? 1 : 2;
  return fields.sort((a, b) => rank(a) - rank(b)).slice(0, most);
}
