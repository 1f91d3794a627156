// The one way by which a document changes: read, draft, check, commit on condition that the head has not moved, tell the edges.
import { hash } from "node:crypto";
import { canonical } from "../../core/canonical.ts";
import { shift, weigh } from "../../core/digest.ts";
import { accountOwner, idOf, type Owner } from "../../core/owner.ts";
import { isForEdges } from "../../core/registry.ts";
import { fields } from "../../core/routing/runtime.ts";
import { type Access, demand, type Principal } from "../access/access.ts";
import { type Counting, counting } from "../accounts/counts.ts";
import { afterWrite, refusePlanInUse } from "../accounts/limits.ts";
import type { Context } from "../context.ts";
import { placing } from "../edges/placement.ts";
import { ofRevision } from "../events/waiting.ts";
import * as keys from "../keys.ts";
import { refuseMissingAudio } from "../media/audio.ts";
import { Problem } from "../problem.ts";
import { forget } from "../runtime/said.ts";
import { ConditionFailed, Conflict, type Item, limits, type Operation, TooLarge } from "../store/store.ts";
import { openSecret, ownerKey, sealSecret } from "../vault/owner-secrets.ts";
import { type Actor, type Change, changeItems, type DiffLine, summarize } from "./change.ts";
import { brought, carriedSecrets, messageFor, pointerTo } from "./delta.ts";
import { diffOf } from "./diff.ts";
import { type Draft, draft, type Edit } from "./draft.ts";
import { give, type Taking, take } from "./globals.ts";
import { type Head, moveHead, outboxItem, placementItem, readHead, refuseChanging, sortOf } from "./head.ts";
import type { Parts } from "./large.ts";
import { borrowing, refuseLent } from "./lent.ts";
import { publish } from "./publish.ts";
import { refuseUnfit } from "./template.ts";
import { openView, type Stored, toItem, type View } from "./view.ts";

/** Plain values that the caller may see once: those that were generated, and those that came with the request are not repeated. */
export type Shown = { kind: string; id: string; pointer: string; value: string };
export type Outcome = { head: Head; revision: number | null; change: Change; draft: Draft; secrets: Shown[] };

export type Write = {
  edits(view: View, head: Head): Edit[] | Promise<Edit[]>;
  actor: Actor;
  summary?: string;
  /** The document's revision that the caller built on; another is 412. */
  ifRevision?: number;
  /** Operations that belong to the same transaction: the idempotency record with the answer. */
  also?(outcome: Outcome): Promise<Operation[]>;
  dryRun?: boolean;
  /** Throws TooMuchAtOnce for more changes than these, or longer ones, after every check: who waits for an answer has not the time. */
  atOnce?: number;
  /** Its phone numbers have to come out of an inventory above. */
  fromInventory?: true;
};

/** The write is in order and too large to be done while somebody waits. */
export class TooMuchAtOnce extends Error {}

/** Long enough for a queue of writers on one document, short enough for a Lambda. */
const patienceMs = 15_000;
const maxBodyBytes = 150 * 1024;
const atOnceBytes = 1024 * 1024;

const queues = new Map<string, Promise<unknown>>();

/** Writers of this process take turns per document, so that they do not fail one another's condition. */
async function inTurn<T>(owner: string, work: () => Promise<T>): Promise<T> {
  const before = queues.get(owner) ?? Promise.resolve();
  const mine = before.then(work, work);
  const settled = mine.catch(() => undefined);
  queues.set(owner, settled);
  try {
    return await mine;
  } finally {
    if (queues.get(owner) === settled) queues.delete(owner);
  }
}

/**
 * Applies the edits as one revision. Without any effect no revision is made (`revision: null`). Throws a Problem for what the caller must mend,
 * `forbidden` unless the key has the write scope of every kind that is edited, and `busy` when others kept writing for 15 s.
 */
