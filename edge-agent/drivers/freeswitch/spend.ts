// What calls to the outside cost today, and what was recorded this month: counted on this host, from its own legs. A call's own end is set when it is sent
// out, for what was left then; several that share what is left are cut here, when it is spent.
import type { Logger } from "pino";
import { type Bound, boundsOn } from "../../../core/limits.ts";
import { idOf, type Owner, tenantOwner } from "../../../core/owner.ts";
import { wallClock } from "../../../core/routing/clock.ts";
import { boundsFor, type Reached, type Spent } from "../../../core/routing/limits.ts";
import type { Documents } from "../../documents.ts";
import type { Report } from "../../driver.ts";
import type { UsedIn, UsedStore } from "../../used.ts";
import { token } from "./inert.ts";
import type { Leg } from "./report/leg.ts";
import { tenantOf } from "./report/parties.ts";

export type Spend = {
  /** As it is now. */
  onLeg(leg: Leg): void;
  /** It ended; told twice, it counts once. */
  onEnded(leg: Leg): void;
  /** FreeSWITCH has these legs and no others. */
  keep(uuids: ReadonlySet<string>): void;
  spent: Spent;
  recorded(of: { tenant: string; id: string; startedMs: number; seconds: number }): void;
  /** Tells that a limit stopped a call, once a day. */
  tellReached(tenant: string, limit: Reached): void;
  /** Minutes of this month. */
  recordedMinutes(scope: Owner): number;
  stop(): void;
};

type Options = {
  documents: Pick<Documents, "config" | "device" | "tenantByDomain" | "timeZone">;
  store: UsedStore;
  esl: { api(command: string): Promise<string> };
  report: Report;
  log: Pick<Logger, "warn" | "error">;
  now?: () => number;
};

/** A call that goes on and costs. */
type Running = {
  uuid: string;
  tenant: string;
  perMinute: number;
  currency: string;
  answeredMs: number;
  startedMs: number;
};
/** Calls that share what is left of a cap. */
type Group = { bound: Bound; cap: number; spent: number; calls: Running[] };

/** A cap may have changed meanwhile. */
const lookEveryMs = 30_000;
const againMs = 1000;

export function createSpend({ documents, store, esl, report, log, now = Date.now }: Options): Spend {
  const running = new Map<string, Running>();
  let timer: NodeJS.Timeout | undefined;

  const lineOf = (tenant: string): Owner[] => {
    const owner = tenantOwner(tenant);
    return [owner, ...(documents.config(owner)?.accounts ?? [])];
  };
  const day = (owner: Owner, ms: number): string => wallClock(new Date(ms), documents.timeZone(owner)).date;
  const inDay = (owner: Owner, currency: string, ms: number): UsedIn => ({
    ...{ owner, what: `spend ${currency}`, period: day(owner, ms) },
  });
  const inMonth = (owner: Owner, ms: number): UsedIn => ({
    ...{ owner, what: "recording", period: day(owner, ms).slice(0, 7) },
  });
  const costOf = ({ perMinute, answeredMs }: Running, untilMs: number): number =>
    (perMinute * Math.max(0, untilMs - answeredMs)) / 60_000;

  function spent(scope: Owner, currency: string): number {
    const today = inDay(scope, currency, now());
    let sum = store.sum(today);
    for (const call of running.values())
      if (
        call.currency === currency &&
        lineOf(call.tenant).includes(scope) &&
        day(scope, call.startedMs) === today.period
      )
        sum += costOf(call, now());
    return sum;
  }

  function runningOf(leg: Leg): Running | undefined {
    const tenant = leg.price === null || leg.answeredUs === null ? undefined : tenantOf(leg, documents);
    if (tenant === undefined || leg.price === null || leg.answeredUs === null) return undefined;
    const [startedMs, answeredMs] = [leg.startedUs / 1000, leg.answeredUs / 1000];
    return { uuid: leg.uuid, tenant, ...leg.price, startedMs, answeredMs };
  }

  function tellReached(tenant: string, { name, scope, by }: Reached): void {
    const today: UsedIn = { owner: scope, what: `reached ${name}`, period: day(scope, now()) };
    if (store.sum(today) > 0) return;
    store.put(today, "", 1);
    const data = { tenant, limit: name, scope: idOf(scope), by };
    log.warn(data, "a limit is reached");
    report({ type: "limit.reached", data }).catch((error: unknown) =>
      log.error({ error: String(error) }, "an event could not be kept"),
    );
  }

  function groups(): Group[] {
    const found = new Map<string, Group>();
    for (const call of running.values()) {
      const config = documents.config(tenantOwner(call.tenant));
      for (const { bound, value } of config ? boundsOn(boundsFor(config), "dailySpend") : []) {
        const { scope } = bound;
        if (value.currency !== call.currency || day(scope, call.startedMs) !== day(scope, now())) continue;
        const name = `${scope}#${bound.by}#${bound.plan}#${value.currency}`;
        const group = found.get(name) ?? { bound, cap: value.amount, spent: spent(scope, value.currency), calls: [] };
        found.set(name, { ...group, calls: [...group.calls, call] });
      }
    }
    return [...found.values()];
  }

  /** Ends what is spent for, and looks again when the next is. */
  function look(): void {
    clearTimeout(timer);
    if (running.size === 0) return;
    let nextMs = lookEveryMs;
    for (const { bound, cap, spent: sum, calls } of groups()) {
      const perMs = calls.reduce((total, { perMinute }) => total + perMinute, 0) / 60_000;
      if (perMs === 0) continue;
      const leftMs = (cap - sum) / perMs;
      nextMs = Math.min(nextMs, leftMs > 0 ? Math.max(leftMs, 10) : againMs);
      if (leftMs <= 0) for (const call of calls) cut(call, bound);
    }
    timer = setTimeout(look, nextMs).unref();
  }

  function cut({ uuid, tenant }: Running, { scope, by }: Bound): void {
    tellReached(tenant, { name: "dailySpend", scope, by });
    esl
      .api(`uuid_kill ${token(uuid)} ALLOTTED_TIMEOUT`)
      .catch((error: unknown) => log.warn({ uuid, error: String(error) }, "a call that may cost no more goes on"));
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
      const tenant = leg.limit && tenantOf(leg, documents);
      if (leg.limit && tenant) tellReached(tenant, leg.limit);
      if (!call) return;
      const cost = costOf(call, (leg.endedUs ?? 0) / 1000);
      for (const owner of lineOf(call.tenant)) store.put(inDay(owner, call.currency, call.startedMs), leg.uuid, cost);
      look();
    },
    keep(uuids) {
      for (const uuid of [...running.keys()]) if (!uuids.has(uuid)) running.delete(uuid);
    },
    spent,
    tellReached,
    recorded({ tenant, id, startedMs, seconds }) {
      for (const owner of lineOf(tenant)) store.put(inMonth(owner, startedMs), id, seconds);
      const config = documents.config(tenantOwner(tenant));
      for (const { bound, value } of config ? boundsOn(boundsFor(config), "recordingMinutesPerMonth") : [])
        if (store.sum(inMonth(bound.scope, now())) / 60 >= value)
          tellReached(tenant, { name: "recordingMinutesPerMonth", scope: bound.scope, by: bound.by });
    },
    recordedMinutes: (scope) => store.sum(inMonth(scope, now())) / 60,
    stop: () => clearTimeout(timer),
  };
}
