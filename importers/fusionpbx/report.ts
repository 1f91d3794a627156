// What an import says about itself: a table of every finding, and a summary to read.
import type { Imported } from "./import.ts";
import type { Finding } from "./ledger.ts";

const columns = ["domain", "table", "uuid", "name", "field", "value", "reason", "count"] as const;

/** All findings as CSV (RFC 4180). What a spreadsheet would take for a formula has an apostrophe before it. */
export function csv(findings: Finding[]): string {
  const lines = findings.map((finding) => columns.map((column) => csvCell(finding[column])).join(","));
  return `${[columns.join(","), ...lines].join("\r\n")}\r\n`;
}

function csvCell(value: string | number | null): string {
  const text = value === null ? "" : String(value);
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

/** What was made of each domain, and what was not carried, the reasons by how often they hold. */
export function summary({ tenants, account, tallies, findings }: Imported): string {
  const made = [
    ...tenants.map(({ domain, document }) => `${domain}: ${counts(document)}`),
    ...(account ? [`for the account: ${counts(account)}`] : []),
  ];
  const rows = tallies.map(({ table, rows, carried }) => `${table}: ${carried} of ${rows}`);
  const whole = findings.filter(({ field }) => field === null);
  const fields = findings.filter(({ field }) => field !== null);
  return [
    "Documents",
    ...made.map(indent),
    "Rows carried",
    ...rows.map(indent),
    "Rows not carried",
    ...grouped(whole, ({ table, reason }) => `${table}: ${reason}`).map(indent),
    "Fields of carried rows that have no place here, or not as they were",
    ...grouped(fields, ({ table, field, reason }) => `${table}.${field}: ${reason}`).map(indent),
    "",
  ].join("\n");
}

const indent = (text: string): string => `  ${printable(text)}`;

/** Nothing of a tenant's text steers a terminal. */
const printable = (text: string): string =>
  text.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, "\ufffd");

function counts(document: Record<string, unknown>): string {
  const lists = Object.entries(document).flatMap(([plural, items]) =>
    Array.isArray(items) ? [`${items.length} ${plural}`] : [],
  );
  return lists.join(", ") || "nothing";
}

function grouped(findings: Finding[], key: (finding: Finding) => string): string[] {
  const found = new Map<string, { count: number; uuids: string[] }>();
  for (const finding of findings) {
    const group = found.get(key(finding)) ?? { count: 0, uuids: [] };
    found.set(key(finding), group);
    group.count += finding.count;
    if (finding.uuid !== null && group.uuids.length < 3) group.uuids.push(finding.uuid);
  }
  return [...found]
    .sort(([, a], [, b]) => b.count - a.count)
    .map(
      ([what, { count, uuids }]) =>
        `${count} × ${what}${uuids.length > 0 ? ` (${uuids.join(", ")}${count > uuids.length ? ", …" : ""})` : ""}`,
    );
}
