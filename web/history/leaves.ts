// A resource's body as a flat list of named values, so that two of them can be compared line by line.
import { canonical } from "../../core/canonical.ts";
import type { Field } from "../form/field.ts";
import type { Value } from "../form/value.ts";
import { itemOf, phrase } from "../part/words.ts";

export type Leaf = { label: string; field: Field | undefined; value: unknown };
export type Difference = { label: string; before: Leaf | undefined; after: Leaf | undefined };

export function leavesOf(fields: Field[], body: Value | null): Leaf[] {
  const known = new Map(fields.map((field) => [field.name, field]));
  const names = [...known.keys(), ...Object.keys(body ?? {}).filter((name) => !known.has(name))];
  return names.flatMap((name) => below(known.get(name), known.get(name)?.label ?? phrase(name), body?.[name]));
}

function below(field: Field | undefined, label: string, value: unknown): Leaf[] {
  if (value === undefined || value === null || value === "") return [];
  const control = field?.control;
  if (control?.as === "group")
    return leavesOf(control.fields, value as Value).map((leaf) => ({ ...leaf, label: `${label}: ${leaf.label}` }));
  if (control?.as === "list" && control.of.control.as === "group" && Array.isArray(value))
    return value.flatMap((item, index) => below(control.of, `${itemOf(field?.name ?? "")} ${index + 1}`, item));
  return [{ label, field, value }];
}

/** What differs, in the order of the fields. */
export function differences(fields: Field[], before: Value | null, after: Value | null): Difference[] {
  const old = new Map(leavesOf(fields, before).map((leaf) => [leaf.label, leaf]));
  const now = new Map(leavesOf(fields, after).map((leaf) => [leaf.label, leaf]));
  return [...new Set([...now.keys(), ...old.keys()])]
    .map((label) => ({ label, before: old.get(label), after: now.get(label) }))
    .filter((line) => canonical(line.before?.value ?? null) !== canonical(line.after?.value ?? null));
}
