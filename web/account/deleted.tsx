// What was deleted below an account and can be restored, until its purge.

import { useState } from "react";
import { send } from "../api/client.ts";
import { tenantPath } from "../api/queries.ts";
import { may, useMe } from "../frame/me.ts";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Empty, Page, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { Stamp } from "../part/time.tsx";
import { toast } from "../part/toast.tsx";
import { Ask } from "./accounts.tsx";
import { type AccountRow, accountPath, type TenantRow, useAll, useChange } from "./read.ts";
import type { AccountSectionProps } from "./sections.ts";

type Gone = { path: string; name: string; deletedAt: string; purgeAt: string | null; sort: "tenant" | "account" };

export function DeletedBelow({ account }: AccountSectionProps) {
  const { data: me } = useMe();
  const tenants = useAll<TenantRow>(`${accountPath(account)}/tenants?deleted=true`);
  const accounts = useAll<AccountRow>(`${accountPath(account)}/accounts?deleted=true`, {
    enabled: may(me, "accounts:read"),
  });
  const [purging, purge] = useState<Gone>();
  const restore = useChange(
    ({ path }: Gone) => send("POST", `${path}/restore`),
    (_, { name }) => toast(t("{name} is back as it was.", { name })),
  );
  const gone: Gone[] = [
    ...(accounts.data?.items ?? []).map((one) => ({
      ...pick(one),
      path: accountPath(one.id),
      sort: "account" as const,
    })),
    ...(tenants.data?.items ?? []).map((one) => ({ ...pick(one), path: tenantPath(one.id), sort: "tenant" as const })),
  ].toSorted((a, b) => (a.deletedAt < b.deletedAt ? 1 : -1));
  const error = tenants.error ?? accounts.error;
  return (
    <Page
      title={t("Deleted")}
      about={t("What was deleted in this account. Until it is purged it can be restored as it was.")}
    >
      {error && !tenants.data ? <Problem error={error} onRetry={() => tenants.refetch()} /> : null}
      {tenants.isPending ? <Skeleton /> : null}
      {restore.error ? <Problem error={restore.error} /> : null}
      {tenants.data && gone.length === 0 ? (
        <Empty title={t("Nothing was deleted")}>
          <p>{t("A company that is deleted stands here until its purge.")}</p>
        </Empty>
      ) : null}
      {gone.length > 0 ? (
        <ul className="card divide-y divide-line">
          {gone.map((one) => (
            <li key={one.path} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5">
              <span className="grid min-w-0 flex-1 basis-48">
                <span className="font-medium break-words">{one.name}</span>
                <span className="text-muted text-xs">
                  {one.sort === "account" ? `${t("Account")} · ` : ""}
                  {t("deleted")} <Stamp at={one.deletedAt} />
                  {one.purgeAt ? (
                    <>
                      {" "}
                      · {t("purged")} <Stamp at={one.purgeAt} />
                    </>
                  ) : null}
                </span>
              </span>
              {may(me, `${one.sort}s:write`) ? (
                <Button
                  small
                  aria-label={t("Restore {name}", { name: one.name })}
                  busy={restore.isPending && restore.variables?.path === one.path}
                  onClick={() => restore.mutate(one)}
                >
                  {t("Restore")}
                </Button>
              ) : null}
              {may(me, "purges:write") ? (
                <Button
                  small
                  look="danger"
                  aria-label={t("Purge {name}", { name: one.name })}
                  onClick={() => purge(one)}
                >
                  {t("Purge")}
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
      ) : null}
      {purging ? (
        <Ask
          title={t("Purge {name}?", { name: purging.name })}
          about={t("Every trace of it goes within minutes. Nothing brings it back.")}
          label={t("Type “{name}”", { name: purging.name })}
          fits={(typed) => typed === purging.name}
          button={t("Purge for good")}
          send={() => send("DELETE", `${purging.path}?purge=now`)}
          onClose={() => purge(undefined)}
        />
      ) : null}
    </Page>
  );
}

const pick = ({
  name,
  deletedAt = "",
  purgeAt = null,
}: {
  name: string;
  deletedAt?: string;
  purgeAt?: string | null;
}) => ({
  name,
  deletedAt,
  purgeAt,
});
