// Word of the trial on a company's overview: what it may, and who ends it.
import { useQuery } from "@tanstack/react-query";
import { send } from "../api/client.ts";
import { tenantPath } from "../api/queries.ts";
import { t } from "../i18n/t.ts";
import { Stamp } from "../part/time.tsx";
import { useTenantId } from "../tenant/id.ts";

export type Trial = { active: boolean; number: string | null; until: string | null };

export const useTrial = (tenant: string) =>
  useQuery({
    queryKey: ["tenant", tenant, "trial"],
    queryFn: ({ signal }) => send<Trial>("GET", `${tenantPath(tenant)}/trial`, { signal }),
    retry: false,
  });

export function TrialNote() {
  const { data } = useTrial(useTenantId());
  if (!data?.active) return null;
  return (
    <section className="card grid gap-1 px-4 py-3" aria-label={t("Trial")}>
      <h2 className="font-semibold">{t("You are on trial")}</h2>
      <p className="text-muted">
        {t("Calls go inside and to emergency numbers: two at once, an hour a day. Your provider ends the trial.")}
      </p>
      {data.number !== null && data.until !== null ? (
        <p className="text-muted">
          {t("{number} is lent to you until", { number: data.number })} <Stamp at={data.until} />
        </p>
      ) : null}
    </section>
  );
}
