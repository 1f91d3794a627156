// What an extension's page shows beyond its form: where its phones log in, and which of them are there now.

import type { Device } from "../../core/resources/extension.ts";
import { type Item, useRegistrations } from "../api/queries.ts";
import { CallButton } from "../call/call-button.tsx";
import { t } from "../i18n/t.ts";
import { Chip } from "../part/chip.tsx";
import { Rows } from "../part/rows.tsx";
import { Stamp } from "../part/time.tsx";
import { SetByPhone } from "../runtime/set-by-phone.tsx";
import { useTenantId } from "../tenant/id.ts";
import { NoServer, serverRows } from "./sip-settings.tsx";

export function ExtensionExtra({ item }: { item: Item }) {
  return (
    <>
      <section className="grid max-w-2xl gap-2">
        <h2 className="flex items-center gap-2 font-semibold text-base">
          {t("Registered phones")}
          <CallButton number={String(item.number)} />
        </h2>
        <Phones devices={item.devices as Device[]} />
      </section>
      <SetByPhone item={item} />
      {item.sip ? (
        <section className="grid max-w-2xl gap-2">
          <h2 className="font-semibold text-base">{t("Settings for its phones")}</h2>
          <Rows rows={[[t("Username"), item.sip.username], ...serverRows(item.sip)]} />
          <p className="text-muted">{t("A password is shown when it is made. Lost it? Set a new one above.")}</p>
          {item.sip.server === null ? <NoServer /> : null}
        </section>
      ) : null}
    </>
  );
}

function Phones({ devices }: { devices: Device[] }) {
  const { data } = useRegistrations(useTenantId());
  const names = devices.map((device) => device.username);
  const phones = data?.data.filter((registration) => names.includes(registration.username));
  if (!phones || phones.length === 0)
    return (
      <p className="min-h-10 text-muted">{phones ? t("None now: calls to it go to its voicemail box, or end.") : ""}</p>
    );
  return (
    <ul className="card divide-y divide-line">
      {phones.map(({ username, contact, userAgent, source, expiresAt }) => (
        <li key={contact} className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2">
          <Chip tone="good">{t("Registered")}</Chip>
          <span className="font-medium">{username}</span>
          <span className="min-w-0 text-muted break-all">{[userAgent, source].filter(Boolean).join(t(", from "))}</span>
          {expiresAt ? (
            <span className="ml-auto text-muted text-xs">
              {t("until")} <Stamp at={expiresAt} />
            </span>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
