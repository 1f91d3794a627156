// A batch: what one request creates, changes and deletes of one kind, as one revision.
import type { Body, Kind } from "../../core/resources/kind.ts";
import type { Context } from "../context.ts";
import { isId, newId } from "../id.ts";
import { editOf, readingOf, refuse } from "./apply.ts";
import { type Edit, many } from "./draft.ts";
import type { Head } from "./head.ts";
import { naturalKey, type Stored, type View } from "./view.ts";
import type { Outcome, Shown } from "./write.ts";

/** What is changed is found by `id`, which may be a natural key too, else by the natural key in it; what is deleted by either. */
export type Batch = { create: Body[]; update: Body[]; delete: string[] };

export type Item = { id: string | null; key: string; version: number; secrets?: { pointer: string; value: string }[] };

/** Secrets by the id of what has them. */
export function shownBy(secrets: Shown[]): Map<string, { pointer: string; value: string }[]> {
  const by = new Map<string, { pointer: string; value: string }[]>();
  for (const { id, pointer, value } of secrets) by.set(id, [...(by.get(id) ?? []), { pointer, value }]);
  return by;
}

/**
 * The batch as a write. Deletes come first, so that what they free may be used again. `tell`: what came of each item, in the order of the request, of the
 * last draft of `edits`.
 */
export function batchOf(ctx: Context, kind: Kind, batch: Batch) {
  const ids = batch.create.map(() => newId(kind.prefix));
  let found: { update: Stored[]; delete: Stored[] } = { update: [], delete: [] };
  return {
    async edits(view: View, head: Head): Promise<Edit[]> {
      const reading = readingOf(ctx, head, view);
      const { flaws, listed } = reading;
      if (batch.create.length + batch.update.length + batch.delete.length > many) await view.load();
      found = { update: [], delete: [] };
      const edits: Edit[] = [];
      const find = async (ref: unknown, pointer: string): Promise<Stored | undefined> => {
        const text = typeof ref === "string" ? ref : "";
        const resource = isId(kind.prefix, text) ? await view.get(kind.kind, text) : await view.byKey(kind, text);
        const name = JSON.stringify(text.slice(0, 64));
        const detail =
          ref === undefined ? `send the id or the ${kind.key} of what is meant` : `there is no ${kind.kind} ${name}`;
        if (!resource) flaws.push({ pointer, detail });
        return resource;
      };
      for (const [index, ref] of batch.delete.entries()) {
        const pointer = `/delete/${index}`;
        const resource = await find(ref, pointer);
        if (!resource) continue;
        if (listed.has(resource.id)) flaws.push({ pointer, detail: `${naturalKey(resource)} is listed twice` });
        listed.add(resource.id);
        found.delete.push(resource);
        edits.push({ op: "delete", kind, id: resource.id, pointer });
      }
      for (const [index, item] of batch.update.entries()) {
        const pointer = `/update/${index}`;
        const by = item.id === undefined ? kind.key : "id";
        const resource = await find(item[by], `${pointer}/${by}`);
        if (!resource) continue;
        found.update.push(resource);
        edits.push(...(await editOf(reading, kind, { ...item, id: resource.id }, pointer)));
      }
      for (const [index, body] of batch.create.entries())
        edits.push({ op: "create", kind, body, pointer: `/create/${index}`, id: ids[index] ?? "" });
      refuse(flaws);
      return edits;
    },
    tell({ revision, draft: { changes }, secrets }: Outcome): Record<string, unknown> {
      const after = new Map(changes.flatMap(({ after }) => (after ? [[after.id, after] as const] : [])));
      const shown = shownBy(secrets);
      const item = (resource: Stored, id: string | null = resource.id): Item => {
        const own = shown.get(resource.id);
        return { id, key: naturalKey(resource), version: resource.version, ...(own && { secrets: own }) };
      };
      const made = ids.flatMap((id) => after.get(id) ?? []);
      return {
        revision,
        // of a dry run nothing stays, an id neither
        create: made.map((resource) => item(resource, revision === null ? null : resource.id)),
        update: found.update.map((before) => item(after.get(before.id) ?? before)),
        delete: found.delete.map(({ id, body }) => ({ id, key: String(body[kind.key]) })),
      };
    },
  };
}
