// One pool: its hosts, how many tenants are on it, and what is done about it.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { send } from "../api/client.ts";
import { may, useMe } from "../frame/me.ts";
import { t, tn } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Chip } from "../part/chip.tsx";
import { Dialog } from "../part/dialog.tsx";
import { Problem } from "../part/problem.tsx";
import { toast } from "../part/toast.tsx";
import { type Edge, type Pool, type Refusal, usePoolChange } from "./edge.ts";
import { EdgeRow } from "./edge-row.tsx";
import { PoolForm } from "./pool-form.tsx";
import { PoolRelease } from "./release.tsx";

type Whole = Pool & {
  tenants: number;
  deletedTenants: number;
  hosts: { id: string; name: string; tenants: number }[];
};
type Props = { pool: Pool; edges: Edge[]; all: Edge[]; refusals: Refusal[]; onOpen(id: string): void };

/** `all`: the edges of every pool, among which the newest versions are. */
export function PoolCard({ pool, edges, all, refusals, onOpen }: Props) {
  const { data: me } = useMe();
  const [asking, ask] = useState<"edit" | "delete">();
  const path = `/v1/pools/${pool.id}`;
  const { data: whole } = useQuery({
    queryKey: ["pools", pool.id],
    queryFn: ({ signal }) => send<Whole>("GET", path, { signal }),
    refetchInterval: 30_000,
  });
  const rebalance = usePoolChange(
    () => send("POST", `${path}/rebalance`),
    () => toast(t("The tenants of {name} are being evened out.", { name: pool.name })),
  );
  const choose = usePoolChange(() => send("PATCH", path, { body: { default: true } }));
  const homes = new Map(whole?.hosts.map(({ id, tenants }) => [id, tenants]));
  const error = rebalance.error ?? choose.error;
  return (
    <section className="grid gap-2" aria-label={pool.name}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 className="min-w-0 font-semibold text-base break-words">{pool.name}</h2>
        {pool.default ? <Chip tone="quiet">{t("Default")}</Chip> : null}
        <span className="text-muted text-xs">
          {tn(edges.length, "{n} host", "{n} hosts")}
          {whole ? ` · ${tn(whole.tenants, "{n} tenant", "{n} tenants")}` : ""}
          {pool.sip ? ` · ${pool.sip.server}:${pool.sip.port} ${pool.sip.transport.toUpperCase()}` : ""}
        </span>
        {may(me, "pools:write") ? (
          <span className="ml-auto flex flex-wrap gap-2">
            {pool.default ? null : (
              <Button
                small
                aria-label={t("Place new tenants here: {name}", { name: pool.name })}
                busy={choose.isPending}
                onClick={() => choose.mutate(undefined)}
              >
                {t("Place new tenants here")}
              </Button>
            )}
            {edges.length > 1 ? (
              <Button
                small
                aria-label={t("Even out {name}", { name: pool.name })}
                busy={rebalance.isPending}
                onClick={() => rebalance.mutate(undefined)}
              >
                {t("Even out")}
              </Button>
            ) : null}
            <Button small aria-label={t("Edit {name}", { name: pool.name })} onClick={() => ask("edit")}>
              {t("Edit")}
            </Button>
            <Button
              small
              look="danger"
              aria-label={t("Delete {name}", { name: pool.name })}
              onClick={() => ask("delete")}
            >
              {t("Delete")}
            </Button>
          </span>
        ) : null}
      </div>
      {error ? <Problem error={error} /> : null}
      {edges.length === 0 ? (
        <p className="card px-4 py-3 text-muted">{t("No host has joined it: its tenants' calls go nowhere yet.")}</p>
      ) : (
        <ul className="card divide-y divide-line">
          {edges.map((edge) => (
            <EdgeRow
              key={edge.id}
              edge={edge}
              all={all}
              tenants={homes.get(edge.id)}
              refused={refusals.filter(({ edge: { id } }) => id === edge.id).length}
              onOpen={() => onOpen(edge.id)}
            />
          ))}
        </ul>
      )}
      <PoolRelease pool={pool} edges={edges} />
      {asking === "edit" ? <PoolForm pool={pool} onClose={() => ask(undefined)} /> : null}
      {asking === "delete" ? (
        <Delete pool={pool} whole={whole} hosts={edges.length} onClose={() => ask(undefined)} />
      ) : null}
    </section>
  );
}

type DeleteProps = { pool: Pool; whole: Whole | undefined; hosts: number; onClose(): void };

function Delete({ pool, whole, hosts, onClose }: DeleteProps) {
  const remove = usePoolChange(() => send("DELETE", `/v1/pools/${pool.id}`), onClose);
  const { tenants = 0, deletedTenants = 0 } = whole ?? {};
  const left = [
    ...(hosts > 0 ? [tn(hosts, "{n} host", "{n} hosts")] : []),
    ...(tenants > 0 ? [tn(tenants, "{n} tenant", "{n} tenants")] : []),
    ...(deletedTenants > 0
      ? [tn(deletedTenants, "{n} deleted tenant that can be restored", "{n} deleted tenants that can be restored")]
      : []),
  ];
  const blocked = left.length > 0 || pool.default;
  return (
    <Dialog
      title={t("Delete {name}?", { name: pool.name })}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button
            look="danger"
            className="disabled:opacity-50"
            disabled={blocked}
            busy={remove.isPending}
            onClick={() => remove.mutate(undefined)}
          >
            {t("Delete the pool")}
          </Button>
        </>
      }
    >
      {left.length > 0 ? (
        <p>
          {t("Still in it: {things}. Move the tenants to another pool and take the hosts out first.", {
            things: left.join(", "),
          })}
        </p>
      ) : null}
      {pool.default ? <p>{t("New tenants are placed here. Make another pool the default first.")}</p> : null}
      {blocked ? null : <p>{t("Nothing is in it. Tokens with which hosts may still join it lead nowhere then.")}</p>}
      {remove.error ? <Problem error={remove.error} /> : null}
    </Dialog>
  );
}
