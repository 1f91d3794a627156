// The document's history: who changed what and when, and the way back to each revision.

import { useId, useState } from "react";
import { type HistoryEntry, useHistory } from "../api/queries.ts";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Chip } from "../part/chip.tsx";
import { More, Page, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { Time } from "../part/time.tsx";
import { useTenantId } from "../tenant/id.ts";
import { Diff } from "./diff.tsx";
import { RollBack } from "./roll-back.tsx";

export function HistoryPage() {
  const history = useHistory(useTenantId());
  const [back, setBack] = useState<number>();
  const entries = history.data?.pages.flatMap((page) => page.data);
  return (
    <Page
      title={t("History")}
      about={t("Every change is a revision. Rolling back makes a new one, so nothing is ever lost.")}
    >
      {history.error && !entries ? <Problem error={history.error} onRetry={() => history.refetch()} /> : null}
      {history.isPending ? <Skeleton height="h-16" /> : null}
      {entries ? (
        <ol className="card divide-y divide-line">
          {entries.map((entry, index) => (
            <Entry key={entry.revision} entry={entry} newest={index === 0} onBack={() => setBack(entry.revision)} />
          ))}
        </ol>
      ) : null}
      <More query={history} />
      {back === undefined ? null : <RollBack revision={back} onClose={() => setBack(undefined)} />}
    </Page>
  );
}

function Entry({ entry, newest, onBack }: { entry: HistoryEntry; newest: boolean; onBack(): void }) {
  const { revision, at, actor, summary, diff } = entry;
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <li className="grid grid-cols-[2rem_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-0.5 px-4 py-2.5">
      <span className="text-right text-muted tabular-nums">
        <span className="sr-only">{t("Revision")} </span>
        {revision}
      </span>
      <h2 className="font-medium break-words">{capital(summary)}</h2>
      {newest ? (
        <Chip tone="quiet">{t("As it is now")}</Chip>
      ) : (
        <Button small onClick={onBack} aria-label={t("Roll back to revision {n}", { n: String(revision) })}>
          {t("Roll back")}
        </Button>
      )}
      <p className="col-start-2 col-end-4 flex flex-wrap items-center gap-x-3 text-muted">
        <span className="break-words">
          <Time at={at} /> {t("by {name}", { name: actor.name })}
          {actor.impersonating ? ` (${t("of the provider, acting for the company")})` : null}
        </span>
        <button
          type="button"
          className="link min-h-6"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
        >
          {open ? t("Hide what changed") : t("What changed")}
        </button>
      </p>
      <div id={id} hidden={!open} className="col-start-2 col-end-4 max-sm:col-start-1">
        {open ? (
          <div className="py-2">
            <Diff lines={diff} />
          </div>
        ) : null}
      </div>
    </li>
  );
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
