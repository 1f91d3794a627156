// What a scope says and which there are: `extensions:read`, `trunks:*`, `*:write`, `*`. They follow from the routes, whose own follow from the kinds.

/** `<what>:<verb>` with the verbs read and write, either of which may be `*`; `*` alone is everything. */
export type Scope = string;

/** The scope of a route that writes whatever its body names: the write scope of each kind that it touches. */
export const eachTouched = "<kind>:write";

/** What some requests need on top of their route's scope. */
const beside = ["purges:write", "secrets:read"];

/** Every scope without a wildcard, sorted, from those that the routes state. */
export function knownScopes(stated: readonly (Scope | null)[]): Scope[] {
  const ofRoutes = stated.filter((scope) => scope !== null && scope !== eachTouched) as Scope[];
  return [...new Set([...ofRoutes, ...beside])].sort();
}

/** Whether there is such a scope, wildcards included. */
export const isScope = (value: string, known: readonly Scope[]): boolean =>
  value === "*" || (/^[^:]+:[^:]+$/.test(value) && known.some((scope) => allows([value], scope)));

/** The known scopes in few words: `calls:read|write, changes:read, …`. */
export function listed(known: readonly Scope[]): string {
  const verbs = new Map<string, string[]>();
  for (const scope of known) {
    const [what = "", verb = ""] = scope.split(":");
    verbs.set(what, [...(verbs.get(what) ?? []), verb]);
  }
  return [...verbs].map(([what, of]) => `${what}:${of.join("|")}`).join(", ");
}

/** Whether keys with these scopes may do what the single scope `wanted` names. */
export function allows(scopes: readonly Scope[], wanted: Scope): boolean {
  const [what, verb] = wanted.split(":");
  return scopes.some((scope) => {
    const [on, may] = scope === "*" ? ["*", "*"] : scope.split(":");
    return (on === "*" || on === what) && (may === "*" || may === verb);
  });
}

/** What is within both, as scopes. */
export function common(one: readonly Scope[], other: readonly Scope[]): Scope[] {
  const parts = (scope: Scope): string[] => (scope === "*" ? ["*", "*"] : scope.split(":"));
  const narrower = (a = "", b = ""): string | undefined => (a === "*" ? b : b === "*" || a === b ? a : undefined);
  const found = one.flatMap((a) =>
    other.flatMap((b) => {
      const [what, verb] = [0, 1].map((index) => narrower(parts(a)[index], parts(b)[index]));
      return what === undefined || verb === undefined ? [] : [what === "*" && verb === "*" ? "*" : `${what}:${verb}`];
    }),
  );
  return [...new Set(found)];
}

/** Whether all that `wanted` means, wildcards and what there will be one day included, is within `scopes`. */
export function covers(scopes: readonly Scope[], wanted: Scope): boolean {
  const [what = "*", verb = "*"] = wanted.split(":");
  const verbs = verb === "*" ? ["read", "write"] : [verb];
  return verbs.every((one) => allows(scopes, `${what}:${one}`));
}
