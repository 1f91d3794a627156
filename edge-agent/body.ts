// A resource's stored text read as the body that this agent's version knows: fields that came later than the text have their defaults, unknown ones stay.
import { z } from "zod";
import { all } from "../core/registry.ts";
import type { Body } from "../core/resources/kind.ts";

const defaults = new Map<string, Body>(all.map((kind) => [kind.kind, defaultsOf(kind.schema)]));

function defaultsOf(schema: z.ZodType): Body {
  if (!(schema instanceof z.ZodObject)) return {};
  const found: Body = {};
  for (const [field, inner] of Object.entries(schema.shape)) {
    const read = z.safeParse(inner as z.core.$ZodType, undefined);
    if (read.success && read.data !== undefined) found[field] = read.data;
  }
  return found;
}

/** The body, or undefined where the text is no JSON object. A field's nested defaults are not filled in. */
export function readBody(kind: string, text: string): Body | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (value === null || typeof value !== "object" || Array.isArray(value)) return undefined;
    return { ...defaults.get(kind), ...value };
  } catch {
    return undefined;
  }
}

/** The names of secrets (`sec_…#n`) that a text holds. */
export function secretsIn(text: string): string[] {
  return text.match(/\bsec_[0-9A-HJKMNP-TV-Z]{26}#\d{1,9}\b/g) ?? [];
}
