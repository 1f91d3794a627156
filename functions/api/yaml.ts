// YAML 1.2 in its core schema: what JSON can say, with comments. No dates, no `NO` for false, no tags; loaded when a request has it.
import { parseDocument, stringify } from "yaml";
import { Problem } from "../problem.ts";

/** Reading takes some 0.3 s for each 1 MB. */
const maxLength = 2 * 1024 * 1024;

/** Plain values, of which some may be one object at several places. Throws `malformed` with line and column, `too_large`. */
export function parseYaml(text: string): unknown {
  if (text.length > maxLength)
    throw new Problem("too_large", `YAML may be ${maxLength / 1024 / 1024} MB long; send JSON, or less at once.`);
  try {
    const document = parseDocument(text, { version: "1.2", schema: "core", prettyErrors: true, logLevel: "error" });
    const [flaw] = [...document.errors, ...document.warnings];
    if (flaw) throw flaw;
    // an alias repeats what its anchor stands at: many of them make much of little
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    const why = error instanceof RangeError ? "it is nested too deep" : (error as Error).message.split("\n")[0];
    throw new Problem("malformed", `The body is not YAML that says what JSON can: ${why?.replace(/[.:]$/, "")}.`);
  }
}

/** Strings are quoted where they could be read as something else; nothing is folded, nothing is an alias. */
export const toYaml = (value: unknown): string =>
  stringify(value, { version: "1.2", schema: "core", lineWidth: 0, aliasDuplicateObjects: false });
