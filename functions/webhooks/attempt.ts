// One try to deliver an event: taken by one sender, signed, sent, and written down, with when it is to be tried again.
import { Webhook } from "standardwebhooks";
import type { Context } from "../context.ts";
import { readHead } from "../document/head.ts";
import { find } from "../events/log.ts";
import { take } from "../outbox.ts";
import { ConditionFailed, type Item } from "../store/store.ts";
import { type Delivery, itemOf, read } from "./delivery.ts";
import { type Endpoint, note, pause, readEndpoint, secretsOf } from "./endpoint.ts";
import type { Post, Result } from "./post.ts";

const minute = 60_000;
const hour = 60 * minute;
/** After each failure so long, and up to a fifth more or less; then it is given up, after three days. */
const pausesMs = [5000, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour];
/** Every try has failed for so long: the endpoint is dead. */
const deadMs = 72 * hour;
/** Who took it has been killed if nothing is heard of it for so long. */
const takenMs = 30_000;

/** `item` as it was read. Resolves when the try is written down, or at once where it is not due or somebody else has it. `signal`: the process ends. */
export async function tryDelivery(ctx: Context, post: Post, item: Item, signal?: AbortSignal): Promise<void> {
  const delivery = read(item);
  const now = ctx.now();
  if (delivery.nextAt === null || delivery.nextAt > now.toISOString()) return;
  const taken = { ...delivery, turn: delivery.turn + 1, nextAt: new Date(now.getTime() + takenMs).toISOString() };
  if (!(await take(ctx.store, { put: itemOf(taken, now) }, { turn: delivery.turn }))) return;
  const { owner } = delivery;
  const endpoint = await readEndpoint(ctx, owner, delivery.endpoint);
  const event = await find(ctx, delivery.about ?? owner, delivery.event, delivery.about);
  const why = !endpoint
    ? "the endpoint was deleted"
    : !endpoint.enabled
      ? "the endpoint was paused"
      : !event || !(await readHead(ctx.store, owner))
        ? "there is no such event any more"
        : undefined;
  if (!endpoint || !event || why !== undefined) {
    const attempt = { at: now.toISOString(), status: null, error: why ?? null, durationMs: 0 };
    return settle(ctx, { ...taken, status: "failed", nextAt: null, attempts: [...taken.attempts, attempt] });
  }
  const body = JSON.stringify(event);
  const began = performance.now();
  const headers = {
    ...(await sign(ctx, endpoint, event.id, body)),
    ...(delivery.requestId !== undefined && { "x-request-id": delivery.requestId }),
  };
  const result = await post(endpoint.url, headers, body, signal);
  // it was not tried to the end
  if (result.status === null && signal?.aborted) return settle(ctx, { ...taken, nextAt: now.toISOString() });
  const attempt = { at: now.toISOString(), ...result, durationMs: Math.round(performance.now() - began) };
  const { requestId } = delivery;
  ctx.log.info(
    { requestId, event: event.id, type: event.type, owner, endpoint: endpoint.id, ...result },
    "webhook sent",
  );
  const tried = { ...taken, attempts: [...taken.attempts, attempt] };
  await settle(
    ctx,
    result.error === null ? { ...tried, status: "delivered", nextAt: null } : failed(ctx, tried, result),
  );
  await heed(ctx, endpoint, result);
}

function failed(ctx: Context, tried: Delivery, { status }: Result): Delivery {
  const failures = tried.failures + 1;
  const pauseMs = pausesMs[tried.failures];
  if (pauseMs === undefined || status === 410) return { ...tried, failures, status: "failed", nextAt: null };
  const next = ctx.now().getTime() + pauseMs * (0.8 + 0.4 * Math.random());
  return { ...tried, failures, nextAt: new Date(next).toISOString() };
}

/** Where it was replayed meanwhile, that counts. */
async function settle(ctx: Context, delivery: Delivery): Promise<void> {
  const put = itemOf({ ...delivery, turn: delivery.turn + 1 }, ctx.now());
  await take(ctx.store, { put }, { turn: delivery.turn });
}

async function heed(ctx: Context, endpoint: Endpoint, { status, error }: Result): Promise<void> {
  try {
    const since = await note(ctx, endpoint, error === null);
    if (status === 410) return await pause(ctx, endpoint, "It answered 410: it wants no more.");
    if (since !== null && ctx.now().getTime() - Date.parse(since) >= deadMs)
      await pause(ctx, endpoint, `It has accepted nothing since ${since}.`);
  } catch (why) {
    if (!(why instanceof ConditionFailed)) throw why;
  }
}

/** Standard Webhooks: id, time and body under each secret that is good now. */
async function sign(ctx: Context, endpoint: Endpoint, id: string, body: string): Promise<Record<string, string>> {
  const now = ctx.now();
  const signatures = (await secretsOf(ctx, endpoint)).map((secret) => new Webhook(secret).sign(id, now, body));
  return {
    "content-type": "application/json",
    "user-agent": "Dialplane-Webhooks/1",
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
    "webhook-signature": signatures.join(" "),
  };
}
