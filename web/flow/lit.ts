// A simulated call on the picture: which of its nodes and edges the steps went over.
import type { Menu } from "../../core/resources/menu.ts";
import type { Schedule } from "../../core/resources/schedule.ts";
import type { Simulated } from "../api/queries.ts";
import type { FlowEdge, Graph } from "./graph.ts";

type Step = Simulated["steps"][number];
/** By id; the numbers are those of the steps, from 1. */
export type Lit = { nodes: Map<string, number[]>; edges: Set<string> };

/** What is not on the picture (a group's member that is not drawn, a code that was dialled) lights nothing. */
export function litBy({ nodes, edges }: Graph, steps: readonly Step[]): Lit {
  const lit: Lit = { nodes: new Map(), edges: new Set() };
  const idsOf = Map.groupBy(nodes, ({ name }) => name);
  const known = new Set(nodes.flatMap(({ id, resource }) => (resource ? [id] : [])));
  for (const [index, step] of steps.entries()) {
    const sources = new Set(idsOf.get(step.at)?.map(({ id }) => id));
    const targets = new Set(idsOf.get(step.goesTo)?.map(({ id }) => id));
    const between = edges.filter(({ source, target }) => sources.has(source) && targets.has(target));
    const gone = chosen(between, step, nodes);
    for (const { id } of gone) lit.edges.add(id);
    for (const id of gone.length > 0 ? gone.map(({ source }) => source) : sources)
      if (!lit.nodes.has(id)) lit.nodes.set(id, []);
    // a call that ends is told by what ended it alone
    const reached = gone.length > 0 ? gone.map(({ target }) => target) : [...targets].filter((id) => known.has(id));
    for (const id of new Set(reached)) lit.nodes.set(id, [...(lit.nodes.get(id) ?? []), index + 1]);
  }
  return lit;
}

/** Several ways may lead from one to the other: the step's reason says which. */
function chosen(between: FlowEdge[], { why }: Step, nodes: Graph["nodes"]): FlowEdge[] {
  if (between.length < 2) return between;
  const fitting = between.filter((edge) => {
    const body = nodes.find(({ id }) => id === edge.source)?.resource?.item;
    const [, first = "", second = ""] = edge.exit.pointer.split("/");
    if (first === "options") {
      const digits = (body?.options as Menu["options"] | undefined)?.[Number(second)]?.digits;
      return why === `pressed ${digits}` || why.startsWith(`pressed ${digits} (`);
    }
    if (first === "holidays") {
      const name = (body?.holidays as Schedule["holidays"] | undefined)?.[Number(second)]?.name;
      return why.startsWith(`closed: holiday ${name},`);
    }
    if (first === "open" || first === "closed") return why.startsWith(first) || why.startsWith(`is ${first}`);
    if (first === "timeout") return why.startsWith("pressed nothing");
    if (first === "invalid") return why.includes("which leads nowhere");
    if (first === "forward") return why.includes("forwards") && why.startsWith(reasons[second] ?? "");
    return true;
  });
  // a holiday is closed too, but goes where it says itself
  const holiday = fitting.filter(({ exit }) => exit.pointer.startsWith("/holidays/"));
  const best = holiday.length > 0 ? holiday : fitting;
  return best.length > 0 ? best : between;
}

const reasons: Record<string, string> = {
  always: "forwards all",
  busy: "is busy",
  noAnswer: "did not answer",
  notRegistered: "has no phone",
};
