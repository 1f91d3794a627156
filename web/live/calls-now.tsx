// The calls that are going on, each with what can be done about it: hang up, send elsewhere. A call that is hung up goes at once; the record comes by itself.
import { useMutation } from "@tanstack/react-query";
import { useEffect, useId, useState } from "react";
import { send } from "../api/client.ts";
import { tenantPath } from "../api/queries.ts";
import { party } from "../call/party.ts";
import { may, useMe } from "../frame/me.ts";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Chip } from "../part/chip.tsx";
import { Dialog } from "../part/dialog.tsx";
import { Empty } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { useNow } from "../part/time.tsx";
import { duration, phrase } from "../part/words.ts";
import { Link } from "../router.tsx";
import { useTenantId } from "../tenant/id.ts";
import type { Call } from "./follow.ts";

export function CallsNow({ calls }: { calls: Call[] }) {
  const tenant = useTenantId();
  const sorted = calls.toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
  if (calls.length === 0)
    return (
      <Empty title={t("Nobody is on the phone.")}>
        <p>{t("A call is here from its first ring to its end, with who talks to whom and for how long.")}</p>
        <Link className="link inline-flex min-h-6 items-center underline" to={`/tenants/${tenant}/calls`}>
          {t("Calls that were")}
        </Link>
      </Empty>
    );
  return (
    <ul className="card divide-y divide-line">
      {sorted.map((call) => (
        <Row key={call.id} call={call} />
      ))}
    </ul>
  );
}

/** A command may fail on its host: then the call is as it was. */
const commandMs = 5000;

function Row({ call }: { call: Call }) {
  const tenant = useTenantId();
  const { data: me } = useMe();
  const now = useNow(1000);
  const [isEnding, setEnding] = useState(false);
  const [isSending, setSending] = useState(false);
  const since = Date.parse(call.answeredAt ?? call.startedAt);
  const hangUp = useMutation({
    mutationFn: () => send("POST", `${tenantPath(tenant)}/calls/live/${encodeURIComponent(call.id)}/hangup`),
    onError: () => setEnding(false),
  });
  useEffect(() => {
    if (!isEnding) return;
    const timer = setTimeout(() => setEnding(false), commandMs);
    return () => clearTimeout(timer);
  }, [isEnding]);
  const who = `${party(call.from)} → ${party(call.to)}`;
  return (
    <li className={`grid gap-2 px-4 py-2.5 ${isEnding ? "opacity-60" : ""}`}>
      <div className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1">
        <span className="sm:w-24">
          <Chip tone={isEnding ? "quiet" : call.state === "answered" ? "good" : "warn"}>
            {isEnding ? t("Hanging up") : call.state === "answered" ? t("Talking") : t("Ringing")}
          </Chip>
        </span>
        <span className="min-w-0 flex-1 basis-full break-words max-sm:order-first sm:basis-52">
          <span className="font-medium">{party(call.from)}</span>
          <span className="text-muted"> → </span>
          <span className="font-medium">{party(call.to)}</span>
        </span>
        <span className="text-muted sm:w-20">{phrase(call.direction)}</span>
        <span className="text-right tabular-nums sm:w-16">{duration(Math.max(0, (now - since) / 1000))}</span>
        {may(me, "calls:write") ? (
          <span className="ml-auto flex gap-2">
            <Button
              small
              disabled={isEnding}
              aria-label={t("Transfer {call}", { call: who })}
              onClick={() => setSending(true)}
            >
              {t("Transfer")}
            </Button>
            <Button
              small
              look="danger"
              disabled={isEnding}
              aria-label={t("Hang up {call}", { call: who })}
              onClick={() => {
                setEnding(true);
                hangUp.mutate();
              }}
            >
              {t("Hang up")}
            </Button>
          </span>
        ) : null}
      </div>
      {hangUp.error ? <Problem error={hangUp.error} title={t("It was not hung up")} /> : null}
      {isSending ? <Transfer call={call} onClose={() => setSending(false)} /> : null}
    </li>
  );
}

function Transfer({ call, onClose }: { call: Call; onClose(): void }) {
  const tenant = useTenantId();
  const id = useId();
  const [to, setTo] = useState("");
  const transfer = useMutation({
    mutationFn: () =>
      send("POST", `${tenantPath(tenant)}/calls/live/${encodeURIComponent(call.id)}/transfer`, { body: { to } }),
    onSuccess: onClose,
  });
  return (
    <Dialog
      title={t("Send {name} elsewhere", { name: party(call.from) })}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button look="main" busy={transfer.isPending} disabled={to === ""} onClick={() => transfer.mutate()}>
            {t("Transfer")}
          </Button>
        </>
      }
    >
      <form
        className="grid gap-1"
        onSubmit={(event) => {
          event.preventDefault();
          if (to !== "") transfer.mutate();
        }}
      >
        <label htmlFor={id} className="font-medium">
          {t("Number, as dialled in this company")}
        </label>
        <input
          id={id}
          className="input"
          inputMode="tel"
          autoComplete="off"
          value={to}
          onChange={({ target }) => setTo(target.value.trim())}
        />
        <p className="text-muted text-xs">{t("Who called goes there; {name} is hung up.", { name: party(call.to) })}</p>
      </form>
      {transfer.error ? <Problem error={transfer.error} title={t("It was not sent on")} /> : null}
    </Dialog>
  );
}
