// Founding a document: a new account or tenant with all that it has from the beginning. It is there whole or not at all: by one transaction, or, where it is
// larger than that, written where nobody looks and then published by one (large.ts).
import { empty } from "../../core/digest.ts";
import { accountOwner, idOf, isTenant, type Owner } from "../../core/owner.ts";
import { kindOf } from "../../core/registry.ts";
import type { Body } from "../../core/resources/kind.ts";
import type { Limits } from "../../core/resources/limits.ts";
import type { Placement } from "../../core/resources/placement.ts";
import { limitsId } from "../accounts/bounds.ts";
import { countingNew } from "../accounts/counts.ts";
import type { Context } from "../context.ts";
import { arriving, refuseClosed } from "../edges/arrivals.ts";
import { able, choose, knownLoads, nowhere, placementId, placementItems } from "../edges/placement.ts";
import { readRoster, tendSoon } from "../edges/roster.ts";
import * as keys from "../keys.ts";
import { refuseMissingAudio } from "../media/audio.ts";
import { Problem } from "../problem.ts";
import { ConditionFailed, Conflict, type Item, limits, type Operation, TooLarge } from "../store/store.ts";
import type { Actor, Change } from "./change.ts";
import { brought, carriedSecrets, messageFor, pointerTo } from "./delta.ts";
import { diffOf } from "./diff.ts";
import { type Draft, draft, type Edit } from "./draft.ts";
import { type Head, headItem, moveHead, newHead, outboxItem, placementItem, readHead, sortOf } from "./head.ts";
import { publish } from "./publish.ts";
import { openView, type Stored } from "./view.ts";
import {
  digestAfter,
  globalOperations,
  type Outcome,
  partsOf,
  plainSecrets,
  refuseOvertaken,
  shownOnce,
} from "./write.ts";

export type Founding = {
  owner: Owner;
  /** Of the new document; the nearest account first. */
  path: string[];
  /** The sandbox that it is in, or is. */
  sandbox?: string | null;
  pools: string[];
  defaultPool?: string;
  settings: Body;
  /** What else it has. */
  edits?: (Edit & { op: "create" })[];
  /** Set on it by an account above from its beginning. */
  limits?: Limits | undefined;
  actor: Actor;
  summary?: string;
  dryRun?: boolean;
  also?(founded: Founded): Operation[] | Promise<Operation[]>;
};
export type Founded = Outcome & { settings: Stored };

/**
 * Makes the document at revision 0 (`dryRun`: tells what would be made). Throws a Problem for what the caller must mend, `taken` for a value that is unique
 * in the installation (`extra` names it), `busy` if the accounts above keep changing.
 */
export async function found(ctx: Context, founding: Founding): Promise<Founded> {
  const { owner, path, pools } = founding;
  const { placed, version } = await placeOf(ctx, owner, pools);
  const founded = await drafted(ctx, founding, placed);
  if (founding.dryRun) {
    await globalOperations(ctx, founded.head, founded.draft);
    await countingNew(ctx, founded.head, founded.draft.changes);
    return { ...founded, revision: null, secrets: [] };
  }
  const dataKey = { ...keys.dataKey(owner), wrapped: await ctx.vault.newKey(owner) };
  const plain = await plainSecrets(ctx, founded.head, founded.draft);
  founded.secrets = shownOnce(founded.draft, plain);
  for (let attempt = 0; ; attempt++) {
    const globals = await globalOperations(ctx, founded.head, founded.draft);
    const { requestId } = founding.actor;
    const widened = await widen(ctx, path, pools, requestId);
    const also = (await founding.also?.(founded)) ?? [];
    const parts = await partsOf(ctx, owner, founded, plain, globals, also);
    const all: Parts = {
      ...parts,
      hidden: [...parts.hidden, { put: dataKey }],
      beside: [
        ...listed(founded.head),
        ...(placed || !isTenant(owner) ? [] : pools.flatMap((pool) => placementItems(owner, pool, nowhere))),
        ...arriving(ctx, owner, pools),
        ...widened.flatMap(({ operations }) => operations),
        ...parts.beside,
      ],
    };
    try {
      const large = await commit(ctx, founded, all, also);
      for (const { head } of widened) publish(ctx, head, pointerTo(head), requestId);
      const { head, change } = founded;
      const secrets = large ? [] : await carriedSecrets(ctx, owner, brought(change.diff));
      publish(ctx, head, large ? pointerTo(head) : messageFor(head, change, secrets), requestId);
      for (const pool of isTenant(owner) ? pools : []) ctx.after(tendIfMoved(ctx, pool, version));
      return founded;
    } catch (error) {
      if (!(error instanceof ConditionFailed || error instanceof Conflict)) throw error;
      await refuseClosed(ctx, pools);
      if (attempt > 20)
        throw new Problem("busy", "Others keep changing this account; try again in a moment.", {
          headers: { "Retry-After": "2" },
        });
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 50));
    }
  }
}

