// Where the arrow keys lead from a node: right along its ways, left back to whence a call comes, up and down within the column.
import type { Graph } from "./graph.ts";

type Places = ReadonlyMap<string, { x: number; y: number }>;

/** The ids that keys lead to, by the key's name. Every node is reached by some of them. */
export function besides({ nodes, edges }: Graph, places: Places, id: string): Record<string, string | undefined> {
  const at = (one: string) => places.get(one) ?? { x: 0, y: 0 };
  const here = at(id);
  /** The nearest column first, within it from the top. */
  const near = (a: string, b: string): number =>
    Math.abs(at(a).x - here.x) - Math.abs(at(b).x - here.x) || at(a).y - at(b).y;
  const targets = edges.flatMap(({ source, target }) => (source === id && target !== id ? [target] : [])).sort(near);
  const sources = edges.flatMap(({ source, target }) => (target === id && source !== id ? [source] : [])).sort(near);
  const column = nodes.flatMap((node) => (at(node.id).x === here.x ? [node.id] : []));
  column.sort((a, b) => at(a).y - at(b).y);
  const row = column.indexOf(id);
  return {
    ArrowRight: targets.find((one) => at(one).x > here.x) ?? targets[0],
    ArrowLeft: sources.find((one) => at(one).x < here.x) ?? sources[0],
    ArrowUp: column[row - 1],
    ArrowDown: column[row + 1],
    Home: nodes[0]?.id,
    End: nodes.at(-1)?.id,
  };
}
