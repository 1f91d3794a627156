// Batches: what one request creates, changes and deletes of one kind, as one revision or not at all.
import { z } from "zod";
import { lazy } from "../../core/lazy.ts";
import type { Kind } from "../../core/resources/kind.ts";
import { Problem } from "../problem.ts";
import { anyObject, parse } from "./body.ts";
import { writeOrQueue } from "./documents.ts";
import { into } from "./into.ts";
import { shownJob } from "./jobs.ts";
import { flag } from "./list.ts";
import { inputOf } from "./openapi/example.ts";
import { titleOf } from "./openapi/schemas.ts";
import type { Sort } from "./resources.ts";
import type { Route } from "./route.ts";
import { newOf, patchOf } from "./schema.ts";

export const batchRoutes = (sort: Sort, kind: Kind): Route[] => [routeOf(sort, kind)];

const sent = z.strictObject({
  create: z.array(anyObject).default([]),
  update: z.array(anyObject).default([]),
  delete: z.array(z.string()).default([]),
});
const secrets = z.array(z.object({ pointer: z.string(), value: z.string() }));
const item = z.object({
  id: z.string().nullable().describe("Null where a dry run would create it"),
  key: z.string(),
  version: z.int(),
  secrets: secrets.optional().describe("Secrets that were made; shown only in this answer"),
});
const came = z
  .object({
    revision: z.int().nullable().describe("Null: nothing changed"),
    create: z.array(item),
    update: z.array(item),
    delete: z.array(z.object({ id: z.string(), key: z.string() })),
  })
  .meta({ title: "BatchResult", description: "Each item in the order of the request" });

/** What a batch of the kind may hold. */
function schemaOf(kind: Kind): z.ZodType {
  const title = titleOf(kind.kind);
  const which = z.string().optional().describe(`Its id or its ${kind.key}; may be left out where ${kind.key} is sent`);
  return z
    .strictObject({
      create: z.array(newOf(kind).meta({ title: `New${title}` })).optional(),
      update: z
        .array(
          patchOf(kind.schema)
            .extend({ id: which })
            .meta({ title: `${title}Change` }),
        )
        .optional(),
      delete: z.array(z.string()).optional().describe(`Ids, or each its ${kind.key}`),
    })
    .meta({ title: `${title}Batch` });
}

function routeOf(sort: Sort, kind: Kind): Route {
  const path = `/v1/${sort}s/{${sort}}/${kind.plural}/batch`;
  const example = inputOf(kind, sort);
  const schema = lazy(() => schemaOf(kind));
  return {
    method: "post",
    path,
    tag: kind.plural,
    summary: "Create, change and delete several as one revision, or none of them",
    scope: `${kind.plural}:write`,
    query: { dryRun: "true: run every check and tell what would come of it, change nothing" },
    get body() {
      return schema();
    },
    ...(example && { example: { create: [example] } }),
    answers: { 200: { about: "What came of each", schema: came }, 202: { about: "A job does it", schema: shownJob } },
    async handle(request) {
      const access = await into(request, sort);
      const [{ maxItems }, { batchOf }] = await Promise.all([
        import("../document/apply.ts"),
        import("../document/batch.ts"),
      ]);
      const batch = parse(sent, request.body);
      if (batch.create.length + batch.update.length + batch.delete.length > maxItems)
        throw new Problem("too_many_changes", `More than ${maxItems} items at once; send them in several parts.`);
      const what = { ...batchOf(request.ctx, kind, batch), dryRun: flag(request.query, "dryRun") };
      return writeOrQueue(request, access, what, path, () => ({ kind: "batch", plural: kind.plural, batch }));
    },
  };
}
