// Founding a document: a new account or tenant, its settings, its data key, its place in a pool, all in one transaction.
import { hash } from "node:crypto";
import { canonical } from "../../core/canonical.ts";
import { empty, shift, weigh } from "../../core/digest.ts";
import { accountOwner, idOf, type Owner } from "../../core/owner.ts";
import { kindOf } from "../../core/registry.ts";
import type { Body } from "../../core/resources/kind.ts";
import type { Limits } from "../../core/resources/limits.ts";
import { limitsId } from "../accounts/limits.ts";
import type { Context } from "../context.ts";
import { ofRevision } from "../events/waiting.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";
import { ConditionFailed, Conflict, type Operation } from "../store/store.ts";
import { type Actor, type Change, changeItems, diffOf } from "./change.ts";
import { deltaOf } from "./delta.ts";
import { globalHolder } from "./globals.ts";
import { type Head, headItem, moveHead, newHead, outboxItem, placementItem, readHead, sortOf } from "./head.ts";
import { publish } from "./publish.ts";
import { keyClaim, naturalKey, type Stored, toItem } from "./view.ts";
import { refuseOvertaken } from "./write.ts";

export type Founding = {
  owner: Owner;
  /** Of the new document; the nearest account first. */
  path: string[];
  pools: string[];
  defaultPool?: string;
  settings: Body;
  /** Set on it by an account above from its beginning. */
  limits?: Limits | undefined;
  actor: Actor;
  also?(head: Head, settings: Stored): Operation[] | Promise<Operation[]>;
};

/** Makes the document at revision 0. Throws `taken` for a value that is unique in the installation, `busy` if the accounts above keep changing. */
export async function found(ctx: Context, founding: Founding): Promise<{ head: Head; settings: Stored }> {
  const { owner, path, pools } = founding;
  const sort = sortOf(owner);
  const now = ctx.now().toISOString();
  const settings: Stored = {
    kind: sort,
    id: idOf(owner),
    body: founding.settings,
    version: 1,
    revision: 0,
    createdAt: now,
    updatedAt: now,
  };
  const globals = kindOf(sort).globals?.(settings.body) ?? [];
  const { limits } = founding;
  const set: Stored[] = limits ? [{ ...settings, kind: "limits", id: limitsId(limits.by), body: { ...limits } }] : [];
  const weights = [settings, ...set].map(({ kind, id, body }) =>
    weigh((text) => hash("sha256", text), kind, id, canonical(body)),
  );
  const head: Head = {
    ...newHead(owner, path, pools, now),
    defaultPool: founding.defaultPool ?? null,
    digest: shift(empty, weights),
  };
  const change: Change = {
    revision: 0,
    at: now,
    actor: founding.actor,
    summary: `create ${sort} ${settings.body.name}`,
    base: empty,
    digest: head.digest,
    diff: diffOf([settings, ...set].map((after) => ({ before: undefined, after }))),
  };
  const wrapped = await ctx.vault.newKey(owner);
  for (let attempt = 0; ; attempt++) {
    for (const [what, value] of globals)
      if (await globalHolder(ctx.store, what, value))
        throw new Problem("taken", `The ${what} ${value} is taken; choose another.`, {
          errors: [{ pointer: `/${what}`, detail: "is taken" }],
        });
    const widened = await widen(ctx, path, pools);
    const parent = path[0];
    const also = (await founding.also?.(head, settings)) ?? [];
    const operations: Operation[] = [
      { put: headItem(head), if: { absent: true } },
      { put: toItem(owner, settings), if: { absent: true } },
      ...set.flatMap((one): Operation[] => [
        { put: toItem(owner, one), if: { absent: true } },
        { put: { ...keys.claim(owner, keyClaim(kindOf(one.kind), naturalKey(one))), kind: one.kind, id: one.id } },
      ]),
      { put: { ...keys.dataKey(owner), wrapped } },
      ...globals.map(
        ([what, value]): Operation => ({
          put: { ...keys.global(what, value), owner, kind: sort },
          if: { absent: true },
        }),
      ),
      ...changeItems(owner, change).map((item): Operation => ({ put: item })),
      ...pools.map((pool): Operation => ({ put: placementItem(head, pool) })),
      ...(pools.length > 0 ? [{ put: outboxItem(head, now) }] : []),
      ofRevision(owner, change.revision, now),
      ...(parent === undefined
        ? []
        : [{ put: { ...keys.child(accountOwner(parent), sort.toUpperCase(), settings.id), id: settings.id } }]),
      ...widened.flatMap(({ operations: more }) => more),
      ...also,
    ];
    try {
      await ctx.store.transact(operations);
    } catch (error) {
      refuseOvertaken(error, operations, also);
      if (!(error instanceof ConditionFailed || error instanceof Conflict)) throw error;
      if (attempt > 20)
        throw new Problem("busy", "Others keep changing this account; try again in a moment.", {
          headers: { "Retry-After": "2" },
        });
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 50));
      continue;
    }
    for (const { head: above } of widened)
      publish(ctx, above, {
        type: "pointer",
        owner: above.owner,
        epoch: above.epoch,
        revision: above.revision,
        digest: above.digest,
      });
    if (pools.length > 0) publish(ctx, head, deltaOf(head, change, []));
    return { head, settings };
  }
}

/** A pool's edges also need the documents of the accounts above the tenants they serve. */
export async function widen(
  ctx: Context,
  path: string[],
  pools: string[],
): Promise<{ head: Head; operations: Operation[] }[]> {
  const result: { head: Head; operations: Operation[] }[] = [];
  for (const id of path) {
    const before = await readHead(ctx.store, accountOwner(id));
    if (!before) throw new Problem("not_found", `There is no account ${id}; it may have been deleted.`);
    const missing = pools.filter((pool) => !before.pools.includes(pool));
    if (missing.length === 0) continue;
    const head = { ...before, pools: [...before.pools, ...missing] };
    const operations: Operation[] = [
      moveHead(before, head),
      ...missing.map((pool): Operation => ({ put: placementItem(head, pool) })),
      { put: outboxItem(head, ctx.now().toISOString()) },
    ];
    result.push({ head, operations });
  }
  return result;
}
