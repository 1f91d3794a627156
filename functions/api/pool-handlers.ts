// What the routes of pools do; loaded when one is asked.
import type { z } from "zod";
import { accountOwner, idOf } from "../../core/owner.ts";
import type { poolInput } from "../../core/pool.ts";
import type { Access } from "../access/access.ts";
import { type Head, moveHead, readHead } from "../document/head.ts";
import { able, carriers, countHomes } from "../edges/placement.ts";
import { deletePool, tenantsOn } from "../edges/pool-removal.ts";
import { changedPool, listPools, newPool, type Pool, readPool } from "../edges/pools.ts";
import { changeRoster, readRoster } from "../edges/roster.ts";
import type { Host } from "../edges/stored-roster.ts";
import { notFound, Problem } from "../problem.ts";
import type { Operation } from "../store/store.ts";
import { home } from "./edges.ts";
import { ok, type Request } from "./route.ts";

type Input = z.output<typeof poolInput>;

const shown = ({ sipFrom: _, ...pool }: Pool, defaultPool: string | null) => ({
  ...pool,
  default: pool.id === defaultPool,
});

/** The pool of the request's path, if it is of the caller's account. Throws `not_found`. */
export async function own(request: Request, scope: string): Promise<{ access: Access; pool: Pool }> {
  const access = await home(request, scope);
  const id = request.params.id ?? "";
  const pool = await readPool(request.ctx, id);
  if (!pool || accountOwner(pool.account) !== access.owner) throw notFound("pool", id.slice(0, 64));
  return { access, pool };
}

export async function list(request: Request) {
  const access = await home(request, "pools:read");
  const pools = await listPools(request.ctx, access);
  return ok({ data: pools.map((pool) => shown(pool, access.head.defaultPool)), next: null });
}

const homesOf = (request: Request, hosts: Host[]) =>
  Promise.all(hosts.map(async ({ id, name }) => ({ ...{ id, name }, tenants: await countHomes(request.ctx, id) })));

/** Throws `not_found`. */
export async function show(request: Request) {
  const { access, pool } = await own(request, "pools:read");
  const [{ tenants, deletedTenants }, hosts] = await Promise.all([
    tenantsOn(request.ctx, pool.id),
    homesOf(request, carriers(await readRoster(request.ctx, pool.id))),
  ]);
  return ok({ ...shown(pool, access.head.defaultPool), tenants, deletedTenants, hosts });
}

/** What makes it the default; `head` is the account's as it is now. */
async function choosing(request: Request, { owner }: Access, pool: string, isDefault: boolean) {
  const head = await readHead(request.ctx.store, owner);
  if (!head) throw notFound("account", idOf(owner));
  const next: Head = isDefault ? { ...head, defaultPool: pool } : head;
  const operations: Operation[] = head.defaultPool === next.defaultPool ? [] : [moveHead(head, next)];
  return { head, defaultPool: next.defaultPool, operations };
}

/** Throws `conflict` in a sandbox. */
export async function make(request: Request, { default: isDefault, ...input }: Input & { default: boolean }) {
  const access = await home(request, "pools:write");
  if (access.head.sandbox !== null)
    throw new Problem("conflict", "A sandbox has a simulated edge and no other; make the pool in a live account.");
  const { pool, operations } = newPool(idOf(access.owner), input, request.ctx.now().toISOString());
  const { head, defaultPool, operations: choose } = await choosing(request, access, pool.id, isDefault);
  const answer = { status: 201, body: shown(pool, defaultPool) };
  const recorded = request.record({ head, target: { kind: "pool", id: pool.id } }, answer);
  await request.ctx.store.transact([...operations, ...choose, ...recorded]);
  return answer;
}

/** `patch`: what is not sent stays; null clears. Throws `not_found`. */
export async function change(request: Request, { default: isDefault, ...patch }: Record<string, unknown>) {
  const { access, pool } = await own(request, "pools:write");
  const { pool: next, operation } = changedPool(pool, patch as Partial<Input>);
  const { head, defaultPool, operations: choose } = await choosing(request, access, pool.id, isDefault === true);
  const answer = ok(shown(next, defaultPool));
  const recorded = request.record({ head, target: { kind: "pool", id: pool.id } }, answer);
  await request.ctx.store.transact([operation, ...choose, ...recorded]);
  return answer;
}

/** Throws `not_found`. */
export async function rebalance(request: Request) {
  const { ctx } = request;
  const { access, pool } = await own(request, "pools:write");
  const hosts = able(await readRoster(ctx, pool.id));
  const answer = { status: 202, body: { poolId: pool.id, hosts: await homesOf(request, hosts) } };
  const record = request.record({ head: access.head, target: { kind: "pool", id: pool.id } }, answer);
  if (hosts.length === 0) await ctx.store.transact(record);
  else
    await changeRoster(
      ctx,
      pool.id,
      (roster) => ({ ...roster, rebalance: true }),
      () => record,
    );
  return answer;
}

/** Throws `not_found`, `conflict` for the default, `in_use` while something is in it. */
export async function remove(request: Request) {
  const { access, pool } = await own(request, "pools:write");
  const recorded = request.record({ head: access.head, target: { kind: "pool", id: pool.id } });
  await deletePool(request.ctx, access, pool, recorded);
  return { status: 204, body: null };
}
