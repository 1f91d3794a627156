// Who brings events to the log and sends webhooks: fed with the table's changes, for what can go at once, and by a clock, for the rest. Every endpoint has
// a lane of its own, so that a slow one holds up nobody.
import type { Context } from "../context.ts";
import { dispatch, dispatchAll } from "../events/dispatch.ts";
import * as keys from "../keys.ts";
import { due } from "../outbox.ts";
import type { Changed, Item } from "../store/store.ts";
import { read } from "./delivery.ts";
import { failing } from "./endpoint.ts";

/** Begins a delivery, and does not wait for its end. */
export type Start = (delivery: Item) => void | Promise<void>;

/** What of a sweep goes to one endpoint; the next sweep has the rest. One whose last try failed is asked gently. */
const mostAtOnce = 200;
const mostToFailing = 5;

export type Webhooks = {
  /** New events among these changes. What fails here waits for the sweep. */
  changed(changes: readonly Changed[]): Promise<void>;
  /** Everything that waits: events older than `ageMs`, and deliveries that are due. */
  sweep(ageMs?: number): Promise<number>;
};

/** `ending`: no further event is begun with once it is aborted. */
export function createWebhooks(ctx: Context, start: Start, ending?: AbortSignal): Webhooks {
  const startAll = async (deliveries: Item[]): Promise<void> => {
    for (const delivery of deliveries) await start(delivery);
  };
  return {
    async changed(changes) {
      for (const { key, before, after } of changes)
        if (after && !before && key.sk.startsWith(keys.eventsWaiting))
          await dispatch(ctx, key, ending)
            .then(startAll)
            .catch((error) =>
              ctx.log.warn({ ...key, error: String(error) }, "events not in the log; the sweep tries again"),
            );
    },
    async sweep(ageMs) {
      let failed: unknown;
      await dispatchAll(ctx, ageMs, ending).then(startAll, (error) => {
        failed = error;
      });
      const lanes = new Map<string, Item[]>();
      for await (const item of due(ctx, keys.index.deliveries)) {
        const lane = lanes.get(String(item.endpoint)) ?? [];
        if (lane.length < mostAtOnce) lanes.set(String(item.endpoint), [...lane, item]);
      }
      let started = 0;
      for (const lane of lanes.values()) {
        const [first] = lane;
        const { owner, endpoint } = read(first as Item);
        const [since] = await failing(ctx, [{ owner, id: endpoint }]);
        const now = since === null ? lane : lane.slice(0, mostToFailing);
        await startAll(now);
        started += now.length;
      }
      if (failed !== undefined) throw failed;
      return started;
    },
  };
}

const atOnceToOne = 4;

/** Deliveries in this process. A delivery that is begun again while it waits is the same one. */
export function createLanes(work: (delivery: Item) => Promise<void>) {
  const lanes = new Map<string, { waiting: Map<string, Item>; running: number }>();
  const running = new Set<Promise<void>>();
  const next = (endpoint: string): void => {
    const lane = lanes.get(endpoint);
    const [first] = lane?.waiting ?? [];
    if (!lane || !first) {
      if (lane?.running === 0) lanes.delete(endpoint);
      return;
    }
    if (lane.running >= atOnceToOne) return;
    lane.waiting.delete(first[0]);
    lane.running++;
    const done = work(first[1]).finally(() => {
      running.delete(done);
      lane.running--;
      next(endpoint);
    });
    running.add(done);
    next(endpoint);
  };
  return {
    start(delivery: Item): void {
      const endpoint = String(delivery.endpoint);
      const lane = lanes.get(endpoint) ?? { waiting: new Map(), running: 0 };
      lanes.set(endpoint, lane);
      lane.waiting.set(`${delivery.sk}#${delivery.turn}`, delivery);
      next(endpoint);
    },
    /** Nothing new begins. Resolves when what was begun has ended. */
    async stop(): Promise<void> {
      for (const lane of lanes.values()) lane.waiting.clear();
      while (running.size > 0) await Promise.all(running);
    },
  };
}
