// What callers see of a resource but can't set. They may send it back as they read it, so that a whole answer or an exported document can be sent again.
import type { z } from "zod";
import { canonical } from "../../core/canonical.ts";
import type { Body, Kind } from "../../core/resources/kind.ts";
import type { Context } from "../context.ts";
import { Problem } from "../problem.ts";
import type { Head } from "./head.ts";
import { presentWith } from "./present.ts";
import type { Stored } from "./view.ts";

/**
 * `patch` without the members that `before` shows and nobody sets. Throws `version_mismatch` where the version sent is another than the present one,
 * `invalid` where anything else of them says what is not so.
 */
export async function withoutShown(
  ctx: Context,
  head: Head,
  kind: Kind,
  before: Stored,
  patch: Body,
  pointer: string,
): Promise<Body> {
  const fields = (kind.schema as unknown as z.ZodObject).shape;
  if (Object.keys(patch).every((name) => Object.hasOwn(fields, name))) return patch;
  const shown = await presentWith(ctx, head, kind, before, []);
  const result: Body = {};
  for (const [name, value] of Object.entries(patch)) {
    if (Object.hasOwn(fields, name) || !Object.hasOwn(shown, name)) result[name] = value;
    else if (name !== "revision" && canonical(value) !== canonical(shown[name])) throw differs(name, before, pointer);
  }
  return result;
}

function differs(name: string, { version }: Stored, pointer: string): Problem {
  if (name === "version" || name === "updatedAt")
    return new Problem("version_mismatch", `It is at version ${version}; fetch it again and repeat your change.`, {
      errors: [{ pointer: `${pointer}/${name}`, detail: "is of another version" }],
      headers: { ETag: `"${version}"` },
      extra: { version },
    });
  return new Problem("invalid", `${pointer}/${name}: can't be set; leave it out.`, {
    errors: [{ pointer: `${pointer}/${name}`, detail: "can't be set; leave it out" }],
  });
}
