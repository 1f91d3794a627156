// Reads the rows of `sofia xmlstatus …`, which FreeSWITCH writes one element a line. Line by line on purpose: it does not escape a Call-ID, in which
// `<` may stand, so an XML parser could be shown a registration that is none.

/** The elements of each `<tag>` that stands on a line of its own; undefined if this is no such list. */
export function rowsOf(answer: string, tag: string): Map<string, string>[] | undefined {
  if (!answer.startsWith("<?xml")) return undefined;
  const rows: Map<string, string>[] = [];
  let row: Map<string, string> | undefined;
  for (const line of answer.split("\n")) {
    const trimmed = line.trim();
    if (trimmed === `<${tag}>`) row = new Map();
    else if (trimmed === `</${tag}>` && row) {
      rows.push(row);
      row = undefined;
    } else {
      const [, name, value] = /^<([a-z-]+)>(.*)<\/\1>$/.exec(trimmed) ?? [];
      if (row && name !== undefined && value !== undefined) row.set(name, unescaped(value));
    }
  }
  return rows;
}

const unescaped = (text: string): string =>
  text
    .replaceAll("&quot;", '"')
    .replaceAll("&apos;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
