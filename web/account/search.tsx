// A box that is searched in; "/" comes here.
import { t } from "../i18n/t.ts";
import { Icon } from "../part/icon.tsx";

export const SearchBox = ({ value, onChange }: { value: string; onChange(text: string): void }) => (
  <label className="relative w-full sm:w-64">
    <span className="sr-only">{t("Search")}</span>
    <Icon name="search" className="pointer-events-none absolute top-2.5 left-2.5 size-4 text-muted" />
    <input
      className="input pl-8"
      type="search"
      data-search
      aria-keyshortcuts="/"
      placeholder={t("Search")}
      value={value}
      onChange={({ target }) => onChange(target.value)}
      onKeyDown={(event) => {
        if (event.key === "Escape") event.currentTarget.blur();
      }}
    />
  </label>
);
