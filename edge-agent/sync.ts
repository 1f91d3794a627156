// From the cloud into the state: a delta that fits is applied at once; a gap is closed by fetching, for each document by itself.
import type { Standing } from "../core/comparison.ts";
import type { Owner } from "../core/owner.ts";
import { changes, type Message, type Roster, snapshot } from "../core/wire.ts";
import { createBackoff, pause } from "./backoff.ts";
import { type Cloud, CloudError } from "./cloud.ts";
import type { Commands } from "./commands.ts";
import { createLimit } from "./limit.ts";
import type { Log } from "./log.ts";
import type { Runtime } from "./runtime.ts";
import { createStaging } from "./staging.ts";
import type { State } from "./state.ts";
import type { Traces } from "./traces.ts";

export interface Sync {
  /** Synchronous where the message can be applied: when it returns, lookups answer with what it says. */
  receive(message: Message): void;
  /** Fetches until the document is at this standing or beyond, or a few tries failed: the timed comparison comes back to it. Never rejects. */
  reach(goal: Standing): Promise<void>;
  stop(): Promise<void>;
}

export type SyncOptions = {
  state: State;
  cloud: Cloud;
  commands: Pick<Commands, "receive">;
  runtime: Pick<Runtime, "hear">;
  traces: Pick<Traces, "heard" | "of">;
  log: Log;
  hearRoster: (roster: Roster) => void;
  changed: (owner: Owner) => void;
  retryMilliseconds?: number;
};

const tries = 5;

/** `changed` is called after each document's step. */
export function createSync({
  state,
  cloud,
  commands,
  runtime,
  traces,
  log,
  hearRoster,
  changed,
  retryMilliseconds = 250,
}: SyncOptions): Sync {
  const goals = new Map<Owner, Standing>();
  const fetching = new Map<Owner, Promise<void>>();
  const limit = createLimit(8);
  const stopping = new AbortController();

  /** A document's step. */
  function stepped(owner: Owner): void {
    const here = state.standing(owner);
    const trace = here && traces.of(here);
    if (trace?.requestId !== undefined) log.info({ ...trace, owner, revision: here?.revision }, "taken over");
    changed(owner);
  }

  function reached(goal: Standing): boolean {
    const here = state.standing(goal.owner);
    if (!here || here.epoch < goal.epoch) return false;
    if (here.epoch > goal.epoch || here.revision > goal.revision) return true;
    return here.revision === goal.revision && here.digest === goal.digest;
  }

  function reach(goal: Standing): Promise<void> {
    const { owner } = goal;
    const other = goals.get(owner);
    if (!other || other.epoch < goal.epoch || (other.epoch === goal.epoch && other.revision < goal.revision))
      goals.set(owner, goal);
    const running = fetching.get(owner);
    if (running) return running;
    const run = chase(owner).finally(() => fetching.delete(owner));
    fetching.set(owner, run);
    return run;
  }

  async function chase(owner: Owner): Promise<void> {
    const backoff = createBackoff(retryMilliseconds, retryMilliseconds * 20);
    for (let left = tries; left > 0 && !stopping.signal.aborted; left--) {
      const goal = goals.get(owner);
      if (!goal || reached(goal)) break;
      try {
        await limit(() => fetchOnce(owner, goal));
        if (!reached(goal)) await pause(backoff.next(), stopping.signal);
      } catch (error) {
        if (error instanceof CloudError && error.status === 404) {
          log.info(
            { owner },
            "the cloud has no such document for this pool; what is here stays until it is deleted explicitly",
          );
          break;
        }
        log.warn({ owner, error: String(error) }, "fetching a document failed");
        await pause(backoff.next(), stopping.signal);
      }
    }
    goals.delete(owner);
  }

  async function fetchOnce(owner: Owner, goal: Standing): Promise<void> {
    const here = state.standing(owner);
    if (here && here.epoch === goal.epoch && here.revision < goal.revision && (await fetchChanges(owner, here))) return;
    if (!reached(goal)) await fetchWhole(owner);
  }

  const since = (owner: Owner, { epoch, revision }: Standing) =>
    cloud.get(`changes?owner=${encodeURIComponent(owner)}&epoch=${epoch}&since=${revision}`, changes);

  /** False where changes can't bring the document there. */
  async function fetchChanges(owner: Owner, here: Standing): Promise<boolean> {
    const found = await since(owner, here);
    if (found.snapshot || found.deltas.length === 0) return false;
    for (const delta of found.deltas) {
      const { outcome } = state.apply(delta);
      if (outcome === "gap") return false;
      if (outcome === "applied") stepped(owner);
    }
    return true;
  }

  async function fetchWhole(owner: Owner): Promise<void> {
    const staging = createStaging();
    for (let after: string | null = ""; after !== null; ) {
      const page: Awaited<ReturnType<typeof snapshot.parse>> = await cloud.get(
        `snapshot?owner=${encodeURIComponent(owner)}${after ? `&after=${encodeURIComponent(after)}` : ""}`,
        snapshot,
      );
      staging.page(page);
      after = page.next;
    }
    const first = staging.since;
    let whole = staging.whole();
    if (!whole && first) {
      // it moved while pages were read: what changed since the first page, counted in, makes it whole
      for (const delta of (await since(owner, first)).deltas) {
        staging.change(delta);
        whole = staging.whole() ?? whole;
      }
    }
    if (!whole) return log.warn({ owner }, "a snapshot does not agree with its digest; fetching it again");
    if (state.replace(whole).outcome === "applied") stepped(owner);
  }

  return {
    reach,
    receive(message) {
      traces.heard(message);
      if (message.type === "delta") {
        const { outcome } = state.apply(message);
        if (outcome === "applied") stepped(message.owner);
        if (outcome === "gap") void reach(message);
      } else if (message.type === "pointer") {
        if (!reached(message)) void reach(message);
      } else if (message.type === "deleted") {
        if (state.drop(message).outcome === "applied") stepped(message.owner);
      } else if (message.type === "command") {
        commands.receive(message);
      } else if (message.type === "roster") {
        hearRoster(message);
      } else {
        runtime.hear(message);
      }
    },
    async stop() {
      stopping.abort();
      await Promise.allSettled(fetching.values());
    },
  };
}
