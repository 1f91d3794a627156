// The word on every page of a company whose emergency calls would not get out.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { send } from "../api/client.ts";
import { tenantPath } from "../api/queries.ts";
import { t } from "../i18n/t.ts";

type Emergency = { reachable: boolean; numbers: string[] };

/** So long what is below waits at most for the first answer. */
const patienceMs = 2000;

/** `awaited`: it may be about to stand above the page, which would move if it were shown already. */
export function useEmergency(tenant: string | undefined) {
  const { data, isLoading } = useQuery({
    queryKey: ["tenant", tenant, "emergency"],
    queryFn: ({ signal }) => send<Emergency>("GET", `${tenantPath(tenant ?? "")}/emergency`, { signal }),
    enabled: tenant !== undefined,
    staleTime: 60_000,
    retry: false,
  });
  const [patient, setPatient] = useState(true);
  useEffect(() => {
    if (!isLoading) return;
    setPatient(true);
    const timer = setTimeout(() => setPatient(false), patienceMs);
    return () => clearTimeout(timer);
  }, [isLoading]);
  return { emergency: data, awaited: isLoading && patient };
}

export function EmergencyWarning({ emergency }: { emergency: Emergency | undefined }) {
  if (!emergency || emergency.reachable) return null;
  return (
    <p role="note" className="bg-warn-soft px-4 py-1.5 text-center text-warn md:px-8">
      {t("Emergency calls ({numbers}) don't get out: there is no trunk to the outside. Use another phone for them.", {
        numbers: emergency.numbers.slice(0, 3).join(", "),
      })}
    </p>
  );
}
