// JSON Schemas of the document: from zod, whose dialect (2020-12) is OpenAPI 3.1's. What bears a title becomes a component of that name, so that it
// stands in the document once and generated code has a type for it.
import { z } from "zod";
import { problems } from "../../problem.ts";

export type JsonSchema = { [keyword: string]: unknown };

export const problem: JsonSchema = {
  type: "object",
  description: "Why a request was refused and what to do about it (RFC 9457)",
  required: ["type", "code", "title", "status", "detail", "requestId"],
  properties: {
    type: { type: "string", format: "uri", description: "Leads to a page on this code" },
    code: { type: "string", enum: Object.keys(problems), description: "Stable, for programs" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string", description: "What to do about it" },
    errors: {
      type: "array",
      description: "The fields or parameters at fault",
      items: {
        type: "object",
        required: ["pointer", "detail"],
        properties: {
          pointer: { type: "string", description: "A JSON pointer into the body, or ? and a parameter's name" },
          detail: { type: "string" },
        },
      },
    },
    requestId: { type: "string", description: "As the header X-Request-Id" },
  },
};

export type Components = Record<string, JsonSchema>;

/** The schema as the document shows it; its titled parts are added to `components`. */
export function schemaOf(schema: z.core.$ZodType, io: "input" | "output", components: Components): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return hoist(rest, io, components);
}

const inOne = ["items", "additionalProperties", "propertyNames", "not", "contains"];
const inList = ["anyOf", "oneOf", "allOf", "prefixItems"];
const inMembers = ["properties", "patternProperties", "$defs"];

function hoist(schema: JsonSchema, io: "input" | "output", components: Components): JsonSchema {
  const into = (value: unknown): unknown => (isSchema(value) ? hoist(value, io, components) : value);
  const copy = Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => {
      if (inOne.includes(keyword)) return [keyword, into(value)];
      if (inList.includes(keyword)) return [keyword, (value as unknown[]).map(into)];
      if (!inMembers.includes(keyword)) return [keyword, value];
      const members = Object.entries(value as JsonSchema).map(([name, member]) => [name, into(member)]);
      return [keyword, Object.fromEntries(members)];
    }),
  );
  if (typeof copy.title !== "string") return copy;
  const { title, ...named } = copy;
  return { $ref: `#/components/schemas/${nameIn(components, title as string, named, io)}` };
}

/** What is asked for differs from what is answered where it has defaults; then it goes by a name of its own. */
function nameIn(components: Components, title: string, schema: JsonSchema, io: "input" | "output"): string {
  const text = JSON.stringify(schema);
  for (const name of [title, `${title}${io === "input" ? "Input" : "Output"}`]) {
    components[name] ??= schema;
    if (JSON.stringify(components[name]) === text) return name;
  }
  throw new Error(`two schemas are titled ${title}`);
}

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The schema that a `$ref` leads to, else itself. */
export function resolved(schema: JsonSchema, components: Components): JsonSchema {
  if (typeof schema.$ref !== "string") return schema;
  return resolved(components[schema.$ref.replace("#/components/schemas/", "")] ?? {}, components);
}

/** `ring-group` → `RingGroup`. */
export const titleOf = (kind: string): string =>
  kind.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
