// The five verbs of every kind, for tenants and accounts alike; derived from the registry.
import type { z } from "zod";
import { lazy } from "../../core/lazy.ts";
import type { Body, Kind } from "../../core/resources/kind.ts";
import type { Access } from "../access/access.ts";
import type { Answer } from "../access/idempotency.ts";
import type { Done } from "../audit/record.ts";
import type { Context } from "../context.ts";
import type { Edit } from "../document/draft.ts";
import type { Head } from "../document/head.ts";
import { presentWith, sipPlaceOf } from "../document/present.ts";
import { withoutShown } from "../document/shown.ts";
import { fromItem, openView, type Stored, type View } from "../document/view.ts";
import { type Outcome, write } from "../document/write.ts";
import { isId } from "../id.ts";
import * as keys from "../keys.ts";
import { notFound } from "../problem.ts";
import { anyObject, parse } from "./body.ts";
import { into } from "./into.ts";
import { filtersOf, page, paging, passing } from "./list.ts";
import { inputOf, outputOf } from "./openapi/example.ts";
import { titleOf } from "./openapi/schemas.ts";
import { ok, type Request, type Route } from "./route.ts";
import { answerOf, listOf, newOf, patchOf } from "./schema.ts";
import { shapingOf } from "./shaping.ts";

export type Sort = "tenant" | "account";

/** A resource by id, or by its natural key. */
export async function find(ctx: Context, access: Access, kind: Kind, ref: string): Promise<Stored> {
  const view = openView(ctx.store, access.owner);
  const found = isId(kind.prefix, ref) ? await view.get(kind.kind, ref) : await view.byKey(kind, ref);
  if (!found) throw notFound(kind.kind, ref.slice(0, 64));
  return found;
}

export function resourceRoutes(sort: Sort, kind: Kind): Route[] {
  const base = `/v1/${sort}s/{${sort}}/${kind.plural}`;
  const one = `${base}/{id}`;
  const tag = kind.plural;
  const read = `${kind.plural}:read`;
  const change = `${kind.plural}:write`;
  const title = titleOf(kind.kind);
  // the reference alone asks for these, and they take longer to make than most answers
  const schema = lazy(() => answerOf(kind));
  const shown = lazy(() => outputOf(kind, sort));
  const created = lazy(() => newOf(kind).meta({ title: `New${title}` }));
  const patched = lazy(() => patchOf(kind.schema).meta({ title: `${title}Patch` }));
  const example = inputOf(kind, sort);
  const shaping = shapingOf(kind, [
    ...["version", "createdAt", "updatedAt"],
    ...(kind.kind === "extension" ? ["sip"] : []),
    ...(kind.kind === "phone-number" && sort === "account" ? ["assignedTo"] : []),
  ]);
  const answer = async (request: Request, outcome: Outcome, status: 200 | 201): Promise<Answer> => {
    const resource = outcome.draft.changes[0]?.after ?? (await unchanged(request, outcome));
    const body = await presentWith(request.ctx, outcome.head, kind, resource, outcome.secrets);
    const headers: Record<string, string> = { ETag: `"${resource.version}"` };
    if (status === 201) headers.Location = `/v1/${sort}s/${request.params[sort]}/${kind.plural}/${resource.id}`;
    return { status, body, headers };
  };
  const unchanged = async (request: Request, outcome: Outcome): Promise<Stored> => {
    const item = await request.ctx.store.get(keys.resource(outcome.head.owner, kind.kind, request.params.id ?? ""));
    if (!item) throw notFound(kind.kind, request.params.id ?? "");
    return fromItem(item);
  };

  return [
    {
      method: "get",
      path: base,
      tag,
      summary: `List ${kind.plural}`,
      scope: read,
      query: { ...paging, ...filtersOf(kind), ...shaping.query },
      answers: {
        200: described(
          "A page",
          lazy(() => listOf(schema())),
          shown,
        ),
      },
      async handle(request) {
        const access = await into(request, sort);
        const passes = passing(kind, request.query);
        const shape = shaping.begin(request, access);
        const found = await page(
          request.ctx.store,
          { pk: access.owner, prefix: keys.resources(kind.kind) },
          request.query,
          (item) => {
            const resource = fromItem(item);
            return passes(resource.body) ? resource : undefined;
          },
        );
        const sipPlace = sipPlaceOf(request.ctx, access.head);
        const show = (resource: Stored) => presentWith(request.ctx, access.head, kind, resource, [], sipPlace);
        return ok({
          data: await Promise.all(found.data.map(async (resource) => shape(await show(resource)))),
          next: found.next,
        });
      },
    },
    {
      method: "post",
      path: base,
      tag,
      summary: `Create: ${kind.about}`,
      scope: change,
      get body() {
        return created();
      },
      example,
      answers: { 201: described("Created", schema, shown) },
      async handle(request) {
        const access = await into(request, sort);
        const body = parse(anyObject, request.body);
        return writeOne(request, access, { edits: () => [{ op: "create", kind, body, pointer: "" }] }, (outcome) =>
          answer(request, outcome, 201),
        );
      },
    },
    {
      method: "get",
      path: one,
      tag,
      summary: "Get one, by id or natural key",
      scope: read,
      query: shaping.query,
      answers: { 200: described("The resource", schema, shown) },
      async handle(request) {
        const access = await into(request, sort);
        const shape = shaping.begin(request, access);
        const resource = await find(request.ctx, access, kind, request.params.id ?? "");
        return ok(await shape(await presentWith(request.ctx, access.head, kind, resource, [])), resource.version);
      },
    },
    {
      method: "patch",
      path: one,
      tag,
      summary: "Change the members sent (RFC 7396: arrays replace, null clears)",
      scope: change,
      get body() {
        return patched();
      },
      example: example && { [kind.key]: example[kind.key] },
      answers: { 200: described("Changed", schema, shown) },
      async handle(request) {
        const access = await into(request, sort);
        const patch = parse(anyObject, request.body);
        const { id } = await find(request.ctx, access, kind, request.params.id ?? "");
        request.params.id = id;
        return writeOne(request, access, { edits: changing(request, kind, id, patch) }, (outcome) =>
          answer(request, outcome, 200),
        );
      },
    },
    {
      method: "delete",
      path: one,
      tag,
      summary: "Delete",
      scope: change,
      answers: { 204: { about: "Deleted" } },
      async handle(request) {
        const access = await into(request, sort);
        const { id } = await find(request.ctx, access, kind, request.params.id ?? "");
        const edit = {
          op: "delete" as const,
          kind,
          id,
          pointer: "",
          ...(request.ifVersion !== undefined && { ifVersion: request.ifVersion }),
        };
        return writeOne(request, access, { edits: () => [edit] }, async () => ({ status: 204, body: null }));
      },
    },
  ];
}