export async function write(ctx: Context, access: Access, request: Write): Promise<Outcome> {
  const { outcome, rest, told } = await inTurn(access.owner, async (): Promise<Attempted> => {
    const deadline = Date.now() + patienceMs;
    for (let attempt = 0; ; attempt++) {
      const head = await readHead(ctx.store, access.owner);
      if (!head)
        throw new Problem(
          "not_found",
          `There is no ${sortOf(access.owner)} ${idOf(access.owner)}; it may have been deleted.`,
        );
      try {
        return await attemptWrite(ctx, access.principal, head, request);
      } catch (error) {
        if (!(error instanceof ConditionFailed || error instanceof Conflict)) throw error;
        if (Date.now() > deadline)
          throw new Problem("busy", "Others keep writing to this document; try again in a moment.", {
            headers: { "Retry-After": "2" },
          });
        await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(200, 5 * 2 ** attempt)));
      }
    }
  });
  // others are told at once that a large change is under way, and do not wait for its end
  await rest?.();
  told?.();
  return outcome;
}

/** What is left to do of a large change, and then who is to be told. */
type Attempted = { outcome: Outcome; rest?: (() => Promise<void>) | undefined; told?: () => void };

async function attemptWrite(ctx: Context, principal: Principal, head: Head, request: Write): Promise<Attempted> {
  if (!request.dryRun) refuseChanging(head);
  if (request.ifRevision !== undefined && request.ifRevision !== head.revision)
    throw new Problem(
      "version_mismatch",
      `The document is at revision ${head.revision}, not ${request.ifRevision}; fetch it again.`,
      { extra: { revision: head.revision } },
    );
  const view = openView(ctx.store, head.owner);
  const now = ctx.now().toISOString();
  const revision = head.revision + 1;
  const above = head.path.map((id) => openView(ctx.store, accountOwner(id)));
  const edits = await request.edits(view, head);
  // a kind without paths of its own (a suspension) is written by routes that have asked for what it takes
  for (const { kind } of edits)
    if (kind.at.length > 0 || kind.kind === sortOf(head.owner)) demand(principal, `${kind.plural}:write`);
  const drafted = await draft(view, above, edits, revision, now);
  await refuseMissingAudio(ctx, head, drafted.changes);
  await refusePlanInUse(ctx, drafted.changes);
  await refuseUnfit(ctx, [view, ...above], drafted);
  const counts = await counting(ctx, head, drafted.changes);
  const diff = diffOf(drafted.changes);
  const next: Head = { ...head, ...counts.head, revision, digest: digestAfter(head.digest, drafted) };
  const change: Change = {
    revision,
    at: now,
    actor: request.actor,
    summary: request.summary ?? summarize(diff),
    base: head.digest,
    digest: next.digest,
    diff,
  };
  const plain = await plainSecrets(ctx, head, drafted);
  const shown = shownOnce(drafted, plain);
  if (diff.length === 0 || request.dryRun) {
    await globalOperations(ctx, head, drafted, request.fromInventory);
    const outcome: Outcome = { head, revision: null, change, draft: drafted, secrets: request.dryRun ? [] : shown };
    const also = request.dryRun ? [] : ((await request.also?.(outcome)) ?? []);
    if (also.length > 0) await ctx.store.transact(also);
    return { outcome };
  }
  if (request.atOnce !== undefined && exceeds(diff, request.atOnce)) {
    await globalOperations(ctx, head, drafted, request.fromInventory);
    throw new TooMuchAtOnce();
  }
  const outcome: Outcome = { head: next, revision, change, draft: drafted, secrets: shown };
  const globals = await globalOperations(ctx, head, drafted, request.fromInventory);
  const also = (await request.also?.(outcome)) ?? [];
  const rest = await commit(ctx, head, outcome, plain, { globals, counts }, also);
  const gone = diff.filter(({ op, kind }) => op === "delete" && Object.hasOwn(fields, kind));
  const forgetting = (): void => {
    afterWrite(ctx, drafted.changes);
    if (gone.length > 0) ctx.after(forget(ctx, head.owner, gone));
  };
  if (rest)
    return {
      outcome,
      rest,
      told() {
        forgetting();
        publish(ctx, next, pointerTo(next), request.actor.requestId);
      },
    };
  forgetting();
  // a resource that a rollback brings back brings its secrets with it, though none of them is new
  const carried = await carriedSecrets(ctx, head.owner, brought(diff));
  publish(ctx, next, messageFor(next, change, carried), request.actor.requestId);
  return { outcome };
}

