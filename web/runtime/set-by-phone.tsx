// What people set by phone or API in the place of an extension's settings, and the way to give it back.

import { type Item, setRuntime, useRuntime, useWrite } from "../api/queries.ts";
import { t, text } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Problem } from "../part/problem.tsx";
import { phrase } from "../part/words.ts";
import { useTenantId } from "../tenant/id.ts";

/** The field's value in words: an empty forward is none. */
const said = (value: string | boolean): string =>
  value === true ? t("on") : value === false ? t("off") : value === "" ? t("nowhere") : value;

export function SetByPhone({ item }: { item: Item }) {
  const tenant = useTenantId();
  const { data } = useRuntime(tenant, "extensions", item.id);
  const set = useWrite(tenant, (field: string) => setRuntime(tenant, "extensions", item.id, { [field]: null }));
  if (!data) return null;
  const fields = Object.entries(data).flatMap(([field, value]) => (value === null ? [] : [{ field, value }]));
  return (
    <section className="grid max-w-2xl gap-2">
      <h2 className="font-semibold text-base">{t("Set by phone")}</h2>
      {fields.length === 0 ? <p className="text-muted">{t("Nothing: the settings above count.")}</p> : null}
      <ul className="card divide-y divide-line empty:hidden">
        {fields.map(({ field, value }) => (
          <li key={field} className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2">
            <span className="font-medium">{phrase(field)}</span>
            <span className="min-w-0 break-all">{said(value)}</span>
            <Button small busy={set.isPending} className="ml-auto" onClick={() => set.mutate(field)}>
              {t("Back to the settings")}
            </Button>
          </li>
        ))}
      </ul>
      {set.error ? <Problem error={set.error} title={t("It can't be given back")} /> : null}
    </section>
  );
}

const states = [
  { value: null, label: text("By its hours") },
  { value: "open", label: text("Held open") },
  { value: "closed", label: text("Held closed") },
] as const;

/** The day/night switch of a schedule. */
export function DayNight({ item }: { item: Item }) {
  const tenant = useTenantId();
  const { data } = useRuntime(tenant, "schedules", item.id);
  const set = useWrite(tenant, (override: "open" | "closed" | null) =>
    setRuntime(tenant, "schedules", item.id, { override }),
  );
  if (!data) return null;
  return (
    <section className="grid max-w-2xl gap-2">
      <h2 className="font-semibold text-base">{t("Day and night")}</h2>
      <p className="text-muted">{t("Calls follow this at once; people switch it by phone too.")}</p>
      <div className="flex flex-wrap gap-2">
        {states.map(({ value, label }) => (
          <Button
            key={label}
            look={data.override === value ? "main" : "plain"}
            aria-pressed={data.override === value}
            busy={set.isPending}
            onClick={() => set.mutate(value)}
          >
            {t(label)}
          </Button>
        ))}
      </div>
      {set.error ? <Problem error={set.error} title={t("It can't be switched")} /> : null}
    </section>
  );
}
