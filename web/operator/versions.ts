// Which hosts run something older than another does.
import type { Edge } from "./edge.ts";

/** Negative where `a` is older: numbers as numbers, a pre-release (`1.2.0-rc1`) before its release. */
export function compareVersions(a: string, b: string): number {
  const [one, two] = [a, b].map((text) => /^v?([\d.]*)(.*)$/.exec(text.trim()) ?? []);
  const [numbers, others] = [one, two].map((parts) => (parts?.[1] ?? "").split(".").map(Number));
  for (let at = 0; at < Math.max(numbers?.length ?? 0, others?.length ?? 0); at++) {
    const difference = (numbers?.[at] ?? 0) - (others?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  const [rest, other] = [one?.[2] ?? "", two?.[2] ?? ""];
  if (rest === other) return 0;
  if (rest === "" || other === "") return (rest === "" ? 1 : -1) * (/^-/.test(rest + other) ? 1 : -1);
  return rest < other ? -1 : 1;
}

export type Behind = { what: "agent" | "engine"; has: string; newest: string };

/** In what an edge is older than the newest among all: its agent, and its engine among those of the same kind. */
export function behindOf(edge: Edge, all: Edge[]): Behind[] {
  const agentOf = ({ health }: Edge) => health?.version;
  const engineOf = ({ health }: Edge) => health?.engine?.version ?? undefined;
  return [
    older("agent", agentOf(edge), all.map(agentOf)),
    older("engine", engineOf(edge), all.filter(({ engine }) => engine === edge.engine).map(engineOf)),
  ].flat();
}

function older(what: Behind["what"], has: string | undefined, others: (string | undefined)[]): Behind[] {
  if (has === undefined) return [];
  const known = others.filter((one) => one !== undefined).toSorted(compareVersions);
  const newest = known.at(-1) ?? has;
  return compareVersions(has, newest) < 0 ? [{ what, has, newest }] : [];
}
