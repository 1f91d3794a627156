// A region goes away and comes back: what its hosts do meanwhile and afterwards, each by the agent's own pauses, event by event.
import { createBackoff, jittered } from "../../edge-agent/backoff.ts";
import { compareSeconds } from "../../edge-agent/config.ts";
import { catchUpSeconds } from "../../edge-agent/deliver.ts";
import { heartbeatSeconds } from "../../edge-agent/heartbeat.ts";
import { batchEvents } from "../../edge-agent/spool.ts";
import { withRandom } from "./random.ts";

export type Outage = {
  hosts: number;
  outageSeconds: number;
  /** Of each host. */
  eventsPerSecond: number;
  /** API Gateway's limit, in requests a second, and how many at once above it. */
  api: { rate: number; burst: number };
  /** How long one batch takes. */
  answerMs: number;
};

export type Recovery = {
  /** Requests in the busiest second after the region is back. */
  peakRequests: number;
  /** The same of the second in which it comes back. */
  firstSecond: number;
  /** Hosts that are back in the same second, at the most. */
  atOnce: number;
  refused: number;
  /** Until no host has anything left that piled up. */
  recoverySeconds: number;
  /** Batches in the busiest second. */
  peakBatches: number;
  /** All that was reported, and what the cloud has of it. */
  reported: number;
  taken: number;
  left: number;
};

type Step = { at: number; work: (at: number) => void };

/** `random` is what the agents draw from. Times are in milliseconds; the region is away from 0 on. */
export function outage(
  random: () => number,
  { hosts, outageSeconds, eventsPerSecond, api, answerMs }: Outage,
): Recovery {
  const back = outageSeconds * 1000;
  const steps = createHeap();
  const returns = new Map<number, number>();
  const perSecond = new Map<number, { requests: number; batches: number }>();
  let tokens = api.burst;
  let refilled = back;
  let [refused, taken, reported, left, busy, last] = [0, 0, 0, 0, hosts, back];

  /** Whether the cloud answers now. */
  function ask(at: number): boolean {
    if (at < back) return false;
    const second = Math.floor((at - back) / 1000);
    const counted = perSecond.get(second) ?? { requests: 0, batches: 0 };
    perSecond.set(second, { ...counted, requests: counted.requests + 1 });
    tokens = Math.min(api.burst, tokens + ((at - refilled) / 1000) * api.rate);
    refilled = at;
    if (tokens < 1) {
      refused++;
      return false;
    }
    tokens--;
    return true;
  }

  function every(seconds: number): void {
    const work = (at: number): void => {
      ask(at);
      if (busy > 0) steps.push({ at: at + jittered(seconds), work });
    };
    steps.push({ at: Math.random() * seconds * 1000, work });
  }

  function deliver(): void {
    const backoff = createBackoff(500, 60_000);
    let sent = 0;
    let isBack = false;
    const work = (at: number): void => {
      const waiting = (at / 1000) * eventsPerSecond - sent;
      if (!ask(at)) {
        steps.push({ at: at + backoff.next(), work });
        return;
      }
      backoff.reset();
      if (!isBack) {
        isBack = true;
        const second = Math.floor((at - back) / 1000);
        returns.set(second, (returns.get(second) ?? 0) + 1);
      }
      const batch = Math.min(batchEvents, Math.floor(waiting));
      sent += batch;
      taken += batch;
      const second = perSecond.get(Math.floor((at - back) / 1000));
      if (second) second.batches++;
      if (waiting > batchEvents) {
        steps.push({ at: at + answerMs + jittered(catchUpSeconds), work });
        return;
      }
      // in step again: from here on as on any day
      reported += Math.floor((at / 1000) * eventsPerSecond);
      left += Math.floor((at / 1000) * eventsPerSecond) - sent;
      busy--;
      last = Math.max(last, at);
    };
    steps.push({ at: Math.random() * 1000, work });
  }

  return withRandom(random, () => {
    for (let host = 0; host < hosts; host++) {
      every(heartbeatSeconds);
      every(compareSeconds);
      deliver();
    }
    for (let step = steps.pop(); step; step = steps.pop()) step.work(step.at);
    const counts = [...perSecond.values()];
    return {
      peakRequests: Math.max(...counts.map(({ requests }) => requests)),
      firstSecond: perSecond.get(0)?.requests ?? 0,
      peakBatches: Math.max(...counts.map(({ batches }) => batches)),
      atOnce: Math.max(...returns.values()),
      ...{ refused, recoverySeconds: (last - back) / 1000, reported, taken, left },
    };
  });
}

/** What is due first comes first. */
function createHeap() {
  const items: Step[] = [];
  const at = (index: number): number => items[index]?.at ?? Number.POSITIVE_INFINITY;
  const swap = (a: number, b: number): void => {
    [items[a], items[b]] = [items[b] as Step, items[a] as Step];
  };
  return {
    push(step: Step): void {
      items.push(step);
      for (let index = items.length - 1; index > 0; ) {
        const parent = (index - 1) >> 1;
        if (at(parent) <= at(index)) return;
        swap(parent, index);
        index = parent;
      }
    },
    pop(): Step | undefined {
      const [first] = items;
      const end = items.pop();
      if (!first || !end || items.length === 0) return first;
      items[0] = end;
      for (let index = 0; ; ) {
        const child = at(2 * index + 1) <= at(2 * index + 2) ? 2 * index + 1 : 2 * index + 2;
        if (at(child) >= at(index)) return first;
        swap(child, index);
        index = child;
      }
    },
  };
}
