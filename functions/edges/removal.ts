// Taking an edge out of its pool.
import type { Access } from "../access/access.ts";
import type { Context } from "../context.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";
import { allItems, type Operation } from "../store/store.ts";
import { type Edge, ownEdge } from "./edge.ts";
import { fingerprint } from "./enrol.ts";
import { able, countHomes } from "./placement.ts";
import { changeRoster, readRoster } from "./roster.ts";
import type { PoolRoster } from "./stored-roster.ts";

/** Throws `in_use` while tenants have their home on it that another host of its pool could carry, unless it was drained. */
export async function refuseHome(ctx: Context, { id, name, pool }: Edge): Promise<void> {
  const roster = await readRoster(ctx, pool);
  const isDone = typeof roster.hosts.find((one) => one.id === id)?.drain?.doneAt === "string";
  if (isDone || !able(roster).some((one) => one.id !== id)) return;
  const tenants = await countHomes(ctx, id);
  if (tenants > 0)
    throw new Problem(
      "in_use",
      `${tenants} ${tenants === 1 ? "tenant has its" : "tenants have their"} home on ${name}; drain it with POST /v1/edges/${id}/drain, and take it out when GET /v1/edges/${id} shows that it is drained.`,
      { extra: { tenants } },
    );
}

/** Takes an edge out, in one transaction with `also`: its queue goes, its signature counts for nothing. `pool`: whether that goes too, by other hands. */
export async function removeEdge(
  ctx: Context,
  access: Pick<Access, "owner">,
  id: string,
  also: Operation[],
  pool: "stays" | "goes" = "stays",
): Promise<void> {
  const edge = await ownEdge(ctx, access, id);
  const operations: Operation[] = [
    { delete: keys.edge(id) },
    { delete: keys.edgeByKey(fingerprint(edge.publicKey)) },
    { delete: keys.webSocket(id) },
    { delete: keys.poolEdge(edge.pool, id) },
    { delete: keys.child(access.owner, "EDGE", id) },
    ...also,
  ];
  const without = ({ hosts, gone, ...roster }: PoolRoster): PoolRoster => ({
    ...{ ...roster, hosts: hosts.filter((one) => one.id !== id) },
    gone: [...gone, { id, at: ctx.now().toISOString() }],
  });
  if (pool === "goes") await ctx.store.transact(operations);
  else await changeRoster(ctx, edge.pool, without, () => operations);
  await (await import("../dns/records.ts")).endAll(ctx, id);
  // what it told of tenants and has not come to the log yet goes there first
  for await (const { pk, sk } of allItems((q) => ctx.store.query(q), { pk: keys.edge(id).pk }))
    if (!sk.startsWith(keys.eventsWaiting)) await ctx.store.transact([{ delete: { pk, sk } }]);
  await ctx.queues
    .remove(edge.queueUrl)
    .catch((error) => ctx.log.warn({ edge: id, error: String(error) }, "queue not removed"));
}