/** Where a new tenant's calls live, by the roster of this version; undefined where no host carries any. */
async function placeOf(
  ctx: Context,
  owner: Owner,
  [pool]: string[],
): Promise<{ placed: Placement | undefined; version: number }> {
  if (pool === undefined || !isTenant(owner)) return { placed: undefined, version: 0 };
  const roster = await readRoster(ctx, pool);
  const { version } = roster;
  if (able(roster).length === 0) return { placed: undefined, version };
  return { placed: choose(roster, await knownLoads(ctx, roster), owner, nowhere), version };
}

/** The tenant was placed by the roster of this version: its hosts may have gone meanwhile, or the first one come. */
async function tendIfMoved(ctx: Context, pool: string, version: number): Promise<void> {
  const now = await readRoster(ctx, pool).catch(() => undefined);
  if (now && now.version !== version) await tendSoon(ctx, pool);
}

async function drafted(ctx: Context, founding: Founding, placed: Placement | undefined): Promise<Founded> {
  const { owner, path, pools } = founding;
  const kind = kindOf(sortOf(owner));
  const now = ctx.now().toISOString();
  const { limits: set } = founding;
  const edits: Edit[] = [
    { op: "create", kind, id: idOf(owner), body: founding.settings, pointer: "" },
    ...(set
      ? [{ op: "create" as const, kind: kindOf("limits"), id: limitsId(set.by), body: { ...set }, pointer: "/plan" }]
      : []),
    ...(placed
      ? [{ op: "create" as const, kind: kindOf("placement"), id: placementId(owner), body: { ...placed }, pointer: "" }]
      : []),
    ...(founding.edits ?? []),
  ];
  const view = openView(ctx.store, owner, true);
  const above = path.map((id) => openView(ctx.store, accountOwner(id)));
  const made = await draft(view, above, edits, 0, now);
  // it has one of these settings, whatever their name
  const claims = { ...made.claims, put: made.claims.put.filter((claim) => claim.kind !== kind.kind) };
  const begun: Head = {
    ...newHead(owner, path, pools, now),
    ...{ defaultPool: founding.defaultPool ?? null, sandbox: founding.sandbox ?? null },
  };
  await refuseMissingAudio(ctx, begun, made.changes);
  const head: Head = { ...begun, digest: digestAfter(empty, made) };
  const settings = (await view.get(kind.kind, idOf(owner))) as Stored;
  const change: Change = {
    revision: 0,
    at: now,
    actor: founding.actor,
    summary: founding.summary ?? `create ${kind.kind} ${settings.body.name}`,
    base: empty,
    digest: head.digest,
    diff: diffOf(made.changes),
  };
  return { head, revision: 0, change, draft: { ...made, claims }, secrets: [], settings };
}

type Parts = Awaited<ReturnType<typeof partsOf>>;

/** Resolves with whether it took more than one transaction. */
async function commit(
  ctx: Context,
  { head, draft: { changes } }: { head: Head; draft: Draft },
  { shown, hidden, taken, beside }: Parts,
  also: Operation[],
): Promise<boolean> {
  const counts = await countingNew(ctx, head, changes);
  const put: Operation = { put: headItem({ ...head, ...counts.head }), if: { absent: true } };
  const operations = [put, ...shown, ...taken, ...hidden, ...counts.operations, ...beside];
  try {
    if (operations.length <= limits.operations) {
      await ctx.store.transact(operations);
      return false;
    }
  } catch (error) {
    refuseOvertaken(error, operations, also);
    if (!(error instanceof TooLarge)) throw error;
  }
  const { carryOut, takePlace } = await import("./large.ts");
  const lease = await takePlace(ctx, head.owner);
  // until there is a head, nobody reads any of it
  const unseen = shown.flatMap((one) => ("put" in one ? [{ put: one.put }] : []));
  const parts = { shown: [], hidden: [...unseen, ...hidden], taken, released: [], beside };
  await carryOut(ctx, lease, undefined, head, parts, () => countingNew(ctx, head, changes)).catch((error) => {
    refuseOvertaken(error, [put, ...beside], also);
    if (error instanceof TooLarge) throw new Problem("too_large", `There is too much in it: ${error.message}.`);
    throw error;
  });
  return true;
}

/** The account above lists it from now on. */
function listed({ owner, path: [parent] }: Head): { put: Item }[] {
  if (parent === undefined) return [];
  const id = idOf(owner);
  return [{ put: { ...keys.child(accountOwner(parent), sortOf(owner).toUpperCase(), id), id } }];
}

/** A pool's edges also need the documents of the accounts above the tenants they serve. */
export async function widen(
  ctx: Context,
  path: string[],
  pools: string[],
  requestId: string,
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
      { put: outboxItem(head, ctx.now().toISOString(), requestId) },
    ];
    result.push({ head, operations });
  }
  return result;
}
