// Who waits in which queue, and how long callers waited lately: as mod_callcenter's events tell it, and read anew whenever events may have been missed.
import type { EslEvent } from "../esl/event.ts";
import { rowsOf } from "./table.ts";

/** A waiting leg. `position` counts from 1. */
export type Member = { uuid: string; queue: string; joinedMs: number };

export type Waiting = {
  onEvent(event: EslEvent): void;
  reread(api: (command: string) => Promise<string>): Promise<void>;
  count(queue: string): number;
  /** From 1; undefined for who waits no more. */
  position(member: Member): number | undefined;
  /** The mean wait of the last calls that an agent took, in milliseconds; undefined where there were none lately. */
  latelyMs(queue: string): number | undefined;
};

const remembered = 10;

/** `joined` and `left` are told once each. */
export function createWaiting(on: { joined(member: Member): void; left(member: Member): void }): Waiting {
  const queues = new Map<string, Map<string, Member>>();
  const waits = new Map<string, number[]>();

  function join(member: Member): void {
    const members = queues.get(member.queue) ?? new Map<string, Member>();
    if (members.has(member.uuid)) return;
    queues.set(member.queue, members.set(member.uuid, member));
    on.joined(member);
  }

  function leave(queue: string, uuid: string): Member | undefined {
    const members = queues.get(queue);
    const member = members?.get(uuid);
    if (!members || !member) return undefined;
    members.delete(uuid);
    if (members.size === 0) queues.delete(queue);
    on.left(member);
    return member;
  }

  return {
    onEvent({ headers }) {
      const { "CC-Queue": queue = "", "CC-Member-Session-UUID": uuid = "", "CC-Action": action } = headers;
      const now = Math.floor(Number(headers["Event-Date-Timestamp"]) / 1000) || Date.now();
      if (queue === "" || uuid === "") return;
      if (action === "member-queue-start" || action === "member-queue-resume") join({ uuid, queue, joinedMs: now });
      else if (action === "member-queue-end") leave(queue, uuid);
      else if (action === "bridge-agent-start") {
        const member = leave(queue, uuid);
        if (member) waits.set(queue, [...(waits.get(queue) ?? []), now - member.joinedMs].slice(-remembered));
      }
    },
    async reread(api) {
      const rows = rowsOf(await api("callcenter_config queue list members"));
      const there = rows.filter(({ state }) => state === "Waiting" || state === "Trying");
      const known = new Set(there.map(({ session_uuid }) => session_uuid));
      for (const members of [...queues.values()])
        for (const { queue, uuid } of [...members.values()]) if (!known.has(uuid)) leave(queue, uuid);
      for (const { queue = "", session_uuid: uuid = "", joined_epoch } of there)
        if (queue !== "" && uuid !== "") join({ queue, uuid, joinedMs: Number(joined_epoch) * 1000 });
    },
    count: (queue) => queues.get(queue)?.size ?? 0,
    position(member) {
      const members = queues.get(member.queue);
      if (!members?.has(member.uuid)) return undefined;
      return 1 + [...members.values()].filter(({ joinedMs }) => joinedMs < member.joinedMs).length;
    },
    latelyMs(queue) {
      const last = waits.get(queue);
      return last && last.reduce((sum, wait) => sum + wait, 0) / last.length;
    },
  };
}
