// References between the resources of a document: resolved to ids when written, and found again when what they name is to be deleted.
import { type KindName, kindOf } from "../../core/registry.ts";
import type { Kind } from "../../core/resources/kind.ts";
import { places, type Reference } from "../../core/resources/marks.ts";
import { isId } from "../id.ts";
import type { Flaw } from "../problem.ts";
import type { Stored, View } from "./view.ts";

/** Replaces every reference in the resources by the id it means (`above`: the documents of the accounts above, the nearest first); adds a flaw for each that means nothing. */
export async function resolveReferences(
  view: View,
  above: View[],
  work: { edit: { kind: Kind; pointer: string }; resource: Stored }[],
  flaws: Flaw[],
): Promise<void> {
  for (const { edit, resource } of work) {
    for (const place of places(edit.kind.schema, resource.body)) {
      if (place.mark.mark !== "reference" || typeof place.value !== "string") continue;
      const kind = kindOf(place.mark.kind as KindName);
      const views = place.mark.scope === "inherited" ? [view, ...above] : [view];
      const target = await find(views, kind, place.value);
      if (target) place.holder[place.key] = target.id;
      else
        flaws.push({
          pointer: edit.pointer + place.pointer,
          detail: `there is no ${kind.kind} ${JSON.stringify(place.value.slice(0, 64))}; create it first or name another`,
        });
    }
  }
}

/** By id or natural key, in the first of the documents that has it. */
async function find(views: View[], kind: Kind, ref: string): Promise<Stored | undefined> {
  for (const view of views) {
    const found = isId(kind.prefix, ref) ? await view.get(kind.kind, ref) : await view.byKey(kind, ref);
    if (found) return found;
  }
  return undefined;
}

/** Where any of `resources` refers to one of `ids`. */
export function usersOf(
  resources: Stored[],
  ids: Set<string>,
): { resource: Stored; pointer: string; mark: Reference }[] {
  return resources.flatMap((resource) =>
    [...places(kindOf(resource.kind).schema, resource.body)].flatMap(({ mark, value, pointer }) =>
      mark.mark === "reference" && typeof value === "string" && ids.has(value) ? [{ resource, pointer, mark }] : [],
    ),
  );
}
