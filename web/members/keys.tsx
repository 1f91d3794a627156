// API keys: what programs act by. Made and given a new secret, each shown once; revoked.
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { send } from "../api/client.ts";
import { may, useMe } from "../frame/me.ts";
import { t } from "../i18n/t.ts";
import { TextField } from "../identity/fields.tsx";
import { usePools } from "../operator/edge.ts";
import { Button } from "../part/button.tsx";
import { Chip } from "../part/chip.tsx";
import { Choices } from "../part/choices.tsx";
import { Dialog } from "../part/dialog.tsx";
import { Empty, Page, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { Rows } from "../part/rows.tsx";
import { type Tab, Tabs } from "../part/tabs.tsx";
import { Time } from "../part/time.tsx";
import { type ApiKey, type Place, queryOf, useFresh, useKeys } from "./members.ts";

export function Keys({ place, tabs }: { place: Place; tabs: Tab[] }) {
  const { data: me } = useMe();
  const keys = useKeys(place);
  const [making, setMaking] = useState(false);
  const [shown, setShown] = useState<{ name: string; key: string }>();
  const mayChange = may(me, "api-keys:write");
  return (
    <Page
      title={t("API keys")}
      about={t("Programs act by a key, with no more rights than it names. Give each program one of its own.")}
      actions={
        mayChange ? (
          <Button look="main" onClick={() => setMaking(true)}>
            {t("New API key")}
          </Button>
        ) : null
      }
    >
      <Tabs name={t("What to show")} tabs={tabs} />
      {shown ? (
        <section className="card grid gap-3 p-4" aria-label={t("Shown once")}>
          <p className="font-medium">{t("Shown once: note it now.")}</p>
          <Rows rows={[[shown.name, shown.key]]} />
          <div>
            <Button onClick={() => setShown(undefined)}>{t("I have noted it")}</Button>
          </div>
        </section>
      ) : null}
      {keys.error && !keys.data ? <Problem error={keys.error} onRetry={() => keys.refetch()} /> : null}
      {keys.isPending ? <Skeleton height="h-16" /> : null}
      {keys.data?.length === 0 ? (
        <Empty title={t("No API keys yet")}>
          <p>{t("Make one for each program that is to read or change something here.")}</p>
        </Empty>
      ) : null}
      <ul className="card divide-y divide-line empty:hidden">
        {keys.data?.map((key) => (
          <Row key={key.id} apiKey={key} place={place} mayChange={mayChange} onSecret={setShown} />
        ))}
      </ul>
      {making ? <NewKey place={place} onClose={() => setMaking(false)} onMade={setShown} /> : null}
    </Page>
  );
}

type Secret = { name: string; key: string };
type RowProps = { apiKey: ApiKey; place: Place; mayChange: boolean; onSecret(shown: Secret): void };

function Row({ apiKey, place, mayChange, onSecret }: RowProps) {
  const { data: me } = useMe();
  const fresh = useFresh(place);
  const [asking, setAsking] = useState<"rotate" | "revoke">();
  const { name, scopes, hint, lastUsedAt, expiresAt, previousUntil, poolId } = apiKey;
  const path = `/v1/api-keys/${apiKey.id}`;
  const done = (): void => {
    setAsking(undefined);
    fresh();
  };
  const rotate = useMutation({
    mutationFn: (overlapSeconds: number) =>
      send<Secret>("POST", `${path}/rotate?${queryOf(place)}`, { body: { overlapSeconds } }),
    gcTime: 0,
    onSuccess({ key }) {
      onSecret({ name, key });
      done();
    },
  });
  const revoke = useMutation({
    mutationFn: () => send("DELETE", `${path}?${queryOf(place)}`),
    onSuccess: done,
  });
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="grid min-w-0 flex-1 basis-64 gap-0.5">
        <p className="flex flex-wrap items-center gap-2">
          <span className="min-w-0 font-medium break-words">{name}</span>
          <code className="text-muted text-xs">…{hint}</code>
          {me?.id === apiKey.id ? <Chip tone="good">{t("This one")}</Chip> : null}
        </p>
        <p className="text-muted text-xs break-words">
          {poolId === null ? scopes.join(", ") : <HostsOf poolId={poolId} />}
        </p>
        <p className="flex flex-wrap gap-x-3 text-muted text-xs">
          <span>
            {t("Last used")}: {lastUsedAt ? <Time at={lastUsedAt} /> : t("never")}
          </span>
          <span>
            {t("Expires")}: {expiresAt ? <Time at={expiresAt} /> : t("never")}
          </span>
          {previousUntil ? (
            <span>
              {t("The secret before works until")} <Time at={previousUntil} />
            </span>
          ) : null}
        </p>
      </div>
      {mayChange ? (
        <div className="flex gap-2">
          <Button small aria-label={`${t("New secret")}: ${name}`} onClick={() => setAsking("rotate")}>
            {t("New secret")}
          </Button>
          <Button small look="danger" aria-label={`${t("Revoke")}: ${name}`} onClick={() => setAsking("revoke")}>
            {t("Revoke")}
          </Button>
        </div>
      ) : null}
      {asking === "rotate" ? (
        <Dialog
          title={t("Give {name} a new secret?", { name })}
          onClose={() => setAsking(undefined)}
          actions={
            <>
              <Button onClick={() => setAsking(undefined)}>{t("Cancel")}</Button>
              <Button look="danger" busy={rotate.isPending} onClick={() => rotate.mutate(0)}>
                {t("Replace at once")}
              </Button>
              <Button look="main" busy={rotate.isPending} onClick={() => rotate.mutate(86_400)}>
                {t("Keep the old one for a day")}
              </Button>
            </>
          }
        >
          <p>{t("While both work, change the program; a secret that somebody else may have is replaced at once.")}</p>
          {rotate.error ? <Problem error={rotate.error} /> : null}
        </Dialog>
      ) : null}
      {asking === "revoke" ? (
        <Dialog
          title={t("Revoke {name}?", { name })}
          onClose={() => setAsking(undefined)}
          actions={
            <>
              <Button onClick={() => setAsking(undefined)}>{t("Cancel")}</Button>
              <Button look="danger" busy={revoke.isPending} onClick={() => revoke.mutate()}>
                {t("Revoke")}
              </Button>
            </>
          }
        >
          <p>{t("Whatever acts by it is refused from now on; that can't be undone.")}</p>
          {revoke.error ? <Problem error={revoke.error} /> : null}
        </Dialog>
      ) : null}
    </li>
  );
}

