// A resource's stored text read as the body that this agent's version knows.
import { complete } from "../core/complete.ts";
import type { Body } from "../core/resources/kind.ts";

/** The body, or undefined where the text is no JSON object. */
export function readBody(kind: string, text: string): Body | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (value === null || typeof value !== "object" || Array.isArray(value)) return undefined;
    return complete(kind, value as Body);
  } catch {
    return undefined;
  }
}

/** The names of secrets (`sec_…#n`) that a text holds. */
export function secretsIn(text: string): string[] {
  return text.match(/\bsec_[0-9A-HJKMNP-TV-Z]{26}#\d{1,9}\b/g) ?? [];
}
