// A form's value against the schema that the API will hold it against: what is wrong with it, before it is sent.
import type { Body, Kind } from "../../core/resources/kind.ts";
import type { Flaw } from "../../functions/problem.ts";

const pointerOf = (path: PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

/** The flaws of a body as it would be sent; `before` is the resource that it changes. What only the API can know (is it taken, is it there) is not among them. */
export function flawsOf(kind: Kind, body: Body, country: string | undefined, before?: Body): Flaw[] {
  const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
  const prepared = kind.prepare ? kind.prepare(given, before) : given;
  const result = kind.schema.safeParse(prepared);
  if (!result.success)
    return result.error.issues.map(({ path, message }) => ({ pointer: pointerOf(path), detail: message }));
  return country === undefined ? [] : (kind.check?.(result.data, { country }) ?? []);
}
