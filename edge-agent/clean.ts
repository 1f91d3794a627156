// Text that phones and carriers wrote (names, contacts, user agents): made harmless and bounded before it travels on.

/** C0, C1, line separators, non-characters, bidirectional overrides. */
const unwanted = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]/g;

/** At most `most` UTF-16 units of well-formed text without control characters; null where nothing is left. */
export function clean(text: string | null | undefined, most: number): string | null {
  if (!text) return null;
  const kept = text
    .slice(0, most * 4)
    .replace(unwanted, "")
    .trim()
    .slice(0, most)
    .toWellFormed();
  return kept === "" ? null : kept;
}

/** The URI of a Contact or From header: what stands between angle brackets, else all of it. */
export function uri(header: string | undefined): string | null {
  return clean(/<([^<>]*)>/.exec(header ?? "")?.[1] ?? header, 256);
}
