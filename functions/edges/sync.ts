// What edges fetch and report about documents: changes, snapshots, the timed comparison, acknowledgements.
import { hash } from "node:crypto";
import { canonical } from "../../core/canonical.ts";
import { bucketOf, weighStanding } from "../../core/comparison.ts";
import { empty, shift } from "../../core/digest.ts";
import type { Owner } from "../../core/owner.ts";
import type { Ack, Changes, Differences, Failure, Snapshot } from "../../core/wire.ts";
import type { Context } from "../context.ts";
import { readChanges } from "../document/change.ts";
import { type Head, readHead } from "../document/head.ts";
import type { Outgoing } from "../events/event.ts";
import { of as waitingEvents } from "../events/waiting.ts";
import { newId } from "../id.ts";
import * as keys from "../keys.ts";
import { notFound } from "../problem.ts";
import { allItems, ConditionFailed, type Item } from "../store/store.ts";
import type { Edge } from "./edge.ts";
import { simulated } from "./simulated.ts";

/** The kinds come with it, which heartbeats and acknowledgements do without. */
const late = () => import("../document/delta.ts");

/** More than this many revisions behind, or more bytes than this, and a snapshot is the better way. */
const maxChanges = 50;
const maxBytes = 3 * 1024 * 1024;

/** The head of a document that is on the edge's pool now. */
async function onPool(ctx: Context, edge: Edge, owner: Owner): Promise<Head> {
  const head = await readHead(ctx.store, owner);
  if (!head?.pools.includes(edge.pool)) throw notFound("document", owner);
  return head;
}

/** Deltas that lead from `since` to now, or word that a snapshot is needed. */
export async function changesSince(
  ctx: Context,
  edge: Edge,
  owner: Owner,
  epoch: number,
  since: number,
): Promise<Changes> {
  const head = await onPool(ctx, edge, owner);
  if (epoch !== head.epoch || since > head.revision || head.revision - since > maxChanges)
    return { deltas: [], snapshot: true };
  const { changesRealm, storedDelta } = await late();
  const deltas = [];
  let bytes = 0;
  for await (const change of readChanges(ctx.store, owner, since + 1, { upTo: head.revision })) {
    const delta = await storedDelta(ctx, head, change);
    bytes += JSON.stringify(delta).length;
    if (changesRealm(change.diff) || bytes > maxBytes) return { deltas: [], snapshot: true };
    deltas.push(delta);
  }
  return deltas.length === head.revision - since ? { deltas, snapshot: false } : { deltas: [], snapshot: true };
}

export async function snapshot(ctx: Context, edge: Edge, owner: Owner, after: string | undefined): Promise<Snapshot> {
  const [{ snapshotPage }, head] = await Promise.all([late(), onPool(ctx, edge, owner)]);
  return snapshotPage(ctx, head, after);
}

/** The standings of the buckets whose sums differ from the edge's. */
export async function differences(ctx: Context, edge: Edge, theirs: string[]): Promise<Differences> {
  const documents: Differences["buckets"][number]["documents"][] = Array.from({ length: 256 }, () => []);
  const ours: string[] = Array(256).fill(empty);
  const sha256 = (text: string): string => hash("sha256", text);
  for await (const item of allItems((q) => ctx.store.queryIndex(q), { pk: keys.index.pool(edge.pool) })) {
    const { owner, epoch, revision, digest, deleted, restorable } = item as Item & {
      owner: Owner;
      epoch: number;
      revision: number;
      digest: string;
      deleted: boolean;
      restorable?: boolean;
    };
    const bucket = bucketOf(sha256, owner);
    documents[bucket]?.push({
      owner,
      epoch,
      revision,
      digest,
      ...(deleted && { deleted }),
      ...(restorable && { restorable }),
    });
    if (!deleted)
      ours[bucket] = shift(ours[bucket] ?? empty, [weighStanding(sha256, { owner, epoch, revision, digest })]);
  }
  const differing = ours.flatMap((sum, bucket) =>
    sum === theirs[bucket] ? [] : [{ bucket, documents: documents[bucket] ?? [] }],
  );
  const behind = differing.reduce((sum, { documents: of }) => sum + of.length, 0);
  if (behind > 0) ctx.measure?.("Behind", [behind]);
  return { buckets: differing };
}

/** Writes down what is in place on the edge. Moves forward only; acknowledgements of documents of other pools count for nothing. */
export async function acknowledge(ctx: Context, edge: Edge, acks: Ack[]): Promise<void> {
  const took = await Promise.all(acks.map((ack) => acknowledgeOne(ctx, edge, ack)));
  ctx.measure?.("Propagation", took.flat());
  const refused = acks.reduce((sum, { failures }) => sum + failures.length, 0);
  if (refused > 0) ctx.measure?.("Refused", [refused]);
}

