// Where a tenant's document stands on its edges, in a word.
import type { Edge, Sync } from "../api/queries.ts";
import type { Tone } from "../part/chip.tsx";
import { count } from "../part/words.ts";

export type State = { tone: Tone; text: string };

export function stateOf(edge: Edge, revision: number): State {
  if (edge.failures.length > 0) return { tone: "bad", text: count(edge.failures.length, "failure") };
  if (edge.inStep) return { tone: "good", text: "Live" };
  if (edge.applied === null) return { tone: "warn", text: "Nothing yet" };
  const behind = revision - edge.applied;
  return { tone: "warn", text: behind > 0 ? `${behind} behind` : "Comparing" };
}

export function summaryOf({ edges, revision }: Sync): State {
  if (edges.length === 0) return { tone: "warn", text: "No edge yet" };
  const worst = edges.map((edge) => stateOf(edge, revision));
  const failing = worst.filter(({ tone }) => tone === "bad").length;
  if (failing > 0) return { tone: "bad", text: `Failing on ${failing} of ${edges.length}` };
  const live = worst.filter(({ tone }) => tone === "good").length;
  return live === edges.length
    ? { tone: "good", text: `Live on ${count(live, "edge")}` }
    : { tone: "warn", text: `Live on ${live} of ${edges.length}` };
}
