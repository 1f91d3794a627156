// What a whole document can do, a tenant's and an account's alike: history, rollback, apply.
import { z } from "zod";
import { byPlural, kindOf, kindsAt } from "../../core/registry.ts";
import type { Kind } from "../../core/resources/kind.ts";
import { type Access, demand } from "../access/access.ts";
import type { Answer } from "../access/idempotency.ts";
import { eachTouched } from "../access/scopes.ts";
import { type Domains, ownSettings } from "../accounts/domain.ts";
import { editsOf } from "../document/apply.ts";
import { type Change, diffOf, present, readChanges } from "../document/change.ts";
import { exportOf } from "../document/export.ts";
import type { Head } from "../document/head.ts";
import { editsBackTo } from "../document/rollback.ts";
import { naturalKey, type Stored, type View } from "../document/view.ts";
import type { Outcome } from "../document/write.ts";
import { notFound, Problem } from "../problem.ts";
import { anyObject, parse } from "./body.ts";
import { into } from "./into.ts";
import { decodeCursor, encodeCursor, flag, limitOf, paging } from "./list.ts";
import { titleOf } from "./openapi/schemas.ts";
import { type Sort, writeOne } from "./resources.ts";
import { ok, type Route } from "./route.ts";
import { listOf, patchOf } from "./schema.ts";

const diffLine = z.object({
  op: z.enum(["create", "update", "delete"]),
  kind: z.string(),
  id: z.string(),
  key: z.string(),
  before: z.unknown(),
  after: z.unknown(),
  fields: z.array(z.string()).optional(),
});
const changeSchema = z.object({
  revision: z.int(),
  at: z.iso.datetime(),
  actor: z.unknown(),
  summary: z.string(),
  diff: z.array(diffLine),
});
const applied = z.object({
  revision: z.int().nullable(),
  diff: z.array(diffLine),
  secrets: z.array(z.unknown()).optional(),
});

export const documentRoutes = (domains: Domains): Route[] =>
  (["tenant", "account"] as const).flatMap((sort) => routesOf(sort, domains));

function routesOf(sort: Sort, domains: Domains): Route[] {
  const base = `/v1/${sort}s/{${sort}}`;
  const item = (kind: Kind): z.ZodType =>
    patchOf(kind.schema)
      .extend({ id: z.string().optional() })
      .meta({ title: `${titleOf(kind.kind)}Item` });
  const document = z.strictObject({
    settings: patchOf(kindOf(sort).schema).optional(),
    ...Object.fromEntries(kindsAt(sort).map((kind) => [kind.plural, z.array(item(kind)).optional()])),
  });
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
          data: data.map(presentChange),
          next: data.length === limit && oldest > 0 ? encodeCursor(`r${oldest}`) : null,
        });
      },
    },
    {
      method: "get",
      path: `${base}/changes/{revision}`,
      tag: "history",
      summary: "One revision",
      scope: "changes:read",
      answers: { 200: { about: "The change", schema: changeSchema } },
      async handle(request) {
        const access = await into(request, sort);
        const revision = /^\d{1,12}$/.test(request.params.revision ?? "") ? Number(request.params.revision) : -1;
        for await (const change of readChanges(request.ctx.store, access.owner, Math.max(revision, 0), {
          upTo: Math.min(revision, access.head.revision),
        }))
          return ok(presentChange(change));
        throw notFound("revision", (request.params.revision ?? "").slice(0, 64));
      },
    },
    {
      method: "get",
      path: `${base}/export`,
      tag: "history",
      summary: "The whole document as apply takes it, by names instead of ids",
      scope: "documents:read",
      query: { secrets: "true: with the secrets' values, which needs the scope secrets:read" },
      answers: { 200: { about: "The document", schema: document.meta({ title: `${titleOf(sort)}Document` }) } },
      async handle(request) {
        const access = await into(request, sort);
        const secrets = flag(request.query, "secrets");
        if (secrets) demand(access.principal, "secrets:read");
        return ok(await exportOf(request.ctx, access.head, secrets));
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
      answers: { 200: { about: "What changed", schema: applied } },
      async handle(request) {
        const access = await into(request, sort);
        const { revision } = parse(z.strictObject({ revision: z.int().min(0) }), request.body);
        const what = {
          edits: (_: View, head: Head) => editsBackTo(request.ctx, head, revision),
          summary: `roll back to revision ${revision}`,
          dryRun: flag(request.query, "dryRun"),
        };
        return writeOne(request, access, what, async (outcome) => answerOf(outcome));
      },
    },
    {
      method: "post",
      path: `${base}/apply`,
      tag: "history",
      summary: "Apply a whole document or a part of it as one revision",
      scope: eachTouched,
      query: {
        dryRun: "true: run every check and tell the diff, change nothing",
        prune: "A comma list of kinds whose unlisted items are deleted",
        baseRevision: "The revision that this builds on; another is 412",
      },
      body: document.meta({ title: `${titleOf(sort)}Document` }),
      example: { settings: { language: "fr" }, trunks: [{ name: "backup", host: "sip.backup.example" }] },
      answers: { 200: { about: "What changed", schema: applied } },
      async handle(request) {
        const access = await into(request, sort);
        const body = parse(anyObject, request.body);
        const prune = pruned(request.query.prune, sort);
        demandListed(access, body, prune, sort);
        await ownSettings(request.ctx, domains, access, body.settings);
        const base = request.query.baseRevision;
        if (base !== undefined && !/^\d{1,12}$/.test(base))
          throw new Problem("bad_parameter", "baseRevision must be a revision's number.", {
            errors: [{ pointer: "?baseRevision", detail: "must be a number" }],
          });
        const what = {
          edits: (view: View, head: Head) => editsOf(request.ctx, head, view, body, prune),
          dryRun: flag(request.query, "dryRun"),
          ...(base !== undefined && { ifRevision: Number(base) }),
        };
        return writeOne(request, access, what, async (outcome) => answerOf(outcome));
      },
    },
  ];
}

/** Before anything is read, so that no answer tells of a kind that the key has no scope for. */
function demandListed({ principal }: Access, body: Record<string, unknown>, prune: Kind[], sort: Sort): void {
  const listed = Object.keys(body).flatMap((name) => (name === "settings" ? kindOf(sort) : (byPlural(name) ?? [])));
  for (const { plural } of [...listed, ...prune]) demand(principal, `${plural}:write`);
}

function presentChange({ base: _, digest: __, diff, ...rest }: Change): Record<string, unknown> {
  return { ...rest, diff: present(diff) };
}

function answerOf(outcome: Outcome): Answer {
  const names = new Map(outcome.draft.changes.flatMap(({ after }) => (after ? [[after.id, after] as const] : [])));
  const secrets = outcome.secrets.map(({ kind, id, pointer, value }) => ({
    kind,
    id,
    key: keyOf(names.get(id)),
    pointer,
    value,
  }));
  return ok({
    revision: outcome.revision,
    diff: present(diffOf(outcome.draft.changes)),
    ...(secrets.length > 0 && { secrets }),
  });
}

const keyOf = (resource: Stored | undefined): string | null => (resource ? naturalKey(resource) : null);

function pruned(names: string | undefined, sort: Sort): Kind[] {
  return (names === undefined ? [] : names.split(",")).map((name) => {
    const kind = byPlural(name);
    if (!kind?.at.includes(sort))
      throw new Problem("bad_parameter", `prune: there is no kind ${JSON.stringify(name.slice(0, 64))} here.`, {
        errors: [{ pointer: "?prune", detail: "no such kind" }],
      });
    return kind;
  });
}
