// What -f names: a file of JSON or YAML, or - for the standard input.
import { readFileSync } from "node:fs";
import type { Run } from "./command.ts";
import { Usage } from "./exit.ts";

/** An object. Throws Usage. */
export async function readDocument(run: Run, file: string): Promise<Record<string, unknown>> {
  const value = parse(file === "-" ? await run.stdin() : textOf(file), file, (await import("yaml")).parse);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Usage(`${file} holds no object.`);
  return value as Record<string, unknown>;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Usage(`${file} can't be read: ${(error as Error).message}.`);
  }
}

/** JSON is YAML too, but its own parser says better what is wrong. YAML keeps to its core schema, with few aliases. */
function parse(text: string, file: string, yaml: typeof import("yaml").parse): unknown {
  try {
    return /^\s*[{[]/.test(text) ? JSON.parse(text) : yaml(text, { maxAliasCount: 100 });
  } catch (error) {
    throw new Usage(`${file} is neither JSON nor YAML: ${(error as Error).message.split("\n")[0]}.`);
  }
}
