// What of a list is shown: which rows by the values of some fields, and which columns.
import { useId } from "react";
import type { Kind } from "../../core/resources/kind.ts";
import type { Field } from "../form/field.ts";
import { t } from "../i18n/t.ts";
import { Button, buttonClass } from "../part/button.tsx";
import { Icon } from "../part/icon.tsx";
import { Popover } from "../part/popover.tsx";
import { phrase } from "../part/words.ts";
import { possibleColumns } from "./columns.ts";
import { filterFields } from "./view.ts";

type FilterProps = {
  kind: Kind;
  filters: Record<string, string>;
  onChange(name: string, value: string | undefined): void;
};

export function FilterChoice({ kind, filters, onChange }: FilterProps) {
  const fields = filterFields(kind);
  if (fields.length === 0) return null;
  const n = Object.keys(filters).length;
  return (
    <Popover
      label={n > 0 ? t("Filter, {n} set", { n }) : t("Filter")}
      className={buttonClass()}
      button={
        <>
          <Icon name="filter" />
          {t("Filter")}
          {n > 0 ? <span className="rounded-full bg-fill px-1.5 text-on-fill text-xs">{n}</span> : null}
        </>
      }
    >
      {() => (
        <div className="grid gap-2 p-1.5">
          {fields.map((field) => (
            <FilterOf key={field.name} field={field} value={filters[field.name] ?? ""} onChange={onChange} />
          ))}
        </div>
      )}
    </Popover>
  );
}

type OneProps = { field: Field; value: string; onChange: FilterProps["onChange"] };

function FilterOf({ field, value, onChange }: OneProps) {
  const id = useId();
  const options: [string, string][] =
    field.control.as === "choice"
      ? field.control.options.map((option) => [option, phrase(option)])
      : [
          ["true", t("Yes")],
          ["false", t("No")],
        ];
  return (
    <div className="grid gap-0.5">
      <label htmlFor={id} className="text-muted text-xs">
        {field.label}
      </label>
      <select id={id} className="input" value={value} onChange={({ target }) => onChange(field.name, target.value)}>
        <option value="">{t("All")}</option>
        {options.map(([option, label]) => (
          <option key={option} value={option}>
            {label}
          </option>
        ))}
      </select>
    </div>
  );
}

type ColumnProps = { kind: Kind; columns: Field[]; onChange(names: string[] | undefined): void };

export function ColumnChoice({ kind, columns, onChange }: ColumnProps) {
  const shown = new Set(columns.map(({ name }) => name));
  return (
    <Popover
      label={t("Columns")}
      className={`${buttonClass()} max-sm:hidden`}
      button={
        <>
          <Icon name="columns" />
          {t("Columns")}
        </>
      }
    >
      {() => (
        <div className="grid gap-0.5 p-1.5">
          {possibleColumns(kind)
            .filter(({ name }) => name !== kind.key)
            .map(({ name, label }) => (
              <label key={name} className="flex min-h-7 items-center gap-2 rounded-md px-1 hover:bg-hover">
                <input
                  type="checkbox"
                  className="size-4 accent-fill"
                  checked={shown.has(name)}
                  onChange={({ target }) => {
                    const next = new Set(shown);
                    if (target.checked) next.add(name);
                    else next.delete(name);
                    onChange([...next]);
                  }}
                />
                {label}
              </label>
            ))}
          <div className="pt-1">
            <Button small onClick={() => onChange(undefined)}>
              {t("As usual")}
            </Button>
          </div>
        </div>
      )}
    </Popover>
  );
}
