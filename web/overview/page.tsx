// A company at a glance: its calls today, who is on the phone, which phones are there, what needs somebody; and until all is set up, what comes next.
import type { ReactNode } from "react";
import { useSync, useTenant } from "../api/queries.ts";
import { useSummary } from "../call/charts.tsx";
import { party } from "../call/party.ts";
import { Checklist } from "../first/checklist.tsx";
import { TrialNote } from "../first/trial.tsx";
import { currentLanguage, t } from "../i18n/t.ts";
import type { Live } from "../live/follow.ts";
import { useLive } from "../live/use-live.ts";
import { Page, Skeleton } from "../part/page.tsx";
import { useNow } from "../part/time.tsx";
import { duration } from "../part/words.ts";
import { Link } from "../router.tsx";
import { summaryOf } from "../sync/state.ts";
import { useTenantId } from "../tenant/id.ts";

export function OverviewPage() {
  const tenant = useTenantId();
  const { data } = useTenant(tenant);
  const { live } = useLive(tenant);
  return (
    <Page title={t("Overview")}>
      {data ? (
        <>
          <Checklist live={live} />
          <TrialNote />
          <Troubles live={live} />
          <Figures zone={data.timeZone} live={live} />
          <OnThePhone live={live} />
        </>
      ) : (
        <Skeleton height="h-24" />
      )}
    </Page>
  );
}

type Shown = { live: Live | undefined };

/** What somebody has to look after. */
function Troubles({ live }: Shown) {
  const tenant = useTenantId();
  const at = `/tenants/${tenant}`;
  const sync = useSync(tenant).data;
  const now = useNow(5000);
  const state = sync && summaryOf(sync);
  const found: { key: string; to: string; text: string }[] = [];
  if (sync?.edges.length === 0)
    found.push({ key: "edge", to: `${at}/sync`, text: t("No telephone host has joined: no call can be made yet.") });
  if (state?.tone === "bad")
    found.push({ key: "sync", to: `${at}/sync`, text: t("A host refused settings: {state}", { state: state.text }) });
  for (const { queue, name, waiting, agents } of live?.queues ?? []) {
    const [first] = waiting;
    if (!first) continue;
    const waits = (now - Date.parse(first.joinedAt)) / 1000;
    const isAlone = agents.every(({ state: does }) => does === "logged-out" || does === "paused");
    if (isAlone)
      found.push({
        key: queue,
        to: `${at}/live/queues`,
        text: t("{queue}: somebody waits, and no agent is there.", { queue: name }),
      });
    else if (waits > 180)
      found.push({
        key: queue,
        to: `${at}/live/queues`,
        text: t("{queue}: somebody waits for {time}.", { queue: name, time: duration(waits) }),
      });
  }
  if (found.length === 0) return null;
  return (
    <section
      className="grid gap-1 rounded-md border border-warn bg-warn-soft px-3 py-2"
      aria-label={t("What needs somebody")}
    >
      <ul className="grid gap-1">
        {found.map(({ key, to, text }) => (
          <li key={key}>
            <Link className="inline-flex min-h-6 items-center text-warn underline-offset-2 hover:underline" to={to}>
              {text}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Figures({ zone, live }: Shown & { zone: string }) {
  const tenant = useTenantId();
  const at = `/tenants/${tenant}`;
  const { data } = useSummary(zone, "today");
  const sum = (of: "calls" | "answered"): number | undefined => data?.buckets.reduce((all, one) => all + one[of], 0);
  const [calls, answered] = [sum("calls"), sum("answered")];
  const rate = calls ? (answered ?? 0) / calls : undefined;
  const percent: Intl.NumberFormatOptions = { style: "percent", maximumFractionDigits: 0 };
  return (
    <ul className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      <Figure name={t("Calls today")} to={`${at}/calls/charts`} value={calls} />
      <Figure
        name={t("Answered today")}
        to={`${at}/calls/charts`}
        value={data ? (rate?.toLocaleString(currentLanguage(), percent) ?? "–") : undefined}
      />
      <Figure name={t("On the phone")} to={`${at}/live`} value={live?.calls.length} />
      <Figure name={t("Phones there")} to={`${at}/live/phones`} value={live && (live.registrations?.length ?? "–")} />
    </ul>
  );
}

const Figure = ({ name, to, value }: { name: string; to: string; value: ReactNode }) => (
  <li className="card relative grid content-start gap-1 px-4 py-3 hover:bg-hover">
    <Link className="stretched text-muted text-xs" to={to}>
      {name}
    </Link>
    <span className="min-h-8 font-semibold text-2xl tabular-nums">
      {value === undefined ? <span className="skeleton inline-block h-6 w-12" /> : value}
    </span>
  </li>
);

function OnThePhone({ live }: Shown) {
  const tenant = useTenantId();
  const now = useNow(1000);
  if (!live) return null;
  const most = 8;
  return (
    <section className="grid gap-2">
      <h2 className="font-semibold text-base">{t("Now")}</h2>
      {live.calls.length === 0 ? (
        <p className="text-muted">{t("Nobody is on the phone.")}</p>
      ) : (
        <ul className="card divide-y divide-line">
          {live.calls.slice(0, most).map((call) => (
            <li key={call.id} className="flex min-h-10 items-center justify-between gap-3 px-4 py-2">
              <span className="min-w-0 break-words">
                {party(call.from)} <span className="text-muted">→</span> {party(call.to)}
              </span>
              <span className="tabular-nums">
                {duration(Math.max(0, (now - Date.parse(call.answeredAt ?? call.startedAt)) / 1000))}
              </span>
            </li>
          ))}
        </ul>
      )}
      {live.calls.length > most ? (
        <Link className="link inline-flex min-h-6 w-fit items-center" to={`/tenants/${tenant}/live`}>
          {t("All calls")}
        </Link>
      ) : null}
    </section>
  );
}
