// Every field of a schema with values to tell apart: what a test of "is this field read by anybody" puts there in turn.
import { z } from "zod";
import { places, type Secret } from "../../core/resources/marks.ts";

/** A field by its path (`members[].extension`, `afterwards(queue).ref`), and bodies that differ in that field alone. */
export type Field = { path: string; values: unknown[] };
/** What may stand for a reference to this kind, and for a secret. */
export type Known = { references(kind: string): string[]; secrets(form: Secret["form"]): unknown[] };

type Def = {
  type: string;
  innerType?: z.ZodType;
  shape?: Record<string, z.ZodType>;
  element?: z.ZodType;
  options?: z.ZodType[];
  discriminator?: string;
  entries?: Record<string, string>;
  values?: unknown[];
};
const defOf = (schema: z.ZodType): Def => schema._zod.def as unknown as Def;

/** Of every form that strings have in our schemas: what one accepts, it gets. */
const texts = [
  ...[
    "Ada",
    "Grace",
    "1007",
    "1008",
    "desk-7",
    "desk-8",
    "+12025550101",
    "+12025550102",
    "+1202*",
    "+1X*",
    "*77",
    "*76",
  ],
  ...["09:00", "17:00", "12-24", "2026-03-03", "2026-03-04", "de", "fr", "Europe/Berlin", "Asia/Tokyo", "DE", "GB"],
  ...["192.0.2.20", "192.0.2.64", "b.test", "c.test", "french", "network", "+1", "+1202", "9", "8", "55", "EUR", "USD"],
  ...["a".repeat(64), "b".repeat(64)],
];
const numbers = [1, 2, 3, 5, 7, 10, 15, 20, 25, 60, 100, 5070];

export function* fieldsOf(schema: z.ZodType, base: unknown, known: Known): Generator<Field> {
  const def = defOf(schema);
  const mark = [...places(schema, "")].find(({ pointer }) => pointer === "")?.mark;
  if (mark) yield { path: "", values: mark.mark === "secret" ? known.secrets(mark.form) : known.references(mark.kind) };
  else if (def.innerType) yield* fieldsOf(def.innerType, base, known);
  else if (def.shape) {
    const body = (base ?? sample(schema, known)) as Record<string, unknown>;
    for (const [name, inner] of Object.entries(def.shape))
      for (const { path, values } of fieldsOf(inner, body[name], known))
        yield { path: `.${name}${path}`, values: values.map((value) => ({ ...body, [name]: value })) };
  } else if (def.element) {
    const [first, ...rest] = Array.isArray(base) ? base : [];
    for (const { path, values } of fieldsOf(def.element, first, known))
      yield { path: `[]${path}`, values: values.map((value) => [value, ...rest]) };
  } else if (def.discriminator !== undefined) {
    const options = def.options ?? [];
    yield { path: `.${def.discriminator}`, values: options.map((option) => sample(option, known)) };
    for (const option of options) {
      const fits = z.safeParse(option, base).success;
      const one = fits ? base : sample(option, known);
      const name = defOf(option).shape?.[def.discriminator];
      const values = name ? defOf(name).values : [];
      for (const field of fieldsOf(option, one, known)) yield { ...field, path: `(${values?.[0]})${field.path}` };
    }
  } else if (def.type !== "literal") yield { path: "", values: scalars(schema, def, base) };
}

/** Up to four, the one that is there first. */
function scalars(schema: z.ZodType, def: Def, base: unknown): unknown[] {
  const pool =
    def.type === "boolean" ? [true, false] : def.entries ? Object.values(def.entries) : [...numbers, ...texts, null];
  const accepted = [base, ...pool].filter((value) => value !== undefined && z.safeParse(schema, value).success);
  return [...new Set(accepted)].slice(0, def.entries ? 12 : 5);
}

/** The first value that comes to mind. */
function sample(schema: z.ZodType, known: Known): unknown {
  const def = defOf(schema);
  if (def.shape)
    return Object.fromEntries(Object.entries(def.shape).map(([name, inner]) => [name, sample(inner, known)]));
  if (def.type === "literal") return def.values?.[0];
  if (def.innerType && def.type !== "nullable" && def.type !== "optional") {
    const given = z.safeParse(schema, undefined);
    if (given.success) return given.data;
  }
  return [...fieldsOf(schema, undefined, known)][0]?.values[0] ?? null;
}
