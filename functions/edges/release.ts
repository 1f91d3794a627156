// The release that the hosts of a pool are brought to: kept in the pool's roster, moved on by heartbeats, by what hosts refuse, and by the clock.
import type { z } from "zod";
import { accountOwner } from "../../core/owner.ts";
import type { Ack, Failure } from "../../core/wire.ts";
import type { packageWanted } from "../../core/wire-host.ts";
import type { Context } from "../context.ts";
import { of as waitingEvents } from "../events/waiting.ts";
import { newId } from "../id.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";
import type { Item, Operation } from "../store/store.ts";
import type { Edge } from "./edge.ts";
import { listPackages, packageUrl } from "./packages.ts";
import { countHomes } from "./placement.ts";
import { readPool } from "./pools.ts";
import * as Rollout from "./rollout.ts";
import { changeRoster, readRoster } from "./roster.ts";
import type { PoolRoster } from "./stored-roster.ts";

/** Throws `invalid` for a release that there is no package of. */
export async function checkRelease(ctx: Context, version: string): Promise<void> {
  const { packages } = await listPackages(ctx);
  if (packages.some((one) => one.version === version)) return;
  const known = [...new Set(packages.map((one) => one.version))].join(", ");
  const detail = known === "" ? "no release of the edge agent was brought here" : `known are ${known}`;
  throw new Problem("invalid", `version: ${detail}; npm run build:edge makes one.`, {
    errors: [{ pointer: "/version", detail }],
  });
}

/** The host that is the home of the fewest tenants, among those that are up. Throws `conflict` where none is, or the one that was named is not. */
export async function chooseCanary(ctx: Context, { hosts }: PoolRoster, named: string | undefined): Promise<string> {
  const up = hosts.filter(({ down }) => !down);
  if (named !== undefined) {
    if (up.some(({ id }) => id === named)) return named;
    throw new Problem("conflict", "The canary must be a host of this pool that is up; GET /v1/edges lists them.");
  }
  const homes = await Promise.all(up.map(({ id }) => countHomes(ctx, id)));
  const [first] = up.map(({ id }, index) => ({ id, homes: homes[index] ?? 0 })).sort((a, b) => a.homes - b.homes);
  if (!first) throw new Problem("conflict", "No host of this pool is up; bring one back first.");
  return first.id;
}

/** What its account is told of a release that was stopped. */
export async function told(ctx: Context, { pool, release }: PoolRoster): Promise<Operation[]> {
  const known = await readPool(ctx, pool);
  if (!known || !release) return [];
  const owner = accountOwner(known.account);
  const data = { pool, name: known.name, version: release.version, reason: release.reason };
  return waitingEvents(owner, newId("evw"), [{ type: "pool.release-stopped", owner, data }], ctx.now().toISOString());
}

/** What the clock alone brings about. Resolves with whether it goes on. */
export async function tick(ctx: Context, { pool, release }: PoolRoster): Promise<boolean> {
  if (!release || !Rollout.isActive(release)) return false;
  const roster = await changeRoster(ctx, pool, (current) => {
    const next = current.release && Rollout.advance(current.release, current.hosts, ctx.now().toISOString());
    return next === current.release ? undefined : { ...current, release: next };
  });
  return roster.release !== null && Rollout.isActive(roster.release);
}

const same = (a: Failure, b: Failure): boolean => a.kind === b.kind && a.id === b.id;

/**
 * A host refused something. Where it was asked to take a release, and neither it nor a host without that release refused the same before, the release is
 * stopped. `before`: its last word about the document.
 */
export async function refused(ctx: Context, edge: Edge, ack: Ack, before: Item | undefined): Promise<void> {
  const earlier = (before?.failures ?? []) as Failure[];
  const fresh = ack.failures.filter((one) => !earlier.some((old) => same(old, one)));
  if (fresh.length === 0) return;
  const roster = await readRoster(ctx, edge.pool);
  const { release } = roster;
  if (!release || !Rollout.isActive(release) || !release.hosts[edge.id]) return;
  const others = roster.hosts.filter(({ id }) => !release.hosts[id]);
  const said = await ctx.store.getMany(others.map(({ id }) => keys.acknowledged(ack.owner, id)));
  const theirs = said.flatMap((item) => (item?.failures ?? []) as Failure[]);
  const own = fresh.find((one) => !theirs.some((old) => same(old, one)));
  if (!own) return;
  const name = roster.hosts.find(({ id }) => id === edge.id)?.name ?? edge.name;
  const why = `${name} refuses ${own.kind} ${own.id} of ${ack.owner.slice(2)} since it was asked to take ${release.version}: ${own.reason}`;
  const now = ctx.now().toISOString();
  await changeRoster(ctx, edge.pool, (current) => {
    if (!current.release || !Rollout.isActive(current.release)) return undefined;
    return { ...current, release: Rollout.stop(current.release, why, now) };
  });
}

/** Where a host fetches the package of the release that it is to take. Throws `not_found` for any other. */
export async function packageFor(ctx: Context, edge: Edge, { version, arch }: z.output<typeof packageWanted>) {
  const { release } = await readRoster(ctx, edge.pool);
  if (Rollout.wanted(release, edge.id) !== version)
    throw new Problem("not_found", "This edge is not asked to take that release.");
  const { url, found } = await packageUrl(ctx, `dialplane-edge_${version}_${arch}.deb`);
  return { url, sha256: found.sha256, bytes: found.bytes };
}
