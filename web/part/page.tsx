// A page's heading. Coming from another page the focus goes there, so that a keyboard or a screen reader begins at the top.

import { type ReactNode, useEffect, useRef } from "react";
import { t } from "../i18n/t.ts";
import { hasNavigated } from "../router.tsx";

type Props = { title: string; about?: ReactNode; actions?: ReactNode; children: ReactNode };

export function Page({ title, about, actions, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Dialplane`;
  }, [title]);
  useEffect(() => {
    if (hasNavigated()) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div className="grid min-w-0 content-start gap-4">
      <div className="flex min-h-9 flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h1 ref={heading} tabIndex={-1} className="min-w-0 font-semibold text-xl tracking-tight break-words">
          {title}
        </h1>
        {actions ? <div className="flex flex-wrap gap-2">{actions}</div> : null}
      </div>
      {about ? <p className="-mt-2 max-w-prose text-muted">{about}</p> : null}
      {children}
    </div>
  );
}

/** What stands where a list is empty: what to do next. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="card grid justify-items-start gap-2 px-4 py-6">
      <p className="font-medium">{title}</p>
      {children ? <div className="grid max-w-prose justify-items-start gap-3 text-muted">{children}</div> : null}
    </div>
  );
}

/** Rows of the height that the real ones will have. */
export function Skeleton({ rows = 4, height = "h-11" }: { rows?: number; height?: string }) {
  return (
    <div className="card divide-y divide-line" aria-busy="true">
      <span className="sr-only" role="status">
        {t("Loading")}
      </span>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: all are alike
        <div key={row} className={`flex items-center px-3 ${height}`}>
          <span className="skeleton h-3.5" style={{ width: `${30 + ((row * 17) % 40)}%` }} />
        </div>
      ))}
    </div>
  );
}

/** The rest of a list. */
export function More({
  query,
}: {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage(): unknown };
}) {
  if (!query.hasNextPage) return null;
  return (
    <div>
      <button
        type="button"
        className="link min-h-9 px-1 font-medium"
        aria-busy={query.isFetchingNextPage}
        onClick={() => query.fetchNextPage()}
      >
        {query.isFetchingNextPage ? t("Loading more") : t("Show more")}
      </button>
    </div>
  );
}
