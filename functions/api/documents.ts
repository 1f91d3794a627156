// What a whole document can do, a tenant's and an account's alike: history, rollback, apply.
import { z } from "zod";
import { byPlural, kindOf, kindsAt } from "../../core/registry.ts";
import type { Kind } from "../../core/resources/kind.ts";
import { type Access, demand } from "../access/access.ts";
import type { Answer } from "../access/idempotency.ts";
import { eachTouched } from "../access/scopes.ts";
import { type Domains, ownSettings } from "../accounts/domain.ts";
import { appliedOf } from "../document/applied.ts";
import { type Change, longDiff, present, readChange, readChanges, wholeChange } from "../document/change.ts";
import type { Head } from "../document/head.ts";
import type { View } from "../document/view.ts";
import { TooMuchAtOnce } from "../document/write.ts";
import type { Work } from "../jobs/job.ts";
import { notFound, Problem } from "../problem.ts";
import { anyObject, parse } from "./body.ts";
import { into } from "./into.ts";
import { answerWithJob, shownJob } from "./jobs.ts";
import { decodeCursor, encodeCursor, flag, limitOf, paging } from "./list.ts";
import { titleOf } from "./openapi/schemas.ts";
import { type Sort, writeOne } from "./resources.ts";
import { ok, type Request, type Route } from "./route.ts";
import { listOf, patchOf } from "./schema.ts";

const diffLine = z.object({
  op: z.enum(["create", "update", "delete"]),
  kind: z.string(),
  id: z.string(),
  key: z.string(),
  before: z.unknown().optional().describe("Left out of lists and answers of more than 500 lines"),
  after: z.unknown().optional(),
  fields: z.array(z.string()).optional(),
});
const changeSchema = z.object({
  revision: z.int(),
  at: z.iso.datetime(),
  actor: z.unknown(),
  summary: z.string(),
  whole: z.optional(wholeChange()).describe("What happened to the document as a whole; its diff is empty then"),
  diff: z.array(diffLine),
});
const changePage = changeSchema.extend({
  next: z.string().nullable().describe("Where the diff goes on, for `after`; null: that was all of it"),
});
/** Lines of a revision's diff at once. */
const diffPage = 1000;
export const applied = z.object({
  revision: z.int().nullable(),
  diff: z.array(diffLine),
  secrets: z.array(z.unknown()).optional(),
});

export const documentRoutes = (domains: Domains): Route[] =>
  (["tenant", "account"] as const).flatMap((sort) => routesOf(sort, domains));

/** A document as apply takes it. */
export function documentOf(sort: Sort): z.ZodType {
  const item = (kind: Kind): z.ZodType =>
    patchOf(kind.schema)
      .extend({ id: z.string().optional() })
      .meta({ title: `${titleOf(kind.kind)}Item` });
  return z
    .strictObject({
      settings: patchOf(kindOf(sort).schema).optional(),
      ...Object.fromEntries(kindsAt(sort).map((kind) => [kind.plural, z.array(item(kind)).optional()])),
    })
    .meta({ title: `${titleOf(sort)}Document` });
}

