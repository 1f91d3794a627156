// Which fields of a kind its list shows: the natural key first, then what the schema names first. A secret is no column.
import type { Kind } from "../../core/resources/kind.ts";
import { type Field, fieldsOf } from "../form/field.ts";

const most = 5;

export function columnsOf(kind: Kind): Field[] {
  const fields = fieldsOf(kind).filter(({ control }) => !["secret", "group", "json", "check"].includes(control.as));
  const isKey = (field: Field): boolean => field.name === kind.key;
  return [...fields.filter(isKey), ...fields.filter((field) => !isKey(field))].slice(0, most);
}
