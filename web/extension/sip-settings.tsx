// What to type into a softphone or a desk phone.

import type { Device } from "../../core/resources/extension.ts";
import type { Sip } from "../api/queries.ts";
import { t } from "../i18n/t.ts";
import { Rows } from "../part/rows.tsx";

type Props = { sip: Sip; devices: unknown; secrets: Record<string, string> };

/** One block per device whose password is known now. Other names for the same thing follow, as every phone calls them otherwise. */
export function SipSettings({ sip, devices, secrets }: Props) {
  const known = (devices as Device[]).flatMap(({ label, username }, index) => {
    const password = secrets[`/devices/${index}/password`];
    return password === undefined ? [] : [{ label, username, password }];
  });
  const single = known.length === 1;
  return (
    <>
      <div className="grid gap-1">
        <h2 className="font-semibold text-base">{t("Type this into the phone")}</h2>
        <p className="text-muted">
          {t("The password is shown here only, now only: a reload and it is gone. A new one can be set at any time.")}
        </p>
      </div>
      {known.map(({ label, username, password }) => (
        <div key={username} className="grid gap-2">
          {single ? null : <h3 className="font-medium">{label}</h3>}
          <Rows
            rows={[
              [t("Username"), username, t("also: account, login, authentication name")],
              [t("Password"), password],
              ...serverRows(sip),
            ]}
          />
        </div>
      ))}
      {sip.server === null ? <NoServer /> : null}
    </>
  );
}

export function serverRows(sip: Sip): [string, string, string?][] {
  const domain: [string, string, string] = [t("Domain"), sip.domain, t("also: SIP server, host, realm")];
  if (sip.server === null || sip.port === null) return [domain];
  const written = (server: string, port: number) => `${server.includes(":") ? `[${server}]` : server}:${port}`;
  const others = sip.servers.slice(1).map(({ server, port }) => written(server, port));
  return [
    domain,
    [t("Outbound proxy"), written(sip.server, sip.port), t("where the phone sends its messages")],
    ...others.map((proxy): [string, string, string] => [t("Next proxy"), proxy, t("where the first does not answer")]),
    [t("Transport"), (sip.transport ?? "udp").toUpperCase()],
  ];
}

export function NoServer() {
  return (
    <p className="rounded-md bg-warn-soft px-3 py-2 text-warn">
      {t(
        "No edge has joined yet, so there is no server's address to type in. It stands on the extension's page as soon as one has.",
      )}
    </p>
  );
}
