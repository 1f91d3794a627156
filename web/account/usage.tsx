// What the companies below an account called: by day, and by company, with a CSV for the invoice.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { guarded, writeCsv } from "../../core/csv.ts";
import type { Call } from "../api/queries.ts";
import { Bars } from "../call/bars.tsx";
import { currentLanguage, t, text } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Empty, Page, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { save } from "../part/save.ts";
import { Link } from "../router.tsx";
import { accountPath, allOf, useTenantsBelow } from "./read.ts";
import type { AccountSectionProps } from "./sections.ts";
import { Select } from "./tenants.tsx";

type Counted = { calls: number; answered: number; seconds: number; outbound: number; outboundSeconds: number };
type Row = Counted & { tenantId: string; day: string };

const ranges: Record<string, string> = { "7": text("7 days"), "30": text("30 days"), "90": text("90 days") };
const zero: Counted = { calls: 0, answered: 0, seconds: 0, outbound: 0, outboundSeconds: 0 };

/** By company and day, in UTC, as invoices want one clock for all. */
export function counted(
  calls: readonly (Pick<Call, "startedAt" | "answeredAt" | "billableSeconds" | "direction"> & { tenantId: string })[],
): Row[] {
  const rows = new Map<string, Row>();
  for (const { tenantId, startedAt, answeredAt, billableSeconds, direction } of calls) {
    const day = startedAt.slice(0, 10);
    const key = `${tenantId} ${day}`;
    const row = rows.get(key) ?? { ...zero, tenantId, day };
    row.calls++;
    row.seconds += billableSeconds;
    if (answeredAt !== null) row.answered++;
    if (direction === "outbound") {
      row.outbound++;
      row.outboundSeconds += billableSeconds;
    }
    rows.set(key, row);
  }
  return [...rows.values()];
}

export const sumOf = (rows: readonly Counted[]): Counted =>
  rows.reduce(
    (sum, row) => ({
      calls: sum.calls + row.calls,
      answered: sum.answered + row.answered,
      seconds: sum.seconds + row.seconds,
      outbound: sum.outbound + row.outbound,
      outboundSeconds: sum.outboundSeconds + row.outboundSeconds,
    }),
    zero,
  );

const minutes = (seconds: number): number => Math.round(seconds / 6) / 10;
const dayMs = 86_400_000;
const daysUpTo = (now: Date, days: number): string[] =>
  Array.from({ length: days }, (_, index) =>
    new Date(now.getTime() - (days - 1 - index) * dayMs).toISOString().slice(0, 10),
  );

