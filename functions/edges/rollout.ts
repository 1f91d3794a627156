// Bringing a release to the hosts of a pool: first to one, the canary; when that has worked for a while, to the others, one after another. Stopped by the
// first sign that something is wrong. Pure: the state, what was heard, and the time; who calls it writes the state down (release.ts).
import * as z from "zod/mini";

const asked = z.object({
  /** What it ran before; null until it was heard of since it was asked. */
  before: z.nullable(z.string()),
  /** Whether its engine was there then: one that was not is no sign. */
  hadEngine: z.boolean(),
  askedAt: z.iso.datetime(),
  /** When it was heard of with the release, in step. */
  cameAt: z.nullable(z.iso.datetime()),
});

export const rollout = z.object({
  version: z.string(),
  state: z
    .enum(["canary", "rolling", "done", "stopped", "rolling-back", "rolled-back"])
    .check(z.describe("stopped: no other host is asked, and those that have it keep it")),
  canary: z.string().check(z.describe("The host that gets it first")),
  soakMinutes: z
    .int()
    .check(z.minimum(0), z.maximum(10_080), z.describe("How long the canary must work before others are asked")),
  startedAt: z.iso.datetime(),
  endedAt: z.nullable(z.iso.datetime()),
  reason: z.nullable(z.string()).check(z.describe("Why it was stopped")),
  hosts: z.record(z.string(), asked).check(z.describe("Those that were asked, by their ids")),
});
export type Rollout = z.output<typeof rollout>;

/** What a host says of itself. `failed`: why it could not take a release. */
export type Heard = {
  id: string;
  version: string;
  connected: boolean;
  inStep: boolean;
  failed: { version: string; reason: string } | null;
};
export type Hosts = readonly { id: string; name: string; down: boolean }[];

/** A host that did not come with the release by then is a reason to stop. */
export const comeMinutes = 10;

const minutes = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 60_000;

export const isActive = ({ state }: Rollout): boolean =>
  state === "canary" || state === "rolling" || state === "rolling-back";

export function begin(version: string, canary: string, soakMinutes: number, now: string): Rollout {
  const start: Rollout = {
    ...{ version, state: "canary", canary, soakMinutes, startedAt: now, endedAt: null, reason: null, hosts: {} },
  };
  return ask(start, canary, now);
}

const ask = (release: Rollout, id: string, now: string): Rollout => ({
  ...release,
  hosts: { ...release.hosts, [id]: { before: null, hadEngine: false, askedAt: now, cameAt: null } },
});

/** No other host is asked. */
export const stop = (release: Rollout, reason: string, now: string): Rollout =>
  isActive(release) ? { ...release, state: "stopped", reason: reason.slice(0, 500), endedAt: now } : release;

/** Every host that has the release, or was asked, is to run again what it ran. */
export const back = (release: Rollout, now: string): Rollout => ({
  ...release,
  state: "rolling-back",
  endedAt: null,
  hosts: Object.fromEntries(
    Object.entries(release.hosts).map(([id, host]) => [id, { ...host, askedAt: now, cameAt: null }]),
  ),
});

/** The version that the host is to run; undefined: whatever it runs. */
export function wanted(release: Rollout | null, id: string): string | undefined {
  if (!release) return undefined;
  const host = release.hosts[id];
  switch (release.state) {
    case "canary":
    case "rolling":
      return host && release.version;
    case "done":
      return release.version;
    case "stopped":
      return host?.cameAt ? release.version : undefined;
    case "rolling-back":
    case "rolled-back":
      return host?.before ?? undefined;
  }
}

/** The state after what was heard of one host, and at this time. The same object where nothing is different. */
export function advance(release: Rollout, hosts: Hosts, now: string, heard?: Heard): Rollout {
  if (!isActive(release)) return release;
  const after = heard ? hear(release, hosts, now, heard) : release;
  return isActive(after) ? look(after, hosts, now) : after;
}

function hear(release: Rollout, hosts: Hosts, now: string, heard: Heard): Rollout {
  const host = release.hosts[heard.id];
  if (!host) return release;
  const name = nameOf(hosts, heard.id);
  const known = { ...release, hosts: { ...release.hosts } };
  const set = (change: Partial<typeof host>): Rollout => {
    known.hosts[heard.id] = { ...host, ...change };
    return known;
  };
  if (release.state === "rolling-back")
    return host.cameAt === null && (host.before === null || heard.version === host.before)
      ? set({ cameAt: now })
      : release;
  if (host.before === null) {
    const has = heard.version === release.version;
    return set({ before: heard.version, hadEngine: heard.connected, cameAt: has && heard.inStep ? now : null });
  }
  // a failure that it told before it was asked is of another try
  if (heard.failed?.version === release.version)
    return stop(release, `${name} could not take ${release.version}: ${heard.failed.reason}`, now);
  if (host.cameAt !== null)
    return heard.version === release.version
      ? release
      : stop(release, `${name} went back to ${heard.version} by itself`, now);
  const works = heard.version === release.version && heard.inStep && (heard.connected || !host.hadEngine);
  return works ? set({ cameAt: now }) : release;
}

/** What follows from the time that passed, and from which hosts are down. */
function look(release: Rollout, hosts: Hosts, now: string): Rollout {
  const { version, state } = release;
  const askedOnes = Object.entries(release.hosts).filter(([id]) => hosts.some((one) => one.id === id));
  const late = askedOnes.find(([, one]) => one.cameAt === null && minutes(one.askedAt, now) >= comeMinutes);
  if (late) {
    const to = state === "rolling-back" ? (late[1].before ?? "what it ran") : version;
    return stop(release, `${nameOf(hosts, late[0])} is not in step with ${to} after ${comeMinutes} minutes`, now);
  }
  if (state === "rolling-back")
    return askedOnes.every(([, one]) => one.cameAt !== null)
      ? { ...release, state: "rolled-back", endedAt: now }
      : release;
  const lost = askedOnes.find(([id, one]) => one.cameAt !== null && hosts.some((each) => each.id === id && each.down));
  if (lost) return stop(release, `${nameOf(hosts, lost[0])} is down since it has ${version}`, now);
  if (state === "canary") {
    if (!hosts.some(({ id }) => id === release.canary)) return stop(release, "the canary was taken out", now);
    const came = release.hosts[release.canary]?.cameAt ?? null;
    if (came === null || minutes(came, now) < release.soakMinutes) return release;
    return look({ ...release, state: "rolling" }, hosts, now);
  }
  if (askedOnes.some(([, one]) => one.cameAt === null)) return release;
  const next = hosts.find(({ id, down }) => !down && !release.hosts[id]);
  return next ? ask(release, next.id, now) : { ...release, state: "done", endedAt: now };
}

const nameOf = (hosts: Hosts, id: string): string => hosts.find((one) => one.id === id)?.name ?? id;
