// Sign-ups that wait for somebody of the account.
import { send } from "../api/client.ts";
import { may, useMe } from "../frame/me.ts";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Empty, Page, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { Stamp } from "../part/time.tsx";
import { toast } from "../part/toast.tsx";
import { go, Link } from "../router.tsx";
import { accountPath, useAll, useChange } from "./read.ts";
import type { AccountSectionProps } from "./sections.ts";

type Waiting = { id: string; email: string; name: string; company: string; template: string | null; createdAt: string };

export function SignUps({ account }: AccountSectionProps) {
  const { data: me } = useMe();
  const path = `${accountPath(account)}/sign-ups`;
  const waiting = useAll<Waiting>(path, { refreshMs: 15_000 });
  const approve = useChange(
    ({ id }: Waiting) => send<{ tenantId: string }>("POST", `${path}/${id}/approve`),
    ({ tenantId }, { company, email }) =>
      toast(t("{company} is made; {email} is told by mail.", { company, email }), {
        label: t("Open"),
        run: () => go(`/tenants/${tenantId}`),
      }),
  );
  const decline = useChange(
    ({ id }: Waiting) => send("DELETE", `${path}/${id}`),
    (_, { company }) => toast(t("The sign-up of {company} is declined.", { company })),
  );
  const error = approve.error ?? decline.error;
  const rows = waiting.data?.items;
  return (
    <Page
      title={t("Sign-ups")}
      about={t("Who has shown that his mail is his, and waits for your word. After 30 days a sign-up is gone.")}
    >
      {waiting.error && !rows ? <Problem error={waiting.error} onRetry={() => waiting.refetch()} /> : null}
      {waiting.isPending ? <Skeleton height="h-16" /> : null}
      {error ? <Problem error={error} /> : null}
      {rows?.length === 0 ? (
        <Empty title={t("Nobody waits")}>
          <p>
            {t("With review, a sign-up stands here before its company is made.")}{" "}
            <Link className="link inline-block leading-6 underline" to={`/accounts/${account}/brand`}>
              {t("Brand and sign-up")}
            </Link>
          </p>
        </Empty>
      ) : null}
      {rows && rows.length > 0 ? (
        <ul className="card divide-y divide-line">
          {rows.map((one) => (
            <li key={one.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
              <span className="grid min-w-0 flex-1 basis-56">
                <span className="font-medium break-words">{one.company}</span>
                <span className="text-muted break-all">
                  {one.name} · {one.email}
                </span>
                <span className="text-muted text-xs">
                  {one.template ? `${one.template} · ` : ""}
                  <Stamp at={one.createdAt} />
                </span>
              </span>
              {may(me, "accounts:write") ? (
                <span className="flex gap-2">
                  <Button
                    look="main"
                    aria-label={t("Approve {name}", { name: one.company })}
                    busy={approve.isPending && approve.variables?.id === one.id}
                    onClick={() => approve.mutate(one)}
                  >
                    {t("Approve")}
                  </Button>
                  <Button
                    look="danger"
                    aria-label={t("Decline {name}", { name: one.company })}
                    busy={decline.isPending && decline.variables?.id === one.id}
                    onClick={() => decline.mutate(one)}
                  >
                    {t("Decline")}
                  </Button>
                </span>
              ) : null}
            </li>
          ))}
        </ul>
      ) : null}
    </Page>
  );
}
