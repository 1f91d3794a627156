// Canonical JSON: one text for one value. A resource travels as this text, is stored verbatim at the edge, and is what a digest counts.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** JSON with keys in code-unit order, no white space, and no `undefined` members (after RFC 8785 in all that we store). */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item ?? null)).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(",")}}`;
}
