// Which limits hold for an owner, as they are stored; and how often he may ask, which every request asks. Most set none: the kinds are loaded where one did.
import { type Bound, boundsOf, boundsOn, lineOf } from "../../core/limits.ts";
import { idOf, type Owner } from "../../core/owner.ts";
import type { Body } from "../../core/resources/kind.ts";
import type { Limits } from "../../core/resources/limits.ts";
import type { Plan } from "../../core/resources/plan.ts";
import type { Context } from "../context.ts";
import { readHead, sortOf } from "../document/head.ts";
import * as keys from "../keys.ts";
import type { Item, Store } from "../store/store.ts";

/** A document has one resource of limits for each who sets any: its id is made of his. */
export const limitsId = (by: string): string => `lim_${by.slice(4)}`;

/** What is stored of limits or of a plan, complete. */
export async function bodyOf<T>({ kind, text }: Item): Promise<T> {
  const { complete } = await import("../../core/complete.ts");
  return complete(String(kind), JSON.parse(String(text)) as Body) as T;
}

/** Every limit that holds for `owner`. `path`: the accounts above, the nearest first; `more`: what is set on it and not stored yet. */
export async function boundsFor(
  store: Store,
  owner: Owner,
  path: readonly string[],
  more: Limits[] = [],
): Promise<Bound[]> {
  const line = lineOf(owner, path);
  const pairs = line.flatMap((scope, index) => line.slice(index).map((setter) => ({ scope, by: idOf(setter) })));
  const items = await store.getMany(pairs.map(({ scope, by }) => keys.resource(scope, "limits", limitsId(by))));
  const known = pairs.map(async ({ scope, by }, index) => {
    const unstored = scope === owner ? more.find((one) => one.by === by) : undefined;
    const item = items[index];
    return unstored ? [{ scope, body: unstored }] : item ? [{ scope, body: await bodyOf<Limits>(item) }] : [];
  });
  const set = (await Promise.all(known)).flat();
  const named = [...new Set(set.flatMap(({ body }) => body.plan ?? []))];
  const places = named.flatMap((id) => line.map((at) => ({ at, id })));
  const found = await store.getMany(places.map(({ at, id }) => keys.resource(at, "plan", id)));
  const plans = new Map<string, Plan>();
  for (const [index, { at, id }] of places.entries()) {
    const item = found[index];
    if (item) plans.set(`${at}#${id}`, await bodyOf<Plan>(item));
  }
  return boundsOf(line, {
    limitsOn: (scope) => set.filter((one) => one.scope === scope).map(({ body }) => body),
    plan: (at, id) => plans.get(`${at}#${id}`),
  });
}

type RequestBound = { bound: Bound; value: number };
/** What a process remembers of who may ask how often: no request waits for what the last one read. */
const remembered = new WeakMap<Store, Map<Owner, { until: number; found: Promise<RequestBound[]> }>>();
const rememberedMs = 15_000;
const mostRemembered = 10_000;

/** The limits on requests of an owner's keys, as of at most 15 s ago. */
export async function requestBounds({ store, log }: Context, owner: Owner): Promise<RequestBound[]> {
  const all = remembered.get(store) ?? new Map<Owner, { until: number; found: Promise<RequestBound[]> }>();
  remembered.set(store, all);
  const known = all.get(owner);
  if (known && known.until > Date.now()) return known.found;
  if (all.size >= mostRemembered) all.clear();
  const found = readRequestBounds(store, owner).catch((error: unknown) => {
    log.warn({ owner, error: String(error) }, "who may ask how often is not known");
    all.delete(owner);
    return [];
  });
  all.set(owner, { until: Date.now() + rememberedMs, found });
  return found;
}

async function readRequestBounds(store: Store, owner: Owner): Promise<RequestBound[]> {
  const head = await readHead(store, owner);
  return boundsOn(await boundsFor(store, owner, head?.path ?? []), "apiRequestsPerMinute");
}

/** After limits or plans were written: this process knows at once, others within 15 s. */
export const forgetRequestBounds = ({ store }: Context): void => void remembered.delete(store);

/** `{tenantId}` or `{accountId}`. */
export const scopeId = (scope: Owner): Record<string, string> => ({ [`${sortOf(scope)}Id`]: idOf(scope) });
