// The word on every page of a company whose emergency calls would not get out.
import { useQuery } from "@tanstack/react-query";
import { send } from "../api/client.ts";
import { tenantPath } from "../api/queries.ts";
import { t } from "../i18n/t.ts";

type Emergency = { reachable: boolean; numbers: string[] };

export function EmergencyWarning({ tenant }: { tenant: string }) {
  const { data } = useQuery({
    queryKey: ["tenant", tenant, "emergency"],
    queryFn: ({ signal }) => send<Emergency>("GET", `${tenantPath(tenant)}/emergency`, { signal }),
    staleTime: 60_000,
    retry: false,
  });
  if (!data || data.reachable) return null;
  return (
    <p role="note" className="bg-warn-soft px-4 py-1.5 text-center text-warn md:px-8">
      {t("Emergency calls ({numbers}) don't get out: there is no trunk to the outside. Use another phone for them.", {
        numbers: data.numbers.slice(0, 3).join(", "),
      })}
    </p>
  );
}
