// Something that is on or off, and goes on or off at once.
import type { ReactNode } from "react";

type Props = { label: string; about?: ReactNode; on: boolean; disabled?: boolean; onChange(on: boolean): void };

export function Switch({ label, about, on, disabled = false, onChange }: Props) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={on}
      disabled={disabled}
      onClick={() => onChange(!on)}
      className="group flex min-h-11 w-full items-center gap-3 text-left disabled:opacity-60"
    >
      <span className="grid min-w-0 flex-1">
        <span className="font-medium">{label}</span>
        {about ? <span className="text-muted text-xs break-words">{about}</span> : null}
      </span>
      <span
        aria-hidden="true"
        className="inline-flex h-6 w-10 shrink-0 items-center rounded-full border border-edge bg-page p-0.5 transition-colors group-aria-checked:border-transparent group-aria-checked:bg-fill"
      >
        <span className="size-4.5 rounded-full bg-edge transition-transform group-aria-checked:translate-x-4 group-aria-checked:bg-on-fill" />
      </span>
    </button>
  );
}
