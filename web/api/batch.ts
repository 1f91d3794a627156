// Many changes of one kind as one revision, and large ones, which a job does.

import { ApiProblem } from "../../client/problem.ts";
import type { Kind } from "../../core/resources/kind.ts";
import { send } from "./client.ts";
import { pathOf } from "./queries.ts";

export type Batch = { update?: Record<string, unknown>[]; delete?: string[] };
export type BatchAnswer = { revision: number | null };

type Job = { id: string; state: string; result: unknown; problem: Record<string, unknown> | null };
const isJob = (answer: unknown): answer is Job =>
  typeof answer === "object" && answer !== null && "state" in answer && "result" in answer && "problem" in answer;

/** What came of a request that a job may have taken over. Throws ApiProblem. */
export async function settled<T>(answer: unknown): Promise<T> {
  let latest = answer;
  while (isJob(latest)) {
    if (latest.problem) throw new ApiProblem(Number(latest.problem.status ?? 422), latest.problem);
    if (latest.state === "succeeded") return latest.result as T;
    await new Promise((resolve) => setTimeout(resolve, 500));
    latest = await send("GET", `/v1/jobs/${encodeURIComponent(latest.id)}`);
  }
  return latest as T;
}

/** Throws ApiProblem, `in_use` where others refer to what would go. */
export async function sendBatch(tenant: string, kind: Kind, batch: Batch, dryRun = false): Promise<BatchAnswer> {
  return settled(await send("POST", `${pathOf(tenant, kind)}/batch${dryRun ? "?dryRun=true" : ""}`, { body: batch }));
}
