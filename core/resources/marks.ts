// Two marks that a schema's field may bear, reference and secret, and the walk that finds them in a value. Whatever has to do with references
// (checks both ways, expansion, export by name) or secrets (keeping them out of the document) derives from these marks.
import { z } from "zod";

export type Reference = { mark: "reference"; kind: string; scope: Scope };
/** Where what is named may be: in the same document, or in those of the accounts above it too. */
type Scope = "own" | "inherited";
export type Secret = { mark: "secret"; form: "sip-password" | "password" | "pin"; generate: boolean };
const marks = z.registry<Reference | Secret>();

/** A reference to a resource of `kind`: its id, or its natural key when written; stored as the id. */
export function reference(kind: string, scope: Scope = "own") {
  return z
    .string()
    .min(1)
    .max(128)
    .describe(`The id or the natural key of a resource of kind ${kind}`)
    .register(marks, { mark: "reference", kind, scope });
}

const named = z.strictObject({ secret: z.string().regex(/^sec_[0-9A-HJKMNP-TV-Z]{26}#\d{1,9}$/) });

/**
 * A secret. Written as plain text; stored and shown as `{"secret": "sec_…#2"}`, which names the value and its version and may be written back
 * unchanged. With `generate` a missing one is made and shown once.
 */
export function secret(form: Secret["form"], generate: boolean) {
  const plain =
    form === "pin"
      ? z.string().regex(/^\d{4,12}$/, "must be 4 to 12 digits")
      : z.string().regex(/^[\x21-\x7e]{8,64}$/, "must be 8 to 64 printable ASCII characters without spaces");
  return z.union([plain, named]).register(marks, { mark: "secret", form, generate });
}

/** A marked place in a value: its JSON pointer, the object or array that holds it, and its key there. `value` is undefined where absent. */
export type Place = {
  pointer: string;
  holder: Record<string, unknown>;
  key: string;
  value: unknown;
  mark: Reference | Secret;
};

type Def = {
  type: string;
  shape?: Record<string, z.core.$ZodType>;
  element?: z.core.$ZodType;
  innerType?: z.core.$ZodType;
  options?: z.core.$ZodType[];
};

/** The mark of a field itself, no wrapper of it. */
export const markOf = (schema: z.core.$ZodType): Reference | Secret | undefined => marks.get(schema);

/** Every marked place of `value`, which must be an output of `schema`. */
export function* places(
  schema: z.core.$ZodType,
  value: unknown,
  pointer = "",
  holder: Record<string, unknown> = {},
  key = "",
): Generator<Place> {
  const mark = marks.get(schema);
  if (mark) {
    yield { pointer, holder, key, value, mark };
    return;
  }
  const def = schema._zod.def as unknown as Def;
  if (def.innerType) yield* places(def.innerType, value, pointer, holder, key);
  if (value === null || value === undefined || typeof value !== "object") return;
  const members = value as Record<string, unknown>;
  if (def.type === "object")
    for (const [name, inner] of Object.entries(def.shape ?? {}))
      yield* places(inner, members[name], `${pointer}/${name}`, members, name);
  if (def.type === "array" && def.element && Array.isArray(value))
    for (const [index, item] of value.entries())
      yield* places(def.element, item, `${pointer}/${index}`, members, String(index));
  if (def.type === "union") {
    const option = def.options?.find((candidate) => z.safeParse(candidate, value).success);
    if (option) yield* places(option, value, pointer, holder, key);
  }
}

/** Where values of the schema may hold references: `voicemailBox`, `destination.ref`, `members.extension`. */
export const referencePaths = (schema: z.core.$ZodType): string[] => [
  ...new Set([...references(schema)].map(({ path }) => path.join("."))),
];

/** The references that values of the schema may hold, each with the members that lead to it. */
export function* references(
  schema: z.core.$ZodType,
  path: readonly string[] = [],
): Generator<{ path: readonly string[]; mark: Reference }> {
  const mark = marks.get(schema);
  if (mark?.mark === "reference") yield { path, mark };
  if (mark) return;
  const { shape = {}, element, innerType, options = [] } = schema._zod.def as unknown as Def;
  for (const inner of [element, innerType, ...options]) if (inner) yield* references(inner, path);
  for (const [name, inner] of Object.entries(shape)) yield* references(inner, [...path, name]);
}
