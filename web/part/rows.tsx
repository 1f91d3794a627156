// Labels with values to copy.
import type { ReactNode } from "react";
import { Copy } from "./copy.tsx";

/** A row's third member says more about it. */
export function Rows({ rows }: { rows: [label: string, value: string, about?: string][] }): ReactNode {
  return (
    <dl className="divide-y divide-line rounded-md border border-line">
      {rows.map(([label, value, about]) => (
        <div
          key={label}
          className="grid grid-cols-[1fr_auto] items-center gap-x-3 px-3 py-2 sm:grid-cols-[11rem_1fr_auto]"
        >
          <dt className="text-muted max-sm:col-span-2 max-sm:text-xs">
            {label}
            {about ? <span className="block text-xs">{about}</span> : null}
          </dt>
          <dd className="min-w-0 font-mono break-all select-all">{value}</dd>
          <dd>
            <Copy text={value} what={label} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
