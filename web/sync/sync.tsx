// What of the document is live where, since when, and what failed. It reads itself anew, faster while an edge is behind.

import { type Edge, useSync } from "../api/queries.ts";
import { t } from "../i18n/t.ts";
import { Chip } from "../part/chip.tsx";
import { Empty, Page, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { Time } from "../part/time.tsx";
import { useTenantId } from "../tenant/id.ts";
import { FailureLine } from "./failure-line.tsx";
import { stateOf } from "./state.ts";

export function SyncPage() {
  const tenant = useTenantId();
  const { data, error, refetch } = useSync(tenant);
  return (
    <Page
      title={t("Sync")}
      about={t("Every edge keeps this tenant's configuration on its own disk and says here what is really in place.")}
    >
      {data ? <p>{t("The document is at revision {n}.", { n: String(data.revision) })}</p> : null}
      {error && !data ? <Problem error={error} onRetry={() => refetch()} /> : null}
      {!data && !error ? <Skeleton rows={2} height="h-16" /> : null}
      {data?.edges.length === 0 ? (
        <Empty title={t("No edge has joined this tenant's pool")}>
          <p>
            {t("On the telephone host run this command; a one-time token comes from POST /v1/edges.")}{" "}
            <a className="link underline" href="/docs">
              {t("API reference")}
            </a>
          </p>
          <code className="font-mono text-ink">curl -fsSL {`${location.origin}/install`} | sh -s -- TOKEN</code>
        </Empty>
      ) : null}
      {data && data.edges.length > 0 ? (
        <ul className="card divide-y divide-line">
          {data.edges.map((edge) => (
            <EdgeRow key={edge.id} edge={edge} revision={data.revision} />
          ))}
        </ul>
      ) : null}
    </Page>
  );
}

function EdgeRow({ edge, revision }: { edge: Edge; revision: number }) {
  const { tone, text } = stateOf(edge, revision);
  return (
    <li className="grid gap-2 px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 className="font-medium break-all">{edge.name}</h2>
        <span className="text-muted">{edge.engine}</span>
        <Chip tone={tone}>{text}</Chip>
      </div>
      <dl className="grid gap-x-8 gap-y-1 sm:flex">
        <Fact name={t("In place")}>
          {edge.applied === null ? t("nothing") : t("revision {n}", { n: String(edge.applied) })}
        </Fact>
        <Fact name={t("Told of")}>{t("revision {n}", { n: String(edge.offered) })}</Fact>
        <Fact name={t("Since")}>{edge.appliedAt === null ? "–" : <Time at={edge.appliedAt} />}</Fact>
      </dl>
      {edge.failures.length > 0 ? (
        <ul className="grid gap-1 rounded-md bg-bad-soft px-3 py-2">
          {edge.failures.map((failure) => (
            <FailureLine key={`${failure.id} ${failure.reason}`} failure={failure} />
          ))}
        </ul>
      ) : null}
    </li>
  );
}

const Fact = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <div className="flex gap-2">
    <dt className="text-muted">{name}</dt>
    <dd className="tabular-nums">{children}</dd>
  </div>
);
