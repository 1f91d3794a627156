// A button with a panel below it, the browser's own popover: it closes on Escape and on a click elsewhere, and the button has the focus again.
import { type ReactNode, useId, useRef, useState } from "react";

type Props = {
  /** What the button shows. */
  button: ReactNode;
  label: string;
  className?: string;
  /** Where the panel stands: below the button, or above it. */
  side?: "below" | "above";
  children(close: () => void): ReactNode;
};

export function Popover({ button, label, className = "", side = "below", children }: Props) {
  const id = useId();
  const panel = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const place = (): void => {
    const at = opener.current?.getBoundingClientRect();
    const style = panel.current?.style;
    if (!at || !style) return;
    const right = at.left > innerWidth / 2;
    style.left = right ? "auto" : `${Math.max(8, at.left)}px`;
    style.right = right ? `${Math.max(8, innerWidth - at.right)}px` : "auto";
    style.top = side === "below" ? `${at.bottom + 4}px` : "auto";
    style.bottom = side === "above" ? `${innerHeight - at.top + 4}px` : "auto";
  };
  return (
    <>
      <button
        ref={opener}
        type="button"
        className={className}
        aria-label={label}
        aria-expanded={open}
        popoverTarget={id}
      >
        {button}
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        onBeforeToggle={(event) => {
          if (event.newState === "open") place();
        }}
        onToggle={(event) => setOpen(event.newState === "open")}
        className="fixed inset-auto m-0 max-h-[70dvh] w-64 max-w-[calc(100vw-1rem)] overflow-y-auto rounded-lg border border-line bg-panel p-1.5 text-ink shadow-lg"
      >
        {open ? children(() => panel.current?.hidePopover()) : null}
      </div>
    </>
  );
}
