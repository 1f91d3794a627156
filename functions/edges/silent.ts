// Edges of which nothing is heard, or whose engine is away: from when on they count as down.
import type { Context } from "../context.ts";
import * as keys from "../keys.ts";
import { due } from "../outbox.ts";
import { ConditionFailed, type Item } from "../store/store.ts";
import { type Edge, readEdge } from "./edge.ts";
import { changeRoster, withHost } from "./roster.ts";
import type { PoolRoster } from "./stored-roster.ts";

const silentMs = 90_000;
/** An engine is started anew in less. */
const engineMs = 15_000;
/** The sweep did not run for so long: nobody was listening. */
const deafMs = 150_000;

/** When the edge counts as down, if nothing else is heard of it. Milliseconds since 1970. */
export function lostAt({ seenAt, createdAt, engineDownSince }: Edge): number {
  const silent = Date.parse(seenAt ?? createdAt) + silentMs;
  return engineDownSince === null ? silent : Math.min(silent, Date.parse(engineDownSince) + engineMs);
}

/** Its item, in the index by when it counts as down; not if it does by now. */
export function edgeItem(ctx: Context, edge: Edge): Item {
  const at = lostAt(edge);
  const isLost = at <= ctx.now().getTime();
  const indexed = { ipk: keys.index.silent, isk: `${new Date(at).toISOString()}#${edge.id}` };
  return { ...keys.edge(edge.id), ...edge, ...(!isLost && indexed) } as Item;
}

/** Marks those as down whose time is over. An outage of the cloud's own, in which it heard of nobody, is nobody's silence. */
export async function sweepSilent(ctx: Context): Promise<void> {
  const now = ctx.now().getTime();
  const before = await ctx.store.get(keys.listening);
  const isDeaf = !before || now - Date.parse(String(before.at)) > deafMs;
  const since = isDeaf ? ctx.now().toISOString() : String(before.since);
  await ctx.store.transact([{ put: { ...keys.listening, at: ctx.now().toISOString(), since } }]);
  for await (const item of due(ctx, keys.index.silent)) {
    const edge = await readEdge(ctx, String(item.id));
    if (!edge || lostAt(edge) > now) continue;
    const isAway = edge.engineDownSince !== null && Date.parse(edge.engineDownSince) + engineMs <= now;
    if (!isAway && now - Date.parse(since) < silentMs) continue;
    const put = { put: edgeItem(ctx, edge), if: { equals: { isk: String(item.isk) } } };
    try {
      const down = (roster: PoolRoster) => withHost(roster, edge.id, { down: true });
      await changeRoster(ctx, edge.pool, down, () => [put]);
    } catch (error) {
      // it was heard of just now
      if (error instanceof ConditionFailed) continue;
      throw error;
    }
    ctx.measure?.("EdgesDown", [1]);
    ctx.log.warn({ edge: edge.id, name: edge.name, seenAt: edge.seenAt }, "an edge is down");
  }
}
