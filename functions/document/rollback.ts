// Rollback: an apply of the document as it was. What it takes is read from the change records, newest first.
import type { Owner } from "../../core/owner.ts";
import { isKindName, kindOf } from "../../core/registry.ts";
import type { Body } from "../../core/resources/kind.ts";
import { places } from "../../core/resources/marks.ts";
import type { Context } from "../context.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";
import { allItems } from "../store/store.ts";
import { readChanges } from "./change.ts";
import { type Edit, many } from "./draft.ts";
import { type Head, sortOf } from "./head.ts";
import type { View } from "./view.ts";

/** The edits that bring the document back to `revision`. Rotated secrets stay as they are now, and so does what only routes of its own write: a suspension, limits. */
export async function editsBackTo(ctx: Context, head: Head, view: View, revision: number): Promise<Edit[]> {
  if (revision > head.revision)
    throw new Problem("invalid", `The document is at revision ${head.revision}; choose an earlier one.`, {
      errors: [{ pointer: "/revision", detail: "is in the future" }],
    });
  const bodies = new Map<string, { kind: string; id: string; body: Body | null }>();
  for await (const change of readChanges(ctx.store, head.owner, revision + 1, {
    descending: true,
    upTo: head.revision,
  }))
    for (const { kind, id, before } of change.diff) bodies.set(`${kind}#${id}`, { kind, id, body: before });
  if (bodies.size > many) await view.load();
  const versionsOf = versionReader(ctx, head.owner, bodies.size > many);
  const edits: Edit[] = [];
  for (const { kind: name, id, body } of bodies.values()) {
    if (!isKindName(name)) continue;
    const kind = kindOf(name);
    if (kind.at.length === 0 && name !== sortOf(head.owner)) continue;
    const exists = await view.get(name, id);
    if (body)
      edits.push({
        op: "restore",
        kind,
        id,
        pointer: "",
        body: await withPresentSecrets(versionsOf, kind.schema, body),
      });
    else if (exists) edits.push({ op: "delete", kind, id, pointer: "" });
  }
  return edits;
}

/** Reads the present versions of a secret, by its id; of many secrets all at once. */
function versionReader(ctx: Context, owner: Owner, all: boolean): (id: string) => Promise<number[]> {
  const read = async (prefix: string): Promise<Map<string, number[]>> => {
    const found = new Map<string, number[]>();
    for await (const { sk } of allItems((query) => ctx.store.query(query), { pk: owner, prefix })) {
      const [, id = "", version] = sk.split("#");
      found.set(id, [...(found.get(id) ?? []), Number(version)]);
    }
    return found;
  };
  let known: ReturnType<typeof read> | undefined;
  return async (id) => {
    known ??= all ? read(keys.secrets) : undefined;
    return (await (known ?? read(`${keys.secrets}${id}#`))).get(id) ?? [];
  };
}

/** Secrets that were rotated since stand at their present version; those that are gone are made anew. */
async function withPresentSecrets(
  versionsOf: (id: string) => Promise<number[]>,
  schema: Parameters<typeof places>[0],
  body: Body,
): Promise<Body> {
  const result = structuredClone(body);
  for (const { mark, value, holder, key } of [...places(schema, result)]) {
    if (mark.mark !== "secret" || typeof value !== "object" || value === null || !("secret" in value)) continue;
    const [id = ""] = String(value.secret).split("#");
    const versions = await versionsOf(id);
    if (versions.length > 0) holder[key] = { secret: `${id}#${Math.max(...versions)}` };
    else delete holder[key];
  }
  return result;
}
