// One company below an account: open it as its people see it, stop it, what it has and may, move, copy, delete it.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { send } from "../api/client.ts";
import { tenantPath } from "../api/queries.ts";
import { may, useMe } from "../frame/me.ts";
import { t, tn } from "../i18n/t.ts";
import { TextField } from "../identity/fields.tsx";
import { roleNames } from "../identity/roles.ts";
import { openCompany } from "../impersonation/open.ts";
import { Button, buttonClass } from "../part/button.tsx";
import { Drawer } from "../part/drawer.tsx";
import { Problem } from "../part/problem.tsx";
import { Stamp } from "../part/time.tsx";
import { toast } from "../part/toast.tsx";
import { go, Link } from "../router.tsx";
import { useSession } from "../session/session.ts";
import { LimitsOf } from "./limits.tsx";
import { type Standing, type TenantRow, useAccount, useAccountsBelow, useChange } from "./read.ts";
import { HealthChip, healthOf } from "./tenants.tsx";

type Props = { account: string; row: TenantRow; standing: Standing | undefined; onClose(): void };

export function TenantDrawer({ account, row, standing, onClose }: Props) {
  const { data: me } = useMe();
  const session = useSession();
  const writes = may(me, "tenants:write");
  return (
    <Drawer title={row.name} onClose={onClose}>
      <p className="-mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-muted">
        <HealthChip health={healthOf(row, standing)} />
        <span className="break-all">{row.domain}</span>
        <span>
          {t("since")} <Stamp at={row.createdAt} />
        </span>
      </p>
      {standing && standing.failures > 0 ? (
        <p>
          {tn(standing.failures, "{n} setting did not take on a host.", "{n} settings did not take on a host.")}{" "}
          <Link className="link inline-block leading-6 underline" to={`/tenants/${row.id}/sync`}>
            {t("See why")}
          </Link>
        </p>
      ) : null}
      {session?.by === "person" ? (
        <OpenAs row={row} />
      ) : (
        <Link className={`${buttonClass("main")} w-fit`} to={`/tenants/${row.id}`}>
          {t("Open")}
        </Link>
      )}
      {writes ? <Suspension row={row} /> : null}
      {may(me, "limits:read") ? (
        <Part title={t("What it may")}>
          <LimitsOf path={tenantPath(row.id)} account={account} />
        </Part>
      ) : null}
      {writes ? (
        <>
          <Move account={account} row={row} />
          <Clone row={row} />
          <Remove row={row} onDone={onClose} />
        </>
      ) : null}
    </Drawer>
  );
}

export const Part = ({ title, children }: { title: string; children: React.ReactNode }) => (
  <section className="grid gap-3 border-line border-t pt-4">
    <h3 className="font-semibold">{title}</h3>
    {children}
  </section>
);

function OpenAs({ row }: { row: TenantRow }) {
  const [role, setRole] = useState("owner");
  const open = useMutation({ mutationFn: () => openCompany(row.id, role) });
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap items-end gap-2">
        <label className="grid gap-1">
          <span className="text-muted text-xs">{t("As its")}</span>
          <select className="input" value={role} onChange={({ target }) => setRole(target.value)}>
            {Object.entries(roleNames).map(([name, label]) => (
              <option key={name} value={name}>
                {label()}
              </option>
            ))}
          </select>
        </label>
        <Button look="main" busy={open.isPending} onClick={() => open.mutate()}>
          {t("Open as this company")}
        </Button>
      </div>
      <p className="text-muted text-xs">
        {t("For an hour, with no more than your own rights. Its history and audit log name you.")}
      </p>
      {open.error ? <Problem error={open.error} /> : null}
    </div>
  );
}

