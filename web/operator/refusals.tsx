// Settings that hosts refused: of which tenant, at which revision, what and why.
import { useQueries } from "@tanstack/react-query";
import { send } from "../api/client.ts";
import { type Sync, tenantPath } from "../api/queries.ts";
import { t } from "../i18n/t.ts";
import { Link } from "../router.tsx";
import { FailureLine } from "../sync/failure-line.tsx";
import { TenantId } from "../tenant/id.ts";
import type { Refusal, Standing } from "./edge.ts";

/** Of so many tenants at most it is read what their hosts say. */
const most = 20;

/** What each edge refused of these tenants. */
export function useRefusals(failing: Standing[]): Refusal[] {
  const found = useQueries({
    queries: failing.slice(0, most).map(({ tenantId }) => ({
      queryKey: ["refusals", tenantId],
      queryFn: ({ signal }: { signal: AbortSignal }) => send<Sync>("GET", `${tenantPath(tenantId)}/sync`, { signal }),
      refetchInterval: 10_000,
    })),
  });
  return failing
    .slice(0, most)
    .flatMap((tenant, index) =>
      (found[index]?.data?.edges ?? [])
        .filter(({ failures }) => failures.length > 0)
        .map((edge): Refusal => ({ tenant, edge })),
    );
}

/** Those of one edge. */
export function RefusalsOf({ refusals }: { refusals: Refusal[] }) {
  if (refusals.length === 0) return null;
  return (
    <section className="grid gap-2" aria-label={t("What it refused")}>
      <h3 className="font-semibold">{t("What it refused")}</h3>
      <ul className="grid gap-2">
        {refusals.map(({ tenant, edge }) => (
          <li key={tenant.tenantId} className="grid gap-1 rounded-md bg-bad-soft px-3 py-2">
            <p className="flex flex-wrap items-baseline gap-x-2">
              <Link className="link font-medium leading-6 underline" to={`/tenants/${tenant.tenantId}/sync`}>
                {tenant.name}
              </Link>
              <span>{t("at revision {n}", { n: String(edge.applied ?? 0) })}</span>
            </p>
            <TenantId value={tenant.tenantId}>
              <ul className="grid gap-1">
                {edge.failures.map((failure) => (
                  <FailureLine key={`${failure.id} ${failure.reason}`} failure={failure} />
                ))}
              </ul>
            </TenantId>
          </li>
        ))}
      </ul>
    </section>
  );
}
