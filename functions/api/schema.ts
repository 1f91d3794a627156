// The schemas of bodies and answers that derive from a kind's own: for the reference, and for what checks the answers.
import { z } from "zod";
import type { Kind } from "../../core/resources/kind.ts";
import { places } from "../../core/resources/marks.ts";
import { titleOf } from "./openapi/schemas.ts";

type Shape = Record<string, z.ZodType>;
const shapeOf = (schema: z.ZodType): Shape => (schema as unknown as z.ZodObject).shape as Shape;

/** What a PATCH may send: every member optional, null where that clears it; no defaults, since what is not sent stays. */
export function patchOf(schema: z.ZodType): z.ZodObject {
  const members = Object.entries(shapeOf(schema)).map(([name, field]) => [name, patchField(field)] as const);
  return z.strictObject(Object.fromEntries(members));
}

function patchField(field: z.ZodType): z.ZodType {
  const inner = field instanceof z.ZodDefault ? (field.unwrap() as z.ZodType) : field;
  const optional = field.safeParse(undefined).success ? inner.nullable().optional() : inner.optional();
  return field.description === undefined ? optional : optional.describe(field.description);
}

/** What creates one of a kind: what the kind itself fills in may be left out. */
export function newOf(kind: Kind): z.ZodType {
  const filled = Object.keys(kind.prepare?.({ [kind.key]: "" }, undefined) ?? {}).filter((name) => name !== kind.key);
  const optional = filled.flatMap((name) => {
    const field = shapeOf(kind.schema)[name];
    return field ? [[name, field.optional()] as const] : [];
  });
  return (kind.schema as unknown as z.ZodObject).extend(Object.fromEntries(optional));
}

const sip = z.object({
  username: z.string().optional(),
  domain: z.string(),
  server: z.string().nullable().describe("Null until the pool's first edge has enrolled"),
  port: z.int().nullable(),
  transport: z.string().nullable(),
  servers: z
    .array(z.object({ server: z.string(), port: z.int(), transport: z.string() }))
    .describe(
      "All that it may register with, the first to try first; where they are several hosts, the others stand by",
    ),
  password: z.string().optional().describe("Only in the answer that made it"),
});
const secrets = z
  .array(z.object({ pointer: z.string(), value: z.string() }))
  .describe("Secrets that were made; shown only in this answer");

const assignedTo = z
  .string()
  .nullable()
  .describe("Of an account's number: the id of the tenant or account below that has it; null: it is free");

/** A resource as the API answers with it. */
export function answerOf(kind: Kind): z.ZodType {
  return resourceOf(kind).meta({ title: titleOf(kind.kind), description: kind.about });
}

function resourceOf(kind: Kind): z.ZodType {
  const generates = [...places(kind.schema, {})].some(({ mark }) => mark.mark === "secret" && mark.generate);
  return (kind.schema as unknown as z.ZodObject).extend({
    id: z.string(),
    version: z.int(),
    ...(kind.kind === "extension" && { sip }),
    ...(kind.kind === "phone-number" && { assignedTo: assignedTo.optional() }),
    ...((generates || kind.kind === "extension") && { secrets: secrets.optional() }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  });
}

/** A page, or all of them. */
export const listOf = (schema: z.core.$ZodType): z.ZodType =>
  z.object({ data: z.array(schema), next: z.string().nullable() });
