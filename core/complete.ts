// A stored body as this version knows it: fields that came later than the body have their defaults, unknown ones stay.
import { z } from "zod";
import { isKindName, kindOf } from "./registry.ts";
import type { Body } from "./resources/kind.ts";

const defaults = new Map<string, Body>();

function defaultsOf(schema: z.ZodType): Body {
  if (!(schema instanceof z.ZodObject)) return {};
  const found: Body = {};
  for (const [field, inner] of Object.entries(schema.shape)) {
    const read = z.safeParse(inner as z.core.$ZodType, undefined);
    if (read.success && read.data !== undefined) found[field] = read.data;
  }
  return found;
}

/** A field's nested defaults are not filled in. */
export function complete(kind: string, body: Body): Body {
  const known = defaults.get(kind) ?? (isKindName(kind) ? defaultsOf(kindOf(kind).schema) : {});
  defaults.set(kind, known);
  return { ...known, ...body };
}
