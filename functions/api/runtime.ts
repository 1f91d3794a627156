// Runtime state of a tenant: what people set by phone, seen and set by API.
import { z } from "zod";
import type { Owner } from "../../core/owner.ts";
import type { BodyOf } from "../../core/registry.ts";
import { kindOf, type Resource } from "../../core/registry.ts";
import type { Body } from "../../core/resources/kind.ts";
import { fieldSchema, fields, type RuntimeKind } from "../../core/routing/runtime.ts";
import type { Access } from "../access/access.ts";
import type { Context } from "../context.ts";
import { loadConfig } from "../document/config.ts";
import { fromItem, naturalKey } from "../document/view.ts";
import * as keys from "../keys.ts";
import { type Flaw, Problem } from "../problem.ts";
import { list, say } from "../runtime/said.ts";
import { parse } from "./body.ts";
import { into } from "./into.ts";
import { find } from "./resources.ts";
import { ok, type Route } from "./route.ts";
import { listOf } from "./schema.ts";

const base = "/v1/tenants/{tenant}";

const shownWord = z.object({
  kind: z.string(),
  id: z.string(),
  key: z.string().describe("The resource's natural key"),
  field: z.string(),
  value: z.union([z.string(), z.boolean()]),
  at: z.iso.datetime(),
  by: z.string().describe("The edge where it was set by phone, or the API key"),
});

export const runtimeRoutes = (): Route[] => [
  {
    method: "get",
    path: `${base}/runtime`,
    tag: "runtime",
    summary: "Everything that is set by phone, console or API",
    scope: "runtime:read",
    answers: { 200: { about: "All of it", schema: listOf(shownWord) } },
    async handle(request) {
      const { owner } = await into(request, "tenant");
      const set = (await list(request.ctx, owner)).filter(
        ({ kind, field, value }) => value !== null && fieldSchema(kind, field) !== undefined,
      );
      const items = await request.ctx.store.getMany(set.map(({ kind, id }) => keys.resource(owner, kind, id)));
      const data = set.flatMap(({ edge: _, ...said }, index) => {
        const item = items[index];
        return item ? [{ ...said, key: naturalKey(fromItem(item)) }] : [];
      });
      return ok({ data, next: null });
    },
  },
  ...(Object.keys(fields) as RuntimeKind[]).flatMap(routesOf),
];

const examples: Partial<Record<RuntimeKind, object>> = {
  extension: { doNotDisturb: true },
  schedule: { override: "closed" },
};

function routesOf(name: RuntimeKind): Route[] {
  const kind = kindOf(name);
  const path = `${base}/${kind.plural}/{id}/runtime`;
  const shape: Record<string, z.ZodType> = fields[name];
  const shown = z.object(shape);
  const patch = z.strictObject(
    Object.fromEntries(Object.entries(shape).map(([field, type]) => [field, type.optional()])),
  );
  const about = "Each field, null where the configuration counts";
  const answer = async (ctx: Context, { owner }: Access, id: string) =>
    ok(await valuesOf(ctx, owner, { kind: name, id }, Object.keys(shape)));

  return [
    {
      method: "get",
      path,
      tag: "runtime",
      summary: `What is set of one of the ${kind.plural}`,
      scope: "runtime:read",
      answers: { 200: { about, schema: shown } },
      async handle(request) {
        const access = await into(request, "tenant");
        const { id } = await find(request.ctx, access, kind, request.params.id ?? "");
        return answer(request.ctx, access, id);
      },
    },
    {
      method: "patch",
      path,
      tag: "runtime",
      summary: "Set the fields sent, as if by phone; null gives a field back to the configuration",
      scope: "runtime:write",
      body: patch,
      example: examples[name],
      answers: { 200: { about, schema: shown } },
      async handle(request) {
        const access = await into(request, "tenant");
        const { id, body } = await find(request.ctx, access, kind, request.params.id ?? "");
        const values = parse(patch, request.body);
        if (name === "extension") await check(request.ctx, access, { id, body }, values);
        const target = { kind: name, id };
        const also = request.record({ head: access.head, target });
        await say(request.ctx, access.head, target, values, request.actor.id, also);
        return answer(request.ctx, access, id);
      },
    },
  ];
}

/** Those fields of a resource, null where nobody set one. */
export async function valuesOf(
  ctx: Context,
  owner: Owner,
  subject: { kind: string; id: string },
  names: readonly string[],
): Promise<Record<string, unknown>> {
  const set = new Map((await list(ctx, owner, subject)).map(({ field, value }) => [field, value]));
  return Object.fromEntries(names.map((field) => [field, set.get(field) ?? null]));
}

const forwards = ["forwardAlways", "forwardBusy", "forwardNoAnswer"];

/** What the schema can't say: where the extension may forward its calls to, and whose phone it may use. */
export async function check(
  ctx: Context,
  { head }: Access,
  { id, body }: { id: string; body: Body },
  values: Record<string, unknown>,
): Promise<void> {
  const numbers = forwards.filter((field) => typeof values[field] === "string" && values[field] !== "");
  if (numbers.length === 0 && typeof values.hotDesk !== "string") return;
  const config = await loadConfig(ctx, head);
  const extension: Resource<"extension"> = { kind: "extension", id, body: body as BodyOf<"extension"> };
  // with all of routing, which few requests need
  const [{ begin }, { forwardFlaw }] = await Promise.all([
    import("../../core/routing/resolve.ts"),
    import("../../core/routing/own-settings.ts"),
  ]);
  const way = begin(config, { from: { kind: "extension", id }, to: "", at: ctx.now() });
  const errors: Flaw[] = numbers.flatMap((field) => {
    const why = forwardFlaw(way, extension, String(values[field]));
    return why === undefined ? [] : [{ pointer: `/${field}`, detail: why }];
  });
  const isDesk = config
    .list("extension")
    .some((other) => other.id !== id && other.body.devices.some(({ username }) => username === values.hotDesk));
  if (typeof values.hotDesk === "string" && !isDesk)
    errors.push({ pointer: "/hotDesk", detail: "no other extension has a device of this user name" });
  if (errors.length > 0)
    throw new Problem(
      "invalid",
      errors
        .map((flaw) => `${flaw.pointer}: ${flaw.detail}`)
        .join("; ")
        .concat("."),
      { errors },
    );
}