const exceeds = (diff: DiffLine[], atOnce: number): boolean =>
  diff.length > atOnce || (diff.length > limits.operations / 4 && JSON.stringify(diff).length > atOnceBytes);

/** Of the secrets that were drafted those that were generated. */
export const shownOnce = ({ secrets }: Draft, plain: Map<string, string>): Shown[] =>
  secrets
    .filter((secret) => secret.generated)
    .map(({ ref, resource, pointer }) => ({
      kind: resource.kind,
      id: resource.id,
      pointer,
      value: plain.get(ref) ?? "",
    }));

/** The digest of the document that the draft makes of one with this digest. */
export function digestAfter(digest: string, { changes }: Draft): string {
  const weight = (resource: Draft["changes"][number]["after"]): bigint[] =>
    resource && isForEdges(resource.kind)
      ? [weigh((text) => hash("sha256", text), resource.kind, resource.id, canonical(resource.body))]
      : [];
  return shift(
    digest,
    changes.flatMap(({ after }) => weight(after)),
    changes.flatMap(({ before }) => weight(before)),
  );
}

/** What each drafted secret says. */
export async function plainSecrets(ctx: Context, head: Head, drafted: Draft): Promise<Map<string, string>> {
  const plain = new Map<string, string>();
  for (const { ref, plain: value } of drafted.secrets) {
    if (typeof value === "string") plain.set(ref, value);
    else {
      const key = await ownerKey(ctx, head.owner);
      const older = openSecret(key, head.owner, value.as, await ctx.store.get(keys.secret(head.owner, value.as)));
      if (older === undefined)
        throw new Problem("invalid", "A secret that the change builds on is gone; send a new one.");
      plain.set(ref, older);
    }
  }
  return plain;
}

/** What a change takes and gives up of what is unique in the installation, and what it borrows of accounts and must not take back. */
export type Globals = Pick<Parts, "taken" | "released"> & { lent: Operation[] };

/** Throws `taken`, `in_use`. */
export async function globalOperations(
  ctx: Context,
  head: Head,
  { claims, changes }: Draft,
  fromInventory = false,
): Promise<Globals> {
  const lent = [...(await borrowing(ctx, head, changes)), ...(await refuseLent(ctx, head, changes))];
  const { put, delete: gone } = claims.globals;
  const wanted = [...put, ...gone];
  const known =
    wanted.length > 0
      ? await ctx.store.getMany(wanted.map(({ what, value }) => keys.global(head.sandbox, what, value)))
      : [];
  const taken: Taking[] = [];
  const refused: Problem[] = [];
  for (const [index, claim] of put.entries())
    try {
      taken.push(await take(ctx.store, head, claim, fromInventory, known[index] !== undefined));
    } catch (error) {
      if (!(error instanceof Problem && error.code === "taken")) throw error;
      if (refused.push(error) === 100) break;
    }
  const [first] = refused;
  // each that is taken has a place in the request, and all are told at once
  if (first)
    throw new Problem("taken", first.message, { errors: refused.flatMap(({ errors }) => errors), extra: first.extra });
  const released = [];
  for (const [index, { what, value }] of gone.entries())
    if (known[put.length + index]) released.push(...(await give(ctx.store, head, what, value)));
  return { taken, released, lent };
}

