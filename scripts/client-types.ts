// Writes client/operations.ts, the types of every operation, and client/kinds.ts, what the CLI must know of every kind, from the OpenAPI document and the
// registry; with --check it only says whether they are as they should be.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { all, kindOf, kindsAt } from "../core/registry.ts";
import { openapi } from "../functions/api/openapi/document.ts";
import { titleOf } from "../functions/api/openapi/schemas.ts";
import { routesOf } from "../functions/api/routes.ts";
import { identityRoutes } from "../functions/identity/routes.ts";

type Schema = { [keyword: string]: unknown };
type Content = Record<string, { schema: Schema }>;
type Operation = {
  operationId: string;
  summary: string;
  parameters: { name: string; in: string; schema: Schema }[];
  requestBody?: { content: Content };
  responses: Record<string, { content?: Content }>;
};
type Document = { paths: Record<string, Record<string, Operation>>; components: { schemas: Record<string, Schema> } };

const quoted = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name));

/** The type of what fits a schema. What JSON Schema says beyond TypeScript (lengths, patterns) is left to the server. */
export function typeOf(schema: Schema): string {
  if (typeof schema.$ref === "string") return `Schemas["${schema.$ref.split("/").at(-1)}"]`;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (Array.isArray(schema.enum)) return schema.enum.map((one) => JSON.stringify(one)).join(" | ");
  const options = (schema.anyOf ?? schema.oneOf) as Schema[] | undefined;
  if (options) return [...new Set(options.map(typeOf))].join(" | ");
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ ...schema, type })).join(" | ");
  switch (schema.type) {
    case "string":
    case "boolean":
    case "null":
      return schema.type;
    case "integer":
    case "number":
      return "number";
    case "array":
      return `(${typeOf((schema.items as Schema | undefined) ?? {})})[]`;
    case "object":
      return objectOf(schema);
    default:
      return "unknown";
  }
}

function objectOf(schema: Schema): string {
  const required = new Set((schema.required as string[] | undefined) ?? []);
  const members = Object.entries((schema.properties ?? {}) as Record<string, Schema>).map(
    ([name, inner]) => `${quoted(name)}${required.has(name) ? "" : "?"}: ${typeOf(inner)}`,
  );
  const more = schema.additionalProperties;
  if (typeof more === "object" && more !== null)
    return members.length === 0
      ? `Record<string, ${typeOf(more as Schema)}>`
      : `{ ${members.join("; ")}; [name: string]: unknown }`;
  return `{ ${members.join("; ")} }`;
}

function operationOf(
  method: string,
  path: string,
  { operationId, parameters, requestBody, responses }: Operation,
): string {
  const named = (place: string) =>
    parameters
      .filter((one) => one.in === place)
      .map(({ name, schema }) => `${quoted(name)}${place === "path" ? "" : "?"}: ${typeOf(schema)}`);
  const good = Object.entries(responses).filter(([status]) => status.startsWith("2"));
  const answers = good.map(([, { content }]) =>
    content ? typeOf(Object.values(content)[0]?.schema ?? {}) : "undefined",
  );
  const body = requestBody?.content["application/json"];
  const sent = body ? typeOf(body.schema) : requestBody ? "Blob" : "undefined";
  return [
    `  /** ${operationId} */`,
    `  ${JSON.stringify(`${method.toUpperCase()} ${path}`)}: { path: { ${named("path").join("; ")} }; query: { ${named("query").join("; ")} }; body: ${sent}; answer: ${[...new Set(answers)].join(" | ")} };`,
  ].join("\n");
}

/** The whole file. */
export function fileOf(document: object): string {
  const { paths, components } = document as Document;
  const schemas = Object.entries(components.schemas).map(([name, schema]) => `  ${name}: ${typeOf(schema)};`);
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => operationOf(method, path, operation)),
  );
  return `// Every operation of the API by method and path. Written by scripts/client-types.ts from the OpenAPI document: \`npm run client\`.
export type Schemas = {
${schemas.join("\n")}
};

export type Operations = {
${operations.join("\n")}
};
`;
}

function typesOf({ type, enum: some, anyOf = [] }: Schema): string[] {
  const own = some ? ["string"] : type === "integer" ? ["number"] : typeof type === "string" ? [type] : [];
  return [...own, ...(anyOf as Schema[]).flatMap(typesOf)];
}

/** Of each field, dotted where it lies in an object, what is typed for it on a command line. */
function fieldsOf(schema: Schema, schemas: Record<string, Schema>, before = ""): [string, string][] {
  return Object.entries((schema.properties ?? {}) as Record<string, Schema>).flatMap(([name, given]) => {
    const inner = typeof given.$ref === "string" ? (schemas[given.$ref.split("/").at(-1) ?? ""] ?? {}) : given;
    if (inner.type === "object" && inner.properties) return fieldsOf(inner, schemas, `${before}${name}.`);
    const types = typesOf(inner);
    const type = ["number", "boolean", "string"].find((one) => types.includes(one)) as string | undefined;
    return [[`${before}${name}`, type ?? "json"]];
  });
}

/** The whole file: plain data, since the registry itself takes too long to load for a command. */
export function kindsFileOf(document: object): string {
  const { schemas } = (document as Document).components;
  const known = [...all.filter(({ at }) => at.length > 0), kindOf("tenant"), kindOf("account")];
  const kinds = known.map(({ kind, plural, key, prefix, about }) => {
    const at = (["tenant", "account"] as const).filter((sort) => kindsAt(sort).some((each) => each.kind === kind));
    const fields = Object.fromEntries(fieldsOf(schemas[`New${titleOf(kind)}`] ?? {}, schemas));
    return `  ${JSON.stringify(kind)}: ${JSON.stringify({ plural, key, prefix, at, about, fields })},`;
  });
  return `// The kinds of resource as a command line needs them. Written by scripts/client-types.ts from the registry: \`npm run client\`.
export type KindData = {
  plural: string;
  key: string;
  prefix: string;
  at: readonly ("tenant" | "account")[];
  about: string;
  fields: Record<string, "string" | "number" | "boolean" | "json">;
};

export const kinds: Record<string, KindData> = {
${kinds.join("\n")}
};
`;
}

/** What is to stand in each file, by its path in the repository. */
export async function files(): Promise<Record<string, string>> {
  const document = openapi([...(await routesOf(async () => [])), ...identityRoutes()], "https://api.example");
  return { "client/operations.ts": fileOf(document), "client/kinds.ts": kindsFileOf(document) };
}

if (import.meta.main)
  for (const [path, wanted] of Object.entries(await files())) {
    const file = fileURLToPath(new URL(`../${path}`, import.meta.url));
    if (!process.argv.includes("--check")) writeFileSync(file, wanted);
    else if (readFileSync(file, "utf8") !== wanted) {
      console.error(`${path} is not what the routes say; run npm run client.`);
      process.exitCode = 1;
    }
  }
