// Merging what a caller sends into what is there, after RFC 7396: objects merge, arrays replace, null clears. Objects that name another `kind` replace.
import type { z } from "zod";
import type { Body } from "../../core/resources/kind.ts";

const isObject = (value: unknown): value is Body =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** `patch` over `base`. Where the schema takes null, null stays; elsewhere the member goes and its default comes back. */
export function merge(base: Body, patch: Body, schema?: z.ZodType): Body {
  const result: Body = { ...base };
  const shape = (schema?._zod.def as { shape?: Record<string, z.ZodType> } | undefined)?.shape;
  for (const [name, value] of Object.entries(patch)) {
    const before = Object.hasOwn(result, name) ? result[name] : undefined;
    if (value === null && clears(shape, name)) delete result[name];
    else if (
      isObject(value) &&
      isObject(before) &&
      (value.kind ?? before.kind) === before.kind &&
      !("secret" in before)
    )
      result[name] = merge(before, value);
    else result[name] = value;
  }
  return result;
}

/** A member that the schema does not know stays, so that it is refused. */
function clears(shape: Record<string, z.ZodType> | undefined, name: string): boolean {
  if (!shape) return true;
  return Object.hasOwn(shape, name) && shape[name]?.safeParse(null).success === false;
}
