// apply: a whole document or a part of it, as one revision. Items are found by id, else by natural key; what is found merges, what is not is made.

import { idOf } from "../../core/owner.ts";
import { byPlural, kindOf, kindsAt } from "../../core/registry.ts";
import type { Body, Kind } from "../../core/resources/kind.ts";
import type { Context } from "../context.ts";
import { type Flaw, notFound, Problem } from "../problem.ts";
import { type Edit, many } from "./draft.ts";
import { type Head, sortOf } from "./head.ts";
import { withoutShown } from "./shown.ts";
import { naturalKey, type Stored, type View } from "./view.ts";

export const isObject = (value: unknown): value is Body =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const maxItems = 10_000;

export type Reading = {
  ctx: Context;
  head: Head;
  view: View;
  flaws: Flaw[];
  /** Ids of what the document lists. */
  listed: Set<string>;
  /** Ids of what it gives another key; by its old key it is not found any more. */
  renamed: Set<string>;
};

export const readingOf = (ctx: Context, head: Head, view: View): Reading => ({
  ...{ ctx, head, view },
  ...{ flaws: [], listed: new Set(), renamed: new Set() },
});

/** `{"settings": {…}, "extensions": [{…}], …}` as edits. `prune`: kinds whose unlisted items are deleted. */
export async function editsOf(ctx: Context, head: Head, view: View, document: Body, prune: Kind[]): Promise<Edit[]> {
  const reading = readingOf(ctx, head, view);
  const { flaws, listed } = reading;
  const { settings, ...lists } = document;
  const edits = settings === undefined ? [] : await settingsEdit(reading, settings);
  const items = itemsOf(sortOf(view.owner), lists, "", flaws);
  if (items.length > many) await view.load();
  for (const { kind, item } of items) {
    const before = isObject(item) && typeof item.id === "string" ? await view.get(kind.kind, item.id) : undefined;
    const key = isObject(item) ? item[kind.key] : undefined;
    if (before && key !== undefined && key !== naturalKey(before)) reading.renamed.add(before.id);
  }
  for (const { kind, item, pointer } of items) edits.push(...(await editOf(reading, kind, item, pointer)));
  refuse(flaws);
  if (prune.length > 0)
    for (const resource of await view.all())
      if (prune.some((kind) => kind.kind === resource.kind) && !listed.has(resource.id))
        edits.push({ op: "delete", kind: kindOf(resource.kind), id: resource.id, pointer: "" });
  return edits;
}

export function refuse(flaws: Flaw[]): void {
  if (flaws.length > 0)
    throw new Problem("invalid", `${flaws[0]?.pointer}: ${flaws[0]?.detail}.`, { errors: flaws.slice(0, 100) });
}

async function settingsEdit({ ctx, head, view, flaws }: Reading, settings: unknown): Promise<Edit[]> {
  const kind = kindOf(sortOf(view.owner));
  const before = await view.get(kind.kind, idOf(view.owner));
  if (!before) throw notFound(kind.kind, idOf(view.owner));
  if (!isObject(settings)) {
    flaws.push({ pointer: "/settings", detail: "must be an object" });
    return [];
  }
  const patch = await withoutShown(ctx, head, kind, before, settings, "/settings");
  return [{ op: "update", kind, id: before.id, patch, pointer: "/settings" }];
}

type Listed = { kind: Kind; item: unknown; pointer: string };

/** `at`: where the document stands in what was sent. */
export function itemsOf(sort: "tenant" | "account", lists: Body, at: string, flaws: Flaw[]): Listed[] {
  const found: Listed[] = [];
  for (const [name, items] of Object.entries(lists)) {
    const kind = byPlural(name);
    const pointer = `${at}/${name.slice(0, 64).replaceAll("~", "~0").replaceAll("/", "~1")}`;
    const known = kindsAt(sort).map(({ plural }) => plural);
    if (!kind?.at.includes(sort))
      flaws.push({ pointer, detail: `no kind of resource here; known are ${known.join(", ")} and settings` });
    else if (!Array.isArray(items)) flaws.push({ pointer, detail: "must be a list" });
    else if (items.length + found.length > maxItems)
      throw new Problem("too_many_changes", `More than ${maxItems} items at once; send them in several parts.`);
    else for (const [index, item] of items.entries()) found.push({ kind, item, pointer: `${pointer}/${index}` });
  }
  return found;
}

/** The edit that one item comes to; none where it is flawed. */
export async function editOf(reading: Reading, kind: Kind, item: unknown, pointer: string): Promise<Edit[]> {
  const { ctx, head, view, flaws, listed } = reading;
  if (!isObject(item)) {
    flaws.push({ pointer, detail: "must be an object" });
    return [];
  }
  const { id, ...patch } = item;
  const found = id === undefined ? await named(reading, kind, patch[kind.key]) : await view.get(kind.kind, String(id));
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

async function named({ view, renamed }: Reading, kind: Kind, key: unknown): Promise<Stored | undefined> {
  const found = typeof key === "string" ? await view.byKey(kind, key) : undefined;
  return found && renamed.has(found.id) ? undefined : found;
}
