// Webhook endpoints of an account or a tenant: where events go, whether they arrive, sending again.
import { useState } from "react";
import { accountPath, useAll, useChange } from "../account/read.ts";
import { send } from "../api/client.ts";
import { tenantPath } from "../api/queries.ts";
import { may, useMe } from "../frame/me.ts";
import { t } from "../i18n/t.ts";
import { TextField } from "../identity/fields.tsx";
import { Button } from "../part/button.tsx";
import { Chip, type Tone } from "../part/chip.tsx";
import { Dialog } from "../part/dialog.tsx";
import { Drawer } from "../part/drawer.tsx";
import { Empty, Page, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { Rows } from "../part/rows.tsx";
import { Stamp } from "../part/time.tsx";
import { toast } from "../part/toast.tsx";
import { useTenantId } from "../tenant/id.ts";

type Endpoint = {
  id: string;
  url: string;
  events: string[];
  enabled: boolean;
  paused: { at: string; reason: string } | null;
  failingSince: string | null;
};
type Delivery = {
  eventId: string;
  type: string;
  status: "waiting" | "delivered" | "failed";
  attempts: { at: string; status: number | null; error: string | null }[];
  createdAt: string;
};

const endpointsOf = (owner: string): string =>
  `${owner.startsWith("acc_") ? accountPath(owner) : tenantPath(owner)}/webhook-endpoints`;

export function WebhooksPage() {
  const path = endpointsOf(useTenantId());
  const { data: me } = useMe();
  const endpoints = useAll<Endpoint>(path, { refreshMs: 15_000 });
  const [making, make] = useState(false);
  const [secret, show] = useState<string>();
  const [openId, open] = useState<string>();
  const rows = endpoints.data?.items;
  const opened = rows?.find(({ id }) => id === openId);
  return (
    <Page
      title={t("Webhooks")}
      about={t("Events are sent to your programs as they happen, signed, and tried again for three days.")}
      actions={
        may(me, "webhook-endpoints:write") ? (
          <Button look="main" onClick={() => make(true)}>
            {t("New endpoint")}
          </Button>
        ) : null
      }
    >
      {endpoints.error && !rows ? <Problem error={endpoints.error} onRetry={() => endpoints.refetch()} /> : null}
      {endpoints.isPending ? <Skeleton /> : null}
      {rows?.length === 0 ? (
        <Empty title={t("No endpoints yet")}>
          <p>{t("Make one with the address of a program that is to hear of calls, changes and hosts.")}</p>
        </Empty>
      ) : null}
      {rows && rows.length > 0 ? (
        <ul className="card divide-y divide-line">
          {rows.map((one) => (
            <li
              key={one.id}
              className="relative flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 hover:bg-hover"
            >
              <button
                type="button"
                aria-haspopup="dialog"
                className="stretched min-w-0 flex-1 basis-56 text-left font-medium break-all"
                onClick={() => open(one.id)}
              >
                {one.url}
              </button>
              <span className="truncate font-mono text-muted text-xs">{one.events.join(" ")}</span>
              <StateChip endpoint={one} />
            </li>
          ))}
        </ul>
      ) : null}
      {making ? (
        <NewEndpoint
          path={path}
          onClose={() => make(false)}
          onMade={(next) => {
            make(false);
            show(next);
          }}
        />
      ) : null}
      {secret ? (
        <Dialog
          title={t("The endpoint's secret")}
          onClose={() => show(undefined)}
          actions={
            <Button look="main" onClick={() => show(undefined)}>
              {t("I have kept it")}
            </Button>
          }
        >
          <p>{t("It signs what is sent, and this is the only time it is shown.")}</p>
          <Rows rows={[[t("Secret"), secret]]} />
        </Dialog>
      ) : null}
      {opened ? <Details path={path} endpoint={opened} onClose={() => open(undefined)} onSecret={show} /> : null}
    </Page>
  );
}

function StateChip({ endpoint: { enabled, paused, failingSince } }: { endpoint: Endpoint }) {
  const [tone, label]: [Tone, string] = paused
    ? ["bad", t("Paused")]
    : !enabled
      ? ["quiet", t("Off")]
      : failingSince
        ? ["warn", t("Failing")]
        : ["good", t("Takes events")];
  return <Chip tone={tone}>{label}</Chip>;
}

type NewProps = { path: string; onClose(): void; onMade(secret: string): void };

function NewEndpoint({ path, onClose, onMade }: NewProps) {
  const [url, setUrl] = useState("");
  const [events, setEvents] = useState("*");
  const make = useChange(
    () => send<{ secret: string }>("POST", path, { body: { url, events: events.trim().split(/[\s,]+/) } }),
    ({ secret }) => onMade(secret),
  );
  return (
    <Dialog
      title={t("New endpoint")}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button look="main" disabled={url.trim() === ""} busy={make.isPending} onClick={() => make.mutate(undefined)}>
            {t("Make the endpoint")}
          </Button>
        </>
      }
    >
      <TextField
        label={t("Address")}
        type="url"
        autoFocus
        value={url}
        onChange={setUrl}
        hint={t("It begins with https://")}
      />
      <TextField
        label={t("Events")}
        value={events}
        onChange={setEvents}
        hint={t("As in call.completed extension.*, or * for all")}
      />
      {make.error ? <Problem error={make.error} /> : null}
    </Dialog>
  );
}

