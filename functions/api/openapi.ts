// The OpenAPI 3.1 document, derived from the routes. JSON Schema comes from zod itself, whose dialect (2020-12) is OpenAPI 3.1's.
import { z } from "zod";
import { eachTouched } from "../access/scopes.ts";
import { problems } from "../problem.ts";
import type { Route } from "./route.ts";

const problem = {
  type: "object",
  required: ["type", "code", "title", "status", "detail", "requestId"],
  properties: {
    type: { type: "string", format: "uri" },
    code: { type: "string", enum: Object.keys(problems) },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string", description: "What to do about it" },
    errors: {
      type: "array",
      items: { type: "object", properties: { pointer: { type: "string" }, detail: { type: "string" } } },
    },
    requestId: { type: "string" },
  },
};

function jsonSchema(schema: z.ZodType, io: "input" | "output"): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest;
}

const header = (name: string, description: string) => ({
  name,
  in: "header",
  required: false,
  description,
  schema: { type: "string" },
});

function needs({ scope }: Route): string {
  if (scope === null) return "Any API key may.";
  if (scope === eachTouched)
    return "Needs the write scope of each kind that it touches, or `*:write`; the settings' is `tenants:write` or `accounts:write`.";
  return `Needs the scope \`${scope}\`.`;
}

function operation(route: Route): object {
  const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
  const inQuery = Object.entries(route.query ?? {}).map(([name, description]) => ({
    name,
    in: "query",
    required: false,
    description,
    schema: { type: "string" },
  }));
  const headers = [
    ...(route.method === "post"
      ? [header("Idempotency-Key", "The same key with the same body gets the same answer for 24 hours")]
      : []),
    ...(route.method === "patch" || route.method === "delete" || route.upload
      ? [header("If-Match", "Only if the resource still has this ETag; else 412")]
      : []),
  ];
  const answers = Object.entries(route.answers).map(([status, { about, schema }]) => [
    status,
    {
      description: about,
      ...(schema && { content: { "application/json": { schema: jsonSchema(schema, "output") } } }),
    },
  ]);
  return {
    operationId: `${route.method}${route.path
      .replace("/v1", "")
      .replaceAll(/[{}]/g, "")
      .replaceAll(/[^A-Za-z]+(.)/g, (_, letter: string) => letter.toUpperCase())}`,
    tags: [route.tag],
    summary: route.summary,
    description: needs(route),
    security: [{ apiKey: route.scope === null ? [] : [route.scope] }],
    parameters: [...inPath, ...inQuery, ...headers],
    ...(route.body && {
      requestBody: { required: true, content: { "application/json": { schema: jsonSchema(route.body, "input") } } },
    }),
    ...(route.upload && {
      requestBody: {
        required: true,
        content: Object.fromEntries(
          route.upload.types.map((type) => [
            type,
            { schema: { type: "string", format: "binary", maxLength: route.upload?.limit } },
          ]),
        ),
      },
    }),
    responses: {
      ...Object.fromEntries(answers),
      default: {
        description: "A problem",
        content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
      },
    },
  };
}

export function openapi(routes: Route[], publicUrl: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method]: operation(route) };
  return {
    openapi: "3.1.0",
    info: {
      title: "Dialplane",
      version: "1",
      description: "A cloud PBX by API: every tenant's phone system is one versioned document.",
    },
    servers: [{ url: publicUrl }],
    security: [{ apiKey: [] }],
    paths,
    components: { securitySchemes: { apiKey: { type: "http", scheme: "bearer" } }, schemas: { Problem: problem } },
  };
}
