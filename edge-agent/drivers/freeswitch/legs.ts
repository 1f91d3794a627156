// Every leg that FreeSWITCH has, by tenant and extension: who rings, who talks, who is parked, and whose a leg was that ended a moment ago.
import { tenantOwner } from "../../../core/owner.ts";
import type { Now } from "../../../core/routing/now.ts";
import type { Monitoring } from "../../../core/wire-events.ts";
import type { Documents } from "../../documents.ts";
import { type CallCounts, createCallCounts } from "./call-counts.ts";
import type { Leg } from "./report/leg.ts";
import { tenantOf } from "./report/parties.ts";
import { variables } from "./variables.ts";

export type KnownLeg = {
  uuid: string;
  tenant: string;
  /** Whose phone this leg leads to or comes from. */
  extension: string | undefined;
  /** Its phone calls with it, or had us call for it; else its phone is called. */
  calls: boolean;
  /** A queue has its phone rung. */
  queued: boolean;
  answered: boolean;
  startedUs: number;
  /** The leg that made it. */
  originator: string | null;
  /** Whom it talks to, as far as the tenant's people may see it. */
  other: string | null;
  /** The A leg of its call, which may have ended. */
  root: { uuid: string; startedUs: number };
};
export type Slot = { lot: string; slot: string };

/** Something that lamps show has changed. */
export type Changed = (tenant: string, what: { extension: string } | Slot, leg: string) => void;

export type Legs = {
  /** As it is now. */
  onLeg(leg: Leg): void;
  onEnd(uuid: string): void;
  /** A leg that lasts, or ended within the last half minute. */
  find(uuid: string): KnownLeg | undefined;
  /** The A leg of a leg's call. */
  rootOf(uuid: string): string;
  /** The legs of an extension, in order of their start. */
  of(extension: string): KnownLeg[];
  /** It calls somebody, or talks to somebody who called it. */
  onCall(extension: string): boolean;
  /** It is on a call that no queue gave it. */
  engaged(extension: string): boolean;
  /** A leg takes a slot; the place of one that is gone, or of the phone that held it for this leg. */
  park(uuid: string, tenant: string, place: Slot): void;
  /** It does something else. */
  leave(uuid: string): void;
  /** Somebody talks to it since `atMs`: of a bridge from before it was parked one may hear late. */
  bridged(uuid: string, atMs: number): void;
  /** Somebody is about to take it: for a moment it rings for nobody else. */
  take(uuid: string): void;
  parkedIn(place: Slot): string | undefined;
  now(tenant: string): Now;
  /** A leg's call begins now. */
  begins(uuid: string, tenant: string): void;
  /** What calls there are, as the leg's own sees it. */
  used: CallCounts["used"];
  /** FreeSWITCH has these legs and no others. */
  keep(uuids: ReadonlySet<string>): void;
  /** Somebody is about to listen to a call. */
  monitored(who: Monitoring): void;
  onMonitored(listener: (who: Monitoring) => void): void;
  onChange(listener: Changed): void;
};

/** A transfer's lookup may come after the transferring phone has hung up. */
const rememberedMs = 30_000;
const takingMs = 3000;

type Parked = Slot & { uuid: string; tenant: string; since: number };

