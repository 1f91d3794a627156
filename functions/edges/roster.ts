// The roster of a pool: its hosts as each of them must know them. One item, so that whoever reads it sees one state; each change makes a version and is told to
// every edge of the pool. What a queue loses, the answer to a heartbeat brings.
import { randomInt } from "node:crypto";
import type { Roster } from "../../core/wire.ts";
import { encodeMessage } from "../../core/wire-text.ts";
import type { Context } from "../context.ts";
import { queueUrls } from "../document/publish.ts";
import * as keys from "../keys.ts";
import { dueAt } from "../outbox.ts";
import { Problem } from "../problem.ts";
import { ConditionFailed, Conflict, type Item, type Operation } from "../store/store.ts";
import type { Host, NewHost, PoolRoster } from "./stored-roster.ts";

const empty = (pool: string): PoolRoster => ({
  ...{ pool, version: 0, slots: 0, hosts: [], gone: [], rebalance: false, namesAt: null, release: null },
});

/** Of a pool without edges: version 0, without hosts. */
export async function readRoster(ctx: Context, pool: string): Promise<PoolRoster> {
  const item = await ctx.store.get(keys.roster(pool));
  return item ? (await import("./stored-roster.ts")).storedRoster.parse(item) : empty(pool);
}

export const stateOf = ({ down, drain }: Host): Roster["hosts"][number]["state"] =>
  down ? "down" : drain ? "draining" : "up";

/** As edges are told. */
export const messageOf = ({ pool, version, namesAt, hosts }: PoolRoster): Roster => ({
  ...{ type: "roster", pool, version, ...(namesAt !== null && { namesAt }) },
  hosts: hosts.map((one) => {
    const { id, name, engine, slot, front } = one;
    return { id, name, engine, slot, front, state: stateOf(one) };
  }),
});

/** With a host that is new to it, under a slot that no other had. */
export function admit(roster: PoolRoster, fresh: NewHost): PoolRoster {
  const slots = roster.slots + 1;
  return { ...roster, slots, hosts: [...roster.hosts, { ...fresh, slot: slots, down: false, drain: null }] };
}

/** With that host changed; undefined where it is not in it. */
export function withHost(roster: PoolRoster, id: string, change: Partial<Host>): PoolRoster | undefined {
  if (!roster.hosts.some((one) => one.id === id)) return undefined;
  return { ...roster, hosts: roster.hosts.map((one) => (one.id === id ? { ...one, ...change } : one)) };
}

/** So long a tenant that was made meanwhile may turn up on an edge that was taken out. */
export const goneMs = 600_000;

/** The alarm that has the pool tended (tend.ts), in `ms`. */
export const workItem = (ctx: Context, pool: string, ms = 0): Item => ({
  ...keys.poolWork(pool),
  ...dueAt(keys.index.pools, new Date(ctx.now().getTime() + ms), pool),
  ...{ pool, turn: randomInt(2 ** 47) },
});

/**
 * Makes one version of `change`, in one transaction with what `also` makes of it, tells the edges and has the pool tended. Resolves with the roster as it is
 * then; where `change` answers undefined, nothing is done. Throws ConditionFailed for a condition of `also`, whose indices count from its operations; `busy`.
 */
export async function changeRoster(
  ctx: Context,
  pool: string,
  change: (roster: PoolRoster) => PoolRoster | undefined,
  also: (next: PoolRoster) => Operation[] = () => [],
): Promise<PoolRoster> {
  for (let attempt = 1; attempt <= 50; attempt++) {
    const before = await readRoster(ctx, pool);
    const changed = change(before);
    if (!changed) return before;
    const old = new Date(ctx.now().getTime() - goneMs).toISOString();
    const next = { ...changed, version: before.version + 1, gone: changed.gone.filter(({ at }) => at > old) };
    const put: Operation = {
      put: { ...keys.roster(pool), ...next } as Item,
      if: before.version === 0 ? { absent: true } : { equals: { version: before.version } },
    };
    try {
      await ctx.store.transact([
        put,
        { put: workItem(ctx, pool) },
        ...also(next),
        ...(await stopped(ctx, before, next)),
      ]);
    } catch (error) {
      if (error instanceof ConditionFailed && error.failed.some((index) => index > 0))
        throw new ConditionFailed(error.failed.filter((index) => index > 1).map((index) => index - 2));
      if (!(error instanceof ConditionFailed || error instanceof Conflict)) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(200, 5 * attempt)));
      continue;
    }
    ctx.after(tell(ctx, next));
    ctx.after(tendSoon(ctx, pool));
    return next;
  }
  throw new Problem("busy", "Others keep changing this pool; try again in a moment.", {
    headers: { "Retry-After": "2" },
  });
}

/** An event where the release was stopped just now. */
const stopped = async (ctx: Context, before: PoolRoster, next: PoolRoster): Promise<Operation[]> =>
  next.release?.state === "stopped" && before.release?.state !== "stopped"
    ? (await import("./release.ts")).told(ctx, next)
    : [];

/** To every edge of the pool. Never rejects: who is not reached hears it with its next heartbeat. */
async function tell(ctx: Context, roster: PoolRoster): Promise<void> {
  const body = encodeMessage(messageOf(roster));
  const sent = (await queueUrls(ctx, [roster.pool])).map((url) => ctx.queues.send(url, body));
  for (const result of await Promise.allSettled(sent))
    if (result.status === "rejected")
      ctx.log.warn({ pool: roster.pool, error: String(result.reason) }, "an edge was not told of the pool's hosts");
}

/** Has the pool tended soon; what it does not reach, the sweep finds. Never rejects. */
export const tendSoon = (ctx: Context, pool: string): Promise<void> =>
  ctx.startJob(pool).catch((error: unknown) => {
    ctx.log.warn({ pool, error: String(error) }, "a pool's tenants are not looked after yet; the next sweep does it");
  });
