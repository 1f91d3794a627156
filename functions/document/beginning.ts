// What a tenant has from its beginning: a document as apply takes it, where there is nothing yet to find or to keep.
import { kindOf } from "../../core/registry.ts";
import type { Body } from "../../core/resources/kind.ts";
import { tenant } from "../../core/resources/tenant.ts";
import type { Flaw } from "../problem.ts";
import { isObject, itemsOf, refuse } from "./apply.ts";
import { type Edit, flawsIn } from "./draft.ts";
import { merge } from "./merge.ts";

export type Creation = Edit & { op: "create" };
export type Beginning = { settings: Body; items: Creation[] };

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

/** Those that were sent: null where that clears goes. */
function settingsOf(sent: unknown, at: string, flaws: Flaw[]): Body {
  if (sent === undefined) return {};
  if (!isObject(sent)) {
    flaws.push({ pointer: at, detail: "must be an object" });
    return {};
  }
  const { schema } = kindOf("tenant");
  const settings = merge({}, sent, schema);
  const parsed = tenant.schema.partial().safeParse(settings);
  if (parsed.error) flaws.push(...flawsIn(parsed.error, at));
  return settings;
}
