// The accounts below an account: resellers of its own. Made, suspended, resumed, deleted with what is in them.
import { useState } from "react";
import { send } from "../api/client.ts";
import { may, useMe } from "../frame/me.ts";
import { t, tn } from "../i18n/t.ts";
import { TextField } from "../identity/fields.tsx";
import { Button } from "../part/button.tsx";
import { Chip } from "../part/chip.tsx";
import { Dialog } from "../part/dialog.tsx";
import { Empty, Page, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { Link } from "../router.tsx";
import { type AccountRow, accountPath, useAccountsBelow, useChange, useTenantsBelow } from "./read.ts";
import type { AccountSectionProps } from "./sections.ts";

export function AccountsBelow({ account }: AccountSectionProps) {
  const { data: me } = useMe();
  const accounts = useAccountsBelow(account);
  const tenants = useTenantsBelow(account);
  const [asking, ask] = useState<{ what: "new" } | { what: "suspend" | "delete"; row: AccountRow }>();
  const resume = useChange((id: string) => send("POST", `${accountPath(id)}/resume`));
  const writes = may(me, "accounts:write");
  const rows = accounts.data?.items;
  const companies = (id: string): number => tenants.data?.items.filter(({ accountId }) => accountId === id).length ?? 0;
  return (
    <Page
      title={t("Accounts")}
      about={t("An account below yours has companies of its own, and its own people, brand and numbers.")}
      actions={
        writes ? (
          <Button look="main" onClick={() => ask({ what: "new" })}>
            {t("New account")}
          </Button>
        ) : null
      }
    >
      {accounts.error && !rows ? <Problem error={accounts.error} onRetry={() => accounts.refetch()} /> : null}
      {accounts.isPending ? <Skeleton /> : null}
      {resume.error ? <Problem error={resume.error} /> : null}
      {rows?.length === 0 ? (
        <Empty title={t("No accounts below")}>
          <p>{t("Make one for a partner who looks after companies of his own.")}</p>
        </Empty>
      ) : null}
      {rows && rows.length > 0 ? (
        <ul className="card divide-y divide-line">
          {rows.map((row) => (
            <li key={row.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5">
              <Link
                className="link min-w-0 flex-1 basis-40 font-medium leading-6 break-words"
                to={`/accounts/${row.id}`}
              >
                {row.name}
              </Link>
              {row.sandbox ? <Chip tone="quiet">{t("Sandbox")}</Chip> : null}
              {row.suspension ? <Chip tone="warn">{t("Suspended")}</Chip> : null}
              <span className="text-muted tabular-nums">{tn(companies(row.id), "{n} company", "{n} companies")}</span>
              {writes ? (
                <span className="flex gap-2">
                  {row.suspension ? (
                    <Button small busy={resume.isPending} onClick={() => resume.mutate(row.id)}>
                      {t("Resume")}
                    </Button>
                  ) : (
                    <Button
                      small
                      aria-label={t("Suspend {name}", { name: row.name })}
                      onClick={() => ask({ what: "suspend", row })}
                    >
                      {t("Suspend")}
                    </Button>
                  )}
                  <Button
                    small
                    look="danger"
                    aria-label={t("Delete {name}", { name: row.name })}
                    onClick={() => ask({ what: "delete", row })}
                  >
                    {t("Delete")}
                  </Button>
                </span>
              ) : null}
            </li>
          ))}
        </ul>
      ) : null}
      {asking?.what === "new" ? (
        <Ask
          title={t("New account")}
          label={t("Name")}
          button={t("Make it")}
          send={(name) => send("POST", "/v1/accounts", { body: { name, accountId: account } })}
          onClose={() => ask(undefined)}
        />
      ) : null}
      {asking?.what === "suspend" ? (
        <Ask
          title={t("Suspend {name} and all below it?", { name: asking.row.name })}
          about={t("New calls stop, but for emergency numbers. Nothing is deleted; calls that go on are left alone.")}
          label={t("Reason")}
          button={t("Suspend")}
          send={(reason) => send("POST", `${accountPath(asking.row.id)}/suspend`, { body: { reason } })}
          onClose={() => ask(undefined)}
        />
      ) : null}
      {asking?.what === "delete" ? (
        <Ask
          title={t("Delete {name} with all below it?", { name: asking.row.name })}
          about={t("Its phones stop at once. It can be restored for a while, then nothing is left of it.")}
          label={t("Type “{name}”", { name: asking.row.name })}
          fits={(typed) => typed === asking.row.name}
          button={t("Delete")}
          send={() => send("DELETE", `${accountPath(asking.row.id)}?cascade=true`)}
          onClose={() => ask(undefined)}
        />
      ) : null}
    </Page>
  );
}

type AskProps = {
  title: string;
  about?: string;
  label: string;
  button: string;
  fits?(typed: string): boolean;
  send(typed: string): Promise<unknown>;
  onClose(): void;
};

/** A dialog that wants one line. */
export function Ask({ title, about, label, button, fits, send: change, onClose }: AskProps) {
  const [typed, setTyped] = useState("");
  const doing = useChange(change, onClose);
  const ready = fits ? fits(typed) : typed.trim() !== "";
  const run = (): void => {
    if (ready && !doing.isPending) doing.mutate(typed);
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button look="main" disabled={!ready} busy={doing.isPending} onClick={run}>
            {button}
          </Button>
        </>
      }
    >
      {about ? <p className="text-muted">{about}</p> : null}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          run();
        }}
      >
        <TextField label={label} autoComplete="off" autoFocus value={typed} onChange={setTyped} />
      </form>
      {doing.error ? <Problem error={doing.error} /> : null}
    </Dialog>
  );
}