function routesOf(sort: Sort, domains: Domains): Route[] {
  const base = `/v1/${sort}s/{${sort}}`;
  const document = documentOf(sort);
  return [
    {
      method: "get",
      path: `${base}/changes`,
      tag: "history",
      summary: "The document's history, newest first",
      scope: "changes:read",
      query: paging,
      answers: { 200: { about: "A page", schema: listOf(changeSchema) } },
      async handle(request) {
        const access = await into(request, sort);
        const limit = limitOf(request.query);
        const after =
          request.query.after === undefined
            ? access.head.revision + 1
            : Number(decodeCursor(request.query.after, /^r\d{1,12}$/).slice(1));
        const data = [];
        for await (const change of readChanges(request.ctx.store, access.owner, 0, {
          descending: true,
          upTo: after - 1,
        })) {
          data.push(change);
          if (data.length === limit) break;
        }
        const oldest = data.at(-1)?.revision ?? 0;
        return ok({
          data: data.map((change) => presentChange(change)),
          next: data.length === limit && oldest > 0 ? encodeCursor(`r${oldest}`) : null,
        });
      },
    },
    {
      method: "get",
      path: `${base}/changes/{revision}`,
      tag: "history",
      summary: "One revision, with its diff by pages",
      scope: "changes:read",
      query: {
        limit: `How many lines of the diff at the most: 1 to ${diffPage}, which is the default; fewer where they are long`,
        after: "The cursor `next` of the page before",
      },
      answers: { 200: { about: "The change", schema: changePage } },
      async handle(request) {
        const access = await into(request, sort);
        const { params, query, ctx } = request;
        const limit = limitOf(query, diffPage, diffPage);
        const [part = 0, line = 0] =
          query.after === undefined
            ? []
            : decodeCursor(query.after, /^\d{1,3}\.\d{1,6}$/)
                .split(".")
                .map(Number);
        const revision = /^\d{1,12}$/.test(params.revision ?? "") ? Number(params.revision) : -1;
        const found =
          revision >= 0 && revision <= access.head.revision
            ? await readChange(ctx.store, access.owner, revision, limit, { part, line })
            : undefined;
        if (!found) throw notFound("revision", (params.revision ?? "").slice(0, 64));
        const { change, next } = found;
        return ok({
          ...presentChange(change, Number.POSITIVE_INFINITY),
          next: next && encodeCursor(`${next.part}.${next.line}`),
        });
      },
    },
    {
      method: "get",
      path: `${base}/export`,
      tag: "history",
      summary: "The whole document as apply takes it, by names instead of ids",
      scope: "documents:read",
      query: {
        secrets: "true: with the secrets' values, which needs the scope secrets:read",
        kinds: "A comma list of kinds: only these, without the settings",
      },
      yaml: true,
      answers: { 200: { about: "The document", schema: document } },
      async handle(request) {
        const access = await into(request, sort);
        const secrets = flag(request.query, "secrets");
        if (secrets) demand(access.principal, "secrets:read");
        const { kinds } = request.query;
        const only = kinds === undefined ? {} : { only: listed("kinds", kinds, sort) };
        const { exportOf } = await import("../document/export.ts");
        return ok(await exportOf(request.ctx, access.head, secrets ? "told" : "named", only));
      },
    },
    {
      method: "post",
      path: `${base}/rollback`,
      tag: "history",
      summary: "Bring the document back to an earlier revision, as a new one",
      scope: eachTouched,
      query: { dryRun: "true: only tell what would change" },
      body: z.strictObject({ revision: z.int().min(0) }),
      example: { revision: 1 },
      answers: { 200: { about: "What changed", schema: applied }, 202: { about: "A job does it", schema: shownJob } },
      async handle(request) {
        const access = await into(request, sort);
        const { revision } = parse(z.strictObject({ revision: z.int().min(0) }), request.body);
        const { editsBackTo } = await import("../document/rollback.ts");
        const what = {
          edits: (view: View, head: Head) => editsBackTo(request.ctx, head, view, revision),
          summary: `roll back to revision ${revision}`,
          dryRun: flag(request.query, "dryRun"),
        };
        return writeOrQueue(request, access, what, `${base}/rollback`, () => ({ kind: "rollback", revision }));
      },
    },
    {
      method: "post",
      path: `${base}/apply`,
      tag: "history",
      summary: "Apply a whole document or a part of it as one revision",
      yaml: true,
      scope: eachTouched,
      query: {
        dryRun: "true: run every check and tell the diff, change nothing",
        prune: "A comma list of kinds whose unlisted items are deleted",
        baseRevision: "The revision that this builds on; another is 412",
      },
      body: document,
      example: { settings: { language: "fr" }, trunks: [{ name: "backup", host: "sip.backup.example" }] },
      answers: { 200: { about: "What changed", schema: applied }, 202: { about: "A job does it", schema: shownJob } },
      async handle(request) {
        const access = await into(request, sort);
        const body = parse(anyObject, request.body);
        const prune = listed("prune", request.query.prune, sort);
        demandListed(access, body, prune, sort);
        await ownSettings(request.ctx, domains, access, body.settings);
        const wanted = request.query.baseRevision;
        if (wanted !== undefined && !/^\d{1,12}$/.test(wanted))
          throw new Problem("bad_parameter", "baseRevision must be a revision's number.", {
            errors: [{ pointer: "?baseRevision", detail: "must be a number" }],
          });
        const { editsOf } = await import("../document/apply.ts");
        const what = {
          edits: (view: View, head: Head) => editsOf(request.ctx, head, view, body, prune),
          dryRun: flag(request.query, "dryRun"),
          ...(wanted !== undefined && { ifRevision: Number(wanted) }),
        };
        return writeOrQueue(request, access, what, `${base}/apply`, () => ({
          ...{ kind: "apply", document: body, prune: prune.map(({ plural }) => plural) },
          baseRevision: wanted === undefined ? null : Number(wanted),
        }));
      },
    },
  ];
}

/** Before anything is read, so that no answer tells of a kind that the key has no scope for. */
function demandListed({ principal }: Access, body: Record<string, unknown>, prune: Kind[], sort: Sort): void {
  const named = Object.keys(body).flatMap((name) => (name === "settings" ? kindOf(sort) : (byPlural(name) ?? [])));
  for (const { plural } of [...named, ...prune]) demand(principal, `${plural}:write`);
}

function presentChange({ base: _, digest: __, diff, ...rest }: Change, longest = longDiff): Record<string, unknown> {
  return { ...rest, diff: present(diff, longest) };
}

/** So many changes are made while the caller waits; more are a job's. */
const atOnce = longDiff;

/** Writes while the caller waits, or has a job do it. `tell`: the answer. */
export async function writeOrQueue(
  request: Request,
  access: Access,
  { tell = appliedOf, ...what }: Parameters<typeof writeOne>[2] & { tell?: typeof appliedOf },
  route: string,
  work: () => Work,
): Promise<Answer> {
  try {
    return await writeOne(request, access, { ...what, atOnce }, async (outcome) => ok(tell(outcome)));
  } catch (error) {
    if (!(error instanceof TooMuchAtOnce)) throw error;
    return answerWithJob(request, access, route, work());
  }
}

/** The kinds that a parameter lists. */
function listed(parameter: string, names: string | undefined, sort: Sort): Kind[] {
  return (names === undefined ? [] : names.split(",")).map((name) => {
    const kind = byPlural(name);
    if (!kind?.at.includes(sort))
      throw new Problem("bad_parameter", `${parameter}: there is no kind ${JSON.stringify(name.slice(0, 64))} here.`, {
        errors: [{ pointer: `?${parameter}`, detail: "no such kind" }],
      });
    return kind;
  });
}