function HostsOf({ poolId }: { poolId: string }) {
  const pool = usePools().data?.data.find(({ id }) => id === poolId);
  return t("The hosts of {pool} alone", { pool: pool?.name ?? poolId });
}

const presets = ["*:read", "*", "chosen", "pool"] as const;
type Preset = (typeof presets)[number];

type NewProps = { place: Place; onClose(): void; onMade(shown: Secret): void };

function NewKey({ place, onClose, onMade }: NewProps) {
  const id = useId();
  const fresh = useFresh(place);
  const [name, setName] = useState("");
  const [preset, setPreset] = useState<Preset>("*:read");
  const [chosen, setChosen] = useState("");
  const [days, setDays] = useState("");
  const { data: me } = useMe();
  const mayJoin = "accountId" in place && place.accountId === me?.accountId && may(me, "edges:write");
  const pools = usePools(mayJoin).data?.data ?? [];
  const [wanted, setWanted] = useState<string>();
  const poolId = wanted ?? pools[0]?.id;
  const scopes = preset === "chosen" ? chosen.split(/[\s,]+/).filter(Boolean) : [preset];
  const make = useMutation({
    mutationFn: () => {
      const expiresAt = days === "" ? null : new Date(Date.now() + Number(days) * 86_400_000).toISOString();
      const reach = preset === "pool" ? { poolId } : { scopes };
      return send<Secret>("POST", "/v1/api-keys", { body: { name: name.trim(), ...reach, expiresAt, ...place } });
    },
    gcTime: 0,
    onSuccess({ key }) {
      onMade({ name: name.trim(), key });
      fresh();
      onClose();
    },
  });
  const words: Record<Preset, { label: string; about: string }> = {
    "*:read": { label: t("Read everything"), about: t("Sees all that is here and changes nothing.") },
    "*": { label: t("Everything"), about: t("As much as you may yourself.") },
    chosen: {
      label: t("Chosen scopes"),
      about: t("As in extensions:read or calls:write; the API reference names them all."),
    },
    pool: {
      label: t("The hosts of a pool"),
      about: t(
        "Joins hosts to it, drains and removes them, and reaches nothing else: for what starts hosts by itself.",
      ),
    },
  };
  const incomplete = name.trim() === "" || scopes.length === 0;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!incomplete && !make.isPending) make.mutate();
  };
  return (
    <Dialog
      title={t("New API key")}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button type="submit" form={id} look="main" busy={make.isPending} disabled={incomplete}>
            {t("Make the key")}
          </Button>
        </>
      }
    >
      <form id={id} noValidate className="grid gap-4" onSubmit={submit}>
        <TextField
          label={t("Name")}
          value={name}
          onChange={setName}
          hint={t("Of the program that has it.")}
          autoFocus
        />
        <Choices<Preset>
          title={t("What it may")}
          name={`${id}preset`}
          choices={presets
            .filter((value) => value !== "pool" || pools.length > 0)
            .map((value) => ({ value, ...words[value] }))}
          chosen={preset}
          onChange={setPreset}
        />
        {preset === "chosen" ? <TextField label={t("Scopes")} value={chosen} onChange={setChosen} /> : null}
        {preset === "pool" ? (
          <div className="grid gap-1">
            <label htmlFor={`${id}pool`} className="font-medium">
              {t("Pool")}
            </label>
            <select
              id={`${id}pool`}
              className="input"
              value={poolId}
              onChange={({ target }) => setWanted(target.value)}
            >
              {pools.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name}
                </option>
              ))}
            </select>
          </div>
        ) : null}
        <div className="grid gap-1">
          <label htmlFor={`${id}days`} className="font-medium">
            {t("Expires")}
          </label>
          <select id={`${id}days`} className="input" value={days} onChange={({ target }) => setDays(target.value)}>
            <option value="">{t("never")}</option>
            <option value="30">{t("in 30 days")}</option>
            <option value="90">{t("in 90 days")}</option>
            <option value="365">{t("in a year")}</option>
          </select>
        </div>
        {make.error ? <Problem error={make.error} /> : null}
      </form>
    </Dialog>
  );
}
