// Agents of queues: whether one is there, and from which second of a wait on he will do for the caller.
import type { Resource } from "../registry.ts";
import type { Extension } from "../resources/extension.ts";
import type { Queue, QueueAgent } from "../resources/queue.ts";
import type { Config } from "./config.ts";
import { runtimeOf } from "./runtime.ts";

export type Presence = "available" | "paused" | "logged-out";

/**
 * An agent is there with his phone, unless somebody said otherwise; do not disturb pauses him. `registered`: whether one of an extension's devices is.
 * On a call he is available too: an engine knows by itself who is talking.
 */
export function presenceOf(
  config: Config,
  { id, body }: Resource<"extension">,
  registered: (extension: string) => boolean,
): Presence {
  const said = runtimeOf(config, "extension", id, "agent") ?? "available";
  if (!body.enabled || said === "logged-out" || !registered(id)) return "logged-out";
  return (runtimeOf(config, "extension", id, "doNotDisturb") ?? body.doNotDisturb) ? "paused" : said;
}

/**
 * The first second of a wait at which the agent meets all requirements of the queue and his tier is asked; undefined: never. Tiers count by their
 * order: of the tiers 1 and 5 the second one joins after `tierDelaySeconds`.
 */
export function joinsAfter(queue: Queue, agent: QueueAgent, skills: Extension["skills"]): number | undefined {
  const before = new Set(queue.agents.map(({ tier }) => tier).filter((tier) => tier < agent.tier)).size;
  const moments = queue.skills.map((wanted) => {
    const level = skills.find(({ skill }) => skill === wanted.skill)?.level ?? 0;
    if (level >= wanted.level) return 0;
    const enough = wanted.relaxations.filter((relaxed) => relaxed.level <= level);
    return Math.min(...enough.map(({ afterSeconds }) => afterSeconds));
  });
  const first = Math.max(before * queue.tierDelaySeconds, ...moments);
  return Number.isFinite(first) ? first : undefined;
}
