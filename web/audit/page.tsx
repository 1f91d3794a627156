// The audit log: who changed what, when, from where; of an account with all below it, or of a tenant.
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { AuditRecord } from "../../functions/audit/shown.ts";
import { accountPath, type TenantRow, useAll } from "../account/read.ts";
import { Select } from "../account/tenants.tsx";
import { send } from "../api/client.ts";
import type { Page as Listed } from "../api/queries.ts";
import { t } from "../i18n/t.ts";
import { Chip } from "../part/chip.tsx";
import { Empty, More, Page, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { Stamp } from "../part/time.tsx";
import { phrase } from "../part/words.ts";
import { Link, useParameters } from "../router.tsx";
import { useTenantId } from "../tenant/id.ts";

export function AuditPage() {
  const owner = useTenantId();
  const isAccount = owner.startsWith("acc_");
  const [parameters, set] = useParameters();
  const [tenant, actor, from, to] = ["tenant", "actor", "from", "to"].map((name) => parameters.get(name) ?? "");
  const tenants = useAll<TenantRow>(`${accountPath(owner)}/tenants`, { enabled: isAccount });
  const about = isAccount ? (tenant ? { tenantId: tenant } : { accountId: owner }) : { tenantId: owner };
  const asked = new URLSearchParams({
    ...about,
    limit: "50",
    ...(actor && { actor }),
    ...(from && { from: new Date(from).toISOString() }),
    ...(to && { to: new Date(`${to}T23:59:59.999Z`).toISOString() }),
  }).toString();
  const log = useInfiniteQuery({
    queryKey: ["account", "audit", asked],
    queryFn: ({ pageParam, signal }) =>
      send<Listed<AuditRecord>>(
        "GET",
        `/v1/audit?${asked}${pageParam ? `&after=${encodeURIComponent(pageParam)}` : ""}`,
        {
          signal,
        },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
  const records = log.data?.pages.flatMap(({ data }) => data);
  const nameOf = new Map(tenants.data?.items.map(({ id, name }) => [id, name]));
  const actors = useActors(records, actor ?? "");
  return (
    <Page
      title={t("Audit log")}
      about={t("Every change of the last 400 days: who, from where, by which request. Nobody can change it.")}
    >
      <div className="flex flex-wrap items-end gap-2">
        {isAccount && nameOf.size > 0 ? (
          <Select
            label={t("Company")}
            value={tenant ?? ""}
            options={[["", t("All companies")], ...nameOf]}
            onChange={(value) => set({ tenant: value })}
          />
        ) : null}
        <Select
          label={t("Who")}
          value={actor ?? ""}
          options={[["", t("Everybody")], ...actors]}
          onChange={(value) => set({ actor: value })}
        />
        <Day label={t("From")} value={from ?? ""} onChange={(value) => set({ from: value })} />
        <Day label={t("Until")} value={to ?? ""} onChange={(value) => set({ to: value })} />
      </div>
      {log.error && !records ? <Problem error={log.error} onRetry={() => log.refetch()} /> : null}
      {log.isPending ? <Skeleton rows={8} /> : null}
      {records?.length === 0 ? (
        <Empty title={t("Nothing fits")}>
          <p>{t("Search for something else, or take a filter away.")}</p>
        </Empty>
      ) : null}
      {records && records.length > 0 ? (
        <ol className="card divide-y divide-line">
          {records.map((record) => (
            <Line key={record.id} record={record} place={nameOf.get(record.tenantId ?? "")} />
          ))}
        </ol>
      ) : null}
      <More query={log} />
    </Page>
  );
}

/** Those that were seen on this page, whoever is filtered for now. */
function useActors(records: AuditRecord[] | undefined, current: string): [string, string][] {
  const [seen, note] = useState(new Map<string, string>());
  const fresh = records?.filter(({ actor }) => !seen.has(actor.id)) ?? [];
  if (fresh.length > 0) note(new Map([...seen, ...fresh.map(({ actor }) => [actor.id, actor.name] as const)]));
  return [...seen, ...(current !== "" && !seen.has(current) ? [[current, current] as [string, string]] : [])];
}

const Day = ({ label, value, onChange }: { label: string; value: string; onChange(value: string): void }) => (
  <label className="flex items-center gap-2 text-muted">
    {label}
    <input className="input w-auto" type="date" value={value} onChange={({ target }) => onChange(target.value)} />
  </label>
);

function Line({ record, place }: { record: AuditRecord; place: string | undefined }) {
  const { actor, at, tenantId, revision, path, method } = record;
  const where = actor.ip ? ` · ${actor.ip}` : "";
  return (
    <li className="grid gap-0.5 px-4 py-2.5">
      <p className="flex flex-wrap items-center gap-x-3">
        <span className="font-medium">{saying(record)}</span>
        {place ? (
          <Link className="link leading-6" to={`/tenants/${tenantId}/history`}>
            {place}
          </Link>
        ) : null}
        {revision === null ? null : (
          <span className="text-muted text-xs tabular-nums">{t("Revision {n}", { n: String(revision) })}</span>
        )}
        {actor.impersonating ? <Chip tone="warn">{t("Acting for the company")}</Chip> : null}
      </p>
      <p className="text-muted text-xs">
        <Stamp at={at} /> · {actor.name}
        {where}
      </p>
      {path ? (
        <p className="truncate font-mono text-muted text-xs">
          {method} {path}
        </p>
      ) : null}
    </li>
  );
}

/** What was done in a few words. */
function saying({ method, route, target }: AuditRecord): string {
  const what = target ? phrase(target.kind) : "";
  if (target?.kind === "impersonation") return method === "POST" ? t("Opened the company") : t("Left the company");
  const verb = route?.split("/").at(-1) ?? "";
  const isVerb = method === "POST" && /^[a-z-]+$/.test(verb) && !/s$/.test(verb);
  if (isVerb) return [phrase(verb), what].filter(Boolean).join(" · ");
  const words: Record<string, string> = {
    POST: t("Created"),
    PATCH: t("Changed"),
    PUT: t("Changed"),
    DELETE: t("Deleted"),
  };
  return [words[method ?? ""] ?? t("Done by itself"), what].filter(Boolean).join(" · ");
}