export function Usage({ account }: AccountSectionProps) {
  const [range, setRange] = useState("30");
  const tenants = useTenantsBelow(account);
  const days = daysUpTo(new Date(), Number(range));
  const [from = ""] = days;
  const usage = useQuery({
    queryKey: ["account", account, "usage", from],
    queryFn: async ({ signal }) => {
      const asked = new URLSearchParams({ "startedAt[gte]": `${from}T00:00:00.000Z` });
      const { items, whole } = await allOf<Call & { tenantId: string }>(
        `${accountPath(account)}/calls?${asked}`,
        signal,
      );
      return { rows: counted(items), whole };
    },
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  const nameOf = new Map(tenants.data?.items.map(({ id, name }) => [id, name]));
  const rows = usage.data?.rows ?? [];
  const ofTenants = [...Map.groupBy(rows, ({ tenantId }) => tenantId)]
    .map(([id, of]) => ({ id, name: nameOf.get(id) ?? id, ...sumOf(of) }))
    .toSorted((a, b) => b.seconds - a.seconds);
  const byDay = days.map((day) => sumOf(rows.filter((row) => row.day === day)));
  const label = new Intl.DateTimeFormat(currentLanguage(), { day: "numeric", month: "short", timeZone: "UTC" });
  const labels = days.map((day) => label.format(new Date(day)));
  const exported = (): void => {
    const head = ["tenantId", "tenant", "day", "calls", "answered", "minutes", "outboundCalls", "outboundMinutes"];
    const lines = rows
      .toSorted((a, b) => `${a.day}${a.tenantId}`.localeCompare(`${b.day}${b.tenantId}`))
      .map((row) => [
        ...[row.tenantId, guarded(nameOf.get(row.tenantId) ?? ""), row.day],
        ...[row.calls, row.answered, minutes(row.seconds), row.outbound, minutes(row.outboundSeconds)].map(String),
      ]);
    save(`usage-${from}.csv`, "text/csv;charset=utf-8", writeCsv([head, ...lines]));
  };
  return (
    <Page
      title={t("Usage")}
      about={t("Calls of all companies below, by days in UTC.")}
      actions={
        <>
          <Select
            label={t("Time")}
            value={range}
            options={Object.entries(ranges).map(([name, shown]) => [name, t(shown)])}
            onChange={setRange}
          />
          <Button disabled={rows.length === 0} onClick={exported}>
            {t("Export CSV")}
          </Button>
        </>
      }
    >
      {usage.error && !usage.data ? <Problem error={usage.error} onRetry={() => usage.refetch()} /> : null}
      {usage.isPending ? <Skeleton rows={5} /> : null}
      {usage.data && !usage.data.whole ? (
        <p role="status" className="text-warn">
          {t("Only the newest 10,000 calls are counted; choose a shorter time.")}
        </p>
      ) : null}
      {usage.data && rows.length === 0 ? (
        <Empty title={t("No calls in this time")}>
          <p>{t("Each call of a company below stands here when it has ended.")}</p>
        </Empty>
      ) : null}
      {rows.length > 0 ? (
        <>
          <div className="grid gap-4 lg:grid-cols-2">
            <Bars
              title={t("Calls")}
              about={t("Answered, and others")}
              labels={labels}
              series={[
                { name: t("Answered"), look: "main", of: byDay.map(({ answered }) => answered) },
                { name: t("Not answered"), look: "rest", of: byDay.map(({ calls, answered }) => calls - answered) },
              ]}
              say={(value) => Math.round(value).toLocaleString(currentLanguage())}
            />
            <Bars
              title={t("Minutes")}
              about={t("From the answer to the end")}
              labels={labels}
              series={[{ name: t("Minutes"), look: "main", of: byDay.map(({ seconds }) => minutes(seconds)) }]}
              say={(value) => value.toLocaleString(currentLanguage(), { maximumFractionDigits: 1 })}
            />
          </div>
          <div className="card overflow-x-auto">
            <table className="w-full text-left">
              <caption className="sr-only">{t("Usage by company")}</caption>
              <thead className="border-line border-b text-muted text-xs">
                <tr>
                  {[t("Company"), t("Calls"), t("Answered"), t("Minutes"), t("Minutes to the outside")].map(
                    (name, index) => (
                      <th
                        key={name}
                        scope="col"
                        className={`px-3 py-2 font-normal ${index > 0 ? "text-right" : ""} ${index === 2 ? "max-sm:hidden" : ""}`}
                      >
                        {name}
                      </th>
                    ),
                  )}
                </tr>
              </thead>
              <tbody className="divide-y divide-line">
                {ofTenants.map((one) => (
                  <tr key={one.id}>
                    <th scope="row" className="max-w-64 truncate px-3 py-2 font-normal">
                      <Link className="link inline-block leading-6" to={`/tenants/${one.id}/calls`}>
                        {one.name}
                      </Link>
                    </th>
                    <td className="px-3 py-2 text-right tabular-nums">{one.calls}</td>
                    <td className="px-3 py-2 text-right tabular-nums max-sm:hidden">{one.answered}</td>
                    <td className="px-3 py-2 text-right tabular-nums">{minutes(one.seconds)}</td>
                    <td className="px-3 py-2 text-right tabular-nums">{minutes(one.outboundSeconds)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      ) : null}
    </Page>
  );
}
