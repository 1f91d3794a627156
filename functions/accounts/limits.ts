// The limits of tenants and accounts: setting one's own. Which hold: bounds.ts. Enforced where things are counted (accounts/counts.ts), where requests come
// (access/rate-limit.ts), and, where they are about calls, by edges.
import { type Bound, lineOf, whose } from "../../core/limits.ts";
import { accountOwner, idOf, isTenant, type Owner } from "../../core/owner.ts";
import { kindOf } from "../../core/registry.ts";
import { limits as kind, type Limits } from "../../core/resources/limits.ts";
import { plan as planKind } from "../../core/resources/plan.ts";
import type { Principal } from "../access/access.ts";
import type { Context } from "../context.ts";
import type { ChangedResource } from "../document/draft.ts";
import { hearing, readHead, sortOf } from "../document/head.ts";
import { openView, type Stored } from "../document/view.ts";
import type { Write } from "../document/write.ts";
import { isId } from "../id.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";
import type { Store } from "../store/store.ts";
import { bodyOf, forgetRequestBounds, limitsId, scopeId } from "./bounds.ts";

/** What is set on a document itself, by whomever. */
export async function limitsOn(store: Store, owner: Owner): Promise<Limits[]> {
  const { items } = await store.query({ pk: owner, prefix: keys.resources(kind.kind) });
  return Promise.all(items.map((item) => bodyOf<Limits>(item)));
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
      if (item && (await bodyOf<Limits>(item)).plan === id) return on;
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

/** The accounts below which a document is, itself if it is an account's. */
export const accountsOf = (owner: Owner, path: readonly string[]): Owner[] =>
  isTenant(owner) ? path.map(accountOwner) : [owner, ...path.map(accountOwner)];
