// The sample dump, and dumps made from it.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { DumpReader } from "../../../importers/fusionpbx/dump.ts";
import { Import, type Imported, type Options } from "../../../importers/fusionpbx/import.ts";
import { isRead } from "../../../importers/fusionpbx/tables.ts";

export const sample = readFileSync(new URL("../../fixtures/fusionpbx/dump.sql", import.meta.url), "utf8");

/** A row of a dump: its table and its columns. */
export type Cells = { table: string; values: Map<string, string | null> };

/** Every row of every table. */
export function rowsOf(dump: string): Cells[] {
  const rows: Cells[] = [];
  const row = (table: string, values: Map<string, string | null>) => {
    rows.push({ table, values });
  };
  const reader = new DumpReader({ wanted: () => true, row, skipped: () => undefined });
  reader.write(dump);
  reader.end();
  return rows;
}

const escaped: Record<string, string> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };
const field = (value: string | null): string =>
  value === null ? "\\N" : value.replace(/[\\\t\n\r]/g, (char) => escaped[char] ?? char);

/** The dump that holds these rows. */
export const dumpOf = (rows: Cells[]): string => rows.map(written).join("\n");

function written({ table, values }: Cells): string {
  const line = [...values.values()].map(field).join("\t");
  return `COPY public.${table} (${[...values.keys()].join(", ")}) FROM stdin;\n${line}\n\\.\n`;
}

/** The import of these rows, as if a dump held them. */
export function importOfRows(rows: Cells[], options: Options = { country: "US" }): Imported {
  const imported = new Import(options);
  for (const { table, values } of rows)
    if (isRead(table)) imported.row(table, values);
    else imported.write(dumpOf([{ table, values }]));
  return imported.end();
}

export function importOf(dump: string, options: Options = { country: "US" }): Imported {
  const imported = new Import(options);
  imported.write(dump);
  return imported.end();
}

const whole = rowsOf(sample);

const hostile = fc.constantFrom(
  ...[
    "",
    null,
    "t",
    "f",
    "-1",
    "99999999999",
    "1001",
    "600",
    "911",
    "*99",
    "x".repeat(500),
    "\u0000\u202e\ud83d",
    "${system rm}",
    "'; DROP--",
  ],
  ...[
    "[]",
    "[{}]",
    "transfer",
    "transfer 700 XML acme.example",
    "lua",
    "acme.example",
    "Sales",
    "</x>",
    "=cmd()",
    "__proto__",
  ],
  ...[
    "7e7a0000-0000-4000-8000-00000000000a",
    "7e7a0000-0000-4000-8000-000000000501",
    "7e7a0000-0000-4000-8000-000000000401",
  ],
);
/** A row of the sample, one of its columns, and what it holds instead; undefined: the row is not there. */
export const wounds = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(60), fc.option(hostile, { nil: undefined })), {
  minLength: 1,
  maxLength: 30,
});

export type Wound = [row: number, column: number, value: string | null | undefined];

/** The sample with these wounds. */
export function damaged(hurt: Wound[]): Cells[] {
  const all: (Cells | undefined)[] = whole.map(({ table, values }) => ({ table, values: new Map(values) }));
  for (const [row, column, value] of hurt) {
    const one = all[row];
    // without any domain it is no dump
    if (value === undefined && one?.table !== "v_domains") all[row] = undefined;
    else if (one) one.values.set([...one.values.keys()][column % one.values.size] ?? "", value ?? null);
  }
  return all.filter((one) => one !== undefined);
}