/** Where the operations that came with the request are what failed, it has been given up for dead and another does its work: trying again can't help. */
export function refuseOvertaken(error: unknown, operations: Operation[], also: Operation[]): void {
  const from = operations.length - also.length;
  if (error instanceof ConditionFailed && error.failed.some((index) => index >= from))
    throw new Problem("busy", "It took so long that another request took it over; ask again with the same key.", {
      headers: { "Retry-After": "1" },
    });
}

/** Commits what was drafted: at once where it fits into a transaction; else it takes the document's lease and returns what is left to do. */
async function commit(
  ctx: Context,
  before: Head,
  outcome: Outcome,
  plain: Map<string, string>,
  { globals, counts }: { globals: Globals; counts: Counting },
  also: Operation[],
): Promise<(() => Promise<void>) | undefined> {
  const parts = await partsOf(ctx, before.owner, outcome, plain, globals, also);
  const { shown, hidden, taken, released, beside } = parts;
  const written = [...shown, ...released, ...taken, ...hidden, ...counts.operations, ...beside];
  const operations = [moveHead(before, outcome.head), ...written];
  try {
    if (operations.length <= limits.operations) {
      await ctx.store.transact(operations);
      return undefined;
    }
  } catch (error) {
    refuseOvertaken(error, operations, also);
    if (!(error instanceof TooLarge)) throw error;
  }
  const { carryOut, takeLease } = await import("./large.ts");
  const lease = await takeLease(ctx, before);
  return () =>
    carryOut(ctx, lease, before, outcome.head, parts, () => counting(ctx, before, outcome.draft.changes)).catch(
      (error) => refuse(error, parts, also),
    );
}

/** Why a large change could not be published, told to the caller. It has been undone. */
function refuse(error: unknown, { beside }: Parts, also: Operation[]): never {
  refuseOvertaken(error, [{ check: keys.operator, if: {} }, ...beside], also);
  if (error instanceof TooLarge) throw new Problem("too_large", `The change is too large: ${error.message}.`);
  throw error;
}

/** What a drafted revision writes. */
export async function partsOf(
  ctx: Context,
  owner: Owner,
  { draft: { changes, claims, secrets, superseded }, head: next, change }: Outcome,
  plain: Map<string, string>,
  globals: Globals,
  also: Operation[],
): Promise<Parts> {
  const key = secrets.length > 0 ? await ownerKey(ctx, owner) : undefined;
  return {
    shown: [
      ...changes.map(({ before, after }): Operation => {
        if (!after) return { delete: keys.resource(owner, before?.kind ?? "", before?.id ?? "") };
        return { put: fitting(owner, after), if: before ? { equals: { version: before.version } } : { absent: true } };
      }),
      ...claims.put.map(
        ({ value, kind, id, fresh }): Operation => ({
          put: { ...keys.claim(owner, value), kind, id },
          ...(fresh && { if: { absent: true } }),
        }),
      ),
    ],
    taken: globals.taken,
    hidden: [
      ...(key ? [...plain].map(([ref, value]) => ({ put: sealSecret(key, owner, ref, value) })) : []),
      ...changeItems(owner, change).map((put) => ({ put })),
    ],
    released: [
      ...claims.delete.map((value) => ({ delete: keys.claim(owner, value) })),
      ...globals.released,
      ...superseded.map((ref) => ({ delete: keys.secret(owner, ref) })),
    ],
    beside: [
      { put: outboxItem(next, change.at, change.actor.requestId) },
      ofRevision(owner, change.revision, change.at),
      ...next.pools.map((pool): Operation => ({ put: { ...placementItem(next, pool), at: change.at } })),
      ...globals.lent,
      ...placing(next, changes),
      ...also,
    ],
  };
}

function fitting(owner: Owner, resource: Stored): Item {
  const item = toItem(owner, resource);
  if (Buffer.byteLength(String(item.text)) > maxBodyBytes)
    throw new Problem("too_large", `The ${resource.kind} is longer than ${maxBodyBytes / 1024} KB; make it shorter.`);
  return item;
}