/** An answer whose schema and example are made when they are looked at. */
const described = (about: string, schema: () => z.ZodType, example: () => unknown): Route["answers"][number] => ({
  about,
  get schema() {
    return schema();
  },
  get example() {
    return example();
  },
});

/** The edit of a PATCH, on condition of its `If-Match`. */
export const changing =
  (request: Request, kind: Kind, id: string, sent: Body) =>
  async (view: View, head: Head): Promise<Edit[]> => {
    const before = await view.get(kind.kind, id);
    const patch = before ? await withoutShown(request.ctx, head, kind, before, sent, "") : sent;
    const condition = request.ifVersion === undefined ? {} : { ifVersion: request.ifVersion };
    return [{ op: "update", kind, id, patch, pointer: "", ...condition }];
  };

/** What a write did; null where it changed nothing. */
function doneBy({ head, revision, change }: Outcome): Done | null {
  if (revision === null) return null;
  const [first, ...others] = change.diff;
  return { head, revision, ...(first && others.length === 0 && { target: { kind: first.kind, id: first.id } }) };
}

/** A write with its audit record, and with its answer when an idempotency key came with the request. */
export async function writeOne(
  request: Request,
  access: Access,
  what: Pick<Parameters<typeof write>[2], "edits" | "summary" | "ifRevision" | "dryRun" | "atOnce" | "fromInventory">,
  respond: (outcome: Outcome) => Promise<Answer>,
): Promise<Answer> {
  let answer: Answer | undefined;
  const outcome = await write(request.ctx, access, {
    ...what,
    actor: request.actor,
    also: async (drafted) => {
      if (request.recording) answer = await respond(drafted);
      return request.record(doneBy(drafted), answer);
    },
  });
  return answer ?? respond(outcome);
}
