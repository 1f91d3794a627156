// Where one is signed in, to be ended.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { send } from "../api/client.ts";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Chip } from "../part/chip.tsx";
import { Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { Time } from "../part/time.tsx";
import { deviceOf } from "./device.ts";
import { Section } from "./section.tsx";

type Listed = { id: string; current: boolean; address: string | null; userAgent: string; lastSeenAt: string };

export function Sessions() {
  const client = useQueryClient();
  const sessions = useQuery({
    queryKey: ["sessions"],
    queryFn: ({ signal }) => send<{ data: Listed[] }>("GET", "/v1/identity/sessions", { signal }),
  });
  const end = useMutation({
    mutationFn: (id: string | null) =>
      id === null ? send("POST", "/v1/identity/sessions/end") : send("DELETE", `/v1/identity/sessions/${id}`),
    onSettled: () => client.invalidateQueries({ queryKey: ["sessions"] }),
  });
  const all = sessions.data?.data;
  return (
    <Section title={t("Where you are signed in")}>
      {sessions.error && !all ? <Problem error={sessions.error} onRetry={() => sessions.refetch()} /> : null}
      {sessions.isPending ? <Skeleton rows={2} height="h-14" /> : null}
      <ul className="grid divide-y divide-line">
        {all?.map((one) => (
          <li key={one.id} className="flex items-center gap-3 py-2">
            <div className="grid min-w-0 flex-1">
              <span className="truncate font-medium">{deviceOf(one.userAgent)}</span>
              <span className="truncate text-muted text-xs">
                {one.address ?? t("unknown address")} · <Time at={one.lastSeenAt} />
              </span>
            </div>
            {one.current ? (
              <Chip tone="good">{t("This browser")}</Chip>
            ) : (
              <Button small look="danger" onClick={() => end.mutate(one.id)}>
                {t("End")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {end.error ? <Problem error={end.error} /> : null}
      {all && all.length > 1 ? (
        <div>
          <Button look="danger" busy={end.isPending} onClick={() => end.mutate(null)}>
            {t("End all others")}
          </Button>
        </div>
      ) : null}
    </Section>
  );
}
