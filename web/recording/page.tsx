// Recordings of calls: heard, taken along, deleted.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { send } from "../api/client.ts";
import { type Call, type Page as Listed, tenantPath } from "../api/queries.ts";
import { CallDetails } from "../call/details.tsx";
import { party } from "../call/party.ts";
import { Player } from "../call/player.tsx";
import { may, useMe } from "../frame/me.ts";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Chip } from "../part/chip.tsx";
import { Dialog } from "../part/dialog.tsx";
import { Empty, More, Page, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { Stamp } from "../part/time.tsx";
import { Link } from "../router.tsx";
import { useTenantId } from "../tenant/id.ts";

type Recording = { id: string; call: string; startedAt: string; seconds: number; onDemand: boolean };

export function RecordingsPage() {
  const tenant = useTenantId();
  const path = `${tenantPath(tenant)}/recordings`;
  const list = useInfiniteQuery({
    queryKey: ["tenant", tenant, path],
    queryFn: ({ pageParam, signal }) =>
      send<Listed<Recording>>("GET", `${path}?limit=25${pageParam ? `&after=${encodeURIComponent(pageParam)}` : ""}`, {
        signal,
      }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });
  const all = list.data?.pages.flatMap((page) => page.data);
  return (
    <Page title={t("Recordings")}>
      {list.error && !all ? <Problem error={list.error} onRetry={() => list.refetch()} /> : null}
      {list.isPending ? <Skeleton height="h-16" /> : null}
      {all?.length === 0 ? (
        <Empty title={t("No recordings")}>
          <p>
            {t(
              "Calls are recorded where a queue or a conference says so, and on demand by extensions that may (recording on demand).",
            )}
          </p>
          <Link className="link inline-flex min-h-6 items-center underline" to={`/tenants/${tenant}/queues`}>
            {t("To the queues")}
          </Link>
        </Empty>
      ) : null}
      {all && all.length > 0 ? (
        <ul className="card divide-y divide-line">
          {all.map((one) => (
            <Row key={one.id} recording={one} path={`${path}/${one.id}`} />
          ))}
        </ul>
      ) : null}
      <More query={list} />
    </Page>
  );
}

function Row({ recording, path }: { recording: Recording; path: string }) {
  const tenant = useTenantId();
  const client = useQueryClient();
  const { data: me } = useMe();
  const [isOpen, setOpen] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const call = useQuery({
    queryKey: ["tenant", tenant, "call", recording.call],
    queryFn: ({ signal }) =>
      send<Call>("GET", `${tenantPath(tenant)}/calls/${encodeURIComponent(recording.call)}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: may(me, "calls:read"),
    retry: false,
  });
  const remove = useMutation({
    mutationFn: () => send("DELETE", path),
    onSuccess: () => client.invalidateQueries({ queryKey: ["tenant", tenant, `${tenantPath(tenant)}/recordings`] }),
  });
  const who = call.data ? `${party(call.data.from)} → ${party(call.data.to)}` : t("A call");
  return (
    <li className="grid grid-cols-[minmax(0,1fr)] gap-2 px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        {call.data ? (
          <button
            type="button"
            className="link min-h-6 min-w-0 flex-1 text-left font-medium break-words"
            onClick={() => setOpen(true)}
          >
            {who}
          </button>
        ) : (
          <span className="min-w-0 flex-1">{who}</span>
        )}
        {recording.onDemand ? <Chip tone="quiet">{t("On demand")}</Chip> : null}
        <span className="text-muted">
          <Stamp at={recording.startedAt} />
        </span>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <div className="min-w-0 flex-1 basis-64">
          <Player path={`${path}/audio`} what={who} seconds={recording.seconds} />
        </div>
        {may(me, "recordings:write") ? (
          <Button
            small
            look="danger"
            aria-label={t("Delete the recording of {call}", { call: who })}
            onClick={() => setAsking(true)}
          >
            {t("Delete")}
          </Button>
        ) : null}
      </div>
      {isAsking ? (
        <Dialog
          title={t("Delete this recording?")}
          onClose={() => setAsking(false)}
          actions={
            <>
              <Button onClick={() => setAsking(false)}>{t("Keep it")}</Button>
              <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
                {t("Delete")}
              </Button>
            </>
          }
        >
          <p>{t("It is gone for good; the call's record stays.")}</p>
          {remove.error ? <Problem error={remove.error} /> : null}
        </Dialog>
      ) : null}
      {isOpen && call.data ? <CallDetails call={call.data} onClose={() => setOpen(false)} /> : null}
    </li>
  );
}
