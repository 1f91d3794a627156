// Voicemail: a box's messages, heard here, marked as heard and deleted. The host that has them does it; until it did, the page shows what will be.
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useId, useState } from "react";
import { kindOf } from "../../core/registry.ts";
import { send } from "../api/client.ts";
import { type Page as Listed, pathOf, useItems } from "../api/queries.ts";
import { party } from "../call/party.ts";
import { Player } from "../call/player.tsx";
import { may, useMe } from "../frame/me.ts";
import { t, tn } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Dialog } from "../part/dialog.tsx";
import { Empty, Page, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { Stamp } from "../part/time.tsx";
import { duration } from "../part/words.ts";
import { Link, navigate } from "../router.tsx";
import { useTenantId } from "../tenant/id.ts";

type Message = {
  id: string;
  from: { number: string | null; name: string | null };
  receivedAt: string;
  seconds: number;
  read: boolean;
};
const boxes = kindOf("voicemail-box");

export function VoicemailPage({ rest }: { rest: string[] }) {
  const tenant = useTenantId();
  const id = useId();
  const all = useItems(tenant, boxes);
  const found = all.data?.pages.flatMap((page) => page.data);
  const box = found?.find((one) => one.id === rest[0]) ?? found?.[0];
  return (
    <Page title={t("Voicemail")}>
      {all.error && !found ? <Problem error={all.error} onRetry={() => all.refetch()} /> : null}
      {all.isPending ? <Skeleton height="h-16" /> : null}
      {found?.length === 0 ? (
        <Empty title={t("No voicemail box yet")}>
          <p>{t("An extension with a box takes messages from callers whom nobody answered.")}</p>
          <Link
            className="link inline-flex min-h-6 items-center underline"
            to={`/tenants/${tenant}/voicemail-boxes/new`}
          >
            {t("Make a voicemail box")}
          </Link>
        </Empty>
      ) : null}
      {found && found.length > 0 ? (
        <div className="flex flex-wrap items-end gap-3">
          <div className="grid gap-1 sm:w-64">
            <label htmlFor={id} className="text-muted text-xs">
              {t("Box")}
            </label>
            <select
              id={id}
              className="input"
              value={box?.id ?? ""}
              onChange={({ target }) => navigate(`/tenants/${tenant}/voicemail/${target.value}`, "replace")}
            >
              {found.map((one) => (
                <option key={one.id} value={one.id}>
                  {String(one.number)}
                </option>
              ))}
            </select>
          </div>
          {all.hasNextPage ? (
            <Button busy={all.isFetchingNextPage} onClick={() => all.fetchNextPage()}>
              {t("More boxes")}
            </Button>
          ) : null}
          {box ? (
            <Link className="link min-h-9 content-center" to={`/tenants/${tenant}/voicemail-boxes/${box.id}`}>
              {t("The box's settings")}
            </Link>
          ) : null}
        </div>
      ) : null}
      {box ? <Messages key={box.id} box={box.id} /> : null}
    </Page>
  );
}

/** What was asked for and is not done yet. */
type Wish = { read?: boolean; gone?: true };
/** A host that did not do it by then will not. */
const patienceMs = 15_000;

function Messages({ box }: { box: string }) {
  const tenant = useTenantId();
  const path = `${pathOf(tenant, boxes, box)}/messages`;
  const { data, error, refetch } = useQuery({
    queryKey: ["tenant", tenant, path],
    queryFn: ({ signal }) => send<Listed<Message>>("GET", `${path}?limit=100`, { signal }),
    refetchInterval: 5000,
  });
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
            wish={(wanted) => wish(message.id, wanted)}
          />
        ))}
      </ul>
      {data?.next ? <p className="text-muted">{t("Only the newest {n} are shown.", { n: 100 })}</p> : null}
    </>
  );
}

function Row({ message, path, wish }: { message: Message; path: string; wish(wanted: Wish | undefined): void }) {
  const { data: me } = useMe();
  const [isAsking, setAsking] = useState(false);
  const mayChange = may(me, "voicemail-boxes:write");
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
