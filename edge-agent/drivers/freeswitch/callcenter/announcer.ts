// What waiting callers are told again and again: their place, how long callers waited lately, the queue's announcement. Played into the music, each caller in
// his own time.
import type { Sound } from "../../../../core/routing/sound.ts";
import type { Documents } from "../../../documents.ts";
import type { Member, Waiting } from "./waiting.ts";

export type Announcer = { joined(member: Member): void; left(member: Member): void; stop(): void };

export function createAnnouncer(options: {
  documents: Pick<Documents, "queue">;
  waiting: Pick<Waiting, "position" | "latelyMs">;
  /** Plays sounds to a leg, in the language of the queue's tenant. */
  say(member: Member, sounds: Sound[]): void;
}): Announcer {
  const timers = new Map<string, NodeJS.Timeout>();

  function next(member: Member): void {
    // the queue may change while he waits
    const seconds = options.documents.queue(member.queue)?.body.announceEverySeconds;
    if (seconds !== undefined)
      timers.set(
        member.uuid,
        setTimeout(() => announce(member), seconds * 1000),
      );
  }

  function announce(member: Member): void {
    const queue = options.documents.queue(member.queue);
    const position = options.waiting.position(member);
    if (!queue || position === undefined) return;
    const { announcePosition, announceWait, announcement } = queue.body;
    const lately = options.waiting.latelyMs(member.queue);
    const sounds: Sound[] = [];
    if (announcePosition) sounds.push({ word: "position" }, { digits: String(position) });
    if (announceWait && lately !== undefined)
      sounds.push({ word: "wait-minutes" }, { digits: String(Math.max(1, Math.round(lately / 60_000))) });
    if (announcement !== null) sounds.push({ prompt: announcement });
    if (sounds.length > 0) options.say(member, sounds);
    next(member);
  }

  return {
    joined: next,
    left({ uuid }) {
      clearTimeout(timers.get(uuid));
      timers.delete(uuid);
    },
    stop() {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}
