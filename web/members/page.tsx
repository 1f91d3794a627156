// Members of a tenant or an account and what each may, with the API keys beside them.
import type { AccountSectionProps } from "../account/sections.ts";
import { may, useMe } from "../frame/me.ts";
import type { PlaceProps } from "../frame/places.ts";
import { t } from "../i18n/t.ts";
import { Skeleton } from "../part/page.tsx";
import { useTenantId } from "../tenant/id.ts";
import type { SectionProps } from "../tenant/sections.ts";
import { Keys } from "./keys.tsx";
import { Members } from "./list.tsx";
import type { Place } from "./members.ts";

/** A tenant's. */
export function MembersSection({ rest }: SectionProps) {
  const tenantId = useTenantId();
  return <Both place={{ tenantId }} at={`/tenants/${tenantId}/members`} rest={rest} />;
}

/** Those of the account that one is a member of. */
export function MembersPlace({ rest }: PlaceProps) {
  const { data: me } = useMe();
  if (!me) return <Skeleton />;
  const place: Place = me.accountId === null ? { tenantId: me.tenantId ?? "" } : { accountId: me.accountId };
  return <Both place={place} at="/members" rest={rest} />;
}

/** Those of an account that one looks at. */
export const MembersOfAccount = ({ account, rest }: AccountSectionProps) => (
  <Both place={{ accountId: account }} at={`/accounts/${account}/members`} rest={rest} />
);

function Both({ place, at, rest }: { place: Place; at: string; rest: string[] }) {
  const { data: me } = useMe();
  const tabs = [
    { to: at, label: t("Members"), isCurrent: rest[0] !== "keys" },
    ...(may(me, "api-keys:read") ? [{ to: `${at}/keys`, label: t("API keys"), isCurrent: rest[0] === "keys" }] : []),
  ];
  return rest[0] === "keys" ? <Keys place={place} tabs={tabs} /> : <Members place={place} tabs={tabs} />;
}
