// Short words on what was just done, at the page's foot, with the way to undo it. They go by themselves; while one has the pointer or the focus it stays.
import { useEffect, useState, useSyncExternalStore } from "react";
import { t } from "../i18n/t.ts";
import { Icon } from "./icon.tsx";

type Toast = { id: number; text: string; action?: { label: string; run(): void } | undefined };

let toasts: Toast[] = [];
let last = 0;
const listeners = new Set<() => void>();
const set = (next: Toast[]): void => {
  toasts = next;
  for (const listener of listeners) listener();
};

export function toast(text: string, action?: Toast["action"]): void {
  set([...toasts.slice(-2), { id: ++last, text, action }]);
}

const dismiss = (id: number): void => set(toasts.filter((one) => one.id !== id));
const shownMs = 10_000;

export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <div
      role="status"
      className="pointer-events-none fixed inset-x-0 bottom-4 z-20 grid justify-items-center gap-2 px-4"
    >
      {shown.map((one) => (
        <One key={one.id} {...one} />
      ))}
    </div>
  );
}

function One({ id, text, action }: Toast) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => dismiss(id), shownMs);
    return () => clearTimeout(timer);
  }, [id, held]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the pointer only keeps it from going
    <div
      className="pointer-events-auto flex max-w-full items-center gap-3 rounded-lg border border-line bg-panel px-3 py-1.5 shadow-lg"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span className="min-w-0 break-words">{text}</span>
      {action ? (
        <button
          type="button"
          className="link min-h-7 font-medium whitespace-nowrap"
          onClick={() => {
            dismiss(id);
            action.run();
          }}
        >
          {action.label}
        </button>
      ) : null}
      <button
        type="button"
        aria-label={t("Close")}
        className="grid size-7 place-items-center rounded-md text-muted hover:bg-hover"
        onClick={() => dismiss(id)}
      >
        <Icon name="close" className="size-3.5" />
      </button>
    </div>
  );
}
