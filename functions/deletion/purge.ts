// The end of a deleted owner: first it can be restored no more, then its traces go, then, when every edge has dropped it, the tombstone too.
import { accountOwner, idOf, isTenant } from "../../core/owner.ts";
import { childrenOf } from "../accounts/below.ts";
import type { Context } from "../context.ts";
import { type Head, moveHead, outboxItem, placementItem, readHead, sortOf } from "../document/head.ts";
import { droppedMessage, publish } from "../document/publish.ts";
import { of as waitingEvents } from "../events/waiting.ts";
import { newId } from "../id.ts";
import * as keys from "../keys.ts";
import { allItems, type Item, type Operation, type Query } from "../store/store.ts";
import { type Deletion, itemOf } from "./item.ts";
import { listedAs } from "./remove.ts";

const day = 86_400_000;
/** What was under way while its traces were removed has come in by then; an upload's URL is good for a quarter of an hour. */
const againMs = 3_600_000;
const tombstoneMs = 30 * day;

/** The same item at another stage, to be looked at in `waitMs`. */
export function at(ctx: Context, before: Deletion, stage: Deletion["stage"], waitMs = 0): Deletion {
  const now = ctx.now().getTime();
  const since = stage === before.stage ? before.since : new Date(now).toISOString();
  return { ...before, stage, since, due: new Date(now + waitMs).toISOString(), turn: before.turn + 1 };
}

const onTurn = ({ turn }: Deletion) => ({ equals: { turn } });

/** Whether an account has nothing in it any more, not even what could be restored. */
export async function isEmpty(ctx: Context, { owner }: Head): Promise<boolean> {
  if (isTenant(owner)) return true;
  for (const what of ["ACCOUNT", "TENANT"])
    for (const name of [what, keys.deleted(what)])
      for await (const _ of childrenOf(ctx.store, owner, name)) return false;
  return true;
}

/** From here on there is no way back. Edges are told that it won't return. */
export async function entomb(ctx: Context, head: Head, deletion: Deletion): Promise<Deletion> {
  const now = ctx.now().toISOString();
  const next: Head = { ...head, revision: head.revision + 1, purgeAt: null, deletedWith: null };
  const after = at(ctx, deletion, "purge");
  const places: Operation[] = [];
  for await (const { sk } of allItems((q) => ctx.store.query(q), { pk: head.owner, prefix: keys.placements }))
    places.push({ put: { ...placementItem(next, keys.placedOn(sk)), purged: true } });
  await ctx.store.transact([
    moveHead(head, next),
    ...places,
    { put: outboxItem(next, now, deletion.actor.requestId) },
    ...listedAs(head, "nothing"),
    { put: itemOf(after), if: onTurn(deletion) },
  ]);
  publish(ctx, next, droppedMessage(next), deletion.actor.requestId);
  return after;
}

/** Its traces are gone: the nearest account above that is still there is told, and with it those above that. */
export async function bury(ctx: Context, head: Head, deletion: Deletion): Promise<void> {
  const { type, id, name } = deletion.actor;
  const data = { id: idOf(head.owner), kind: sortOf(head.owner), actor: { type, id, name } };
  const told: Operation[] = [];
  for (const account of head.path.map(accountOwner)) {
    if (!(await readHead(ctx.store, account))) continue;
    const event = { type: `${sortOf(head.owner)}.purged`, owner: account, data };
    told.push(...waitingEvents(account, newId("evw"), [event], ctx.now().toISOString()));
    break;
  }
  const put = itemOf(at(ctx, deletion, "tombstone", againMs));
  await ctx.store.transact([{ put, if: onTurn(deletion) }, ...told]);
}

/** The tombstone goes too, when it has stood for 30 days and every edge of its pools has dropped it. */
export async function settle(ctx: Context, head: Head, deletion: Deletion): Promise<void> {
  const stood = ctx.now().getTime() - Date.parse(deletion.since);
  if (stood < tombstoneMs || !(await isDropped(ctx, head)))
    return ctx.store.transact([{ put: itemOf(at(ctx, deletion, "tombstone", day)), if: onTurn(deletion) }]);
  const last = [keys.deletion(head.owner), keys.head(head.owner)];
  const isLast = ({ sk }: Item) => last.some((key) => key.sk === sk);
  let rest: Operation[] = [];
  for await (const item of allItems((q) => ctx.store.query(q), { pk: head.owner })) {
    if (!isLast(item)) rest.push({ delete: { pk: item.pk, sk: item.sk } });
    if (rest.length === 50) await ctx.store.transact(rest.splice(0));
  }
  rest = [...rest, ...last.map((key): Operation => ({ delete: key }))];
  await ctx.store.transact(rest);
}

async function isDropped(ctx: Context, { owner, revision }: Head): Promise<boolean> {
  const all = (query: Query) => allItems((q) => ctx.store.query(q), query);
  for await (const { sk } of all({ pk: owner, prefix: keys.placements }))
    for await (const edge of all({ pk: keys.pool(keys.placedOn(sk)).pk, prefix: keys.acknowledgements })) {
      const ack = await ctx.store.get(keys.acknowledged(owner, String(edge.id)));
      if (!ack || Number(ack.revision) < revision) return false;
    }
  return true;
}
