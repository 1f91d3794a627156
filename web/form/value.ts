// A form's value: what it starts from, what is sent, and what has changed. It has the shape of the resource's body; a text input's empty text means nothing
// given.
import { canonical } from "../../core/canonical.ts";
import type { Field } from "./field.ts";

export type Value = Record<string, unknown>;

/** A new resource's value: the schema's defaults, so that one sees what will be. */
export function initialOf(fields: Field[]): Value {
  return Object.fromEntries(fields.map((field) => [field.name, startOf(field)]));
}

export function startOf({ control, initial }: Field): unknown {
  if (initial !== undefined) return structuredClone(initial);
  if (control.as === "group") return initialOf(control.fields);
  if (control.as === "check") return false;
  if (control.as === "choices") return [];
  return undefined;
}

/** The value as it is sent. `before` is the resource being edited: what it had and is empty now is cleared by null. */
export function toSend(fields: Field[], value: Value, before?: Value): Value {
  const result: Value = {};
  for (const field of fields) {
    const sent = sentOf(field, value[field.name]);
    if (sent !== undefined) result[field.name] = sent;
    else if (before !== undefined && before[field.name] !== undefined) result[field.name] = null;
  }
  return result;
}

function sentOf(field: Field, value: unknown): unknown {
  const { control, required, nullable } = field;
  if (value === undefined || value === null || value === "") {
    if (nullable) return value === undefined ? undefined : null;
    // the server then says what the field wants, in its own words
    return required && (control.as === "text" || control.as === "reference") ? "" : undefined;
  }
  if (control.as === "group") return toSend(control.fields, value as Value);
  if (control.as === "list") return (value as unknown[]).map((item) => sentOf(control.of, item) ?? "");
  if (control.as === "variant") {
    const tag = (value as Value)[control.tag];
    const option = control.options.find((candidate) => candidate.value === tag);
    return { [control.tag]: tag, ...toSend(option?.fields ?? [], value as Value) };
  }
  return value;
}

/** The members of `after` that differ from `before`: a PATCH (RFC 7396). */
export function changed(before: Value, after: Value): Value {
  return Object.fromEntries(
    Object.entries(after).filter(([name, value]) => canonical(value ?? null) !== canonical(before[name] ?? null)),
  );
}
