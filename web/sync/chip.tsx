// Where a tenant is live, in one chip. Its place is kept while it loads.
import { useSync } from "../api/queries.ts";
import { t } from "../i18n/t.ts";
import { Chip } from "../part/chip.tsx";
import { Link } from "../router.tsx";
import { useTenantId } from "../tenant/id.ts";
import { summaryOf } from "./state.ts";

export function SyncChip() {
  const tenant = useTenantId();
  const { data } = useSync(tenant);
  const state = data && summaryOf(data);
  return (
    <Link
      to={`/tenants/${tenant}/sync`}
      className="inline-flex min-h-6 min-w-28 items-center"
      title={t("What is live where")}
    >
      {state ? <Chip tone={state.tone}>{state.text}</Chip> : <span className="skeleton h-5 w-24" />}
    </Link>
  );
}
