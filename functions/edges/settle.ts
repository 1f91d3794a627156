// Moving one tenant to where it belongs, as a revision of its document: its edges take it like any other, and history shows it.
import { idOf, type Owner } from "../../core/owner.ts";
import { kindOf } from "../../core/registry.ts";
import type { Placement } from "../../core/resources/placement.ts";
import { enter, type Principal } from "../access/access.ts";
import type { Context } from "../context.ts";
import type { Actor } from "../document/change.ts";
import type { Edit } from "../document/draft.ts";
import { readHead } from "../document/head.ts";
import { write } from "../document/write.ts";
import { newId } from "../id.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";
import { allItems, ConditionFailed } from "../store/store.ts";
import { forgetLoads, nowhere, placementId, placementItems } from "./placement.ts";
import type { Host, PoolRoster } from "./stored-roster.ts";

/** Decides from where a tenant is where it is to be. */
export type Decide = (before: Placement) => Placement | Promise<Placement>;

const platform = (owner: Owner): Principal => ({
  ...{ id: "platform", name: "platform", owner, scopes: ["*"], expiresAt: null, allowedIps: [], member: null },
});

const same = (a: Placement, b: Placement): boolean => a.home === b.home && a.standby === b.standby;

/** Resolves with whether it moved. One that is gone, or on another pool, is left alone; so is one that others keep writing to, for a later try. */
export async function settle(ctx: Context, owner: Owner, roster: PoolRoster, decide: Decide): Promise<boolean> {
  const head = await readHead(ctx.store, owner);
  if (!head?.pools.includes(roster.pool)) return false;
  // reading is what a suspended tenant's own key may do; its calls are none of this one's business
  const access = await enter(ctx, platform(owner), "tenant", idOf(owner), "tenants:read");
  const nameOf = (id: string | null) => roster.hosts.find((one) => one.id === id)?.name ?? id;
  const actor: Actor = { ...{ type: "system", id: "platform", name: "platform" }, ip: null, requestId: newId("req") };
  const change = { from: nowhere, to: nowhere };
  try {
    const { revision } = await write(ctx, access, {
      actor,
      summary: "place on the pool's hosts",
      async edits(view, now): Promise<Edit[]> {
        if (!now.pools.includes(roster.pool)) return [];
        const kind = kindOf("placement");
        const id = placementId(owner);
        const before = await view.get(kind.kind, id);
        change.from = (before?.body as Placement | undefined) ?? nowhere;
        change.to = await decide(change.from);
        if (same(change.from, change.to)) return [];
        const body = { ...change.to };
        if (!before) return [{ op: "create", kind, id, body, pointer: "" }];
        return [{ op: "update", kind, id, patch: body, pointer: "" }];
      },
    });
    if (revision === null) await enterItems(ctx, owner, roster.pool, change.to);
    else {
      forgetLoads(ctx);
      ctx.log.info({ owner, home: nameOf(change.to.home), standby: nameOf(change.to.standby) }, "a tenant was placed");
    }
    return revision !== null;
  } catch (error) {
    if (error instanceof Problem && ["busy", "not_found"].includes(error.code)) return false;
    throw error;
  }
}

/** It is where it belongs, and is found there: it may have come back from its deletion. */
async function enterItems(ctx: Context, owner: Owner, pool: string, placement: Placement): Promise<void> {
  const operations = placementItems(owner, pool, placement);
  const wanted = operations.flatMap((one) => ("put" in one ? [one.put] : []));
  const items = await ctx.store.getMany(wanted);
  if (wanted.every(({ ipk }, index) => items[index]?.ipk === ipk)) return;
  const head = await readHead(ctx.store, owner);
  if (!head?.pools.includes(pool)) return;
  try {
    const still = { check: keys.head(owner), if: { equals: { version: head.version } } };
    await ctx.store.transact([still, ...operations]);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
}

/** How many calls an edge said that it has, and when it said so. */
export type Said = { liveCalls: number; at: number };

/** Longer after its beginning than this, a call that the edge no longer counts is over, though nobody told of its end. */
const forgottenMs = 60_000;

/** Whether the tenant has a call on the host. */
export async function hasCall(ctx: Context, owner: Owner, host: Host, said: Said | undefined): Promise<boolean> {
  if (host.down) return false;
  for await (const item of allItems((q) => ctx.store.query(q), { pk: owner, prefix: keys.liveCalls })) {
    if (item.edge !== host.id || Number(item.ttl) * 1000 < ctx.now().getTime()) continue;
    const isOver = said?.liveCalls === 0 && said.at > Date.parse(String(item.startedAt)) + forgottenMs;
    if (!isOver) return true;
  }
  return false;
}
