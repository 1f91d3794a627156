// The way to anywhere by a few letters: a dialog with a field and what fits below it (the ARIA pattern of a combobox with a list).
import { useId, useLayoutEffect, useRef, useState } from "react";
import { t } from "../i18n/t.ts";
import { Icon } from "../part/icon.tsx";
import { type Entry, fitting, useFound, useStanding } from "./entries.ts";

const most = 40;

export function Palette({ onClose }: { onClose(): void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [q, setQ] = useState("");
  const [at, setAt] = useState(0);
  const standing = fitting(useStanding(), q);
  const { entries: found, busy } = useFound(q);
  const entries = [...(q.trim() === "" ? [] : found), ...standing].slice(0, most);
  const chosen = Math.min(at, entries.length - 1);
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  const run = (entry: Entry | undefined): void => {
    if (!entry) return;
    onClose();
    entry.run();
  };
  const go = (to: number): void => {
    const next = (to + entries.length) % entries.length;
    setAt(next);
    document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: "nearest" });
  };
  return (
    <dialog
      ref={dialog}
      closedby="any"
      aria-label={t("Search and commands")}
      onClose={onClose}
      className="mx-auto mt-[12dvh] mb-auto w-[min(38rem,calc(100vw-1.5rem))] rounded-xl border border-line bg-panel p-0 text-ink shadow-2xl"
    >
      <div className="relative border-line border-b">
        <Icon name="search" className="pointer-events-none absolute top-3.5 left-4 size-4 text-muted" />
        <input
          role="combobox"
          aria-label={t("Search and commands")}
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={entries.length > 0 ? `${id}-${chosen}` : undefined}
          autoComplete="off"
          spellCheck={false}
          className="w-full bg-transparent py-3 pr-4 pl-11 text-base outline-none"
          placeholder={t("Go to a page, find somebody, do something")}
          value={q}
          onChange={({ target }) => {
            setQ(target.value);
            setAt(0);
          }}
          onKeyDown={(event) => {
            if (event.key === "ArrowDown") go(chosen + 1);
            else if (event.key === "ArrowUp") go(chosen - 1);
            else if (event.key === "Enter") run(entries[chosen]);
            else return;
            event.preventDefault();
          }}
        />
      </div>
      <div id={`${id}-list`} role="listbox" aria-label={t("Results")} className="max-h-[55dvh] overflow-y-auto p-1.5">
        {entries.map((entry, index) => (
          <div key={`${entry.group} ${entry.id}`}>
            {entries[index - 1]?.group === entry.group ? null : (
              <p role="presentation" className="px-2.5 pt-2 pb-1 text-muted text-xs">
                {entry.group}
              </p>
            )}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys */}
            <div
              id={`${id}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === chosen}
              className="flex min-h-9 cursor-pointer items-center gap-3 rounded-md px-2.5 aria-selected:bg-hover"
              onPointerMove={() => setAt(index)}
              onClick={() => run(entry)}
            >
              <span className="min-w-0 truncate">{entry.label}</span>
              {entry.about ? <span className="ml-auto truncate text-muted text-xs">{entry.about}</span> : null}
            </div>
          </div>
        ))}
      </div>
      <p role="status" className="px-4 py-2 text-muted text-xs empty:hidden">
        {entries.length > 0 ? "" : busy ? t("Searching …") : t("Nothing fits")}
      </p>
    </dialog>
  );
}
