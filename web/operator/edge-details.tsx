// One edge: how it fares, what it refused, what is done about it (drain, resume, take out), and which addresses its Kamailio does not answer.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { send } from "../api/client.ts";
import type { Page } from "../api/queries.ts";
import { may, useMe } from "../frame/me.ts";
import { t, tn } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Chip } from "../part/chip.tsx";
import { Drawer } from "../part/drawer.tsx";
import { Problem } from "../part/problem.tsx";
import { Stamp, Time } from "../part/time.tsx";
import { type Edge, type Refusal, stateOf } from "./edge.ts";
import { RefusalsOf } from "./refusals.tsx";
import { type Behind, behindOf } from "./versions.ts";

type Props = { edge: Edge; all: Edge[]; refusals: Refusal[]; onClose(): void };

/** `all`: the edges of every pool; `refusals`: this one's. */
export function EdgeDetails({ edge, all, refusals, onClose }: Props) {
  const { tone, text } = stateOf(edge);
  const { data: me } = useMe();
  const { health, drain } = edge;
  const behind = behindOf(edge, all);
  return (
    <Drawer title={edge.name} onClose={onClose}>
      <dl className="grid grid-cols-[8rem_minmax(0,1fr)] gap-x-3 gap-y-1.5">
        <Fact name={t("State")}>
          <Chip tone={tone}>{text}</Chip>
        </Fact>
        <Fact name={t("Engine")}>
          {edge.engine} {health?.engine?.version ?? ""} <Newest of={behind.find(({ what }) => what === "engine")} />
        </Fact>
        <Fact name={t("Agent")}>
          {health?.version ?? "–"} <Newest of={behind.find(({ what }) => what === "agent")} />
        </Fact>
        {health?.certificate ? (
          <Fact name={t("Certificate until")}>
            {health.certificate.expiresAt === null ? "–" : <Stamp at={health.certificate.expiresAt} />}
            {health.certificate.problem === null ? null : (
              <span className="block text-warn text-xs">{health.certificate.problem}</span>
            )}
            {health.certificate.leftOut?.map(({ name, problem }) => (
              <span key={name} className="block text-warn text-xs break-words">{`${name}: ${problem}`}</span>
            ))}
          </Fact>
        ) : null}
        <Fact name={t("Calls now")}>{health?.liveCalls ?? 0}</Fact>
        <Fact name={t("Last heard of")}>{edge.seenAt === null ? t("never heard of") : <Time at={edge.seenAt} />}</Fact>
        <Fact name={t("Number in its pool")}>{edge.slot ?? "–"}</Fact>
        <Fact name="ID">
          <span className="font-mono text-xs">{edge.id}</span>
        </Fact>
      </dl>
      {drain ? (
        <p role="status" className="rounded-md bg-warn-soft px-3 py-2 text-warn">
          {drain.state === "drained"
            ? t("It carries nothing any more and may be switched off.")
            : t("Still there: {tenants}, {calls}", {
                tenants: tn(drain.tenantsLeft, "{n} tenant", "{n} tenants"),
                calls: tn(drain.callsLeft, "{n} call", "{n} calls"),
              })}
        </p>
      ) : null}
      <RefusalsOf refusals={refusals} />
      {may(me, "edges:write") ? <Actions edge={edge} onGone={onClose} /> : null}
      {edge.engine === "kamailio" ? <Bans edge={edge.id} /> : null}
    </Drawer>
  );
}

const Newest = ({ of }: { of: Behind | undefined }) =>
  of ? <Chip tone="warn">{t("the newest is {version}", { version: of.newest })}</Chip> : null;

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <dt className="text-muted">{name}</dt>
    <dd className="min-w-0 break-words">{children}</dd>
  </>
);

function Actions({ edge, onGone }: { edge: Edge; onGone(): void }) {
  const client = useQueryClient();
  const [isSure, setSure] = useState(false);
  const again = () => client.invalidateQueries({ queryKey: ["edges"] });
  const act = useMutation({
    mutationFn: (what: "drain" | "resume") => send("POST", `/v1/edges/${edge.id}/${what}`),
    onSuccess: again,
  });
  const remove = useMutation({
    mutationFn: () => send("DELETE", `/v1/edges/${edge.id}`),
    onSuccess: () => {
      void again();
      onGone();
    },
  });
  const isDraining = edge.drain !== null;
  return (
    <section className="grid gap-2">
      <p className="text-muted text-xs">
        {t("Draining sends no new calls there; its tenants move to another host as soon as they have no call on it.")}
      </p>
      <div className="flex flex-wrap gap-2">
        <Button
          busy={act.isPending}
          disabled={edge.state === null}
          className="disabled:opacity-50"
          onClick={() => act.mutate(isDraining ? "resume" : "drain")}
        >
          {isDraining ? t("Resume") : t("Drain")}
        </Button>
        <Button look="danger" busy={remove.isPending} onClick={() => (isSure ? remove.mutate() : setSure(true))}>
          {isSure ? t("Really take it out") : t("Take it out")}
        </Button>
      </div>
      {act.error ? <Problem error={act.error} /> : null}
      {remove.error ? <Problem error={remove.error} /> : null}
    </section>
  );
}

type Ban = { source: string; why: string | null; userAgent: string | null; expiresAt: string };

const reasons: Record<string, () => string> = {
  scanner: () => t("Scanner"),
  flood: () => t("Flood"),
  "wrong-credentials": () => t("Wrong credentials"),
};

function Bans({ edge }: { edge: string }) {
  const { data: me } = useMe();
  const [lifted, setLifted] = useState<string[]>([]);
  const { data, error } = useQuery({
    queryKey: ["edges", edge, "bans"],
    queryFn: ({ signal }) => send<Page<Ban>>("GET", `/v1/edges/${edge}/bans`, { signal }),
    refetchInterval: 5000,
  });
  const lift = useMutation({
    mutationFn: (source: string) => send("DELETE", `/v1/edges/${edge}/bans/${encodeURIComponent(source)}`),
    onMutate: (source) => setLifted((others) => [...others, source]),
    onError: (_, source) => setLifted((others) => others.filter((one) => one !== source)),
  });
  const bans = data?.data.filter(({ source }) => !lifted.includes(source));
  return (
    <section className="grid gap-2">
      <h3 className="font-semibold">{t("Addresses that it does not answer")}</h3>
      {error && !data ? <Problem error={error} /> : null}
      {bans?.length === 0 ? <p className="text-muted">{t("None now.")}</p> : null}
      <ul className="card divide-y divide-line empty:hidden">
        {(bans ?? []).map(({ source, why, userAgent, expiresAt }) => (
          <li key={source} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2">
            <span className="min-w-0 flex-1 basis-40 font-mono break-all">{source}</span>
            <span className="text-muted">{reasons[why ?? ""]?.() ?? why ?? "–"}</span>
            {may(me, "edges:write") ? (
              <Button
                small
                aria-label={t("Answer {address} again", { address: source })}
                onClick={() => lift.mutate(source)}
              >
                {t("Lift")}
              </Button>
            ) : null}
            <span className="basis-full text-muted text-xs break-words">
              {userAgent ?? ""} {t("until")} <Stamp at={expiresAt} />
            </span>
          </li>
        ))}
      </ul>
      {lift.error ? <Problem error={lift.error} /> : null}
    </section>
  );
}
