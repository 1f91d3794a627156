// The callers of all queues of this host: who waits, and what they are told meanwhile.
import type { Logger } from "pino";
import type { Documents } from "../../../documents.ts";
import type { Runtime } from "../../../runtime.ts";
import type { FreeswitchConfig } from "../config.ts";
import type { Api } from "../engine.ts";
import type { EslEvent } from "../esl/event.ts";
import { token } from "../inert.ts";
import { hearing, soundOf } from "../sound.ts";
import { createAnnouncer } from "./announcer.ts";
import { createWaiting, type Waiting } from "./waiting.ts";

export const events = ["callcenter::info"];

export type Callers = {
  onEvent(event: EslEvent): void;
  /** Reads anew who waits. Never rejects. */
  onUp(): Promise<void>;
  /** How many wait in a queue. */
  count: Waiting["count"];
  stop(): void;
};

export function createCallers(options: {
  documents: Documents;
  config: FreeswitchConfig;
  esl: Api;
  remember: Runtime["remember"];
  log: Pick<Logger, "warn">;
}): Callers {
  const { documents, esl, log } = options;
  const waiting = createWaiting({
    joined: (member) => announcer.joined(member),
    left: (member) => announcer.left(member),
  });
  const announcer = createAnnouncer({
    documents,
    waiting,
    say(member, sounds) {
      const queue = documents.queue(member.queue);
      const tenant = queue && documents.config(queue.owner);
      const sound = tenant && soundOf(sounds, hearing(tenant, options.config, { leg: member.uuid }));
      if (sound === undefined) return;
      // into the music, which goes on afterwards; whoever got an agent just now is gone from the queue
      esl
        .api(`uuid_broadcast ${token(member.uuid)} '${sound}' aleg`)
        .catch((error) => log.warn({ error: String(error), queue: member.queue }, "a caller could not be told"));
    },
  });
  /** mod_callcenter paused an agent who missed too many calls: that is his state now, here and on other hosts. */
  function pause(id: string): void {
    const queue = documents.queues().find(({ body }) => body.agents.some(({ extension }) => extension === id));
    if (queue) options.remember(queue.owner, [{ kind: "extension", id, field: "agent", value: "paused" }]);
  }

  return {
    onEvent(event) {
      if (event.subclass !== "callcenter::info") return;
      waiting.onEvent(event);
      if (event.headers["CC-Action"] === "agent-max-no-answer") pause(event.headers["CC-Agent"] ?? "");
    },
    onUp: () =>
      waiting
        .reread((command) => esl.api(command))
        .catch((error) => log.warn({ error: String(error) }, "who waits in queues could not be read anew")),
    count: waiting.count,
    stop: announcer.stop,
  };
}
