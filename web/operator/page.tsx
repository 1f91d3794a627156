// The operator's hosts: pools, the edges in them, how each fares, and how another joins.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { send } from "../api/client.ts";
import type { Page as Listed } from "../api/queries.ts";
import { may, useMe } from "../frame/me.ts";
import { t, tn } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Empty, Page, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { Link } from "../router.tsx";
import { type Edge, type Refusal, type Standing, useEdges, usePools } from "./edge.ts";
import { EdgeDetails } from "./edge-details.tsx";
import { Enrol } from "./enrol.tsx";
import { PoolCard } from "./pool-card.tsx";
import { PoolForm } from "./pool-form.tsx";
import { useRefusals } from "./refusals.tsx";

export function OperatorPage() {
  const { data: me } = useMe();
  const pools = usePools();
  const edges = useEdges();
  const [isJoining, setJoining] = useState(false);
  const [isMaking, setMaking] = useState(false);
  const [openId, setOpenId] = useState<string>();
  const error = pools.error ?? edges.error;
  const [ofPools, ofEdges] = [pools.data?.data, edges.data?.data];
  const failing = useFailing();
  const refusals = useRefusals(failing);
  const open = ofEdges?.find(({ id }) => id === openId);
  return (
    <Page
      title={t("Hosts")}
      about={t(
        "An edge is one telephone engine on one host. It joins a pool, carries that pool's tenants, and keeps what it needs on its own disk.",
      )}
      actions={
        <>
          {may(me, "pools:write") ? <Button onClick={() => setMaking(true)}>{t("New pool")}</Button> : null}
          {may(me, "edges:write") && ofPools && ofPools.length > 0 ? (
            <Button look="main" onClick={() => setJoining(true)}>
              {t("Add a host")}
            </Button>
          ) : null}
        </>
      }
    >
      {error && !(ofPools && ofEdges) ? <Problem error={error} onRetry={() => edges.refetch()} /> : null}
      {!error && !(ofPools && ofEdges) ? <Skeleton height="h-12" /> : null}
      {ofPools && ofEdges ? (
        <>
          <Refused failing={failing} refusals={refusals} edges={ofEdges} onOpen={setOpenId} />
          {ofPools.map((pool) => (
            <PoolCard
              key={pool.id}
              pool={pool}
              edges={ofEdges.filter((edge) => edge.pool === pool.id)}
              all={ofEdges}
              refusals={refusals}
              onOpen={setOpenId}
            />
          ))}
        </>
      ) : null}
      {ofPools?.length === 0 ? (
        <Empty title={t("No pool yet")}>
          <p>
            {t("A pool is a region or a rack whose hosts stand in for one another. Make one, then add a host to it.")}
          </p>
        </Empty>
      ) : null}
      {isJoining && ofPools ? <Enrol pools={ofPools} known={ofEdges ?? []} onClose={() => setJoining(false)} /> : null}
      {isMaking ? <PoolForm pool={undefined} onClose={() => setMaking(false)} /> : null}
      {open ? (
        <EdgeDetails
          edge={open}
          all={ofEdges ?? []}
          refusals={refusals.filter(({ edge }) => edge.id === open.id)}
          onClose={() => setOpenId(undefined)}
        />
      ) : null}
    </Page>
  );
}

/** Tenants with settings that did not take on some edge. */
function useFailing(): Standing[] {
  const { data: me } = useMe();
  const account = me?.accountId;
  const { data } = useQuery({
    queryKey: ["behind", account],
    queryFn: ({ signal }) =>
      send<Listed<Standing>>("GET", `/v1/accounts/${account}/sync?behind=true&limit=100`, { signal }),
    enabled: Boolean(account) && may(me, "sync:read"),
    refetchInterval: 10_000,
  });
  return data?.data.filter(({ failures }) => failures > 0) ?? [];
}

type RefusedProps = { failing: Standing[]; refusals: Refusal[]; edges: Edge[]; onOpen(id: string): void };

/** What needs somebody: whose settings were refused, and by which hosts. */
function Refused({ failing, refusals, edges, onOpen }: RefusedProps) {
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
          <li key={tenantId} className="flex flex-wrap items-center gap-x-2">
            <Link className="link inline-flex min-h-6 items-center font-medium" to={`/tenants/${tenantId}/sync`}>
              {name}
            </Link>
            {tn(failures, "{n} failure", "{n} failures")}
            {refusals
              .filter(({ tenant }) => tenant.tenantId === tenantId)
              .flatMap(({ edge }) => edges.find(({ id }) => id === edge.id) ?? [])
              .map((edge) => (
                <Button key={edge.id} small aria-haspopup="dialog" onClick={() => onOpen(edge.id)}>
                  {t("Why on {name}", { name: edge.name })}
                </Button>
              ))}
          </li>
        ))}
      </ul>
    </section>
  );
}
