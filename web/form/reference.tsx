// A reference to another resource: a list to choose from while it is short, else the other's key, typed with suggestions.

import { useId } from "react";
import { type KindName, kindOf } from "../../core/registry.ts";
import type { Kind } from "../../core/resources/kind.ts";
import { type Item, useItems } from "../api/queries.ts";
import { t } from "../i18n/t.ts";
import { saying } from "../part/words.ts";
import { useTenantId } from "../tenant/id.ts";
import type { Described } from "./labelled.tsx";

type Props = { kind: KindName; nullable: boolean; value: string; onChange(value: unknown): void; described: Described };

/** `1001 – Ada`: the key, and the first other text that says something. */
export function titleOf(kind: Kind, item: Item): string {
  const more = kind.filters
    .map((name) => item[name])
    .find((value) => typeof value === "string" && value !== item[kind.key]);
  return `${item[kind.key]}${more ? ` – ${more}` : ""}`;
}

export function ReferenceInput({ kind: name, nullable, value, onChange, described }: Props) {
  const kind = kindOf(name);
  const listId = useId();
  const { data } = useItems(useTenantId(), kind);
  const items = data?.pages.flatMap((page) => page.data) ?? [];
  const whole = data !== undefined && data.pages.at(-1)?.next === null;
  const held = items.find((item) => item.id === value || item[kind.key] === value);
  if (!whole && data !== undefined)
    return (
      <>
        <input
          className="input"
          list={listId}
          autoComplete="off"
          {...described}
          value={held ? String(held[kind.key]) : value}
          onChange={({ target }) => onChange(target.value || null)}
        />
        <datalist id={listId}>
          {items.map((item) => (
            <option key={item.id} value={String(item[kind.key])}>
              {titleOf(kind, item)}
            </option>
          ))}
        </datalist>
      </>
    );
  return (
    <select
      className="input"
      {...described}
      value={held?.id ?? value}
      onChange={({ target }) => onChange(target.value || null)}
    >
      <option value="">{nullable ? t("None") : saying("Choose {a kind}", kind)}</option>
      {held || value === "" ? null : <option value={value}>{value}</option>}
      {items.map((item) => (
        <option key={item.id} value={item.id}>
          {titleOf(kind, item)}
        </option>
      ))}
    </select>
  );
}
