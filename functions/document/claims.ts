// Claims: values that only one resource may hold, in its document (a number that can be dialled, a name) or in the installation (a domain, a phone number).
import { kindOf } from "../../core/registry.ts";
import { numbersOf } from "../../core/resources/kind.ts";
import { type Flaw, Problem } from "../problem.ts";
import { keyClaim, naturalKey, type Stored, type View } from "./view.ts";

export type Claim = { value: string; kind: string; id: string; fresh: boolean };
/** `what` is also the field that holds the value; `pointer` is where it was written. */
export type GlobalClaim = { what: string; value: string; kind: string; id: string; pointer: string };
export type ClaimChanges = { put: Claim[]; delete: string[]; globals: { put: GlobalClaim[]; delete: GlobalClaim[] } };

/** The values that a resource claims in its document. */
export function claimsOf(resource: Stored | undefined): string[] {
  if (!resource) return [];
  const kind = kindOf(resource.kind);
  const key = keyClaim(kind, naturalKey(resource));
  return [...new Set([key, ...numbersOf(kind, resource.body), ...(kind.claims?.(resource.body) ?? [])])];
}

function globalsOf(resource: Stored | undefined, pointers: Map<string, string>): GlobalClaim[] {
  if (!resource) return [];
  return (kindOf(resource.kind).globals?.(resource.body) ?? []).map(([what, value]) => ({
    what,
    value,
    kind: resource.kind,
    id: resource.id,
    pointer: `${pointers.get(resource.id) ?? ""}/${what}`,
  }));
}

/** What the changes take and give back. Throws a Problem if a value is held by a resource that keeps it. `pointers`: where each resource was written. */
export async function claimChanges(
  view: View,
  changes: { before: Stored | undefined; after: Stored | undefined }[],
  pointers: Map<string, string>,
): Promise<ClaimChanges> {
  const released = new Set(
    changes.flatMap(({ before, after }) => claimsOf(before).filter((value) => !claimsOf(after).includes(value))),
  );
  const taken = new Map<string, Stored>();
  const put: Claim[] = [];
  const flaws: Flaw[] = [];
  for (const { before, after } of changes) {
    for (const value of claimsOf(after)) {
      if (!after) continue;
      const rival = taken.get(value);
      if (rival) flaws.push(clash(value, after, rival, pointers));
      taken.set(value, after);
      if (claimsOf(before).includes(value)) continue;
      const holder = await view.claimed(value);
      if (holder && holder.id !== after.id && !released.has(value)) flaws.push(clash(value, after, holder, pointers));
      put.push({ value, kind: after.kind, id: after.id, fresh: !holder });
    }
  }
  if (flaws.length > 0) throw new Problem("taken", `${flaws[0]?.pointer}: ${flaws[0]?.detail}.`, { errors: flaws });
  const same = (a: GlobalClaim, b: GlobalClaim) => a.what === b.what && a.value === b.value;
  const globals = changes.map(
    ({ before, after }) => [globalsOf(before, pointers), globalsOf(after, pointers)] as const,
  );
  const [olds, news] = [globals.flatMap(([old]) => old), globals.flatMap(([, now]) => now)];
  return {
    put,
    delete: [...released].filter((value) => !taken.has(value)),
    globals: {
      put: news.filter((claim) => !olds.some((old) => same(old, claim))),
      delete: olds.filter((claim) => !news.some((now) => same(now, claim))),
    },
  };
}

function clash(
  value: string,
  resource: Stored,
  rival: { kind: string; id: string },
  pointers: Map<string, string>,
): Flaw {
  const kind = kindOf(resource.kind);
  const isNumber = numbersOf(kind, resource.body).includes(value);
  const numberField = typeof kind.dialable === "string" ? kind.dialable : kind.key;
  const field = value.startsWith("device#") ? "devices" : isNumber ? numberField : kind.key;
  return {
    pointer: `${pointers.get(resource.id) ?? ""}/${field}`,
    detail: `${value.slice(value.indexOf("#") + 1)} is taken by ${rival.kind} ${rival.id}; choose another`,
  };
}
