// The parts of one page, each with an address of its own.
import type { ReactNode } from "react";
import { Link } from "../router.tsx";

export type Tab = { to: string; label: string; isCurrent: boolean; count?: ReactNode };

/** `name` says what they are parts of. */
export const Tabs = ({ name, tabs }: { name: string; tabs: Tab[] }) => (
  <nav aria-label={name} className="flex gap-1 overflow-x-auto border-line border-b [scrollbar-width:none]">
    {tabs.map(({ to, label, isCurrent, count }) => (
      <Link
        key={to}
        to={to}
        aria-current={isCurrent ? "page" : undefined}
        className="-mb-px flex min-h-10 items-center gap-2 whitespace-nowrap border-transparent border-b-2 px-3 text-muted hover:text-ink aria-[current]:border-accent aria-[current]:font-medium aria-[current]:text-ink"
      >
        {label}
        {count === undefined ? null : (
          <span className="min-w-5 rounded-full bg-hover px-1.5 text-center text-ink text-xs tabular-nums">
            {count}
          </span>
        )}
      </Link>
    ))}
  </nav>
);