/** How long after the revision, in milliseconds; nothing where that is not known, or was told before. */
async function acknowledgeOne(ctx: Context, edge: Edge, ack: Ack): Promise<number[]> {
  const placed = await ctx.store.get(keys.placement(ack.owner, edge.pool));
  if (!placed) return [];
  const rank = rankOf(ack.epoch, ack.revision);
  // what the document has not reached can't be in place
  if (rank > rankOf(Number(placed.epoch), Number(placed.revision))) return [];
  const { owner, epoch, revision, digest, at, failures } = ack;
  const key = keys.acknowledged(owner, edge.id);
  const before = await ctx.store.get(key);
  const item = {
    ...key,
    edge: edge.id,
    owner,
    rank,
    epoch,
    revision,
    digest,
    at,
    receivedAt: ctx.now().toISOString(),
    failures: failures.slice(0, 100).map(shorten),
  };
  const events = told(edge, item, before, ack.requestId);
  const waiting = waitingEvents(owner, `${edge.id}#${newId("evw")}`, events, item.receivedAt);
  try {
    await ctx.store.transact([{ put: item, if: { below: { rank: rank + 1 } } }, ...waiting]);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    return [];
  }
  if (failures.length > 0) await (await import("./release.ts")).refused(ctx, edge, ack, before);
  const isNews = before === undefined || Number(before.rank) < rank;
  const said = { requestId: ack.requestId, edge: edge.id, owner, revision, failures: failures.length };
  if (failures.length > 0) ctx.log.warn(said, "an edge refused some of it");
  else if (isNews) ctx.log.info(said, "in place on an edge");
  return isNews && placed.at !== undefined && Number(placed.revision) === revision
    ? [Math.max(0, Date.parse(item.receivedAt) - Date.parse(String(placed.at)))]
    : [];
}

/** An acknowledgement that says something new, as an event. */
function told(edge: Edge, now: Item, before: Item | undefined, requestId: string | undefined): Outgoing[] {
  // the table gives members back in an order of its own
  const word = ({ rank, failures }: Item) => canonical([rank, failures]);
  if (before && word(before) === word(now)) return [];
  const failures = now.failures as Failure[];
  const data = { edgeId: edge.id, revision: now.revision, appliedAt: now.at, failures };
  const type = failures.length > 0 ? "config.failed" : "config.applied";
  return [{ type, owner: now.owner as Owner, data, ...(requestId !== undefined && { requestId }) }];
}

const rankOf = (epoch: number, revision: number): number => epoch * 1e9 + revision;

const shorten = ({ kind, id, reason, retry }: Failure): Failure => ({
  kind: kind.slice(0, 64),
  id: id.slice(0, 64),
  reason: reason.slice(0, 500),
  retry,
});

/** An edge as its pool knows it. */
type Member = Pick<Edge, "id" | "name" | "engine">;

/** Reads the edges of a pool, each pool once. */
export function edgesOf(ctx: Context): (pool: string) => Promise<Member[]> {
  const known = new Map<string, Promise<Member[]>>();
  const read = async (pool: string): Promise<Member[]> => {
    const found: Member[] = [];
    for await (const item of allItems((q) => ctx.store.query(q), { pk: keys.pool(pool).pk, prefix: "E#" }))
      found.push({ id: String(item.id), name: String(item.name), engine: String(item.engine) });
    return found;
  };
  return (pool) => {
    const edges = known.get(pool) ?? read(pool);
    known.set(pool, edges);
    return edges;
  };
}

type Standing = Member & {
  offered: number;
  applied: number | null;
  appliedAt: string | null;
  inStep: boolean;
  failures: Failure[];
};

/** Per edge of the document's pools: what was offered, what is in place, since when, and what failed. */
export async function status(
  ctx: Context,
  head: Head,
  edgesIn = edgesOf(ctx),
): Promise<{ revision: number; digest: string; edges: Standing[] }> {
  const { owner, revision, digest } = head;
  if (head.sandbox !== null) return { revision, digest, edges: [await atOnce(ctx, owner, revision)] };
  const waiting = (await ctx.store.query({ pk: head.owner, prefix: "X#", limit: 1 })).items[0];
  const offered = waiting ? Math.max(0, Number(waiting.revision) - 1) : head.revision;
  const members = (await Promise.all(head.pools.map(edgesIn))).flat();
  const acks = await ctx.store.getMany(members.map(({ id }) => keys.acknowledged(head.owner, id)));
  const edges = members.map((edge, index): Standing => {
    const ack = acks[index];
    const failures = (ack?.failures ?? []) as Failure[];
    return {
      ...edge,
      offered,
      applied: ack ? Number(ack.revision) : null,
      appliedAt: ack ? String(ack.at) : null,
      inStep: ack?.revision === head.revision && ack.digest === head.digest && failures.length === 0,
      failures,
    };
  });
  return { revision, digest, edges };
}

/** The simulated edge, which has each revision in place when it was made. */
async function atOnce(ctx: Context, owner: Owner, revision: number): Promise<Standing> {
  const { id, name, engine } = simulated;
  let appliedAt: string | null = null;
  for await (const { at } of readChanges(ctx.store, owner, revision, { upTo: revision })) appliedAt = at;
  return { id, name, engine, offered: revision, applied: revision, appliedAt, inStep: true, failures: [] };
}

/** The same in a line: of how many edges how many are behind, and the least that any has in place. */
export async function summary(ctx: Context, head: Head, edgesIn: ReturnType<typeof edgesOf>) {
  const { revision, edges } = await status(ctx, head, edgesIn);
  const least = edges
    .map(({ applied }) => applied)
    .reduce((a, b) => (a === null || b === null ? null : Math.min(a, b)), revision);
  const behind = edges.filter(({ inStep }) => !inStep).length;
  const failures = edges.reduce((sum, edge) => sum + edge.failures.length, 0);
  return { revision, edges: edges.length, behind, applied: least, failures, inStep: behind === 0 };
}
