// Which limits hold for a tenant or an account: what is set on it and on each account above it, by itself or somebody above, directly or by a plan.
import { accountOwner, idOf, type Owner } from "./owner.ts";
import type { LimitName, Limits, LimitValues } from "./resources/limits.ts";
import type { Plan } from "./resources/plan.ts";

/** `scope`: whose use they bound, with all below it. `by`: the id of who set them. `plan`: the id of the plan that says them; null: they are set directly. */
export type Bound = { scope: Owner; by: string; plan: string | null; values: LimitValues };

/** A document's limits, and the plans that they may name. */
export type Reading = {
  limitsOn(owner: Owner): readonly Limits[];
  plan(owner: Owner, id: string): Plan | undefined;
};

/**
 * `line`: the owner, then the accounts above it from the nearest to the farthest. What was set by an account that is no longer above counts no more; nor
 * does a plan that is gone.
 */
export function boundsOf(line: readonly Owner[], { limitsOn, plan }: Reading): Bound[] {
  return line.flatMap((scope, index) => {
    const setters = line.slice(index);
    return limitsOn(scope).flatMap((values): Bound[] => {
      const { by, plan: id } = values;
      const at = setters.findIndex((one) => idOf(one) === by);
      if (at < 0) return [];
      const direct: Bound = { scope, by, plan: null, values };
      if (id === null) return [direct];
      const found = setters
        .slice(at)
        .map((one) => plan(one, id))
        .find((one) => one !== undefined);
      return found ? [direct, { scope, by, plan: id, values: found }] : [direct];
    });
  });
}

/** The bounds that limit this, with their values. */
export const boundsOn = <L extends LimitName>(
  bounds: readonly Bound[],
  limit: L,
): { bound: Bound; value: NonNullable<LimitValues[L]> }[] =>
  bounds.flatMap((bound) => {
    const value = bound.values[limit];
    return value === null || value === undefined ? [] : [{ bound, value }];
  });

/** The owner's line: itself and the accounts above. */
export const lineOf = (owner: Owner, path: readonly string[]): Owner[] => [owner, ...path.map(accountOwner)];

/** Whose limit it is, in words of those below it. */
export const whose = ({ scope, by }: Pick<Bound, "scope" | "by">): string => {
  const of = scope.startsWith("T#") ? "tenant" : `account ${idOf(scope)}`;
  return idOf(scope) === by ? `the ${of}'s own` : `the ${of}'s, set by account ${by}`;
};
