// The way of a call as a graph, out of a tenant's resources: from one of them to all that a call may reach from there. Pure, so that it is tested without a
// browser.
import { type KindName, kindOf } from "../../core/registry.ts";
import type { Destination } from "../../core/resources/destination.ts";
import { type Exit, exitsOf } from "../../core/resources/exits.ts";
import type { Body } from "../../core/resources/kind.ts";

/** A resource as the API lists it. */
export type Item = Body & { id: string; version: number };
export type Resource = { kind: KindName; item: Item };
/** A tenant's resources by id. */
export type Resources = ReadonlyMap<string, Resource>;

/** `resource` is missing where a call ends, leaves the tenant, or goes to what could not be read. */
export type FlowNode = {
  id: string;
  kind: Destination["kind"] | KindName;
  /** What the simulator's steps call it: `menu/Main`. */
  name: string;
  resource: Resource | undefined;
  /** Those that are drawn, in the order of the schema. */
  exits: Exit[];
  /** How many more there are, of those who are rung. */
  hidden: number;
};
export type FlowEdge = { id: string; source: string; target: string; exit: Exit };
export type Graph = { nodes: FlowNode[]; edges: FlowEdge[] };

/** So many of a group's members are drawn until all are asked for. */
export const membersShown = 8;

/**
 * All that a call may reach from `entry`, each thing once, in the order in which one would tell of it: what the first exit leads to, with all behind it, then
 * the second. `whole`: ids of those of which every member is wanted.
 */
export function graphOf(resources: Resources, entry: string, whole: ReadonlySet<string> = new Set()): Graph {
  const nodes = new Map<string, FlowNode>();
  const edges: FlowEdge[] = [];
  const waiting: { source: FlowNode; exit: Exit }[] = [];
  const come = (node: FlowNode): void => {
    nodes.set(node.id, node);
    // the last in is the next out
    for (const exit of node.exits.toReversed()) waiting.push({ source: node, exit });
  };
  const first = resources.get(entry);
  if (first) come(nodeOf(first, whole));
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { source, exit } = next;
    if (exit.to === null) continue;
    const id = idOf(exit.to, source.id);
    edges.push({ id: edgeId(source.id, exit), source: source.id, target: id, exit });
    if (nodes.has(id)) continue;
    const found = resources.get(id);
    come(found ? nodeOf(found, whole) : endOf(exit.to, id));
  }
  return { nodes: [...nodes.values()], edges };
}

export const edgeId = (source: string, { pointer }: Pick<Exit, "pointer">): string => `${source}${pointer}`;

/** Numbers outside are drawn once each; where a call ends, beside what ends it. */
function idOf(to: Destination, source: string): string {
  if ("ref" in to) return to.ref;
  return to.kind === "hangup" ? `${source}#${to.cause}` : `outside-number/${to.number}`;
}

function nodeOf(resource: Resource, whole: ReadonlySet<string>): FlowNode {
  const { kind, item } = resource;
  // what may be left open for each of a list, as where a holiday's calls go, is told last
  const all = exitsOf(kindOf(kind), item).sort((a, b) => Number(isAside(a)) - Number(isAside(b)));
  let members = 0;
  const exits = all.filter(({ how }) => how === "goes" || ++members <= membersShown || whole.has(item.id));
  const name = `${kind}/${titleOf(resource)}`;
  return { id: item.id, kind, name, resource, exits, hidden: all.length - exits.length };
}

const isAside = ({ pointer, optional }: Exit): boolean => optional && /\/\d+\//.test(pointer);

function endOf(to: Destination, id: string): FlowNode {
  const key = "ref" in to ? to.ref : to.kind === "hangup" ? to.cause : to.number;
  return { id, kind: to.kind, name: `${to.kind}/${key}`, resource: undefined, exits: [], hidden: 0 };
}

/** The natural key. */
export const titleOf = ({ kind, item }: Resource): string => String(item[kindOf(kind).key]);

/** Ids that the graph leads to and `resources` lack. */
export const missing = (resources: Resources, entry: string, whole?: ReadonlySet<string>): FlowNode[] =>
  graphOf(resources, entry, whole).nodes.filter(
    ({ kind, resource }) => !resource && kind !== "hangup" && kind !== "outside-number",
  );