function Suspension({ row }: { row: TenantRow }) {
  const [reason, setReason] = useState("");
  const { suspension } = row;
  const suspend = useChange(
    () => send("POST", `${tenantPath(row.id)}/suspend`, { body: { reason } }),
    () => {
      setReason("");
      toast(t("{name} is suspended.", { name: row.name }), { label: t("Undo"), run: () => resume.mutate(undefined) });
    },
  );
  const resume = useChange(
    () => send("POST", `${tenantPath(row.id)}/resume`),
    () => toast(t("{name} calls again.", { name: row.name })),
  );
  if (suspension)
    return (
      <Part title={t("Suspended")}>
        <p className="break-words">
          {suspension.reason} · <Stamp at={suspension.since} />
        </p>
        {suspension.tenantId === undefined ? <p>{t("The account that it is in is suspended; resume that.")}</p> : null}
        {resume.error ? <Problem error={resume.error} /> : null}
        {suspension.tenantId === undefined ? null : (
          <div>
            <Button busy={resume.isPending} onClick={() => resume.mutate(undefined)}>
              {t("Let it call again")}
            </Button>
          </div>
        )}
      </Part>
    );
  return (
    <Part title={t("Suspend")}>
      <p className="text-muted">
        {t("New calls stop, but for emergency numbers. Nothing is deleted; calls that go on are left alone.")}
      </p>
      <form
        noValidate
        className="flex flex-wrap items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (reason.trim() !== "") suspend.mutate(undefined);
        }}
      >
        <div className="min-w-0 flex-1 basis-48">
          <TextField label={t("Reason")} value={reason} onChange={setReason} />
        </div>
        <Button type="submit" look="danger" busy={suspend.isPending} disabled={reason.trim() === ""}>
          {t("Suspend")}
        </Button>
      </form>
      {suspend.error ? <Problem error={suspend.error} /> : null}
    </Part>
  );
}

function Move({ account, row }: { account: string; row: TenantRow }) {
  const own = useAccount(account);
  const below = useAccountsBelow(account);
  const others = [...(own.data ? [own.data] : []), ...(below.data?.items ?? [])].filter(
    ({ id, sandbox }) => id !== row.accountId && sandbox === row.sandbox,
  );
  const [to, setTo] = useState("");
  const move = useChange(
    () => send("POST", `${tenantPath(row.id)}/move`, { body: { accountId: to } }),
    () => toast(t("{name} is moved.", { name: row.name })),
  );
  if (others.length === 0) return null;
  return (
    <Part title={t("Move to another account")}>
      <div className="flex flex-wrap items-end gap-2">
        <label className="grid min-w-0 flex-1 gap-1">
          <span className="text-muted text-xs">{t("Account")}</span>
          <select className="input" value={to} onChange={({ target }) => setTo(target.value)}>
            <option value="">{t("Choose an account")}</option>
            {others.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <Button busy={move.isPending} disabled={to === ""} onClick={() => move.mutate(undefined)}>
          {t("Move")}
        </Button>
      </div>
      {move.error ? <Problem error={move.error} /> : null}
    </Part>
  );
}

function Clone({ row }: { row: TenantRow }) {
  const [name, setName] = useState("");
  const clone = useChange(
    () => send<{ id: string }>("POST", `${tenantPath(row.id)}/clone`, { body: { name } }),
    (made) => {
      setName("");
      toast(t("{name} is made.", { name }), { label: t("Open"), run: () => go(`/tenants/${made.id}`) });
    },
  );
  return (
    <Part title={t("Make another like it")}>
      <p className="text-muted">{t("With all settings, but without phone numbers, messages and records.")}</p>
      <form
        noValidate
        className="flex flex-wrap items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== "") clone.mutate(undefined);
        }}
      >
        <div className="min-w-0 flex-1 basis-48">
          <TextField label={t("Name of the copy")} value={name} onChange={setName} />
        </div>
        <Button type="submit" busy={clone.isPending} disabled={name.trim() === ""}>
          {t("Copy the company")}
        </Button>
      </form>
      {clone.error ? <Problem error={clone.error} /> : null}
    </Part>
  );
}

function Remove({ row, onDone }: { row: TenantRow; onDone(): void }) {
  const [typed, setTyped] = useState("");
  const remove = useChange(
    () => send("DELETE", tenantPath(row.id)),
    () => {
      toast(t("{name} is deleted; under Deleted it can be restored.", { name: row.name }));
      onDone();
    },
  );
  return (
    <Part title={t("Delete")}>
      <p className="text-muted">
        {t("Its phones stop at once. It can be restored for a while, then nothing is left of it.")}
      </p>
      <form
        noValidate
        className="flex flex-wrap items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed === row.name) remove.mutate(undefined);
        }}
      >
        <div className="min-w-0 flex-1 basis-48">
          <TextField
            label={t("Type “{name}”", { name: row.name })}
            autoComplete="off"
            value={typed}
            onChange={setTyped}
          />
        </div>
        <Button type="submit" look="danger" busy={remove.isPending} disabled={typed !== row.name}>
          {t("Delete the company")}
        </Button>
      </form>
      {remove.error ? <Problem error={remove.error} /> : null}
    </Part>
  );
}
