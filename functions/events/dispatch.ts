// From what happened to the log, and to every endpoint that wants it: each event with its deliveries once, however often and by whomever this is tried.
import type { Owner } from "../../core/owner.ts";
import type { Context } from "../context.ts";
import { type Head, isPurged, readTombstone } from "../document/head.ts";
import { ConditionFailed, type Item, limits, type Operation } from "../store/store.ts";
import { firstDelivery } from "../webhooks/delivery.ts";
import { type Endpoint, failing, listEndpoints } from "../webhooks/endpoint.ts";
import { derive } from "./derive.ts";
import { type Event, fits, type Outgoing } from "./event.ts";
import { append, find, type Levels, levelsOf, placed } from "./log.ts";
import { dueEvents, itemOf, read, type Waiting } from "./waiting.ts";

/** Younger items are still in the hands of the stream. */
const sweepAgeMs = 5000;

/** Brings all that waits, oldest first. What fails holds up nothing else. Resolves with the deliveries to start. Rejects after all were tried. */
export async function dispatchAll(ctx: Context, ageMs = sweepAgeMs, ending?: AbortSignal): Promise<Item[]> {
  const items = [];
  const now = () => new Date(ctx.now().getTime() - ageMs);
  for await (const item of dueEvents({ ...ctx, now })) items.push(item);
  const started: Item[] = [];
  let failed: unknown;
  for (const item of items)
    try {
      started.push(...(await dispatch(ctx, item, ending)));
    } catch (error) {
      failed ??= error;
    }
  if (failed !== undefined) throw new Error("events are not in the log; they will be tried again", { cause: failed });
  return started;
}

/** Brings one item's events; resolves with the deliveries that can start at once. Where somebody else brings it at the same time, one of them does. */
export async function dispatch(
  ctx: Context,
  { pk, sk }: { pk: string; sk: string },
  ending?: AbortSignal,
): Promise<Item[]> {
  const started: Item[] = [];
  const item = await ctx.store.get({ pk, sk });
  if (!item) return started;
  let waiting = read(item);
  const outgoing = await derive(ctx, waiting);
  const places = new Map<Owner, Promise<Place | undefined>>();
  try {
    for (;;) {
      // what is not brought yet waits for the next start
      if (ending?.aborted) return started;
      const next = outgoing[waiting.done];
      const place = next && (await remembered(places, next.owner, () => placeOf(ctx, next.owner)));
      if (next && place) waiting = await bring(ctx, waiting, outgoing.length, next, place, started);
      else if (next) waiting = { ...waiting, done: waiting.done + 1, logged: null, given: "" };
      if (waiting.done >= outgoing.length) break;
    }
    // where the last one was brought, the item went with it
    if (outgoing.length === 0 || (await ctx.store.get({ pk, sk }))?.turn === waiting.turn)
      await ctx.store.transact([{ delete: { pk, sk }, if: { equals: { turn: waiting.turn } } }]);
  } catch (error) {
    // somebody else has gone on with it
    if (!(error instanceof ConditionFailed)) throw error;
  }
  return started;
}

type Place = { head: Head; levels: Levels; endpoints: (Endpoint & { failing: boolean })[] };

async function remembered<K, V>(known: Map<K, Promise<V>>, key: K, make: () => Promise<V>): Promise<V> {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}

async function placeOf(ctx: Context, owner: Owner): Promise<Place | undefined> {
  const head = await readTombstone(ctx.store, owner);
  // of what was purged nothing is told any more
  if (!head || isPurged(head)) return undefined;
  const levels = levelsOf(head);
  // a deleted tenant's endpoints went with it
  const receiving = levels.filter((level) => level !== owner || head.deletedAt === null);
  const lists = await Promise.all(receiving.map((level) => listEndpoints(ctx, level)));
  const endpoints = lists.flat().filter(({ enabled }) => enabled);
  const health = await failing(ctx, endpoints);
  return { head, levels, endpoints: endpoints.map((one, index) => ({ ...one, failing: health[index] !== null })) };
}

/** One transaction further with the next event: its place in the logs, and as many deliveries as fit. */
async function bring(
  ctx: Context,
  waiting: Waiting,
  length: number,
  next: Outgoing,
  { head, levels, endpoints }: Place,
  started: Item[],
): Promise<Waiting> {
  const { pk, sk, turn, logged, createdAt } = waiting;
  const wanted = endpoints
    .filter((one) => one.id > waiting.given && one.createdAt <= createdAt)
    .filter((one) => (next.only === undefined ? fits(one.events, next.type) : one.id === next.only))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const room = limits.operations - 1 - (logged === null ? 2 * levels.length : 0);
  const given = wanted.slice(0, room);
  const whole = given.length === wanted.length;
  const steps = (event: Event): { after: Waiting; deliveries: Item[]; operations: Operation[] } => {
    const after: Waiting = whole
      ? { ...waiting, turn: turn + 1, done: waiting.done + 1, logged: null, given: "" }
      : { ...waiting, turn: turn + 1, logged: event.id, given: given.at(-1)?.id ?? waiting.given };
    const deliveries = given.map((endpoint) => firstDelivery(endpoint, event, ctx.now(), next.requestId));
    const condition = { equals: { turn } };
    const own: Operation =
      after.done >= length ? { delete: { pk, sk }, if: condition } : { put: itemOf(after), if: condition };
    return { after, deliveries, operations: [own, ...deliveries.map((put): Operation => ({ put }))] };
  };
  let event = logged === null ? undefined : await find(ctx, next.owner, logged, next.owner);
  let step: ReturnType<typeof steps>;
  if (event) {
    step = steps(event);
    await ctx.store.transact(step.operations);
  } else {
    const content = { type: next.type, createdAt, ...placed(head), livemode: head.sandbox === null, data: next.data };
    event = await append(ctx, levels, content, (made) => steps(made).operations);
    step = steps(event);
  }
  const soon = new Set(given.filter((endpoint) => !endpoint.failing).map(({ id }) => id));
  started.push(...step.deliveries.filter((delivery) => soon.has(String(delivery.endpoint))));
  return step.after;
}
