// What the routes of a pool's release do; loaded when one is asked.
import type { z } from "zod";
import { listPackages } from "../edges/packages.ts";
import { checkRelease, chooseCanary } from "../edges/release.ts";
import * as Rollout from "../edges/rollout.ts";
import { changeRoster, readRoster } from "../edges/roster.ts";
import type { PoolRoster } from "../edges/stored-roster.ts";
import { Problem } from "../problem.ts";
import { own } from "./pool-handlers.ts";
import type { releaseInput } from "./pools.ts";
import { ok, type Request } from "./route.ts";

/** As the API shows it. */
async function shown({ ctx }: Request, { pool, release }: PoolRoster) {
  const { latest, packages } = await listPackages(ctx);
  const versions = [...new Set(packages.map(({ version }) => version))];
  return { poolId: pool, latest: latest === "" ? null : latest, versions, release };
}

/** Throws `not_found`. */
export async function show(request: Request) {
  const { pool } = await own(request, "pools:read");
  return ok(await shown(request, await readRoster(request.ctx, pool.id)));
}

/** Changes the release of the request's pool. */
async function changed(request: Request, change: (roster: PoolRoster, now: string) => Rollout.Rollout) {
  const { ctx } = request;
  const { access, pool } = await own(request, "pools:write");
  const before = await shown(request, await readRoster(ctx, pool.id));
  const now = ctx.now().toISOString();
  const answer = ({ release }: PoolRoster) => ok({ ...before, release });
  const roster = await changeRoster(
    ctx,
    pool.id,
    (current) => ({ ...current, release: change(current, now) }),
    (next) => request.record({ head: access.head, target: { kind: "pool", id: pool.id } }, answer(next)),
  );
  return answer(roster);
}

/** Throws `not_found`, `invalid` for a release that is not there, `conflict` while another is on its way or no host is up. */
export async function start(request: Request, { version, canary, soakMinutes }: z.output<typeof releaseInput>) {
  const { pool } = await own(request, "pools:write");
  await checkRelease(request.ctx, version);
  const first = await chooseCanary(request.ctx, await readRoster(request.ctx, pool.id), canary);
  return changed(request, ({ release }, now) => {
    if (release && Rollout.isActive(release))
      throw new Problem(
        "conflict",
        `${release.version} is on its way to this pool; wait for it, or stop it with POST /v1/pools/${pool.id}/release/stop.`,
      );
    return Rollout.begin(version, first, soakMinutes, now);
  });
}

const none = (): Problem =>
  new Problem("conflict", "No release was begun on this pool; PUT /v1/pools/{id}/release begins one.");

/** Throws `not_found`, `conflict` where nothing goes on. */
export const stop = (request: Request) =>
  changed(request, ({ release }, now) => {
    if (!release) throw none();
    if (!Rollout.isActive(release)) throw new Problem("conflict", `Nothing goes on: the release is ${release.state}.`);
    return Rollout.stop(release, "stopped by hand", now);
  });

/** Throws `not_found`, `conflict` where there is nothing to go back from, or nothing to go back to. */
export async function rollBack(request: Request) {
  const { ctx } = request;
  const { pool } = await own(request, "pools:write");
  const { release } = await readRoster(ctx, pool.id);
  if (!release) throw none();
  const { packages } = await listPackages(ctx);
  const lacking = Object.values(release.hosts)
    .map(({ before }) => before)
    .find((version) => version !== null && !packages.some((one) => one.version === version));
  if (lacking)
    throw new Problem(
      "conflict",
      `There is no package of ${lacking} any more: npm run build:edge -- --version ${lacking} makes it from that release's sources.`,
    );
  return changed(request, (current, now) => {
    if (!current.release) throw none();
    if (current.release.state === "rolled-back" || current.release.state === "rolling-back")
      throw new Problem("conflict", `The release is ${current.release.state}.`);
    return Rollout.back(current.release, now);
  });
}
