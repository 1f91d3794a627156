// How long a tenant's calls talked today, for limits on that: counted on this host where there is such a limit, from the answer of each call's A leg. Calls that
// go on when it is reached are ended; emergency calls are neither counted nor ended.
import type { Logger } from "pino";
import { type Bound, boundsOn } from "../../../core/limits.ts";
import { type Owner, tenantOwner } from "../../../core/owner.ts";
import { wallClock } from "../../../core/routing/clock.ts";
import { isEmergency } from "../../../core/routing/emergency.ts";
import { boundsFor, type Reached } from "../../../core/routing/limits.ts";
import type { Documents } from "../../documents.ts";
import type { UsedIn, UsedStore } from "../../used.ts";
import { token } from "./inert.ts";
import type { Leg } from "./report/leg.ts";
import { tenantOf } from "./report/parties.ts";

export type Minutes = {
  /** As it is now. */
  onLeg(leg: Leg): void;
  /** It ended; told twice, it counts once. */
  onEnded(leg: Leg): void;
  /** FreeSWITCH has these legs and no others. */
  keep(uuids: ReadonlySet<string>): void;
  /** Minutes of today, those of calls that go on up to now. */
  used(scope: Owner): number;
  stop(): void;
};

type Options = {
  documents: Pick<Documents, "config" | "device" | "tenantByDomain" | "timeZone">;
  store: UsedStore;
  esl: { api(command: string): Promise<string> };
  tellReached(tenant: string, limit: Reached): void;
  log: Pick<Logger, "warn">;
  now?: () => number;
};

type Running = { uuid: string; tenant: string; answeredMs: number };

/** A limit may have changed meanwhile. */
const lookEveryMs = 30_000;
const minuteMs = 60_000;

export function createMinutes({ documents, store, esl, tellReached, log, now = Date.now }: Options): Minutes {
  const running = new Map<string, Running>();
  let timer: NodeJS.Timeout | undefined;

  const bounds = (tenant: string): { bound: Bound; value: number }[] => {
    const config = documents.config(tenantOwner(tenant));
    return config ? boundsOn(boundsFor(config), "minutesPerDay") : [];
  };
  const inDay = (owner: Owner, ms: number): UsedIn => {
    const period = wallClock(new Date(ms), documents.timeZone(owner)).date;
    return { owner, what: "minutes", period };
  };
  const counts = ({ tenant }: Running, scope: Owner): boolean =>
    bounds(tenant).some(({ bound }) => bound.scope === scope);

  function runningOf(leg: Leg): Running | undefined {
    if (leg.originator !== null || leg.answeredUs === null) return undefined;
    const tenant = tenantOf(leg, documents);
    if (tenant === undefined || bounds(tenant).length === 0) return undefined;
    const country = documents.config(tenantOwner(tenant))?.settings.country ?? "";
    if (leg.dialled !== null && isEmergency(leg.dialled, country)) return undefined;
    return { uuid: leg.uuid, tenant, answeredMs: leg.answeredUs / 1000 };
  }

  function used(scope: Owner): number {
    const today = inDay(scope, now());
    let minutes = store.sum(today);
    for (const call of running.values())
      if (counts(call, scope) && inDay(scope, call.answeredMs).period === today.period)
        minutes += Math.max(0, now() - call.answeredMs) / minuteMs;
    return minutes;
  }

  /** Ends what has no time left, and looks again when the next has none. */
  function look(): void {
    clearTimeout(timer);
    if (running.size === 0) return;
    let nextMs = lookEveryMs;
    for (const call of [...running.values()])
      for (const { bound, value } of bounds(call.tenant)) {
        const { scope, by } = bound;
        const sharing = [...running.values()].filter((one) => counts(one, scope)).length;
        const leftMs = (value - used(scope)) * minuteMs;
        if (leftMs <= 0) end(call, { name: "minutesPerDay", scope, by });
        nextMs = Math.min(nextMs, leftMs > 0 ? Math.max(50, leftMs / sharing) : 1000);
      }
    timer = setTimeout(look, nextMs).unref();
  }

  function end({ uuid, tenant }: Running, limit: Reached): void {
    tellReached(tenant, limit);
    esl
      .api(`uuid_kill ${token(uuid)} ALLOTTED_TIMEOUT`)
      .catch((error: unknown) => log.warn({ uuid, error: String(error) }, "a call that may last no longer goes on"));
  }

  return {
    onLeg(leg) {
      const call = runningOf(leg);
      if (!call || running.has(leg.uuid)) return;
      running.set(leg.uuid, call);
      look();
    },
    onEnded(leg) {
      const call = runningOf(leg);
      running.delete(leg.uuid);
      if (!call) return;
      const minutes = Math.max(0, (leg.endedUs ?? 0) / 1000 - call.answeredMs) / minuteMs;
      const scopes = new Set(bounds(call.tenant).map(({ bound }) => bound.scope));
      for (const scope of scopes) store.put(inDay(scope, call.answeredMs), leg.uuid, minutes);
      look();
    },
    keep(uuids) {
      for (const uuid of [...running.keys()]) if (!uuids.has(uuid)) running.delete(uuid);
    },
    used,
    stop: () => clearTimeout(timer),
  };
}
