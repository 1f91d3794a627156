// Whether a condition holds of an item, for adapters whose database has no word for it.
import type { Condition, Item } from "./store.ts";

export function holds(condition: Condition, item: Item | undefined): boolean {
  if (condition.absent && item) return false;
  if (condition.present && !item) return false;
  for (const [name, value] of Object.entries(condition.equals ?? {})) {
    if (attribute(item, name) !== value) return false;
  }
  for (const [name, bound] of Object.entries(condition.below ?? {})) {
    const value = attribute(item, name);
    if (value !== undefined && !(typeof value === "number" && value < bound)) return false;
  }
  return true;
}

const attribute = (item: Item | undefined, name: string) =>
  item && Object.hasOwn(item, name) ? item[name] : undefined;
