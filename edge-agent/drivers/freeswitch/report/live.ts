// The calls that are going on, as channel events tell them: each is reported when somebody is being called or it is answered, when that changes, and when
// it ends.
import type { LiveCall } from "../../../../core/wire-events.ts";
import type { Documents } from "../../../documents.ts";
import type { EslEvent } from "../esl/event.ts";
import { callId } from "./id.ts";
import type { Leg } from "./leg.ts";
import { answeredUs, instant, partiesOf, tenantOf } from "./parties.ts";

/** A call that is going on: its id, its tenant, and its A leg. */
export type LiveRef = { id: string; tenant: string; uuid: string };

export type Live = {
  /** A leg as it is now, or as it was at an earlier `at`: of a channel event, or of uuid_dump. */
  onLeg(leg: Leg, at: string): void;
  /** It ended; or it is gone, and nobody told when. */
  onEnd(uuid: string, at: string): void;
  has(uuid: string): boolean;
  /** The legs that this one made and that last. */
  legsOf(uuid: string): string[];
  /** By the call's id, or the uuid of its A leg. */
  find(idOrUuid: string): LiveRef | undefined;
  /** All live legs. */
  uuids(): string[];
  /** Calls, not legs. */
  readonly size: number;
};

type Call = { root: Leg; at: string; legs: Map<string, Leg>; told: LiveCall | undefined };

export function createLive(
  documents: Pick<Documents, "config" | "device" | "tenantByDomain">,
  report: (call: LiveCall, at: string) => void,
): Live {
  const calls = new Map<string, Call>();
  /** Each live leg's A leg. */
  const rootOf = new Map<string, string>();

  function onLeg(leg: Leg, at: string): void {
    const root = leg.originator === null ? leg.uuid : (rootOf.get(leg.originator) ?? leg.originator);
    rootOf.set(leg.uuid, root);
    const call = calls.get(root);
    if (root === leg.uuid) {
      const mine = call ?? { root: leg, at, legs: new Map(), told: undefined };
      // an event that waited while uuid_dump already told more
      if (at < mine.at) return;
      mine.root = leg;
      mine.at = at;
      calls.set(root, mine);
      tell(mine, at);
    } else if (call) {
      // a phone that took the call began as a call of its own
      if (calls.has(leg.uuid)) end(leg.uuid, at);
      call.legs.set(leg.uuid, leg);
      tell(call, at);
    }
  }

  function tell(call: Call, at: string): void {
    const { root } = call;
    const others = [...call.legs.values()].sort((a, b) => a.startedUs - b.startedUs);
    if (others.length === 0 && root.answeredUs === null && call.told === undefined) return;
    const parties = partiesOf(root, others, documents);
    if (!parties) return;
    const { tenant, direction, from, to } = parties;
    const answered = answeredUs(root, others);
    const is: LiveCall = {
      id: callId(root.uuid, root.startedUs),
      tenant,
      direction,
      from,
      to,
      state: answered === null ? "ringing" : "answered",
      startedAt: instant(root.startedUs),
      answeredAt: answered === null ? null : instant(answered),
    };
    if (JSON.stringify(is) === JSON.stringify(call.told)) return;
    call.told = is;
    report(is, at);
  }

  function onEnd(uuid: string, at: string): void {
    const root = rootOf.get(uuid);
    rootOf.delete(uuid);
    if (root !== undefined && root !== uuid) calls.get(root)?.legs.delete(uuid);
    end(uuid, at);
  }

  function end(uuid: string, at: string): void {
    const call = calls.get(uuid);
    calls.delete(uuid);
    if (call?.told) report({ ...call.told, state: "ended" }, at);
  }

  return {
    onLeg,
    onEnd,
    has: (uuid) => rootOf.has(uuid),
    legsOf: (uuid) => [...(calls.get(uuid)?.legs.keys() ?? [])],
    find(name) {
      const own = calls.get(name);
      const call = own ?? [...calls.values()].find(({ told }) => told?.id === name);
      const tenant = call && (call.told?.tenant ?? tenantOf(call.root, documents));
      if (!call || tenant === undefined) return undefined;
      return { id: callId(call.root.uuid, call.root.startedUs), tenant, uuid: call.root.uuid };
    },
    uuids: () => [...rootOf.keys()],
    get size() {
      return calls.size;
    },
  };
}

/** When FreeSWITCH made the event. */
export function timeOf({ headers }: EslEvent): string {
  const stamp = headers["Event-Date-Timestamp"];
  return stamp && /^[1-9]\d{0,15}$/.test(stamp) ? instant(Number(stamp)) : new Date().toISOString();
}
