// What a form needs to know of a schema's field, read from the schema itself: so a new kind has its form, list and diff without any code here.

import type { z } from "zod";
import type { KindName } from "../../core/registry.ts";
import type { Kind } from "../../core/resources/kind.ts";
import { places, type Secret } from "../../core/resources/marks.ts";
import { t } from "../i18n/t.ts";
import { phrase } from "../part/words.ts";

export type Control =
  | { as: "text" }
  | { as: "number"; min: number | undefined; max: number | undefined }
  | { as: "check" }
  | { as: "choice"; options: string[] }
  /** Any of them, in no order of one's own. */
  | { as: "choices"; options: string[] }
  | { as: "reference"; kind: KindName }
  | { as: "secret"; form: Secret["form"]; generate: boolean }
  | { as: "group"; fields: Field[] }
  | { as: "list"; of: Field }
  | { as: "variant"; tag: string; options: { value: string; fields: Field[] }[] }
  | { as: "json" };

export type Field = {
  name: string;
  label: string;
  about: string | undefined;
  /** Can't be left out. */
  required: boolean;
  nullable: boolean;
  /** What the schema takes where nothing is given; undefined if it says nothing. */
  initial: unknown;
  control: Control;
};

type Schema = z.core.$ZodType;
type Def = {
  type: string;
  shape?: Record<string, Schema>;
  element?: Schema;
  innerType?: Schema;
  in?: Schema;
  options?: Schema[];
  discriminator?: string;
  entries?: Record<string, string>;
  values?: unknown[];
  defaultValue?: unknown;
};

const defOf = (schema: Schema): Def => schema._zod.def as unknown as Def;

/** The fields of a kind, in the schema's order. */
export const fieldsOf = (kind: Kind): Field[] => fieldsIn(kind.schema);

function fieldsIn(schema: Schema, except?: string): Field[] {
  return Object.entries(defOf(schema).shape ?? {})
    .filter(([name]) => name !== except)
    .map(([name, inner]) => read(name, inner));
}

function read(name: string, schema: Schema): Field {
  const field = {
    name,
    label: phrase(name),
    about: undefined as string | undefined,
    required: true,
    nullable: false,
    initial: undefined as unknown,
  };
  let inner = schema;
  for (;;) {
    const def = defOf(inner);
    const { description } = inner as z.ZodType;
    if (description !== undefined) field.about ??= t(description);
    if (def.type === "optional") field.required = false;
    if (def.type === "nullable") field.nullable = true;
    if (def.type === "default") {
      field.required = false;
      field.initial = def.defaultValue;
    }
    const next = def.innerType ?? (def.type === "pipe" ? def.in : undefined);
    if (!next) {
      const control = controlOf(inner);
      // a choice of what there is needs no word on ids
      return {
        ...field,
        about: control.as === "reference" && field.about?.startsWith("The id or") ? undefined : field.about,
        control,
      };
    }
    inner = next;
  }
}

function controlOf(schema: Schema): Control {
  const [marked] = places(schema, undefined);
  if (marked?.mark.mark === "reference") return { as: "reference", kind: marked.mark.kind as KindName };
  if (marked?.mark.mark === "secret") return { as: "secret", form: marked.mark.form, generate: marked.mark.generate };
  const def = defOf(schema);
  if (def.type === "string" || def.type === "template_literal") return { as: "text" };
  if (def.type === "boolean") return { as: "check" };
  if (def.type === "enum") return { as: "choice", options: Object.values(def.entries ?? {}) };
  if (def.type === "object") return { as: "group", fields: fieldsIn(schema) };
  const isSet = (schema as z.ZodType).meta()?.uniqueItems === true;
  if (def.type === "array" && def.element && isSet && defOf(def.element).type === "enum")
    return { as: "choices", options: Object.values(defOf(def.element).entries ?? {}) };
  if (def.type === "array" && def.element) return { as: "list", of: read("", def.element) };
  if (def.type === "number") {
    const { minimum, maximum } = schema._zod.bag as { minimum?: number; maximum?: number };
    return { as: "number", min: minimum, max: maximum };
  }
  if (def.type === "union" && def.options) {
    const tag = def.discriminator;
    if (tag !== undefined)
      return {
        as: "variant",
        tag,
        options: def.options.map((option) => ({ value: tagOf(option, tag), fields: fieldsIn(option, tag) })),
      };
    if (def.options.every((option) => controlOf(option).as === "text")) return { as: "text" };
  }
  return { as: "json" };
}

function tagOf(option: Schema, tag: string): string {
  const literal = defOf(option).shape?.[tag];
  return String(literal ? defOf(literal).values?.[0] : "");
}
