// The operator's hosts: pools, the edges in them, how each fares, and how another joins.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { send } from "../api/client.ts";
import type { Page as Listed } from "../api/queries.ts";
import { may, useMe } from "../frame/me.ts";
import { t, tn } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Chip } from "../part/chip.tsx";
import { Empty, Page, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { Time } from "../part/time.tsx";
import { Link } from "../router.tsx";
import { type Edge, type Pool, stateOf, useEdges, usePools } from "./edge.ts";
import { EdgeDetails } from "./edge-details.tsx";
import { Enrol } from "./enrol.tsx";

export function OperatorPage() {
  const { data: me } = useMe();
  const pools = usePools();
  const edges = useEdges();
  const [isJoining, setJoining] = useState(false);
  const [openId, setOpenId] = useState<string>();
  const error = pools.error ?? edges.error;
  const [ofPools, ofEdges] = [pools.data?.data, edges.data?.data];
  const open = ofEdges?.find(({ id }) => id === openId);
  return (
    <Page
      title={t("Hosts")}
      about={t(
        "An edge is one telephone engine on one host. It joins a pool, carries that pool's tenants, and keeps what it needs on its own disk.",
      )}
      actions={
        may(me, "edges:write") && ofPools && ofPools.length > 0 ? (
          <Button look="main" onClick={() => setJoining(true)}>
            {t("Add a host")}
          </Button>
        ) : null
      }
    >
      {error && !(ofPools && ofEdges) ? <Problem error={error} onRetry={() => edges.refetch()} /> : null}
      {!error && !(ofPools && ofEdges) ? <Skeleton height="h-12" /> : null}
      {ofPools && ofEdges ? (
        <>
          <Refused />
          {ofPools.map((pool) => (
            <PoolCard
              key={pool.id}
              pool={pool}
              edges={ofEdges.filter((edge) => edge.pool === pool.id)}
              onOpen={setOpenId}
            />
          ))}
        </>
      ) : null}
      {ofPools?.length === 0 ? (
        <Empty title={t("No pool yet")}>
          <p>
            {t(
              "A pool is a region or a rack whose hosts stand in for one another. Make one by the API, then add a host to it.",
            )}
          </p>
        </Empty>
      ) : null}
      {isJoining && ofPools ? <Enrol pools={ofPools} known={ofEdges ?? []} onClose={() => setJoining(false)} /> : null}
      {open ? <EdgeDetails edge={open} onClose={() => setOpenId(undefined)} /> : null}
    </Page>
  );
}

type Standing = { tenantId: string; name: string; failures: number };

/** Tenants with settings that did not take on some edge: what needs somebody. */
function Refused() {
  const { data: me } = useMe();
  const account = me?.accountId;
  const { data } = useQuery({
    queryKey: ["behind", account],
    queryFn: ({ signal }) =>
      send<Listed<Standing>>("GET", `/v1/accounts/${account}/sync?behind=true&limit=100`, { signal }),
    enabled: Boolean(account) && may(me, "sync:read"),
    refetchInterval: 10_000,
  });
  const failing = data?.data.filter(({ failures }) => failures > 0) ?? [];
  if (failing.length === 0) return null;
  return (
    <section
      className="grid gap-1 rounded-md border border-bad bg-bad-soft px-3 py-2"
      aria-label={t("What did not take")}
    >
      <p className="font-semibold text-bad">
        {tn(
          failing.length,
          "{n} tenant has settings that a host refused",
          "{n} tenants have settings that a host refused",
        )}
      </p>
      <ul>
        {failing.slice(0, 10).map(({ tenantId, name, failures }) => (
          <li key={tenantId}>
            <Link className="link inline-flex min-h-6 items-center font-medium" to={`/tenants/${tenantId}/sync`}>
              {name}
            </Link>
            {": "}
            {tn(failures, "{n} failure", "{n} failures")}
          </li>
        ))}
      </ul>
    </section>
  );
}

function PoolCard({ pool, edges, onOpen }: { pool: Pool; edges: Edge[]; onOpen(id: string): void }) {
  return (
    <section className="grid gap-2" aria-label={pool.name}>
      <h2 className="flex flex-wrap items-baseline gap-x-3 font-semibold text-base break-words">
        {pool.name}
        <span className="font-normal text-muted text-xs">{tn(edges.length, "{n} host", "{n} hosts")}</span>
      </h2>
      {edges.length === 0 ? (
        <p className="card px-4 py-3 text-muted">{t("No host has joined it: its tenants' calls go nowhere yet.")}</p>
      ) : (
        <ul className="card divide-y divide-line">
          {edges.map((edge) => (
            <EdgeRow key={edge.id} edge={edge} onOpen={() => onOpen(edge.id)} />
          ))}
        </ul>
      )}
    </section>
  );
}

function EdgeRow({ edge, onOpen }: { edge: Edge; onOpen(): void }) {
  const { tone, text } = stateOf(edge);
  const { health } = edge;
  return (
    <li className="relative flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 hover:bg-hover">
      <button
        type="button"
        aria-haspopup="dialog"
        className="stretched min-w-0 flex-1 basis-40 text-left font-medium break-all"
        onClick={onOpen}
      >
        {edge.name}
      </button>
      <span className="sm:w-28">
        <Chip tone={tone}>{text}</Chip>
      </span>
      <span className="text-muted sm:w-44">
        {edge.engine} {health?.engine?.version ?? ""}
      </span>
      <span className="tabular-nums sm:w-20">{tn(health?.liveCalls ?? 0, "{n} call", "{n} calls")}</span>
      <span className="text-muted sm:w-40 sm:text-right">
        {edge.seenAt === null ? t("never heard of") : <Time at={edge.seenAt} />}
      </span>
    </li>
  );
}
