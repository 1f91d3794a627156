// Templates as accounts have them: the one that is named, of an account or the nearest one above it.
import type { Owner } from "../../core/owner.ts";
import { kindOf } from "../../core/registry.ts";
import { type Template, template } from "../../core/resources/template.ts";
import { openView } from "../document/view.ts";
import { isId } from "../id.ts";
import type { Store } from "../store/store.ts";

/** By id or name. `line`: the account, then those above it, the nearest first. */
export async function findTemplate(store: Store, line: readonly Owner[], ref: string): Promise<Template | undefined> {
  for (const owner of line) {
    const view = openView(store, owner);
    const byId = isId(template.prefix, ref);
    const found = byId ? await view.get(template.kind, ref) : await view.byKey(kindOf("template"), ref);
    if (found) return found.body as Template;
  }
  return undefined;
}

/** How many resources of each kind a tenant of it begins with, by the kind's plural. */
export const contentsOf = ({ document }: Template): Record<string, number> =>
  Object.fromEntries(
    Object.entries(document).flatMap(([plural, list]) => (Array.isArray(list) ? [[plural, list.length]] : [])),
  );
