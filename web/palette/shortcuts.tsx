// Keys that work on every page, and the page that tells them.
import { type ReactNode, Suspense, useEffect, useState } from "react";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Dialog } from "../part/dialog.tsx";
import { onDemand } from "../part/on-demand.tsx";

const Palette = onDemand(() => import("./palette.tsx"), "Palette");

export type Shown = "palette" | "help" | undefined;

const isMac = (): boolean => /Mac|iP(hone|ad)/.test(navigator.platform);
export const paletteKeys = (): string => (isMac() ? "⌘ K" : "Ctrl K");

/** What is open, and how to open it: by these keys or by a button. */
export function useShortcuts(): [Shown, (shown: Shown) => void] {
  const [shown, setShown] = useState<Shown>();
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() === "k" && (event.metaKey || event.ctrlKey) && !event.altKey && !event.shiftKey) {
        if (document.querySelector("dialog[open]")) return;
        setShown("palette");
      } else if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
      else if (event.key === "?" && !document.querySelector("dialog[open]")) setShown("help");
      else if (event.key === "/") {
        const search = document.querySelector<HTMLElement>("[data-search]");
        if (!search) return;
        search.focus();
      } else return;
      event.preventDefault();
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, []);
  return [shown, setShown];
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null;

export function Shortcuts({ shown, onClose }: { shown: Shown; onClose(): void }): ReactNode {
  if (shown === "palette")
    return (
      <Suspense>
        <Palette onClose={onClose} />
      </Suspense>
    );
  return shown === "help" ? <Help onClose={onClose} /> : null;
}

function Help({ onClose }: { onClose(): void }) {
  const rows: [keys: string[], what: string][] = [
    [[paletteKeys()], t("Go anywhere, find anything")],
    [["/"], t("Search in a list")],
    [["j", "k"], t("Next and previous row of a list")],
    [["↓", "↑"], t("The same, once a row has the focus")],
    [["x"], t("Choose the row; with Shift all from the last chosen one")],
    [["Enter"], t("Open the row")],
    [["Esc"], t("Close what is open")],
    [["?"], t("This help")],
  ];
  return (
    <Dialog
      title={t("Keyboard shortcuts")}
      onClose={onClose}
      actions={
        <Button look="main" onClick={onClose}>
          {t("Close")}
        </Button>
      }
    >
      <dl className="grid grid-cols-[7rem_minmax(0,1fr)] items-center gap-y-2">
        {rows.map(([keys, what]) => (
          <div key={what} className="contents">
            <dt className="flex gap-1">
              {keys.map((key) => (
                <kbd key={key} className="key">
                  {key}
                </kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
