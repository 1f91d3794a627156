// Reading a request's body: bounded, UTF-8, JSON, and nothing that would surprise later code.
import type { Context } from "hono";
import * as z from "zod/mini";
import "../../core/english.ts";
import { type Flaw, Problem } from "../problem.ts";

/** What API Gateway and Lambda let through. */
export const maxBodyBytes = 6 * 1024 * 1024;

/** The body's text, at most `limit` bytes. Throws `too_large`, `malformed`. */
export async function readText(c: Context, limit = maxBodyBytes): Promise<string> {
  const bytes = await readBytes(c, limit);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Problem("malformed", "The body is not UTF-8; encode it so.");
  }
}

/** At most `limit` bytes. Throws `too_large`. */
export async function readBytes(c: Context, limit: number): Promise<Uint8Array | ArrayBuffer> {
  const tooLarge = () => new Problem("too_large", `The body is longer than ${limit} bytes; send less at once.`);
  const announced = c.req.header("content-length");
  if (announced !== undefined) {
    if (Number(announced) > limit) throw tooLarge();
    // the server holds the sender to what it announced, and reads it at once without a stream in between
    return c.req.raw.arrayBuffer();
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of c.req.raw.body ?? []) {
    size += chunk.length;
    if (size > limit) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export const yamlType = "application/yaml";

/** `yaml`: it may be that too. */
export async function readJson(
  c: Context,
  { wanted, yaml }: { wanted: boolean; yaml: boolean },
): Promise<{ text: string; body: unknown }> {
  const text = await readText(c);
  if (!wanted) {
    if (text.trim() !== "" && text.trim() !== "{}")
      throw new Problem("malformed", "This request takes no body; send none.");
    return { text, body: undefined };
  }
  const type = (c.req.header("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  if (yaml && type === yamlType) {
    const { parseYaml } = await import("./yaml.ts");
    const body = parseYaml(text);
    inspect(body);
    return { text, body };
  }
  if (!/^application\/([a-z.-]+\+)?json$/.test(type))
    throw new Problem(
      "unsupported_media_type",
      `Send JSON with Content-Type: application/json${yaml ? `, or YAML with ${yamlType}` : ""}.`,
    );
  return { text, body: parseJson(text) };
}

export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Problem(
      "malformed",
      `The body is not JSON: ${error instanceof Error ? error.message.slice(0, 200) : "it can't be parsed"}.`,
    );
  }
  inspect(value);
  return value;
}

/** Bounds within which checks of the content take milliseconds, however hostile the body. */
const bounds = { depth: 64, elements: 10_000, values: 400_000 };

/** Refuses what no field can take and what later code should not have to think of. Not recursive: a body may be nested as deep as it is long. */
function inspect(root: unknown): void {
  const refuse = (detail: string): never => {
    throw new Problem("malformed", detail);
  };
  const text = (value: string): void => {
    if (!value.isWellFormed()) refuse("A string holds half of a surrogate pair; send well-formed Unicode.");
  };
  let [level, values]: [unknown[], number] = [[root], 0];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > bounds.depth) refuse(`The body is nested deeper than ${bounds.depth} levels; make it flatter.`);
    const below: unknown[] = [];
    for (const value of level) {
      if (typeof value === "string") text(value);
      if (typeof value !== "object" || value === null) continue;
      const members = Array.isArray(value) ? value : Object.keys(value);
      if (members.length > bounds.elements)
        throw new Problem("too_large", `A list or object has more than ${bounds.elements} members; send less at once.`);
      values += members.length;
      if (values > bounds.values)
        throw new Problem("too_large", `The body has more than ${bounds.values} values; send less at once.`);
      if (Array.isArray(value)) for (const element of value) below.push(element);
      else
        for (const [name, member] of Object.entries(value)) {
          text(name);
          if (name === "__proto__") refuse('The body has a member "__proto__"; remove it.');
          below.push(member);
        }
    }
    level = below;
  }
}

/** The body as `schema` has it. Throws `invalid` with a pointer to each flaw. */
export function parse<S extends z.core.$ZodType>(schema: S, body: unknown): z.output<S> {
  const result = z.safeParse(schema, body);
  if (result.success) return result.data;
  const errors: Flaw[] = result.error.issues.slice(0, 100).map((issue) => ({
    pointer: issue.path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join(""),
    detail:
      issue.code === "unrecognized_keys"
        ? `unknown field ${issue.keys.map((key) => JSON.stringify(key.slice(0, 64))).join(", ")}; remove it`
        : issue.message,
  }));
  throw new Problem(
    "invalid",
    errors
      .slice(0, 3)
      .map((flaw) => `${flaw.pointer || "/"}: ${flaw.detail}`)
      .join("; ")
      .concat("."),
    { errors },
  );
}

/** A body that must be a JSON object, its members checked later. */
export const anyObject = z.record(z.string(), z.unknown());
