// A delivery: one event on its way to one endpoint. The same item waits for its turn and is what callers see afterwards.
import { z } from "zod";
import type { Owner } from "../../core/owner.ts";
import type { Context } from "../context.ts";
import { aboutOf, type Event, fits } from "../events/event.ts";
import * as keys from "../keys.ts";
import { dueAt } from "../outbox.ts";
import { ConditionFailed, type Item, type Operation } from "../store/store.ts";
import type { Endpoint } from "./endpoint.ts";

const keptSeconds = 30 * 86_400;
const shownAttempts = 20;

export const attempt = z.object({
  at: z.iso.datetime(),
  status: z.int().nullable().describe("Of the answer; null: there was none"),
  error: z.string().nullable().describe("Why it does not count as delivered"),
  durationMs: z.int(),
});
export type Attempt = z.output<typeof attempt>;

export const shown = z.object({
  eventId: z.string(),
  type: z.string(),
  status: z.enum(["waiting", "delivered", "failed"]),
  attempts: z.array(attempt).describe(`The last ${shownAttempts}, the oldest first`),
  nextAttemptAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
});

const stored = z.object({
  owner: z.string().transform((value) => value as Owner),
  endpoint: z.string(),
  event: z.string(),
  /** Whose own log has the event; of older ones, the endpoint's. */
  about: z
    .string()
    .transform((value) => value as Owner)
    .optional(),
  type: z.string(),
  status: z.enum(["waiting", "delivered", "failed"]),
  attempts: z.array(attempt),
  /** Failures since it was begun or replayed, and when that was. */
  failures: z.int(),
  begunAt: z.string(),
  nextAt: z.string().nullable(),
  createdAt: z.string(),
  /** Of the request that the event comes of. */
  requestId: z.exactOptional(z.string()),
  /** Moves whenever somebody takes it. */
  turn: z.int(),
});
export type Delivery = z.output<typeof stored>;

export const read = (item: Item): Delivery => stored.parse(item);

export const present = ({ event, type, status, attempts, nextAt, createdAt }: Delivery): z.output<typeof shown> => ({
  eventId: event,
  type,
  status,
  attempts,
  nextAttemptAt: nextAt,
  createdAt,
});

export function itemOf({ about, ...delivery }: Delivery, now: Date): Item {
  const { owner, endpoint, event, nextAt, attempts } = delivery;
  const due = nextAt === null ? {} : dueAt(keys.index.deliveries, new Date(nextAt), `${endpoint}#${event}`);
  const ttl = Math.floor(now.getTime() / 1000) + keptSeconds;
  return {
    ...keys.delivery(owner, endpoint, event),
    ...due,
    ttl,
    ...delivery,
    ...(about !== undefined && { about }),
    attempts: attempts.slice(-shownAttempts),
  };
}

const fresh = (at: string) => ({ status: "waiting" as const, failures: 0, begunAt: at, nextAt: at });

export function firstDelivery({ owner, id }: Endpoint, event: Event, now: Date, requestId?: string): Item {
  const at = now.toISOString();
  const what = {
    event: event.id,
    about: aboutOf(event),
    type: event.type,
    ...(requestId !== undefined && { requestId }),
  };
  return itemOf({ owner, endpoint: id, ...what, ...fresh(at), attempts: [], createdAt: at, turn: 0 }, now);
}

/** Sends an event again, or for the first time where the endpoint did not have it, in one transaction with `also`. The event keeps its id. */
async function again(ctx: Context, endpoint: Endpoint, event: Event, also: Operation[]): Promise<void> {
  const now = ctx.now();
  for (;;) {
    const item = await ctx.store.get(keys.delivery(endpoint.owner, endpoint.id, event.id));
    const before = item && read(item);
    const put = before
      ? itemOf({ ...before, ...fresh(now.toISOString()), turn: before.turn + 1 }, now)
      : firstDelivery(endpoint, event, now);
    try {
      const condition = before ? { equals: { turn: before.turn } } : { absent: true as const };
      return await ctx.store.transact([{ put, if: condition }, ...also]);
    } catch (error) {
      // somebody has just tried it
      if (!(error instanceof ConditionFailed)) throw error;
    }
  }
}

/** Undefined where there is no such event any more. `also` is part of the transaction. */
export async function replayOne(
  ctx: Context,
  endpoint: Endpoint,
  id: string,
  also: Operation[],
): Promise<Event | undefined> {
  const { find } = await import("../events/log.ts");
  const event = await find(ctx, endpoint.owner, id);
  if (event) await again(ctx, endpoint, event, also);
  return event;
}

const replayedAtOnce = 200;
const lookedAt = 2000;

/**
 * Replays the events of a range that the endpoint's filters choose, up to 200 of them; `next` is the event to go on after. `undelivered`: only those
 * that it did not accept. `also` is part of the first one's transaction.
 */
export async function replayRange(
  ctx: Context,
  endpoint: Endpoint,
  range: { from: string; to?: string | undefined; after?: string | undefined; undelivered: boolean },
  also: Operation[],
): Promise<{ count: number; next: string | null }> {
  const { events } = await import("../events/log.ts");
  let [count, looked, last] = [0, 0, ""];
  for await (const event of events(ctx, endpoint.owner, range)) {
    if (count === replayedAtOnce || looked === lookedAt) return { count, next: last };
    looked++;
    last = event.id;
    if (!fits(endpoint.events, event.type)) continue;
    const item = await ctx.store.get(keys.delivery(endpoint.owner, endpoint.id, event.id));
    if (range.undelivered && item?.status === "delivered") continue;
    await again(ctx, endpoint, event, count === 0 ? also : []);
    count++;
  }
  return { count, next: null };
}
