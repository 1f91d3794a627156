// The browser becomes one's phone, and rings.
import { useState } from "react";
import { kindOf } from "../../core/registry.ts";
import { useItems } from "../api/queries.ts";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Chip } from "../part/chip.tsx";
import { Empty, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { mayNotify } from "../phone/notify.ts";
import { turnOn, usePhone } from "../phone/phone.ts";
import { Link } from "../router.tsx";
import { useTenantId } from "../tenant/id.ts";
import { ownName } from "./facts.ts";
import { RingMe } from "./ring-me.tsx";
import type { StepProps } from "./wizard.tsx";

export function PhoneStep({ onDone }: StepProps) {
  const tenant = useTenantId();
  const phone = usePhone();
  const extensions = useItems(tenant, kindOf("extension"));
  const [chosen, setChosen] = useState<string>();
  const items = extensions.data?.pages[0]?.data.filter(({ enabled }) => enabled);
  if (extensions.error && !items) return <Problem error={extensions.error} onRetry={() => extensions.refetch()} />;
  if (!items) return <Skeleton rows={2} />;
  const mine = items.find(({ id }) => id === chosen) ?? items.find((one) => one.displayName === ownName()) ?? items[0];
  if (!mine)
    return (
      <Empty title={t("There is nobody yet whose phone it could be")}>
        <Link className="link inline-flex min-h-6 items-center underline" to={`/tenants/${tenant}/start/people`}>
          {t("Add the people")}
        </Link>
      </Empty>
    );
  const isMine = phone.owner?.tenant === tenant;
  const ready = isMine && phone.standing === "ready";
  const on = (): void => {
    mayNotify();
    const { id, number, displayName } = mine;
    void turnOn({
      ...{ tenant, extension: id, number: String(number) },
      name: typeof displayName === "string" ? displayName : null,
    });
  };
  return (
    <>
      <p className="text-muted">
        {t("This browser can be your phone: you call and are called here, beside any desk phone.")}
      </p>
      <ol className="grid gap-4">
        <li className="grid gap-2">
          <h2 className="font-semibold">{t("Turn it on")}</h2>
          {isMine ? (
            <p className="flex min-h-9 flex-wrap items-center gap-2">
              <span>{[phone.owner?.name, phone.owner?.number].filter(Boolean).join(" · ")}</span>
              <span role="status">
                <Chip tone={ready ? "good" : "quiet"}>{ready ? t("Ready") : t("Starting")}</Chip>
              </span>
            </p>
          ) : (
            <div className="flex flex-wrap items-end gap-2">
              <label className="grid gap-1 text-muted text-xs">
                {t("Whose phone it is")}
                <select
                  className="input text-ink text-sm"
                  value={mine.id}
                  onChange={({ target }) => setChosen(target.value)}
                >
                  {items.map(({ id, number, displayName }) => (
                    <option key={id} value={id}>
                      {[displayName, number].filter(Boolean).join(" · ")}
                    </option>
                  ))}
                </select>
              </label>
              <Button look="main" onClick={on}>
                {t("Turn on the phone")}
              </Button>
            </div>
          )}
          {phone.problem ? (
            <p role="alert" className="font-medium text-bad">
              {phone.problem}
            </p>
          ) : null}
        </li>
        <li className="grid gap-2">
          <h2 className="font-semibold">{t("Let it ring")}</h2>
          <p className="text-muted">
            {t("Take the call up: after a few words you hear yourself. Then both ways work.")}
          </p>
          <div className="flex flex-wrap items-center gap-2">
            <RingMe
              extension={phone.owner?.extension ?? mine.id}
              look={ready ? "main" : "plain"}
              disabled={isMine && !ready}
            />
          </div>
        </li>
      </ol>
      <div>
        <Button onClick={onDone}>{t("I heard it: done")}</Button>
      </div>
    </>
  );
}
