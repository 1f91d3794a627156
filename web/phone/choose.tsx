// Whose phone this is to be: an extension of the tenant, the one that was last chosen first.
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { send } from "../api/client.ts";
import { may, useMe } from "../frame/me.ts";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { mayNotify } from "./notify.ts";
import { type Owner, turnOn, usePhone } from "./phone.ts";

type Extension = { id: string; number: string; displayName: string | null; enabled: boolean };

type Props = { tenant: string; own: Owner | undefined };

/** One's own first; others' for who may. */
export function Choose({ tenant, own }: Props) {
  const { data: me } = useMe();
  const { problem } = usePhone();
  const mayOthers = may(me, "extensions:write");
  return (
    <div className="grid gap-3">
      {own ? (
        <>
          {problem ? null : (
            <p className="text-muted">{t("Make and take calls in this page. It rings beside your other phones.")}</p>
          )}
          <Button
            look="main"
            onClick={() => {
              mayNotify();
              void turnOn(own);
            }}
          >
            {t("Turn my phone on")}
          </Button>
        </>
      ) : null}
      {mayOthers ? <Others tenant={tenant} isSecond={own !== undefined} /> : null}
    </div>
  );
}

function Others({ tenant, isSecond }: { tenant: string; isSecond: boolean }) {
  const id = useId();
  const [text, setText] = useState("");
  const { problem } = usePhone();
  const { data, isPending } = useQuery({
    queryKey: ["tenant", tenant, "phone", text.trim()],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({ limit: "6", ...(text.trim() !== "" && { q: text.trim() }) });
      const path = `/v1/tenants/${encodeURIComponent(tenant)}/extensions?${query}`;
      return send<{ data: Extension[] }>("GET", path, { signal });
    },
  });
  const found = data?.data.filter(({ enabled }) => enabled) ?? [];
  return (
    <div className="grid gap-2">
      {problem || isSecond ? null : (
        <p className="text-muted">
          {t(
            "Make and take calls in this page. Choose whose phone it is; it rings beside that extension's other phones.",
          )}
        </p>
      )}
      <label htmlFor={id} className="text-muted text-xs">
        {t("Extension")}
      </label>
      <input
        id={id}
        className="input"
        autoComplete="off"
        placeholder={t("Search by name or number")}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <ul className="grid min-h-40 content-start gap-1" aria-busy={isPending}>
        {found.map(({ id: extension, number, displayName }) => (
          <li key={extension}>
            <Button
              className="w-full justify-between!"
              onClick={() => {
                mayNotify();
                void turnOn({ tenant, extension, number, name: displayName });
              }}
            >
              <span className="min-w-0 truncate">{displayName ?? t("No name")}</span>
              <span className="text-muted tabular-nums">{number}</span>
            </Button>
          </li>
        ))}
        {!isPending && found.length === 0 ? (
          <li className="text-muted">
            {text.trim() === "" ? t("There is no extension yet; add one under Extensions.") : t("No extension fits.")}
          </li>
        ) : null}
      </ul>
    </div>
  );
}
