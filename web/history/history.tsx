// The document's history: who changed what and when, and the way back to each revision.
import { useState } from "react";
import { type HistoryEntry, useHistory } from "../api/queries.ts";
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
    <Page title="History" about="Every change is a revision. Rolling back makes a new one, so nothing is ever lost.">
      {history.error && !entries ? <Problem error={history.error} onRetry={() => history.refetch()} /> : null}
      {history.isPending ? <Skeleton height="h-20" /> : null}
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
  return (
    <li className="grid gap-2 px-4 py-3">
      <div className="flex min-h-7 flex-wrap items-center gap-x-3 gap-y-1">
        <span className="w-8 text-right font-medium text-muted tabular-nums">
          <span className="sr-only">Revision </span>
          {revision}
        </span>
        <h2 className="min-w-0 flex-1 font-medium break-words">{capital(summary)}</h2>
        {newest ? (
          <Chip tone="quiet">Now</Chip>
        ) : (
          <Button small onClick={onBack} aria-label={`Roll back to revision ${revision}`}>
            Roll back to this
          </Button>
        )}
      </div>
      <div className="grid gap-2 sm:pl-11">
        <p className="text-muted break-words">
          <Time at={at} /> by {actor.name}
        </p>
        <details>
          <summary className="link w-fit">What changed</summary>
          <div className="pt-2">
            <Diff lines={diff} />
          </div>
        </details>
      </div>
    </li>
  );
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
