// Where the nodes of a graph stand: in columns from left to right as a call goes, and from top to bottom as one would tell of it. One pass, so that hundreds
// of nodes take no time; and a change in one place moves nothing that stands above it.
import type { FlowNode, Graph } from "./graph.ts";
import { rowsOf } from "./row.ts";

export const size = { width: 248, header: 58, row: 30, rest: 6 };
const gap = { across: 96, down: 26 };

/** The height of a node on the picture, in pixels. */
export const heightOf = (node: FlowNode): number => {
  const rows = rowsOf(node).length;
  return size.header + (rows === 0 ? 0 : rows * size.row + size.rest);
};

/** The upper left corner of each node. No two overlap. */
export function placesOf(graph: Graph): Map<string, { x: number; y: number }> {
  const { columns, children } = columnsOf(graph);
  const heights = new Map(graph.nodes.map((node) => [node.id, heightOf(node)]));
  const free: number[] = [];
  const places = new Map<string, { x: number; y: number }>();
  /** Below `floor`, and beside the first of those to whom it is the first to lead. */
  const place = (id: string, floor: number): number => {
    const column = columns.get(id) ?? 0;
    const top = Math.max(floor, free[column] ?? 0);
    const below = (children.get(id) ?? []).map((child) => place(child, top));
    const y = Math.max(top, below[0] ?? 0);
    free[column] = y + (heights.get(id) ?? 0) + gap.down;
    places.set(id, { x: column * (size.width + gap.across), y });
    return y;
  };
  const [entry] = graph.nodes;
  if (entry) place(entry.id, 0);
  return places;
}

/** The column of each node, right of all that lead to it but for those that lead back; and to which nodes each is the first to lead. */
function columnsOf({ nodes, edges }: Graph): { columns: Map<string, number>; children: Map<string, string[]> } {
  const targets = Map.groupBy(edges, ({ source }) => source);
  const children = new Map<string, string[]>();
  const open = new Set<string>();
  const finished: string[] = [];
  const seen = new Set<string>();
  const onward = new Map<string, string[]>();
  const visit = (id: string): void => {
    seen.add(id);
    open.add(id);
    for (const { target } of targets.get(id) ?? []) {
      if (open.has(target)) continue;
      onward.set(id, [...(onward.get(id) ?? []), target]);
      if (seen.has(target)) continue;
      children.set(id, [...(children.get(id) ?? []), target]);
      visit(target);
    }
    open.delete(id);
    finished.push(id);
  };
  const [entry] = nodes;
  if (entry) visit(entry.id);
  const columns = new Map<string, number>();
  for (const id of finished.toReversed())
    for (const target of onward.get(id) ?? [])
      columns.set(target, Math.max(columns.get(target) ?? 0, (columns.get(id) ?? 0) + 1));
  return { columns, children };
}
