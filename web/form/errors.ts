// A problem's errors at their fields. A field claims the errors at its pointer; what no field claims is shown above the form.
import { createContext, useContext } from "react";
import type { Flaw } from "../../functions/problem.ts";
import { heard } from "../i18n/heard.ts";
import type { Control, Field } from "./field.ts";
import type { Value } from "./value.ts";

export const Errors = createContext<Flaw[]>([]);

/** The sentences on the field at `pointer`, in the user's language. */
export const useErrors = (pointer: string): string[] =>
  useContext(Errors).flatMap((flaw) => (flaw.pointer === pointer ? [heard(flaw.detail)] : []));

/** The errors that have no field on the form. */
export function homeless(errors: Flaw[], fields: Field[], value: Value): Flaw[] {
  const known = new Set(fields.flatMap((field) => pointersOf(field.control, `/${field.name}`, value[field.name])));
  return errors.filter(({ pointer }) => !known.has(pointer));
}

function pointersOf(control: Control, pointer: string, value: unknown): string[] {
  const inside = (fields: Field[]) =>
    fields.flatMap((field) =>
      pointersOf(field.control, `${pointer}/${field.name}`, (value as Value | undefined)?.[field.name]),
    );
  if (control.as === "group") return [pointer, ...inside(control.fields)];
  if (control.as === "list" && Array.isArray(value))
    return [pointer, ...value.flatMap((item, index) => pointersOf(control.of.control, `${pointer}/${index}`, item))];
  if (control.as === "variant") {
    const option = control.options.find(({ value: name }) => name === (value as Value | undefined)?.[control.tag]);
    return [pointer, ...inside(option?.fields ?? [])];
  }
  return [pointer];
}
