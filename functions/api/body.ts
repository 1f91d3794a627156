// Reading a request's body: bounded, UTF-8, JSON, and nothing that would surprise later code.
import type { Context } from "hono";
import { z } from "zod";
import { type Flaw, Problem } from "../problem.ts";

/** What API Gateway and Lambda let through. */
export const maxBodyBytes = 6 * 1024 * 1024;

/** The body's text, at most `limit` bytes. Throws `too_large`, `malformed`. */
export async function readText(c: Context, limit = maxBodyBytes): Promise<string> {
  const tooLarge = new Problem("too_large", `The body is longer than ${limit} bytes; send less at once.`);
  if (Number(c.req.header("content-length") ?? 0) > limit) throw tooLarge;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of c.req.raw.body ?? []) {
    size += chunk.length;
    if (size > limit) throw tooLarge;
    chunks.push(chunk);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new Problem("malformed", "The body is not UTF-8; encode it so.");
  }
}

export async function readJson(c: Context, wanted: boolean): Promise<{ text: string; body: unknown }> {
  const text = await readText(c);
  if (!wanted) {
    if (text.trim() !== "" && text.trim() !== "{}")
      throw new Problem("malformed", "This request takes no body; send none.");
    return { text, body: undefined };
  }
  const type = (c.req.header("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  if (!/^application\/([a-z.-]+\+)?json$/.test(type))
    throw new Problem("unsupported_media_type", "Send JSON with Content-Type: application/json.");
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
  if (text.includes('"__proto__"')) throw new Problem("malformed", 'The body has a member "__proto__"; remove it.');
  return value;
}

/** The body as `schema` has it. Throws `invalid` with a pointer to each flaw. */
export function parse<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const result = schema.safeParse(body);
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
