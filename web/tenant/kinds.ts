// The kinds of a tenant's document, from the registry, and where the console shows a resource.
import { isKindName, kindOf, kindsAt } from "../../core/registry.ts";
import type { Kind } from "../../core/resources/kind.ts";
import { isAccountId, pageOf } from "./id.ts";

export const kinds: Kind[] = kindsAt("tenant");

export const byKindName = (name: string): Kind | undefined => (isKindName(name) ? kindOf(name) : undefined);

/** The page of a resource; undefined for what a tenant's document does not hold. */
export function placeOf(tenant: string, kind: string, id: string): string | undefined {
  if (kind === "tenant") return `/tenants/${tenant}/settings`;
  const known = (isAccountId(tenant) ? kindsAt("account") : kinds).find((candidate) => candidate.kind === kind);
  return known && `${pageOf(tenant)}/${known.plural}/${id}`;
}

/** The member that turns a resource on and off, where its kind has one. */
export const switchOf = (kind: Kind): "enabled" | undefined =>
  kind.filters.includes("enabled") ? "enabled" : undefined;
