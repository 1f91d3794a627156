// How members sign in to the account or tenant that one acts for: whether they need a second factor, and an account's single sign-on.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { send } from "../api/client.ts";
import { useMe } from "../frame/me.ts";
import { t } from "../i18n/t.ts";
import { Page, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { Told } from "./card.tsx";
import { sentenceOf } from "./fields.tsx";
import { Section } from "./section.tsx";
import { SsoSettings } from "./sso-settings.tsx";

type Rules = { secondFactor: boolean };

export function RulesPage() {
  const { data: me } = useMe();
  const base = me?.accountId ? `/v1/accounts/${me.accountId}` : me?.tenantId ? `/v1/tenants/${me.tenantId}` : undefined;
  return (
    <Page title={t("Signing in")} about={t("How your company's people show who they are.")}>
      {base === undefined ? <Skeleton rows={1} height="h-24" /> : <SecondFactor path={`${base}/sign-in`} />}
      {me?.accountId ? <SsoSettings path={`/v1/accounts/${me.accountId}/sso`} /> : null}
    </Page>
  );
}

function SecondFactor({ path }: { path: string }) {
  const client = useQueryClient();
  const rules = useQuery({ queryKey: [path], queryFn: ({ signal }) => send<Rules>("GET", path, { signal }) });
  const set = useMutation({
    mutationFn: (secondFactor: boolean) => send<Rules>("PUT", path, { body: { secondFactor } }),
    onSuccess: (made) => client.setQueryData([path], made),
  });
  const { data, error } = rules;
  if (!data)
    return error ? <Problem error={error} onRetry={() => rules.refetch()} /> : <Skeleton rows={1} height="h-24" />;
  const checked = set.isPending ? set.variables : data.secondFactor;
  return (
    <Section title={t("Second factor")}>
      <label className="flex min-h-9 items-center gap-2">
        <input type="checkbox" checked={checked} onChange={({ target }) => set.mutate(target.checked)} />
        {t("Every member needs a second factor")}
      </label>
      <p className="text-muted">
        {t("Whoever has none is led to set up a passkey or an authenticator app when he next does anything here.")}
      </p>
      <Told bad>{sentenceOf(set.error)}</Told>
    </Section>
  );
}
