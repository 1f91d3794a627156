// The tenants that the key reaches.

import { useTenants } from "../api/queries.ts";
import { t } from "../i18n/t.ts";
import { buttonClass } from "../part/button.tsx";
import { Empty, More, Page, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { Link } from "../router.tsx";

export function TenantList() {
  const tenants = useTenants();
  const all = tenants.data?.pages.flatMap((page) => page.data);
  return (
    <Page
      title={t("Tenants")}
      actions={
        <Link className={buttonClass("main")} to="/tenants/new">
          {t("New tenant")}
        </Link>
      }
    >
      {tenants.error && !all ? <Problem error={tenants.error} onRetry={() => tenants.refetch()} /> : null}
      {tenants.isPending ? <Skeleton height="h-16" /> : null}
      {all?.length === 0 ? (
        <Empty title={t("No tenants yet")}>
          <p>
            {t(
              "A tenant is a company with its phone system. Create one, then its first extension: a phone can log in a moment later.",
            )}
          </p>
        </Empty>
      ) : null}
      {all && all.length > 0 ? (
        <ul className="card divide-y divide-line overflow-hidden">
          {all.map((tenant) => (
            <li key={tenant.id} className="relative grid gap-0.5 px-4 py-2.5 hover:bg-hover">
              <Link className="stretched link min-w-0 font-medium break-words" to={`/tenants/${tenant.id}`}>
                {tenant.name}
              </Link>
              <span className="min-w-0 text-muted break-all">{tenant.domain}</span>
            </li>
          ))}
        </ul>
      ) : null}
      <More query={tenants} />
    </Page>
  );
}
