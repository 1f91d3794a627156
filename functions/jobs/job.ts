// Work that takes longer than a request may: stored with who asked for it, done by the worker (run.ts), kept with its result for a day. What was asked and
// what came out may hold passwords, so both are sealed under the owner's key.
import { gunzipSync, gzipSync } from "node:zlib";
import { z } from "zod";
import { idOf, isTenant, type Owner } from "../../core/owner.ts";
import type { Body } from "../../core/resources/kind.ts";
import type { Principal } from "../access/access.ts";
import type { Via } from "../audit/record.ts";
import type { Context } from "../context.ts";
import type { Batch } from "../document/batch.ts";
import type { Actor } from "../document/change.ts";
import type { Row } from "../document/table.ts";
import { isId, newId } from "../id.ts";
import * as keys from "../keys.ts";
import { dueAt } from "../outbox.ts";
import type { Item, Operation } from "../store/store.ts";
import { ownerKey } from "../vault/owner-secrets.ts";
import { seal, unseal } from "../vault/vault.ts";

export type Work =
  | { kind: "apply"; document: Body; prune: string[]; baseRevision: number | null }
  | { kind: "rollback"; revision: number }
  | { kind: "batch"; plural: string; batch: Batch }
  | { kind: "import"; plural: string; rows: Row[] };
export type Asked = { work: Work; principal: Principal; actor: Actor; via: Via };

const stored = z.object({
  id: z.string(),
  owner: z.string().transform((value) => value as Owner),
  kind: z.enum(["apply", "rollback", "batch", "import"]),
  /** The API key that asked; no other sees it. */
  key: z.string(),
  state: z.enum(["waiting", "running", "succeeded", "failed"]),
  /** When it is to be taken up; of a running one, when its worker is taken for dead. */
  due: z.string(),
  /** Moves whenever somebody takes it. */
  turn: z.int(),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
  /** A problem document, as JSON. */
  problem: z.string().nullable(),
  /** Of the document, where it made one. */
  revision: z.int().nullable(),
  /** In how many parts these are. */
  asked: z.int(),
  result: z.int(),
});
export type Job = z.output<typeof stored>;

const keptSeconds = 24 * 3600;
const partBytes = 350_000;

export async function readJob(ctx: Context, id: string): Promise<Job | undefined> {
  const item = isId("job", id) ? await ctx.store.get(keys.job(id)) : undefined;
  return item && Number(item.ttl) * 1000 > ctx.now().getTime() ? stored.parse(item) : undefined;
}

export function itemOf(ctx: Context, job: Job): Item {
  const over = job.state === "succeeded" || job.state === "failed";
  return {
    ...keys.job(job.id),
    ...job,
    ...(!over && dueAt(keys.index.jobs, new Date(job.due), job.id)),
    ttl: expiry(ctx, keptSeconds),
  };
}

const expiry = (ctx: Context, seconds: number): number => Math.floor(ctx.now().getTime() / 1000) + seconds;

/** Stores the job, in one transaction with what `also` makes of it. */
export async function createJob(
  ctx: Context,
  owner: Owner,
  asked: Asked,
  also: (job: Job) => Promise<Operation[]>,
): Promise<Job> {
  const id = newId("job");
  const now = ctx.now().toISOString();
  const parts = await partsOf(ctx, { id, owner }, "ASKED", asked);
  const job: Job = {
    ...{ id, owner, kind: asked.work.kind, key: asked.principal.id, state: "waiting", due: now, turn: 0 },
    ...{ createdAt: now, finishedAt: null, problem: null, revision: null, asked: parts.length, result: 0 },
  };
  // by which it is found when the owner is purged
  const listed = { ...keys.child(owner, "JOB", id), id, ttl: expiry(ctx, 2 * keptSeconds) };
  await ctx.store.transact([{ put: listed }]);
  for (const part of parts) await ctx.store.transact([part]);
  await ctx.store.transact([{ put: itemOf(ctx, job), if: { absent: true } }, ...(await also(job))]);
  return job;
}

type Place = Pick<Job, "id" | "owner">;
type Which = "ASKED" | "RESULT";

/** `value` as sealed parts. */
export async function partsOf(ctx: Context, { id, owner }: Place, what: Which, value: unknown): Promise<Operation[]> {
  const packed = gzipSync(JSON.stringify(value));
  const sealed = seal(await ownerKey(ctx, owner), packed, bound(id, what));
  const ttl = expiry(ctx, 2 * keptSeconds);
  return Array.from({ length: Math.ceil(sealed.length / partBytes) }, (_, n) => ({
    put: { ...keys.jobPart(id, what, n), ttl, sealed: sealed.subarray(n * partBytes, (n + 1) * partBytes) },
  }));
}

async function readParts(ctx: Context, { id, owner }: Place, what: Which, count: number): Promise<unknown> {
  const items = await ctx.store.getMany(Array.from({ length: count }, (_, n) => keys.jobPart(id, what, n)));
  const sealed = Buffer.concat(items.map((item) => item?.sealed as Uint8Array));
  return JSON.parse(gunzipSync(unseal(await ownerKey(ctx, owner), sealed, bound(id, what))).toString());
}

const bound = (id: string, what: Which): string => `JOB#${id}/${what}`;

export const readAsked = async (ctx: Context, job: Job): Promise<Asked> =>
  (await readParts(ctx, job, "ASKED", job.asked)) as Asked;

export const shownJob = z.object({
  id: z.string(),
  kind: stored.shape.kind,
  tenantId: z.string().nullable(),
  accountId: z.string().nullable(),
  state: stored.shape.state,
  progress: z
    .object({ written: z.int(), of: z.int() })
    .nullable()
    .describe("Items written so far, while it writes; each is written twice"),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  result: z.unknown().describe("What the request would have been answered; null until it has succeeded"),
  problem: z.unknown().describe("Why it failed, as a problem document; else null"),
});

/** As its key sees it. */
export async function presentJob(ctx: Context, job: Job): Promise<z.output<typeof shownJob>> {
  const { id, kind, owner, createdAt, problem } = job;
  const lease = job.state === "waiting" ? undefined : await ctx.store.get(keys.lease(owner));
  // published and not folded in yet: the document takes no other write
  const held = job.state === "succeeded" && lease?.revision === job.revision;
  const { state, finishedAt } = held ? { state: "running" as const, finishedAt: null } : job;
  return {
    ...{ id, kind, tenantId: isTenant(owner) ? idOf(owner) : null, accountId: isTenant(owner) ? null : idOf(owner) },
    ...{ state, createdAt, finishedAt },
    progress: lease && state === "running" ? { written: Number(lease.written), of: Number(lease.of) } : null,
    result: state === "succeeded" ? await readParts(ctx, job, "RESULT", job.result) : null,
    problem: problem === null ? null : JSON.parse(problem),
  };
}
