// apply: a whole document or a part of it, as one revision. Items are found by id, else by natural key; what is found merges, what is not is made.

import { idOf } from "../../core/owner.ts";
import { byPlural, kindOf, kindsAt } from "../../core/registry.ts";
import type { Body, Kind } from "../../core/resources/kind.ts";
import type { Context } from "../context.ts";
import { type Flaw, notFound, Problem } from "../problem.ts";
import type { Edit } from "./draft.ts";
import { type Head, sortOf } from "./head.ts";
import { withoutShown } from "./shown.ts";
import { naturalKey, type View } from "./view.ts";

const isObject = (value: unknown): value is Body =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const maxItems = 10_000;

/** `{"settings": {…}, "extensions": [{…}], …}` as edits. `prune`: kinds whose unlisted items are deleted. */
export async function editsOf(ctx: Context, head: Head, view: View, document: Body, prune: Kind[]): Promise<Edit[]> {
  const sort = sortOf(view.owner);
  const flaws: Flaw[] = [];
  const edits: Edit[] = [];
  const listed = new Set<string>();
  for (const [name, items] of Object.entries(document)) {
    if (name === "settings" && isObject(items)) {
      const id = idOf(view.owner);
      const before = await view.get(sort, id);
      if (!before) throw notFound(sort, id);
      const patch = await withoutShown(ctx, head, kindOf(sort), before, items, "/settings");
      edits.push({ op: "update", kind: kindOf(sort), id, patch, pointer: "/settings" });
      continue;
    }
    const kind = byPlural(name);
    if (!kind?.at.includes(sort))
      flaws.push({
        pointer: `/${name.slice(0, 64)}`,
        detail: `no kind of resource here; known are ${kindsAt(sort)
          .map((known) => known.plural)
          .join(", ")} and settings`,
      });
    else if (!Array.isArray(items)) flaws.push({ pointer: `/${name}`, detail: "must be a list" });
    else if (items.length + edits.length > maxItems)
      throw new Problem("too_many_changes", `More than ${maxItems} items at once; send them in several parts.`);
    else
      for (const [index, item] of items.entries())
        edits.push(...(await editOf(ctx, head, view, kind, item, `/${name}/${index}`, listed, flaws)));
  }
  if (flaws.length > 0)
    throw new Problem("invalid", `${flaws[0]?.pointer}: ${flaws[0]?.detail}.`, { errors: flaws.slice(0, 100) });
  if (prune.length > 0)
    for (const resource of await view.all())
      if (prune.some((kind) => kind.kind === resource.kind) && !listed.has(resource.id))
        edits.push({ op: "delete", kind: kindOf(resource.kind), id: resource.id, pointer: "" });
  return edits;
}

async function editOf(
  ctx: Context,
  head: Head,
  view: View,
  kind: Kind,
  item: unknown,
  pointer: string,
  listed: Set<string>,
  flaws: Flaw[],
): Promise<Edit[]> {
  if (!isObject(item)) {
    flaws.push({ pointer, detail: "must be an object" });
    return [];
  }
  const { id, ...patch } = item;
  const key = patch[kind.key];
  const found =
    id === undefined ? typeof key === "string" && (await view.byKey(kind, key)) : await view.get(kind.kind, String(id));
  if (id !== undefined && !found) {
    flaws.push({
      pointer: `${pointer}/id`,
      detail: `there is no ${kind.kind} ${JSON.stringify(String(id).slice(0, 64))}; leave the id out to create one`,
    });
    return [];
  }
  if (!found) return [{ op: "create", kind, body: patch, pointer }];
  if (listed.has(found.id)) flaws.push({ pointer, detail: `${kind.kind} ${naturalKey(found)} is listed twice` });
  listed.add(found.id);
  return [
    { op: "update", kind, id: found.id, patch: await withoutShown(ctx, head, kind, found, patch, pointer), pointer },
  ];
}
