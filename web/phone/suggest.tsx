// A field for a name or a number, with the tenant's people and contacts that fit.
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { send } from "../api/client.ts";
import { t } from "../i18n/t.ts";

type Found = { number: string; name: string };
type Page = { data: Record<string, unknown>[] };

/** Extensions and contacts whose name or number has `text` in it. */
export function useFound(tenant: string, text: string): Found[] {
  const wanted = text.trim();
  const { data } = useQuery({
    queryKey: ["tenant", tenant, "found", wanted],
    enabled: wanted !== "",
    staleTime: 10_000,
    queryFn: async ({ signal }) => {
      const read = async (plural: string, name: string): Promise<Found[]> => {
        const query = new URLSearchParams({ q: wanted, limit: "5" });
        const path = `/v1/tenants/${encodeURIComponent(tenant)}/${plural}?${query}`;
        // who may see the one kind may not see the other
        const page = await send<Page>("GET", path, { signal }).catch((): Page => ({ data: [] }));
        return page.data.map((one) => ({ number: String(one.number), name: String(one[name] ?? "") }));
      };
      return (await Promise.all([read("extensions", "displayName"), read("contacts", "name")])).flat();
    },
  });
  return wanted === "" ? [] : (data ?? []);
}

type Props = {
  tenant: string;
  label: string;
  value: string;
  onChange(value: string): void;
  /** Somebody was chosen, by his number. */
  onChoose(number: string): void;
};

export function Suggest({ tenant, label, value, onChange, onChoose }: Props) {
  const id = useId();
  const [at, setAt] = useState(-1);
  const found = useFound(tenant, value);
  const shown = found.filter(({ number }) => number !== value.trim()).slice(0, 6);
  const chosen = shown[at];
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="text-muted text-xs">
        {label}
      </label>
      <input
        id={id}
        className="input"
        role="combobox"
        aria-expanded={shown.length > 0}
        aria-controls={`${id}list`}
        aria-activedescendant={chosen ? `${id}${at}` : undefined}
        autoComplete="off"
        inputMode="tel"
        value={value}
        onChange={({ target }) => {
          setAt(-1);
          onChange(target.value);
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            event.preventDefault();
            const step = event.key === "ArrowDown" ? 1 : -1;
            setAt(Math.max(-1, Math.min(shown.length - 1, at + step)));
          } else if (event.key === "Enter" && chosen) {
            event.preventDefault();
            onChoose(chosen.number);
          }
        }}
      />
      {/* a list that is empty stays, so that what is named by aria-controls is there */}
      <div id={`${id}list`} role="listbox" aria-label={label} className="grid empty:hidden">
        {shown.map(({ number, name }, index) => (
          <button
            key={`${number} ${name}`}
            id={`${id}${index}`}
            type="button"
            role="option"
            aria-selected={index === at}
            tabIndex={-1}
            // the field keeps the focus
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onChoose(number)}
            className="flex min-h-9 items-center gap-2 rounded-md px-2 text-left hover:bg-hover aria-selected:bg-hover"
          >
            <span className="min-w-0 flex-1 truncate">{name || t("No name")}</span>
            <span className="text-muted tabular-nums">{number}</span>
          </button>
        ))}
      </div>
    </div>
  );
}
