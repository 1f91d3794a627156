// Live: who is on the phone, how queues fare, which phones are there. Nobody has to reload it.
import type { ReactNode } from "react";
import { t, text } from "../i18n/t.ts";
import { Page, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { Tabs } from "../part/tabs.tsx";
import { useTenantId } from "../tenant/id.ts";
import { CallsNow } from "./calls-now.tsx";
import type { Following, Live } from "./follow.ts";
import { Phones } from "./phones.tsx";
import { useLive } from "./use-live.ts";
import { Wallboard } from "./wallboard.tsx";

const tabs: { path: string; label: string; count(live: Live): number | undefined }[] = [
  { path: "", label: text("Calls"), count: ({ calls }) => calls.length },
  { path: "queues", label: text("Queues"), count: ({ queues }) => queues.length },
  { path: "phones", label: text("Phones"), count: ({ registrations }) => registrations?.length },
];

export function LivePage({ rest }: { rest: string[] }) {
  const tenant = useTenantId();
  const following = useLive(tenant);
  const { live, error } = following;
  const current = rest[0] ?? "";
  return (
    <Page title={t("Live view")} actions={<State {...following} />}>
      <Tabs
        name={t("What to show")}
        tabs={tabs.map(({ path, label, count }) => ({
          to: `/tenants/${tenant}/live${path && `/${path}`}`,
          label: t(label),
          isCurrent: path === current,
          count: live ? (count(live) ?? "–") : "…",
        }))}
      />
      {error && !live ? <Problem error={error} /> : null}
      {live ? shown(current, live) : error ? null : <Skeleton height="h-12" />}
    </Page>
  );
}

function shown(tab: string, live: Live): ReactNode {
  if (tab === "queues") return <Wallboard queues={live.queues} />;
  if (tab === "phones") return <Phones phones={live.registrations} />;
  return <CallsNow calls={live.calls} />;
}

/** How fresh it is. */
function State({ how, live }: Following) {
  const said =
    how === "broken" ? t("Connection lost, trying again") : how === "polling" ? t("Every few seconds") : t("Live now");
  return (
    <p role="status" className="flex min-h-9 items-center gap-2 text-muted text-xs">
      {live || how === "broken" ? (
        <>
          <span
            aria-hidden="true"
            className={`size-2 rounded-full ${how === "broken" ? "bg-bad" : how === "polling" ? "bg-warn" : "bg-good"}`}
          />
          {said}
        </>
      ) : null}
    </p>
  );
}
