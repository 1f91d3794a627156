// Where the console begins: the companies below an account, or the tenant that one is in.
import { may, useMe } from "../frame/me.ts";
import { Skeleton } from "../part/page.tsx";
import { TenantList } from "../tenant/list.tsx";
import { TenantsBelow } from "./tenants.tsx";

export function Landing() {
  const { data: me, isPending } = useMe();
  if (isPending) return <Skeleton rows={8} />;
  return me?.accountId && may(me, "accounts:read") ? <TenantsBelow account={me.accountId} rest={[]} /> : <TenantList />;
}
