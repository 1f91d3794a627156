// The OpenAPI 3.1 document, derived from the routes.
import { eachTouched } from "../../access/scopes.ts";
import { yamlType } from "../body.ts";
import { type Described, eventStream } from "../route.ts";
import { exampleOf } from "./example.ts";
import { operationIdOf } from "./operation-id.ts";
import { always, limits, refusalsOf, sharedResponses, uploadsInto } from "./responses.ts";
import { type Components, type JsonSchema, problem, resolved, schemaOf } from "./schemas.ts";
import { headers, pathText, querySchema, tagsOf } from "./texts.ts";

function needs({ scope, by }: Described): string {
  if (by === "anybody") return "For everybody, signed in or not.";
  if (by === "session") return "For who is signed in, of himself. API keys have no use here.";
  if (scope === null) return "Any API key may.";
  if (scope === eachTouched)
    return "Needs the write scope of each kind that it touches, or `*:write`; the settings' is `tenants:write` or `accounts:write`.";
  return `Needs the scope \`${scope}\`.`;
}

const inHeader = (name: string, description: string, example: string) => ({
  ...{ name, in: "header", required: false, description, schema: { type: "string" }, example },
});

function parametersOf(route: Described): object[] {
  const parts = route.path.split("/");
  const inPath = parts.flatMap((part, index) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined) return [];
    const description = pathText(name, parts[index - 1] ?? "");
    return [{ name, in: "path", required: true, description, schema: { type: "string" } }];
  });
  const inQuery = Object.entries(route.query ?? {}).map(([name, description]) => ({
    ...{ name, in: "query", required: false, description, schema: querySchema(name, description) },
  }));
  const about = "The same key with the same body gets the same answer for 24 hours";
  const only = "Only if the resource still has this ETag; else 412";
  return [
    ...inPath,
    ...inQuery,
    ...(route.method === "post" && !route.by ? [inHeader("Idempotency-Key", about, "order-4711")] : []),
    ...(!route.by && (route.method === "patch" || route.method === "delete" || uploadsInto(route))
      ? [inHeader("If-Match", only, '"1"')]
      : []),
  ];
}

function requestOf(route: Described, components: Components): object {
  const { body, upload } = route;
  if (upload) {
    const file = { schema: { type: "string", format: "binary", maxLength: upload.limit } };
    return { requestBody: { required: true, content: Object.fromEntries(upload.types.map((type) => [type, file])) } };
  }
  if (!body) return {};
  const schema = schemaOf(body, "input", components);
  const example = route.example ?? exampleOf(schema, components);
  const content = { "application/json": { schema, example }, ...(route.yaml && { [yamlType]: { schema, example } }) };
  return { requestBody: { required: true, content } };
}

/** Members beyond those of the route's own example are made up. */
function answerExample(schema: JsonSchema, own: unknown, components: Components): unknown {
  const made = exampleOf(schema, components);
  if (own === undefined || typeof made !== "object" || made === null) return made;
  if ("data" in made && "next" in made) {
    const items = (resolved(schema, components).properties as { data: JsonSchema }).data.items as JsonSchema;
    return { data: [answerExample(items, own, components)], next: null };
  }
  return { ...made, ...(own as object) };
}

function answersOf(route: Described, components: Components): object {
  const answers = Object.entries(route.answers).map(([status, { about, schema, example, type }]) => {
    const shown = schema && schemaOf(schema, "output", components);
    const members = Object.keys((shown && (resolved(shown, components).properties as object)) ?? {});
    const sent = {
      ...always,
      ...(!route.by && limits),
      ...((members.includes("version") || uploadsInto(route)) && { ETag: { $ref: "#/components/headers/ETag" } }),
      ...(status === "201" && members.includes("version") && { Location: { $ref: "#/components/headers/Location" } }),
      // a job does it
      ...(status === "202" &&
        members.includes("progress") && {
          Location: { $ref: "#/components/headers/Location" },
          "Retry-After": { $ref: "#/components/headers/RetryAfter" },
        }),
      ...(route.method === "post" && !route.by && { "Idempotent-Replayed": { $ref: "#/components/headers/Replayed" } }),
    };
    const sample = shown && { schema: shown, example: type ? example : answerExample(shown, example, components) };
    const content = sample && {
      [type ?? "application/json"]: sample,
      ...(route.yaml && { [yamlType]: sample }),
      ...(route.stream && streamed),
    };
    return [status, { description: about, headers: sent, ...(content && { content }) }];
  });
  return { ...Object.fromEntries(answers), ...refusalsOf(route) };
}

const securityOf = ({ scope, by }: Described): Record<string, string[]>[] => {
  if (by === "anybody") return [];
  return by === "session" ? [{ session: [] }] : [{ apiKey: scope === null ? [] : [scope] }, { session: [] }];
};

function operation(route: Described, components: Components): object {
  const answer = Object.values(route.answers)[0]?.schema;
  const members = answer
    ? Object.keys(resolved(schemaOf(answer, "output", components), components).properties ?? {})
    : [];
  return {
    operationId: operationIdOf(route.method, route.path, members.includes("data") && members.includes("next")),
    tags: [route.tag],
    summary: route.summary,
    description: needs(route),
    security: securityOf(route),
    parameters: parametersOf(route),
    ...requestOf(route, components),
    responses: answersOf(route, components),
  };
}

const streamed = {
  [eventStream]: {
    schema: { type: "string", description: "Server-sent events: `snapshot`, then `change` again and again" },
    example:
      'event: change\nid: calls.9f\ndata: [{"section":"calls","id":"cal_01ARZ3NDEKTSV4RRFFQ69G5FAV","item":null}]\n\n',
  },
};

/** Of all routes; `publicUrl` is where they are reached. */
export function openapi(routes: Described[], publicUrl: string): object {
  const schemas: Components = { Problem: problem };
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method]: operation(route, schemas) };
  return {
    openapi: "3.1.0",
    info: {
      title: "Dialplane",
      version: "1",
      description: "A cloud PBX by API: every tenant's phone system is one versioned document.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: publicUrl, description: "This installation" }],
    security: [{ apiKey: [] }, { session: [] }],
    tags: tagsOf(routes.map(({ tag }) => tag)),
    paths,
    components: {
      securitySchemes: {
        apiKey: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "dp_live_…, in a sandbox dp_test_…",
          description: "An API key. What it may do are its scopes: `<what>:read` and `<what>:write`.",
        },
        session: {
          type: "apiKey",
          in: "cookie",
          name: "__Host-dialplane",
          description:
            "A person's session, as the console has it. He may what his role may; what changes something comes from the console's own pages alone.",
        },
      },
      headers,
      responses: sharedResponses(),
      schemas,
    },
  };
}
