// Jobs: what a large apply or rollback comes to.
import { idOf } from "../../core/owner.ts";
import { type Access, inside } from "../access/access.ts";
import type { Answer } from "../access/idempotency.ts";
import { readHead } from "../document/head.ts";
import { createJob, type Job, presentJob, readJob, shownJob, type Work } from "../jobs/job.ts";
import { notFound } from "../problem.ts";
import { ok, type Request, type Route } from "./route.ts";

export { shownJob };

export const jobRoutes = (): Route[] => [
  {
    method: "get",
    path: "/v1/jobs/{id}",
    tag: "history",
    summary: "What a large apply or rollback came to: for a day, and to the key that asked for it",
    scope: null,
    answers: { 200: { about: "Where it stands, and its result with the secrets that were made", schema: shownJob } },
    async handle({ ctx, principal, params }) {
      const id = params.id ?? "";
      const job = await readJob(ctx, id);
      if (job?.key !== principal.id) throw notFound("job", id.slice(0, 64));
      // it may be another account's by now
      const head = await readHead(ctx.store, job.owner);
      if (!head || !inside(principal, head)) throw notFound("job", id.slice(0, 64));
      return ok(await presentJob(ctx, job));
    },
  },
];

/** Answers with a job that does the work, which was found to be in order. `route` is the request's. */
export async function answerWithJob(request: Request, access: Access, route: string, work: Work): Promise<Answer> {
  const { ctx, actor, principal, record } = request;
  const path = route.replace(/\{\w+\}/, idOf(access.owner));
  const answer = async (job: Job): Promise<Answer> => ({
    status: 202,
    body: await presentJob(ctx, job),
    headers: { Location: `/v1/jobs/${job.id}`, "Retry-After": "2" },
  });
  const via = { method: "post", route, path, status: 202 };
  let answered: Answer | undefined;
  const job = await createJob(ctx, access.owner, { work, principal, actor, via }, async (made) => {
    answered = await answer(made);
    return record({ head: access.head, target: { kind: "job", id: made.id } }, answered);
  });
  await ctx.startJob(job.id).catch((error) => {
    ctx.log.warn({ job: job.id, error: String(error) }, "the worker was not told of a job; its clock finds it");
  });
  return answered ?? answer(job);
}