type DetailsProps = { path: string; endpoint: Endpoint; onClose(): void; onSecret(secret: string): void };

function Details({ path, endpoint, onClose, onSecret }: DetailsProps) {
  const one = `${path}/${endpoint.id}`;
  const { data: me } = useMe();
  const writes = may(me, "webhook-endpoints:write");
  const deliveries = useAll<Delivery>(`${one}/deliveries`, { refreshMs: 5000 });
  const toggle = useChange(() =>
    send("PATCH", one, { body: { enabled: !endpoint.enabled || endpoint.paused !== null } }),
  );
  const test = useChange(
    () => send("POST", `${one}/test`),
    () => toast(t("A test event is on its way.")),
  );
  const again = useChange(
    (eventId: string) => send("POST", `${one}/replay`, { body: { eventId } }),
    () => toast(t("It is sent again.")),
  );
  const rotate = useChange(
    () => send<{ secret: string }>("POST", `${one}/rotate-secret`, { body: {} }),
    ({ secret }) => {
      onClose();
      onSecret(secret);
    },
  );
  const remove = useChange(() => send("DELETE", one), onClose);
  const error = toggle.error ?? test.error ?? again.error ?? rotate.error ?? remove.error;
  const tones = { delivered: "good", failed: "bad", waiting: "quiet" } as const;
  const words = { delivered: t("Delivered"), failed: t("Failed"), waiting: t("Waiting") };
  return (
    <Drawer title={endpoint.url} onClose={onClose}>
      <p className="flex flex-wrap items-center gap-3">
        <StateChip endpoint={endpoint} />
        <span className="text-muted">{endpoint.paused?.reason}</span>
      </p>
      {writes ? (
        <div className="flex flex-wrap gap-2">
          <Button busy={test.isPending} onClick={() => test.mutate(undefined)}>
            {t("Send a test")}
          </Button>
          <Button busy={toggle.isPending} onClick={() => toggle.mutate(undefined)}>
            {endpoint.enabled && !endpoint.paused ? t("Switch off") : t("Switch on")}
          </Button>
          <Button busy={rotate.isPending} onClick={() => rotate.mutate(undefined)}>
            {t("New secret")}
          </Button>
          <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate(undefined)}>
            {t("Delete")}
          </Button>
        </div>
      ) : null}
      {error ? <Problem error={error} /> : null}
      <h3 className="font-semibold">{t("Deliveries")}</h3>
      {deliveries.data?.items.length === 0 ? <p className="text-muted">{t("Nothing was sent yet.")}</p> : null}
      <ul className="grid divide-y divide-line">
        {deliveries.data?.items.slice(0, 100).map((delivery) => (
          <li key={delivery.eventId} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2">
            <span className="grid min-w-0 flex-1 basis-40">
              <span className="font-mono text-xs break-all">{delivery.type}</span>
              <span className="text-muted text-xs">
                <Stamp at={delivery.createdAt} /> {lastWord(delivery)}
              </span>
            </span>
            <Chip tone={tones[delivery.status]}>{words[delivery.status]}</Chip>
            {writes && delivery.status !== "waiting" ? (
              <Button
                small
                aria-label={t("Send again {type}", { type: delivery.type })}
                busy={again.isPending && again.variables === delivery.eventId}
                onClick={() => again.mutate(delivery.eventId)}
              >
                {t("Send again")}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </Drawer>
  );
}

function lastWord({ attempts }: Delivery): string {
  const last = attempts.at(-1);
  return last ? `· ${last.error ?? String(last.status ?? "")}` : "";
}