export function createLegs(documents: Pick<Documents, "device" | "tenantByDomain" | "config">): Legs {
  const counts = createCallCounts(documents);
  const legs = new Map<string, KnownLeg>();
  const ended = new Map<string, { leg: KnownLeg; at: number }>();
  const byExtension = new Map<string, Map<string, KnownLeg>>();
  const parked = new Map<string, Parked>();
  const taken = new Map<string, number>();
  const listeners: Changed[] = [];
  const listening: ((who: Monitoring) => void)[] = [];
  const keyOf = ({ lot, slot }: Slot): string => `${lot}.${slot}`;
  const tell: Changed = (tenant, what, leg) => {
    for (const listener of listeners) listener(tenant, what, leg);
  };

  function known(leg: Leg): KnownLeg | undefined {
    const tenant = tenantOf(leg, documents);
    if (tenant === undefined) return undefined;
    const calls = leg.direction === "inbound" || leg.placed;
    const id = calls ? leg.fromExtension : leg.gateway === null ? leg.toExtension : null;
    const username = calls ? leg.username : leg.calledUser;
    const device = username === null ? undefined : documents.device(tenantOwner(tenant), username);
    return {
      uuid: leg.uuid,
      tenant,
      extension: id ?? (leg.gateway === null ? device?.extension.id : undefined),
      calls,
      queued: !calls && leg.queue !== null,
      answered: leg.answeredUs !== null,
      startedUs: leg.startedUs,
      originator: leg.originator,
      other: calls ? leg.dialled : leg.callerNumber,
      root: find(leg.originator ?? "")?.root ?? { uuid: leg.uuid, startedUs: leg.startedUs },
    };
  }

  function index(leg: KnownLeg): void {
    if (leg.extension === undefined) return;
    const own = byExtension.get(leg.extension) ?? new Map<string, KnownLeg>();
    byExtension.set(leg.extension, own.set(leg.uuid, leg));
  }

  function unindex(leg: KnownLeg): void {
    if (leg.extension === undefined) return;
    const own = byExtension.get(leg.extension);
    own?.delete(leg.uuid);
    if (own?.size === 0) byExtension.delete(leg.extension);
  }

  function leave(uuid: string): void {
    for (const [key, place] of parked) {
      if (place.uuid !== uuid) continue;
      parked.delete(key);
      tell(place.tenant, { lot: place.lot, slot: place.slot }, uuid);
    }
  }

  function forget(): void {
    const before = Date.now() - rememberedMs;
    for (const [uuid, { at }] of ended) {
      if (at > before) return;
      ended.delete(uuid);
    }
  }

  function find(uuid: string): KnownLeg | undefined {
    forget();
    return legs.get(uuid) ?? ended.get(uuid)?.leg;
  }

  const isTaken = (uuid: string): boolean => Date.now() - (taken.get(uuid) ?? 0) < takingMs;
  const of = (extension: string): KnownLeg[] =>
    [...(byExtension.get(extension)?.values() ?? [])].sort((a, b) => a.startedUs - b.startedUs);

  return {
    find,
    of,
    onCall: (extension) => of(extension).some(({ calls, answered }) => calls || answered),
    engaged: (extension) => of(extension).some(({ calls, answered, queued }) => calls || (answered && !queued)),
    rootOf(uuid) {
      let root = uuid;
      // legs of transferred calls are made by legs of others; none by itself
      for (let depth = 0; depth < 10; depth++) root = find(root)?.originator ?? root;
      return root;
    },
    leave,
    onLeg(leg) {
      const is = known(leg);
      if (!is) return;
      const was = legs.get(leg.uuid);
      // a leg that is taken is told to be made by who took it
      if (was) {
        is.originator = was.originator;
        is.root = was.root;
      }
      if (was && was.extension !== is.extension) unindex(was);
      legs.set(leg.uuid, is);
      // one that has asked for nothing yet counts for nothing: of five that come at once, each would see four others
      if ((is.calls || leg.calledBack !== null) && is.originator === null && leg.routed)
        counts.begins(is.uuid, is.tenant, false);
      index(is);
      if (is.extension !== undefined && was?.answered !== is.answered)
        tell(is.tenant, { extension: is.extension }, is.uuid);
    },
    onEnd(uuid) {
      counts.ends(uuid);
      leave(uuid);
      const leg = legs.get(uuid);
      if (!leg) return;
      legs.delete(uuid);
      unindex(leg);
      ended.set(uuid, { leg, at: Date.now() });
      forget();
      if (leg.extension !== undefined) tell(leg.tenant, { extension: leg.extension }, uuid);
    },
    park(uuid, tenant, place) {
      const before = parked.get(keyOf(place));
      if (before?.uuid === uuid) return;
      leave(uuid);
      parked.set(keyOf(place), { lot: place.lot, slot: place.slot, uuid, tenant, since: Date.now() });
      tell(tenant, { lot: place.lot, slot: place.slot }, uuid);
    },
    bridged(uuid, atMs) {
      if ([...parked.values()].some((place) => place.uuid === uuid && place.since < atMs)) leave(uuid);
    },
    take(uuid) {
      leave(uuid);
      const now = Date.now();
      for (const [other, at] of taken) if (now - at > takingMs) taken.delete(other);
      taken.set(uuid, now);
    },
    parkedIn: (place) => parked.get(keyOf(place))?.uuid,
    now(tenant) {
      return {
        ringing: () =>
          [...legs.values()]
            .filter((leg) => leg.tenant === tenant && !leg.calls && !leg.answered && leg.originator !== null)
            .sort((a, b) => a.startedUs - b.startedUs)
            .flatMap(({ extension, originator }) =>
              extension === undefined || originator === null || isTaken(originator)
                ? []
                : [{ extension, leg: originator }],
            ),
        talking: (extension) => of(extension).find((leg) => leg.tenant === tenant && leg.answered)?.uuid,
        parked(lot, slot) {
          const found = parked.get(`${lot}.${slot}`);
          if (!found || found.tenant !== tenant) return undefined;
          return { leg: found.uuid, extension: legs.get(found.uuid)?.extension };
        },
      };
    },
    begins: (uuid, tenant) => counts.begins(uuid, tenant, true),
    used: counts.used,
    keep: counts.keep,
    monitored(who) {
      for (const listener of listening) listener(who);
    },
    onMonitored: (listener) => void listening.push(listener),
    onChange: (listener) => void listeners.push(listener),
  };
}

/** The slot in which a leg waits, of what uuid_dump tells: the variable stays when the call has been taken. */
export function slotOf(headers: Record<string, string>): Slot | undefined {
  if (headers["Channel-State"] !== "CS_EXECUTE" || headers.variable_current_application !== "playback")
    return undefined;
  return readSlot(headers[`variable_${variables.parked}`]);
}

const readSlot = (text: string | undefined): Slot | undefined => {
  const [, lot, slot] = /^(lot_[0-9A-Z]{26})\.(\d{1,8})$/.exec(text ?? "") ?? [];
  return lot !== undefined && slot !== undefined ? { lot, slot } : undefined;
};
