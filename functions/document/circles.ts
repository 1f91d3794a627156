// Circles: a write may not make calls go round for ever. Followed from what changed alone, and read as needed, so that a large document is not read whole.

import { kindOf } from "../../core/registry.ts";
import { automatic } from "../../core/routing/automatic.ts";
import type { Flaw } from "../problem.ts";
import { naturalKey, type Stored, type View } from "./view.ts";

type Edge = { pointer: string; target: Stored };
type Visit = { resource: Stored; edges: Edge[]; next: number; order: number; low: number };

/** A flaw for each changed resource that leads back to itself. `written`: the changed ones, with where their body was written. */
export async function circles(view: View, written: Map<Stored, string>): Promise<Flaw[]> {
  const flaws: Flaw[] = [];
  for (const group of await entangled(view, [...written.keys()])) {
    for (const resource of group) {
      const at = written.get(resource);
      const back = at === undefined ? undefined : await wayBack(view, resource, new Set(group));
      if (at === undefined || !back) continue;
      const path = [resource, ...back.path].map((one) => `${one.kind}/${naturalKey(one)}`).join(" → ");
      flaws.push({ pointer: at + back.pointer, detail: `calls would go round: ${path}; send one of them elsewhere` });
    }
  }
  return flaws;
}

async function edgesOf(view: View, { kind, body }: Stored): Promise<Edge[]> {
  const found = await Promise.all(
    automatic(kind, body).map(async ({ pointer, to }) => {
      if (to.kind === "hangup") return [];
      // a call to one of the tenant's own numbers does not leave
      const target =
        to.kind === "outside-number"
          ? await view.byKey(kindOf("phone-number"), to.number)
          : await view.get(to.kind, to.ref);
      return target ? [{ pointer, target }] : [];
    }),
  );
  return found.flat();
}

/** The strongly connected components of more than a single resource (Tarjan), a resource that leads to itself among them. */
async function entangled(view: View, starts: Stored[]): Promise<Stored[][]> {
  const visits = new Map<Stored, Visit>();
  const open: Stored[] = [];
  const isOpen = new Set<Stored>();
  const groups: Stored[][] = [];

  async function enter(resource: Stored): Promise<Visit> {
    const order = visits.size;
    const visit = { resource, edges: await edgesOf(view, resource), next: 0, order, low: order };
    visits.set(resource, visit);
    open.push(resource);
    isOpen.add(resource);
    return visit;
  }

  function leave({ resource, order, low, edges }: Visit): void {
    if (low !== order) return;
    const group = open.splice(open.indexOf(resource));
    for (const one of group) isOpen.delete(one);
    if (group.length > 1 || edges.some(({ target }) => target === resource)) groups.push(group);
  }

  for (const start of starts) {
    const path = visits.has(start) ? [] : [await enter(start)];
    for (let visit = path.at(-1); visit; visit = path.at(-1)) {
      const target = visit.edges[visit.next++]?.target;
      if (!target) {
        leave(visit);
        path.pop();
        const parent = path.at(-1);
        if (parent) parent.low = Math.min(parent.low, visit.low);
      } else if (!visits.has(target)) path.push(await enter(target));
      else if (isOpen.has(target)) visit.low = Math.min(visit.low, visits.get(target)?.order ?? visit.low);
    }
  }
  return groups;
}

/** The shortest way from a resource back to it within its group, and by which of its fields it begins. */
async function wayBack(
  view: View,
  from: Stored,
  group: Set<Stored>,
): Promise<{ pointer: string; path: Stored[] } | undefined> {
  const seen = new Set<Stored>();
  const ways = [{ at: from, pointer: "", path: [] as Stored[] }];
  for (const way of ways) {
    for (const { pointer, target } of await edgesOf(view, way.at)) {
      const step = { at: target, pointer: way.pointer || pointer, path: [...way.path, target] };
      if (target === from) return step;
      if (!group.has(target) || seen.has(target)) continue;
      seen.add(target);
      ways.push(step);
    }
  }
  return undefined;
}
