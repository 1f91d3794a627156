// From the state into the engine: the driver's runs, one at a time for an owner, owners side by side, and again where a later try can help.
import { idOf, type Owner } from "../core/owner.ts";
import type { Failure } from "../core/wire.ts";
import { type Backoff, createBackoff } from "./backoff.ts";
import type { Driver } from "./driver.ts";
import { createLimit } from "./limit.ts";
import type { Log } from "./log.ts";
import type { State } from "./state.ts";

export interface Carrier {
  /** Something of the owner's is pending. Returns at once. */
  carry(owner: Owner): void;
  /** The whole engine is compared with the state, then whatever is pending is tried again. */
  reconcile(): Promise<void>;
  /** Carries what is pending from before, and watches the engine. */
  start(): void;
  /** Waits for the runs that are under way, but not forever. */
  stop(): Promise<void>;
}

export type CarrierOptions = {
  state: State;
  driver: Driver;
  log: Log;
  /** Acks may be due. */
  settled: () => void;
  reconcileSeconds?: number;
  watchMilliseconds?: number;
};

export function createCarrier({
  state,
  driver,
  log,
  settled,
  reconcileSeconds = 600,
  watchMilliseconds = 1000,
}: CarrierOptions): Carrier {
  const running = new Map<Owner, Promise<void>>();
  const retries = new Map<Owner, { backoff: Backoff; timer?: NodeJS.Timeout }>();
  const limit = createLimit(32, 10_000);
  let reconciling: Promise<void> | undefined;
  let connected = false;
  let stopped = false;
  const timers: NodeJS.Timeout[] = [];

  function carry(owner: Owner): void {
    clearTimeout(retries.get(owner)?.timer);
    if (stopped || running.has(owner)) return;
    const run = limit(() => carryAll(owner))
      .catch((error: unknown) => {
        log.error({ owner, error: String(error) }, "what is pending could not be read or settled");
        if (!stopped) retryLater(owner);
      })
      .finally(() => {
        running.delete(owner);
        // something came while the last run was being settled
        if (!stopped && !retries.has(owner) && state.pending.has(owner)) carry(owner);
      });
    running.set(owner, run);
  }

  async function carryAll(owner: Owner): Promise<void> {
    for (let work = state.pending.take(owner); work && !stopped; work = state.pending.take(owner)) {
      let failures: Failure[] = [];
      // what fails on the way is of no account if the end of it is in place
      for (const changes of work.rounds) failures = await run(owner, () => driver.apply(owner, changes));
      if (state.gone(owner)) failures = [...failures, ...(await run(owner, () => driver.forget(owner)))];
      state.pending.settle(work, failures);
      settled();
      if (failures.length > 0)
        log.warn({ owner, revision: work.standing.revision, failures }, "not all of a document is in place");
      if (failures.some((failure) => failure.retry)) return retryLater(owner);
      retries.delete(owner);
    }
  }

  async function run(owner: Owner, work: () => Promise<Failure[]>): Promise<Failure[]> {
    try {
      return await work();
    } catch (error) {
      log.error({ owner, error: String(error) }, "the driver failed");
      return [{ kind: "document", id: idOf(owner), reason: "the driver failed; the edge's log says why", retry: true }];
    }
  }

  function retryLater(owner: Owner): void {
    const retry = retries.get(owner) ?? { backoff: createBackoff(1000, 60_000) };
    clearTimeout(retry.timer);
    retry.timer = setTimeout(() => carry(owner), retry.backoff.next()).unref();
    retries.set(owner, retry);
  }

  async function reconcileOnce(): Promise<void> {
    const found = await driver.reconcile();
    // of an engine that is away nothing is known, and nothing is said
    const told = driver.health().connected ? new Set([...found.keys(), ...state.pending.failing()]) : [];
    for (const owner of told) {
      if (!running.has(owner)) state.pending.note(owner, found.get(owner) ?? []);
    }
    settled();
    carryPending();
  }

  function carryPending(): void {
    for (const owner of state.pending.owners()) {
      retries.get(owner)?.backoff.reset();
      carry(owner);
    }
  }

  function reconcile(): Promise<void> {
    reconciling ??= reconcileOnce()
      .catch((error: unknown) => log.error({ error: String(error) }, "the engine could not be brought in step"))
      .finally(() => {
        reconciling = undefined;
      });
    return reconciling;
  }

  function watch(): void {
    const now = driver.health().connected;
    if (now && !connected) void reconcile();
    connected = now;
  }

  return {
    carry,
    reconcile,
    start() {
      connected = driver.health().connected;
      carryPending();
      void reconcile();
      timers.push(
        setInterval(watch, watchMilliseconds).unref(),
        setInterval(() => void reconcile(), reconcileSeconds * 1000).unref(),
      );
    },
    async stop() {
      stopped = true;
      for (const timer of timers) clearInterval(timer);
      for (const { timer } of retries.values()) clearTimeout(timer);
      await Promise.allSettled([...running.values(), reconciling]);
    },
  };
}
