// A box's messages, heard here, marked as heard and deleted. The host that has them does it; until it did, the page shows what will be.
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { send } from "../api/client.ts";
import type { Page as Listed } from "../api/queries.ts";
import { party } from "../call/party.ts";
import { Player } from "../call/player.tsx";
import { t, tn } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Dialog } from "../part/dialog.tsx";
import { Empty, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { Stamp } from "../part/time.tsx";
import { duration } from "../part/words.ts";
import { useTenantId } from "../tenant/id.ts";

type Message = {
  id: string;
  from: { number: string | null; name: string | null };
  receivedAt: string;
  seconds: number;
  read: boolean;
};

/** What was asked for and is not done yet. */
type Wish = { read?: boolean; gone?: true };
/** A host that did not do it by then will not. */
const patienceMs = 15_000;

/** Of a box whose messages are at that path of the API; nothing without one. */
export function useMessages(path: string | undefined) {
  const tenant = useTenantId();
  return useQuery({
    queryKey: ["tenant", tenant, path],
    queryFn: ({ signal }) => send<Listed<Message>>("GET", `${path}?limit=100`, { signal }),
    refetchInterval: 5000,
    enabled: path !== undefined,
  });
}

export function Messages({ path, mayChange }: { path: string; mayChange: boolean }) {
  const { data, error, refetch } = useMessages(path);
  const [wishes, setWishes] = useState<Record<string, Wish>>({});
  const wish = (id: string, wanted: Wish | undefined): void =>
    setWishes(({ [id]: _, ...others }) => (wanted ? { ...others, [id]: wanted } : others));
  const shown = data?.data.flatMap((message) => {
    const wanted = wishes[message.id];
    return wanted?.gone ? [] : [{ ...message, read: wanted?.read ?? message.read }];
  });
  const fresh = shown?.filter(({ read }) => !read).length ?? 0;
  if (error && !data) return <Problem error={error} onRetry={() => refetch()} />;
  if (!shown) return <Skeleton height="h-16" />;
  if (shown.length === 0)
    return (
      <Empty title={t("No messages")}>
        <p>{t("A message is here as soon as its host has brought it, a moment after the caller hung up.")}</p>
      </Empty>
    );
  return (
    <>
      <p role="status" className="text-muted text-xs">
        {tn(fresh, "{n} new message", "{n} new messages")}
      </p>
      <ul className="card divide-y divide-line">
        {shown.map((message) => (
          <Row
            key={message.id}
            message={message}
            path={`${path}/${message.id}`}
            mayChange={mayChange}
            wish={(wanted) => wish(message.id, wanted)}
          />
        ))}
      </ul>
      {data?.next ? <p className="text-muted">{t("Only the newest {n} are shown.", { n: 100 })}</p> : null}
    </>
  );
}

type RowProps = { message: Message; path: string; mayChange: boolean; wish(wanted: Wish | undefined): void };

function Row({ message, path, mayChange, wish }: RowProps) {
  const [isAsking, setAsking] = useState(false);
  const change = useMutation({
    mutationFn: (wanted: Wish) =>
      wanted.gone ? send("DELETE", path) : send("PATCH", path, { body: { read: wanted.read } }),
    onMutate: wish,
    onError: () => wish(undefined),
  });
  useEffect(() => {
    if (!change.isSuccess) return;
    const timer = setTimeout(() => wish(undefined), patienceMs);
    return () => clearTimeout(timer);
  });
  const who = party(message.from);
  return (
    <li className="grid grid-cols-[minmax(0,1fr)] gap-2 px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span aria-hidden="true" className={`size-2 rounded-full ${message.read ? "" : "bg-accent"}`} />
        <span className={`min-w-0 flex-1 break-words ${message.read ? "" : "font-semibold"}`}>
          {who}
          {message.read ? null : <span className="sr-only">, {t("new")}</span>}
        </span>
        <span className="text-muted tabular-nums">{duration(message.seconds)}</span>
        <span className="text-muted">
          <Stamp at={message.receivedAt} />
        </span>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <div className="min-w-0 flex-1 basis-64">
          <Player
            path={`${path}/audio`}
            what={t("Message from {name}", { name: who })}
            seconds={message.seconds}
            onPlay={() => {
              if (!message.read && mayChange) change.mutate({ read: true });
            }}
          />
        </div>
        {mayChange ? (
          <>
            <Button small onClick={() => change.mutate({ read: !message.read })}>
              {message.read ? t("Mark as new") : t("Mark as heard")}
            </Button>
            <Button
              small
              look="danger"
              aria-label={t("Delete the message from {name}", { name: who })}
              onClick={() => setAsking(true)}
            >
              {t("Delete")}
            </Button>
          </>
        ) : null}
      </div>
      {change.error ? <Problem error={change.error} /> : null}
      {isAsking ? (
        <Dialog
          title={t("Delete this message?")}
          onClose={() => setAsking(false)}
          actions={
            <>
              <Button onClick={() => setAsking(false)}>{t("Keep it")}</Button>
              <Button look="danger" onClick={() => change.mutate({ gone: true })}>
                {t("Delete")}
              </Button>
            </>
          }
        >
          <p>{t("The message from {name} is gone for good, on its host too.", { name: who })}</p>
        </Dialog>
      ) : null}
    </li>
  );
}
