// Where the console begins: the companies below an account, or the tenant that one is in.
import { may, useMe } from "../frame/me.ts";
import { onDemand } from "../part/on-demand.tsx";
import { Skeleton } from "../part/page.tsx";

const TenantList = onDemand(() => import("../tenant/list.tsx"), "TenantList");
const TenantsBelow = onDemand(() => import("./tenants.tsx"), "TenantsBelow");

export function Landing() {
  const { data: me, isPending } = useMe();
  if (isPending) return <Skeleton rows={8} />;
  return me?.accountId && may(me, "accounts:read") ? <TenantsBelow account={me.accountId} rest={[]} /> : <TenantList />;
}
