// Joins the ended legs of a call, in whatever order and by whichever way they come (event socket, CDR file, both), and gives the call away once.
import type { Logger } from "pino";
import type { Leg } from "./leg.ts";

export type JoinOptions = {
  /** Puts the call's record on disk. Called again with more legs when one comes late; rejects if it could not be kept. */
  emit(root: Leg, legs: Leg[]): Promise<void>;
  /** Undefined: FreeSWITCH is not connected, so nobody knows. */
  isLive(uuid: string): boolean | undefined;
  /** Live legs that a leg has made. */
  liveLegsOf(uuid: string): string[];
  /** All is on disk and nothing more will come: their CDR files may go, in this order (the A leg last, so that a crash leaves no B leg alone). */
  onSettled(uuids: string[]): void;
  /** Their A leg never came and never will. */
  onOrphans(uuids: string[]): void;
  log: Pick<Logger, "warn" | "error">;
  waits?: Partial<JoinWaits>;
};

/** Milliseconds. `legs`: for missing legs after the A leg's end. `grace`: until a missing leg that FreeSWITCH does not have either is given up. */
export type JoinWaits = { legs: number; retry: number; grace: number; never: number };
const waits: JoinWaits = { legs: 2000, retry: 1000, grace: 60_000, never: 86_400_000 };

export type Join = {
  /** `settled`: known and on disk. `held`: taken; `onSettled` or `onOrphans` will name it. */
  add(leg: Leg): "settled" | "held";
  /** Gives up what will not come any more; to be called now and then. */
  sweep(): void;
  /** Calls whose legs are held. */
  readonly size: number;
  stop(): void;
};

type Call = {
  legs: Map<string, Leg>;
  /** Legs in the record that is on disk. */
  kept: number;
  emitting: boolean;
  since: number;
  timer: NodeJS.Timeout | undefined;
};

/** So many legs are remembered after all is done, to know them again when their file or event comes. */
const remembered = 200_000;

export function createJoin(options: JoinOptions): Join {
  const wait = { ...waits, ...options.waits };
  /** By the uuid of the A leg, or of what looks like it until the true one comes. */
  const calls = new Map<string, Call>();
  const rootOf = new Map<string, string>();
  const settled = new Set<string>();

  function add(leg: Leg): "settled" | "held" {
    if (settled.has(leg.uuid)) return "settled";
    const root = leg.originator === null ? leg.uuid : (rootOf.get(leg.originator) ?? leg.originator);
    const call = calls.get(root) ?? { legs: new Map(), kept: 0, emitting: false, since: Date.now(), timer: undefined };
    calls.set(root, call);
    take(root, call, leg);
    // what this leg made came first and took it for its A leg
    const own = root === leg.uuid ? undefined : calls.get(leg.uuid);
    if (own) {
      calls.delete(leg.uuid);
      clearTimeout(own.timer);
      for (const other of own.legs.values()) take(root, call, other);
    }
    call.since = Date.now();
    const whole = merge(root, call);
    advance(whole.root, whole.call);
    return "held";
  }

  /**
   * Calls whose legs were connected with one another by somebody who then left (an attended transfer, a pick-up, a retrieval) are one call: that of the
   * A leg that came first.
   */
  function merge(root: string, call: Call): { root: string; call: Call } {
    for (const leg of call.legs.values()) {
      const other = rootOf.get(leg.bridgedTo ?? "") ?? root;
      const theirs = other === root ? undefined : calls.get(other);
      const [mine, their] = [call.legs.get(root), theirs?.legs.get(other)];
      if (!theirs || !mine || !their) continue;
      const first = their.startedUs < mine.startedUs || (their.startedUs === mine.startedUs && other < root);
      const [kept, gone] = first ? [other, root] : [root, other];
      const [into, from] = first ? [theirs, call] : [call, theirs];
      // what is being written is joined when that is done
      if (into.emitting || from.emitting) continue;
      for (const one of from.legs.values()) take(kept, into, one);
      clearTimeout(from.timer);
      calls.delete(gone);
      return merge(kept, into);
    }
    return { root, call };
  }

  function take(root: string, call: Call, leg: Leg): void {
    call.legs.set(leg.uuid, leg);
    rootOf.set(leg.uuid, root);
  }

  function missing(root: string, call: Call): string[] {
    const made = [...call.legs.values()].flatMap((leg) => [...leg.made, ...foreign(root, leg)]);
    return [...new Set([...made, ...options.liveLegsOf(root)])].filter((uuid) => !call.legs.has(uuid));
  }

  /** The leg of another call that this one was connected with at last, if that is yet to come. */
  function foreign(root: string, { bridgedTo }: Leg): string[] {
    return bridgedTo === null || bridgedTo === root || settled.has(bridgedTo) ? [] : [bridgedTo];
  }

  function advance(root: string, call: Call): void {
    if (!call.legs.has(root) || call.kept === call.legs.size) return;
    // a leg that waited in a queue does not know of all the legs that were made for it
    const waited = call.legs.get(root)?.queue != null;
    if (missing(root, call).length === 0 && !waited) void emit(root, call);
    else call.timer ??= setTimeout(() => late(root, call), wait.legs);
  }

  /** A leg that was transferred outlives its A leg, and belongs to its call for as long as it lasts. */
  function late(root: string, call: Call): void {
    call.timer = undefined;
    if (missing(root, call).some((uuid) => options.isLive(uuid) === true)) advance(root, call);
    else void emit(root, call);
  }

  async function emit(root: string, call: Call): Promise<void> {
    clearTimeout(call.timer);
    call.timer = undefined;
    const first = call.legs.get(root);
    if (!first || call.emitting) return;
    const legs = [...call.legs.values()];
    call.emitting = true;
    try {
      await options.emit(first, legs);
      call.kept = legs.length;
    } catch (error) {
      options.log.error({ error: String(error), leg: root }, "a call record could not be kept; trying again");
      call.timer = setTimeout(() => void emit(root, call), wait.retry);
    }
    call.emitting = false;
    if (call.timer) return;
    if (call.kept < call.legs.size) advance(root, call);
    else if (missing(root, call).length === 0) settle(root, call);
  }

  function settle(root: string, call: Call): void {
    const uuids = [...call.legs.keys()].filter((uuid) => uuid !== root);
    forget(root, call);
    for (const uuid of [...uuids, root]) settled.add(uuid);
    for (const uuid of settled) {
      if (settled.size <= remembered) break;
      settled.delete(uuid);
    }
    options.onSettled([...uuids, root]);
  }

  function forget(root: string, call: Call): void {
    clearTimeout(call.timer);
    calls.delete(root);
    for (const uuid of call.legs.keys()) rootOf.delete(uuid);
  }

  function sweep(): void {
    for (const [root, call] of calls) {
      const ageMs = Date.now() - call.since;
      const gone = (uuid: string) => ageMs > wait.never || (ageMs > wait.grace && options.isLive(uuid) === false);
      if (!call.legs.has(root)) {
        if (!gone(root)) continue;
        options.log.warn({ leg: root, legs: call.legs.size }, "legs whose calling leg never ended: no record");
        forget(root, call);
        options.onOrphans([...call.legs.keys()]);
      } else if (call.kept === call.legs.size && missing(root, call).every(gone)) settle(root, call);
    }
  }

  return {
    add,
    sweep,
    get size() {
      return calls.size;
    },
    stop() {
      for (const call of calls.values()) clearTimeout(call.timer);
    },
  };
}
