// One's own phone: calls, voicemail, the phone book and what one sets. Where people land who have nothing else here; made for a phone's screen first.
import { type ReactNode, useEffect } from "react";
import { useMe } from "../frame/me.ts";
import { NothingHere } from "../frame/nothing-here.tsx";
import type { PlaceProps } from "../frame/places.ts";
import { t } from "../i18n/t.ts";
import { Chip } from "../part/chip.tsx";
import { Empty, Page, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { Switch } from "../part/switch.tsx";
import { Tabs } from "../part/tabs.tsx";
import { TenantId } from "../tenant/id.ts";
import { Messages, useMessages } from "../voicemail/messages.tsx";
import { Calls } from "./calls.tsx";
import { Contacts } from "./contacts.tsx";
import { type Own, useOwn, useSet, useSettings } from "./own.ts";
import { isOn, OwnSettings, turned } from "./settings.tsx";

const messages = "/v1/me/messages";

export function MyPhone({ rest }: PlaceProps) {
  const { data: me } = useMe();
  const own = useOwn();
  const title = t("My phone");
  if (me && !me.member?.extension)
    return (
      <Page title={title}>
        <Empty title={t("No phone is yours yet")}>
          <p>{t("Ask whoever runs the phone system to give you an extension: under Members, at your name.")}</p>
        </Empty>
      </Page>
    );
  if (own.error && !own.data)
    return (
      <Page title={title}>
        <Problem error={own.error} onRetry={() => own.refetch()} />
      </Page>
    );
  if (!own.data || !me)
    return (
      <Page title={title}>
        <Skeleton rows={1} height="h-16" />
        <Skeleton height="h-14" />
      </Page>
    );
  return (
    <TenantId value={me.tenantId ?? ""}>
      <Portal own={own.data} tab={rest[0] ?? ""} />
    </TenantId>
  );
}

function Portal({ own, tab }: { own: Own; tab: string }) {
  const fresh = useMessages(own.voicemailBox ? messages : undefined).data?.data.filter(({ read }) => !read).length ?? 0;
  const pages: Record<string, { label: string; page: ReactNode; count?: ReactNode }> = {
    "": { label: t("Calls"), page: <Calls own={own} /> },
    voicemail: {
      label: t("Voicemail"),
      page: own.voicemailBox ? <Messages path={messages} mayChange /> : <NoBox />,
      ...(fresh > 0 && { count: fresh }),
    },
    contacts: { label: t("Contacts"), page: <Contacts /> },
    settings: { label: t("Settings"), page: <OwnSettings own={own} /> },
  };
  const shown = Object.hasOwn(pages, tab) ? pages[tab] : undefined;
  useEffect(() => {
    document.title = `${shown?.label ?? t("My phone")} · ${own.number}`;
  }, [shown?.label, own.number]);
  if (!shown) return <NothingHere />;
  return (
    <Page title={t("My phone")}>
      <Status own={own} />
      <Tabs
        name={t("What to show")}
        tabs={Object.entries(pages).map(([path, { label, count }]) => ({
          to: path === "" ? "/my" : `/my/${path}`,
          label,
          isCurrent: path === tab,
          ...(count !== undefined && { count }),
        }))}
      />
      {shown.page}
    </Page>
  );
}

const NoBox = () => (
  <Empty title={t("No voicemail box yet")}>
    <p>{t("Ask whoever runs the phone system for a voicemail box: it takes messages when you don't answer.")}</p>
  </Empty>
);

/** Who one is here, and whether calls get through, on every tab. */
function Status({ own }: { own: Own }) {
  const { data: settings } = useSettings();
  const set = useSet();
  const quiet = settings ? isOn(own, settings, "doNotDisturb") : own.configured.doNotDisturb;
  const away = settings?.forwardAlways ?? own.configured.forwardAlways?.number ?? "";
  return (
    <section aria-label={t("My phone")} className="card grid gap-x-6 gap-y-1 p-4 sm:grid-cols-[minmax(0,1fr)_17rem]">
      <div className="grid min-w-0 content-center gap-0.5">
        <p className="flex flex-wrap items-baseline gap-x-2 font-semibold text-lg tracking-tight">
          <span className="min-w-0 break-words">{own.displayName ?? t("My phone")}</span>
          <span className="text-muted tabular-nums">{own.number}</span>
        </p>
        <p className="flex min-h-6 flex-wrap items-center gap-2 text-muted">
          <span className="min-w-0 break-words">{own.tenant.name}</span>
          {own.enabled ? null : <Chip tone="bad">{t("Disabled")}</Chip>}
          {away === "" ? null : <Chip tone="warn">{t("All calls go to {number}", { number: away })}</Chip>}
        </p>
      </div>
      <Switch
        label={t("Do not disturb")}
        about={quiet ? t("Your phones don't ring") : t("Your phones ring")}
        on={quiet}
        onChange={(on) => set.mutate({ doNotDisturb: turned(own, "doNotDisturb", on) })}
      />
      {set.error ? (
        <div className="sm:col-span-2">
          <Problem error={set.error} title={t("It can't be switched")} />
        </div>
      ) : null}
    </section>
  );
}
