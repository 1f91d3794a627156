// The release of a pool's hosts: which there is, how far it is, why it was stopped, and what is done about it.
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { send } from "../api/client.ts";
import { may, useMe } from "../frame/me.ts";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Problem } from "../part/problem.tsx";
import { type Edge, type Pool, usePoolChange } from "./edge.ts";

type State = "canary" | "rolling" | "done" | "stopped" | "rolling-back" | "rolled-back";
type Release = {
  version: string;
  state: State;
  canary: string;
  reason: string | null;
  hosts: Record<string, { cameAt: string | null }>;
};
type Answer = { latest: string | null; versions: string[]; release: Release | null };

/** Nothing where no release was brought to this installation and none was begun. */
export function PoolRelease({ pool, edges }: { pool: Pool; edges: Edge[] }) {
  const { data: me } = useMe();
  const path = `/v1/pools/${pool.id}/release`;
  const { data } = useQuery({
    queryKey: ["pools", pool.id, "release"],
    queryFn: ({ signal }) => send<Answer>("GET", path, { signal }),
    refetchInterval: 15_000,
  });
  const stop = usePoolChange(() => send("POST", `${path}/stop`));
  const back = usePoolChange(() => send("POST", `${path}/rollback`));
  if (!data || (data.versions.length === 0 && !data.release) || edges.length === 0) return null;
  const { release } = data;
  const isActive = release !== null && ["canary", "rolling", "rolling-back"].includes(release.state);
  const mayWrite = may(me, "pools:write");
  const error = stop.error ?? back.error;
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap items-center gap-2 text-sm">
        {release ? <p role="status">{sayings(release, edges)}</p> : null}
        {mayWrite && isActive && release.state !== "rolling-back" ? (
          <Button small busy={stop.isPending} onClick={() => stop.mutate(undefined)}>
            {t("Stop the release")}
          </Button>
        ) : null}
        {mayWrite && release && !["rolling-back", "rolled-back"].includes(release.state) ? (
          <Button small busy={back.isPending} onClick={() => back.mutate(undefined)}>
            {t("Go back to the version before")}
          </Button>
        ) : null}
      </div>
      {mayWrite && !isActive ? <Begin path={path} answer={data} edges={edges} /> : null}
      {error ? <Problem error={error} /> : null}
    </div>
  );
}

function sayings({ version, state, canary, reason, hosts }: Release, edges: Edge[]): string {
  const name = edges.find(({ id }) => id === canary)?.name ?? canary;
  const n = String(Object.values(hosts).filter(({ cameAt }) => cameAt !== null).length);
  const of = String(edges.length);
  switch (state) {
    case "canary":
      return t("Release {version} is tried on {name} first.", { version, name });
    case "rolling":
      return t("Release {version} is on {n} of {of} hosts.", { version, n, of });
    case "done":
      return t("Release {version} is on all hosts that are up.", { version });
    case "stopped":
      return t("Release {version} was stopped on {n} of {of} hosts: {reason}", {
        version,
        n,
        of,
        reason: reason ?? "",
      });
    case "rolling-back":
      return t("The hosts go back to the version before {version}.", { version });
    case "rolled-back":
      return t("The hosts are back at the version before {version}.", { version });
  }
}

function Begin({ path, answer, edges }: { path: string; answer: Answer; edges: Edge[] }) {
  const id = useId();
  const newest = answer.versions.filter((one) => edges.some(({ health }) => health?.version !== one)).reverse();
  const [chosen, setVersion] = useState<string>();
  const version = chosen ?? newest[0] ?? "";
  const begin = usePoolChange(() => send("PUT", path, { body: { version } }));
  if (newest.length === 0) return null;
  return (
    <form
      className="flex flex-wrap items-center gap-2 text-sm"
      onSubmit={(event) => {
        event.preventDefault();
        begin.mutate(undefined);
      }}
    >
      <label htmlFor={id}>{t("Release of the agent")}</label>
      <select
        id={id}
        className="rounded-md border border-line bg-page px-2 py-1"
        value={version}
        onChange={(event) => setVersion(event.target.value)}
      >
        {newest.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
      <Button small type="submit" busy={begin.isPending}>
        {t("Bring the hosts to it")}
      </Button>
      {begin.error ? <Problem error={begin.error} /> : null}
    </form>
  );
}
