// Doing a job: at least begun until it is over, and done once, since its end is part of the transaction that publishes what it did.
import { idOf } from "../../core/owner.ts";
import { byPlural } from "../../core/registry.ts";
import type { Kind } from "../../core/resources/kind.ts";
import { enter } from "../access/access.ts";
import { eachTouched } from "../access/scopes.ts";
import { auditOperation } from "../audit/record.ts";
import type { Context } from "../context.ts";
import { appliedOf } from "../document/applied.ts";
import { editsOf } from "../document/apply.ts";
import { batchOf } from "../document/batch.ts";
import { sortOf } from "../document/head.ts";
import { editsBackTo } from "../document/rollback.ts";
import { importOf } from "../document/table.ts";
import { type Outcome, type Write, write } from "../document/write.ts";
import * as keys from "../keys.ts";
import { due, take } from "../outbox.ts";
import { Problem } from "../problem.ts";
import { ConditionFailed } from "../store/store.ts";
import { itemOf, type Job, partsOf, readAsked, readJob, type Work } from "./job.ts";

/** A worker that said nothing for so long is taken for dead. */
const silenceMs = 60_000;
const beatMs = 15_000;
const pauseMs = 5000;
/** So often what fails without telling why is tried. */
const tries = 20;

/** Does the job, if it waits or its worker died. Never rejects for what the job itself came to. */
export async function runJob(ctx: Context, id: string): Promise<void> {
  const found = await readJob(ctx, id);
  if (!found || found.state === "succeeded" || found.state === "failed") return;
  if (Date.parse(found.due) > ctx.now().getTime()) return;
  let job: Job = { ...found, state: "running", due: after(ctx, silenceMs), turn: found.turn + 1 };
  if (!(await take(ctx.store, { put: itemOf(ctx, job) }, { turn: found.turn }))) return;
  const beat = setInterval(() => {
    job = { ...job, due: after(ctx, silenceMs) };
    const put = { put: itemOf(ctx, job), if: { equals: { turn: job.turn, state: "running" } } };
    void ctx.store.transact([put]).catch(() => undefined);
  }, beatMs);
  try {
    await attempt(ctx, job);
  } catch (error) {
    await giveUp(ctx, job, error);
  } finally {
    clearInterval(beat);
  }
}

const after = (ctx: Context, ms: number): string => new Date(ctx.now().getTime() + ms).toISOString();

async function attempt(ctx: Context, job: Job): Promise<void> {
  const { work, principal, actor, via } = await readAsked(ctx, job);
  const access = await enter(ctx, principal, sortOf(job.owner), idOf(job.owner), eachTouched);
  const { tell, explain, ...what } = whatOf(ctx, work);
  await write(ctx, access, {
    ...what,
    actor,
    async also(outcome) {
      const { head, revision } = outcome;
      const result = await partsOf(ctx, job, "RESULT", tell(outcome));
      const ended = { finishedAt: ctx.now().toISOString(), result: result.length, revision };
      const over: Job = { ...job, state: "succeeded", ...ended };
      return [
        { put: itemOf(ctx, over), if: { equals: { turn: job.turn } } },
        ...result,
        auditOperation(actor, { head, revision }, via),
      ];
    },
  }).catch((error) => {
    throw explain?.(error) ?? error;
  });
}

/** `tell`: what the request would have been answered; `explain`: a refusal in the words of the request. */
type What = Pick<Write, "edits" | "summary" | "ifRevision"> & {
  tell(outcome: Outcome): Record<string, unknown>;
  explain?(error: unknown): unknown;
};

function whatOf(ctx: Context, work: Work): What {
  if (work.kind === "rollback")
    return {
      edits: (view, head) => editsBackTo(ctx, head, view, work.revision),
      summary: `roll back to revision ${work.revision}`,
      tell: appliedOf,
    };
  if (work.kind === "batch") return batchOf(ctx, kindNamed(work.plural), work.batch);
  if (work.kind === "import") return importOf(ctx, kindNamed(work.plural), work.rows);
  const prune = work.prune.flatMap((name) => byPlural(name) ?? []);
  return {
    edits: (view, head) => editsOf(ctx, head, view, work.document, prune),
    tell: appliedOf,
    ...(work.baseRevision !== null && { ifRevision: work.baseRevision }),
  };
}

function kindNamed(plural: string): Kind {
  const kind = byPlural(plural);
  if (!kind) throw new Error(`there is no kind ${plural}`);
  return kind;
}

/** Others write, or something broke: again in a while. What the caller must mend ends it. */
async function giveUp(ctx: Context, job: Job, error: unknown): Promise<void> {
  const problem = error instanceof Problem ? error : undefined;
  const again = (problem === undefined || problem.code === "busy") && job.turn < tries;
  if (!problem) ctx.log.error({ job: job.id, error: String(error) }, "a job failed");
  const told = problem ?? new Problem("internal", `Something broke on our side; tell us the job's id ${job.id}.`);
  const next: Job = again
    ? { ...job, state: "waiting", due: after(ctx, pauseMs) }
    : {
        ...{ ...job, state: "failed", finishedAt: ctx.now().toISOString() },
        problem: JSON.stringify(told.body(ctx.publicUrl, job.id)),
      };
  const condition = { equals: { turn: job.turn, state: "running" } };
  await ctx.store.transact([{ put: itemOf(ctx, next), if: condition }]).catch((failure) => {
    // it is done, or another does it
    if (!(failure instanceof ConditionFailed)) throw failure;
  });
}

/** Does every job that is due. Rejects after all were tried. */
export async function sweepJobs(ctx: Context): Promise<void> {
  let failed: unknown;
  for await (const item of due(ctx, keys.index.jobs))
    await runJob(ctx, String(item.id)).catch((error) => {
      failed ??= error;
    });
  if (failed !== undefined)
    throw new Error("a job could not be taken up; the next sweep tries again", { cause: failed });
}
