// Changes that the picture makes, as documents that `apply` takes: each is one revision.
import { type KindName, kindOf } from "../../core/registry.ts";
import type { Destination } from "../../core/resources/destination.ts";
import { type Exit, leadTo } from "../../core/resources/exits.ts";
import type { Body } from "../../core/resources/kind.ts";
import type { Menu } from "../../core/resources/menu.ts";
import type { Resource } from "./graph.ts";

export type Made = { kind: KindName; body: Body };
/** A key that a menu does not have yet. */
export type NewKey = { digits: string; label: string };

/** Where the way begins: an exit that is there, or a key that a menu is to have. */
export type Place = { resource: Resource; exit: Exit } | { resource: Resource; key: NewKey };

/** The document by which the way leads to `to`. `made`: what is to be created with it, which `to` names by its natural key. */
export function leading(place: Place, to: Destination | null, made?: Made): Body {
  const { kind, item } = place.resource;
  const patch =
    "exit" in place ? leadTo(item, place.exit, to) : { options: [...optionsOf(item), optionOf(place.key, to)] };
  const changed = { [kindOf(kind).plural]: [{ id: item.id, ...patch }] };
  if (!made) return changed;
  const { plural } = kindOf(made.kind);
  // what is new comes first: its flaws are those of a form
  return { ...changed, [plural]: [made.body, ...(changed[plural] ?? [])] };
}

const optionsOf = (item: Body): Menu["options"] => item.options as Menu["options"];
const optionOf = ({ digits, label }: NewKey, destination: Destination | null) => ({
  digits,
  label: label.trim() === "" ? null : label.trim(),
  destination,
});

/** The first key that a menu has not. */
export const freeKey = (item: Body): string =>
  ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "*", "#"].find(
    (key) => !optionsOf(item).some(({ digits }) => digits === key),
  ) ?? "";

/** A destination that is named by its natural key or id. */
export const destinationOf = (kind: Destination["kind"], ref: string): Destination =>
  kind === "outside-number"
    ? { kind, number: ref }
    : kind === "hangup"
      ? { kind, cause: ref as (Destination & { kind: "hangup" })["cause"] }
      : { kind, ref };
