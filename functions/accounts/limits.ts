// The limits of tenants and accounts: setting one's own, and which hold. Enforced where things are counted (accounts/counts.ts), where requests come
// (access/rate-limit.ts), and, where they are about calls, by edges.
import { complete } from "../../core/complete.ts";
import { type Bound, boundsOf, boundsOn, lineOf, whose } from "../../core/limits.ts";
import { accountOwner, idOf, isTenant, type Owner } from "../../core/owner.ts";
import { kindOf } from "../../core/registry.ts";
import { limits as kind, type Limits } from "../../core/resources/limits.ts";
import { type Plan, plan as planKind } from "../../core/resources/plan.ts";
import type { Principal } from "../access/access.ts";
import type { Context } from "../context.ts";
import type { ChangedResource } from "../document/draft.ts";
import { hearing, readHead, sortOf } from "../document/head.ts";
import { fromItem, openView, type Stored } from "../document/view.ts";
import type { Write } from "../document/write.ts";
import { isId } from "../id.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";
import type { Item, Store } from "../store/store.ts";

/** A document has one resource of limits for each who sets any: its id is made of his. */
export const limitsId = (by: string): string => `${kind.prefix}_${by.slice(4)}`;

const bodyOf = <T>(item: Item): T => {
  const { kind: name, body } = fromItem(item);
  return complete(name, body) as T;
};

