// Charts of calls: how many, how many of them were answered, how long callers waited, by the tenant's clock.

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { callRecord } from "../../core/wire-events.ts";
import type { Bucket, Summary as Counted } from "../../functions/events/summary.ts";
import { send } from "../api/client.ts";
import { tenantPath } from "../api/queries.ts";
import { currentLanguage, t, text } from "../i18n/t.ts";
import { Empty, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { duration, phrase } from "../part/words.ts";
import { useTenantId } from "../tenant/id.ts";
import { Bars } from "./bars.tsx";
import { addDays, dayOf, startOfDay } from "./zone.ts";

type Summary = Counted & { timeZone: string; complete: boolean };

const ranges = {
  today: { label: text("Today"), days: 1, by: "hour" },
  week: { label: text("7 days"), days: 7, by: "day" },
  month: { label: text("30 days"), days: 30, by: "day" },
  quarter: { label: text("90 days"), days: 90, by: "day" },
} as const;
type Range = keyof typeof ranges;

/** Of the days up to today, in the tenant's zone. It reads itself anew once a minute. */
export function useSummary(zone: string, range: Range, direction = "") {
  const tenant = useTenantId();
  const { days, by } = ranges[range];
  const today = dayOf(new Date(), zone);
  return useQuery({
    queryKey: ["tenant", tenant, "summary", today, range, direction],
    queryFn: ({ signal }) => {
      const from = startOfDay(addDays(today, 1 - days), zone).toISOString();
      const to = new Date(startOfDay(addDays(today, 1), zone).getTime() - 1).toISOString();
      const query = new URLSearchParams({
        by,
        "startedAt[gte]": from,
        "startedAt[lte]": to,
        ...(direction && { direction }),
      });
      return send<Summary>("GET", `${tenantPath(tenant)}/calls/summary?${query}`, { signal });
    },
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });
}

export function Charts({ zone }: { zone: string }) {
  const id = useId();
  const [range, setRange] = useState<Range>("week");
  const [direction, setDirection] = useState("");
  const { data, error, refetch } = useSummary(zone, range, direction);
  return (
    <>
      <div className="flex flex-wrap items-end gap-3">
        <fieldset className="grid gap-1">
          <legend className="pb-1 text-muted text-xs">{t("Time")}</legend>
          <div className="flex">
            {(Object.keys(ranges) as Range[]).map((one) => (
              <button
                key={one}
                type="button"
                aria-pressed={one === range}
                className="-ml-px min-h-9 border border-edge bg-panel px-3 first:ml-0 first:rounded-l-md last:rounded-r-md hover:bg-hover aria-pressed:bg-hover aria-pressed:font-semibold aria-pressed:text-accent"
                onClick={() => setRange(one)}
              >
                {t(ranges[one].label)}
              </button>
            ))}
          </div>
        </fieldset>
        <div className="grid gap-1">
          <label htmlFor={id} className="text-muted text-xs">
            {phrase("direction")}
          </label>
          <select
            id={id}
            className="input w-36"
            value={direction}
            onChange={({ target }) => setDirection(target.value)}
          >
            <option value="">{t("All")}</option>
            {callRecord.shape.direction.options.map((option) => (
              <option key={option} value={option}>
                {phrase(option)}
              </option>
            ))}
          </select>
        </div>
        <p className="ml-auto text-muted text-xs">{t("Times are those of {zone}.", { zone })}</p>
      </div>
      {error && !data ? <Problem error={error} onRetry={() => refetch()} /> : null}
      {!data && !error ? <Skeleton rows={3} height="h-56" /> : null}
      {data ? <Shown summary={data} /> : null}
    </>
  );
}

function Shown({ summary }: { summary: Summary }) {
  const { buckets } = summary;
  const calls = sum(buckets.map((one) => one.calls));
  const answered = sum(buckets.map((one) => one.answered));
  const waited = sum(buckets.map((one) => (one.waitSeconds ?? 0) * one.answered));
  if (calls === 0)
    return (
      <Empty title={t("No calls in this time")}>
        <p>{t("Choose a longer time, or every direction.")}</p>
      </Empty>
    );
  const rows = buckets.map((bucket) => ({ bucket, label: labelOf(bucket) }));
  return (
    <>
      <dl className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Figure name={t("Calls")}>{calls.toLocaleString(currentLanguage())}</Figure>
        <Figure name={t("Answered")}>{percent(answered / calls)}</Figure>
        <Figure name={t("Mean wait")}>{answered > 0 ? duration(Math.round(waited / answered)) : "–"}</Figure>
        <Figure name={t("Time talked")}>{duration(sum(buckets.map((one) => one.talkSeconds)))}</Figure>
      </dl>
      {summary.complete ? null : (
        <p role="status" className="rounded-md bg-warn-soft px-3 py-2 text-warn">
          {t("There are too many calls to count them all at once: the oldest are missing. Choose a shorter time.")}
        </p>
      )}
      <Bars
        title={t("Calls")}
        about={t("Answered, and those that nobody answered above them")}
        series={[
          { name: t("Answered"), look: "main", of: rows.map(({ bucket }) => bucket.answered) },
          { name: t("Not answered"), look: "rest", of: rows.map(({ bucket }) => bucket.calls - bucket.answered) },
        ]}
        labels={rows.map(({ label }) => label)}
        say={(value) => value.toLocaleString(currentLanguage())}
      />
      <Bars
        title={t("Answer rate")}
        about={t("How many of a hundred calls were answered")}
        series={[
          {
            name: t("Answered"),
            look: "main",
            of: rows.map(({ bucket }) => (bucket.calls === 0 ? null : bucket.answered / bucket.calls)),
          },
        ]}
        labels={rows.map(({ label }) => label)}
        top={1}
        say={percent}
      />
      <Bars
        title={t("Mean wait")}
        about={t("Until somebody answered")}
        series={[{ name: t("Mean wait"), look: "main", of: rows.map(({ bucket }) => bucket.waitSeconds) }]}
        labels={rows.map(({ label }) => label)}
        say={(seconds) => duration(Math.round(seconds))}
      />
    </>
  );
}

const sum = (numbers: number[]): number => numbers.reduce((all, one) => all + one, 0);
const percent = (part: number): string =>
  part.toLocaleString(currentLanguage(), { style: "percent", maximumFractionDigits: 0 });

/** A day, or an hour of it. The date is the tenant's, so no zone may move it. */
function labelOf({ date, hour }: Bucket): string {
  if (hour !== null) return `${String(hour).padStart(2, "0")}:00`;
  const format: Intl.DateTimeFormatOptions = { day: "numeric", month: "short", timeZone: "UTC" };
  return new Intl.DateTimeFormat(currentLanguage() === "en" ? "en-GB" : currentLanguage(), format).format(
    new Date(`${date}T12:00:00Z`),
  );
}

const Figure = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <div className="card grid gap-1 px-4 py-3">
    <dt className="text-muted text-xs">{name}</dt>
    <dd className="font-semibold text-2xl tabular-nums">{children}</dd>
  </div>
);
