// What a tenant has from its beginning: a document as apply takes it, where there is nothing yet to find or to keep.
import type { Body } from "../../core/resources/kind.ts";
import { tenant } from "../../core/resources/tenant.ts";
import type { Flaw } from "../problem.ts";
import { isObject, itemsOf, refuse } from "./apply.ts";
import { type Edit, flawsIn } from "./draft.ts";
import { merge } from "./merge.ts";

export type Creation = Edit & { op: "create" };
export type Beginning = { settings: Body; items: Creation[] };
export const nothing: Beginning = { settings: {}, items: [] };

/** `at`: where the document stands in what was sent. Throws `invalid` for what is no document. Its items are looked at by the draft. */
export function beginningOf(document: Body, at: string): Beginning {
  const flaws: Flaw[] = [];
  const { settings: sent, ...lists } = document;
  const settings = settingsOf(sent, `${at}/settings`, flaws);
  const items = itemsOf("tenant", lists, at, flaws).flatMap(({ kind, item, pointer }): Creation[] => {
    if (!isObject(item)) flaws.push({ pointer, detail: "must be an object" });
    else if ("id" in item)
      flaws.push({ pointer: `${pointer}/id`, detail: "nothing is there yet that could have an id; leave it out" });
    else return [{ op: "create", kind, body: item, pointer }];
    return [];
  });
  refuse(flaws);
  return { settings, items };
}

/** The later over the earlier: items by natural key, members as a PATCH would, null where that clears. */
export function together(earlier: Beginning, later: Beginning): Beginning {
  const settings = merge(earlier.settings, later.settings, tenant.schema);
  const keyOf = ({ kind, body }: Creation): string => `${kind.kind}#${String(body[kind.key])}`;
  const items = new Map(earlier.items.map((item) => [keyOf(item), item]));
  const others: Creation[] = [];
  const merged = new Set<string>();
  for (const item of later.items) {
    const key = keyOf(item);
    const under = items.get(key);
    // one that is listed twice is refused as such
    if (!under || merged.has(key)) others.push(item);
    else items.set(key, { ...item, body: merge(under.body, item.body, item.kind.schema) });
    merged.add(key);
  }
  return { settings, items: [...items.values(), ...others] };
}

/** As they were sent, null where that clears. */
function settingsOf(sent: unknown, at: string, flaws: Flaw[]): Body {
  if (sent === undefined) return {};
  if (!isObject(sent)) {
    flaws.push({ pointer: at, detail: "must be an object" });
    return {};
  }
  const parsed = tenant.schema.partial().safeParse(merge({}, sent, tenant.schema));
  if (parsed.error) flaws.push(...flawsIn(parsed.error, at));
  return sent;
}