/** Every limit that holds for `owner`. `path`: the accounts above, the nearest first; `more`: what is set on it and not stored yet. */
export async function boundsFor(
  store: Store,
  owner: Owner,
  path: readonly string[],
  more: Limits[] = [],
): Promise<Bound[]> {
  const line = lineOf(owner, path);
  const pairs = line.flatMap((scope, index) => line.slice(index).map((setter) => ({ scope, by: idOf(setter) })));
  const items = await store.getMany(pairs.map(({ scope, by }) => keys.resource(scope, kind.kind, limitsId(by))));
  const set = pairs.flatMap(({ scope, by }, index) => {
    const unstored = scope === owner ? more.find((one) => one.by === by) : undefined;
    const item = items[index];
    return unstored ? [{ scope, body: unstored }] : item ? [{ scope, body: bodyOf<Limits>(item) }] : [];
  });
  const named = [...new Set(set.flatMap(({ body }) => body.plan ?? []))];
  const places = named.flatMap((id) => line.map((at) => ({ at, id })));
  const found = await store.getMany(places.map(({ at, id }) => keys.resource(at, planKind.kind, id)));
  const plans = new Map(
    places.flatMap(({ at, id }, index) => {
      const item = found[index];
      return item ? [[`${at}#${id}`, bodyOf<Plan>(item)] as const] : [];
    }),
  );
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
const forgetRequestBounds = ({ store }: Context): void => void remembered.delete(store);

/** What is set on a document itself, by whomever. */
export async function limitsOn(store: Store, owner: Owner): Promise<Limits[]> {
  const { items } = await store.query({ pk: owner, prefix: keys.resources(kind.kind) });
  return items.map(bodyOf<Limits>);
}

type Wanted = Partial<Omit<Limits, "by">>;

/** The body of limits that `principal` sets, its plan by id. Throws `reference_not_found` for a plan that his account and those above it do not have. */
export async function bodyFor(ctx: Context, principal: Principal, wanted: Wanted): Promise<Limits> {
  const plan = typeof wanted.plan === "string" ? await planOf(ctx, principal, wanted.plan) : null;
  return kind.schema.parse({ ...wanted, plan, by: idOf(principal.owner) });
}

async function planOf(ctx: Context, { owner }: Principal, ref: string): Promise<string> {
  const head = await readHead(ctx.store, owner);
  for (const at of lineOf(owner, head ? hearing(head) : [])) {
    if (isTenant(at)) continue;
    const view = openView(ctx.store, at);
    const byId = isId(planKind.prefix, ref);
    const found = byId ? await view.get(planKind.kind, ref) : await view.byKey(kindOf("plan"), ref);
    if (found) return found.id;
  }
  const detail = `there is no plan ${JSON.stringify(ref.slice(0, 64))} in the key's account or above it; create it first or name another`;
  throw new Problem("reference_not_found", `/plan: ${detail}.`, { errors: [{ pointer: "/plan", detail }] });
}

type Change = Pick<Write, "edits" | "summary">;

/** The write that puts these limits in the place of those that whoever set them had set. */
export const setting = (body: Limits): Change => ({
  summary: body.plan === null ? "set limits" : `set limits, with plan ${body.plan}`,
  edits: () => [{ op: "restore", kind: kindOf("limits"), id: limitsId(body.by), body: { ...body }, pointer: "" }],
});

/** The write that lifts what `principal` set; without effect where he set nothing. */
export const lifting = ({ owner }: Principal): Change => ({
  summary: "lift limits",
  async edits(view) {
    const id = limitsId(idOf(owner));
    return (await view.get(kind.kind, id)) ? [{ op: "delete", kind: kindOf("limits"), id, pointer: "" }] : [];
  },
});

/** Notes who has a plan, so that it is not deleted meanwhile. A note is a hint: whether it is still true is read at the document. */
export async function notePlan(ctx: Context, body: Limits, on: Owner): Promise<void> {
  if (body.plan === null) return;
  await ctx.store.transact([{ put: { ...keys.planUser(body.plan, on, body.by), owner: on, by: body.by } }]);
}

/** Limits changed, or plans that say them. */
export function afterWrite(ctx: Context, changes: ChangedResource[]): void {
  const told: string[] = [kind.kind, planKind.kind];
  if (changes.some(({ before, after }) => told.includes((after ?? before)?.kind ?? ""))) forgetRequestBounds(ctx);
}

/** Throws `in_use` where a plan is to go that somebody has. */
export async function refusePlanInUse(ctx: Context, changes: ChangedResource[]): Promise<void> {
  for (const { before, after } of changes)
    if (before?.kind === planKind.kind && !after) {
      const user = await userOf(ctx, before);
      if (user)
        throw new Problem(
          "in_use",
          `The plan ${String(before.body.name)} is that of the ${sortOf(user)} ${idOf(user)}, perhaps of others too; give them another first.`,
        );
    }
}

async function userOf(ctx: Context, { id }: Stored): Promise<Owner | undefined> {
  let after: string | undefined;
  do {
    const page = await ctx.store.query({ pk: keys.planUsers(id), limit: 100, ...(after !== undefined && { after }) });
    for (const { owner, by } of page.items) {
      const on = owner as Owner;
      if (!(await readHead(ctx.store, on))) continue;
      const item = await ctx.store.get(keys.resource(on, kind.kind, limitsId(String(by))));
      if (item && bodyOf<Limits>(item).plan === id) return on;
    }
    after = page.next;
  } while (after !== undefined);
  return undefined;
}

/** A limit that stops a request, as its problem says. `used`: what there is by now. */
export function limitReached(
  limit: "extensions" | "phoneNumbers",
  { bound, value, used }: { bound: Bound; value: number; used: number },
): Problem {
  const { scope, by, plan } = bound;
  const words = limit === "extensions" ? limit : "phone numbers";
  return new Problem(
    "limit_reached",
    `There may be ${value} ${words} and there are ${used}: that limit is ${whose(bound)}. Delete some, or have ${by} raise it.`,
    { extra: { limit: { name: limit, value, used, ...scopeId(scope), by, planId: plan } } },
  );
}

/** `{tenantId}` or `{accountId}`. */
export const scopeId = (scope: Owner): Record<string, string> => ({ [`${sortOf(scope)}Id`]: idOf(scope) });

/** The accounts below which a document is, itself if it is an account's. */
export const accountsOf = (owner: Owner, path: readonly string[]): Owner[] =>
  isTenant(owner) ? path.map(accountOwner) : [owner, ...path.map(accountOwner)];
