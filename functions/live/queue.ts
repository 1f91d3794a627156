// A queue of several hosts as one: calls wait on the tenant's home, the other hosts of the pool have it for the day that they must take over.
import type { LiveQueue } from "../../core/wire-events.ts";

type Shown = Omit<LiveQueue, "tenant">;

/** Who does more on one host than on another does that. */
const order: readonly Shown["agents"][number]["state"][] = [
  "on-call",
  "ringing",
  "wrap-up",
  "paused",
  "available",
  "logged-out",
];

/** Null of none. */
export function merged(parts: readonly Shown[]): Shown | null {
  const [first, ...others] = parts;
  if (!first) return null;
  if (others.length === 0) return first;
  const agents = new Map<string, Shown["agents"][number]>();
  for (const agent of parts.flatMap((part) => part.agents)) {
    const known = agents.get(agent.extension);
    if (!known || order.indexOf(agent.state) < order.indexOf(known.state)) agents.set(agent.extension, agent);
  }
  return {
    ...first,
    waitingCalls: parts.reduce((sum, { waitingCalls }) => sum + waitingCalls, 0),
    waiting: parts.flatMap(({ waiting }) => waiting).sort((a, b) => (a.joinedAt < b.joinedAt ? -1 : 1)),
    agents: [...agents.values()],
  };
}
