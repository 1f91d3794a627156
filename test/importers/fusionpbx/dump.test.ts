// The dump reader: whatever a dump's text holds comes out as it went in, in whatever pieces the text arrives; garbage ends in a clear error or in nothing.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DumpError, DumpReader } from "../../../importers/fusionpbx/dump.ts";

type Read = { rows: Record<string, string | null>[]; skipped: { table: string; why: string | null }[] };

/** `sizes`: of the pieces in which the text arrives, again and again. */
function read(text: string, sizes: number[] = [text.length]): Read {
  const found: Read = { rows: [], skipped: [] };
  const reader = new DumpReader({
    wanted: (table) => table === "v_wanted",
    row: (_, values) => found.rows.push(Object.fromEntries(values)),
    skipped(table, why) {
      found.skipped.push({ table, why });
    },
  });
  for (let at = 0, turn = 0; at < text.length; turn++) {
    const size = Math.max(1, sizes[turn % sizes.length] ?? 1);
    reader.write(text.slice(at, at + size));
    at += size;
  }
  reader.end();
  return found;
}

const copied = (value: string | null): string =>
  value === null
    ? "\\N"
    : value.replace(
        /[\\\b\f\n\r\t\v]/g,
        (c) => `\\${{ "\b": "b", "\f": "f", "\n": "n", "\r": "r", "\t": "t", "\v": "v" }[c] ?? c}`,
      );
const quoted = (value: string | null): string => (value === null ? "NULL" : `'${value.replaceAll("'", "''")}'`);
const cell = fc.option(
  fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({
      unit: fc.constantFrom("\\", "'", '"', "\n", "\t", "\r", ";", "(", ")", "-", "/", "*", "$", "N", ".", "E", "é"),
    }),
    fc.constantFrom(
      "\\.",
      "\\N",
      "$$",
      "--",
      "/*",
      "COPY v_wanted (a) FROM stdin;",
      "'); INSERT INTO v_wanted VALUES ('x",
    ),
  ),
  { nil: null },
);
const rows = fc.array(fc.tuple(cell, cell), { maxLength: 5 });
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
const expected = (cells: [string | null, string | null][]) => cells.map(([a, b]) => ({ a, b }));
const created =
  "CREATE TABLE public.v_wanted (\n a text NOT NULL,\n \"b\" numeric(10,2) DEFAULT '0,5',\n CONSTRAINT k PRIMARY KEY (a)\n);\n";

describe("any text comes through", () => {
  it("COPY's escapes, in any pieces, beside a table that is not wanted", () => {
    fc.assert(
      fc.property(rows, sizes, (cells, pieces) => {
        const lines = cells.map((row) => `${row.map(copied).join("\t")}\n`).join("");
        const dump = `-- it's a dump\n\\restrict a'b\nCOPY public.v_other (a, b) FROM stdin;\n${lines}\\.\n\nCOPY public.v_wanted (a, "b") FROM stdin;\n${lines}\\.\n\n`;
        const found = read(dump, pieces);
        expect(found.rows).toEqual(expected(cells));
        expect(found.skipped).toEqual(cells.map(() => ({ table: "v_other", why: null })));
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ["--column-inserts", (row: string) => `INSERT INTO public.v_wanted (a, b) VALUES (${row});\n`],
    ["--inserts", (row: string) => `INSERT INTO public.v_wanted VALUES (${row});\n`],
    ["SQLite", (row: string) => `INSERT INTO "v_wanted" VALUES(${row});\n`],
  ])("INSERTs as of %s, in any pieces, among other statements", (_, insert) => {
    fc.assert(
      fc.property(rows, sizes, (cells, pieces) => {
        const dump = cells
          .map((row) => {
            const values = row.map(quoted).join(", ");
            return `${insert(values)}INSERT INTO v_other VALUES (${values}), (${values});\nCOMMENT ON TABLE v_wanted IS ${quoted(row[0])};\n`;
          })
          .join("");
        const found = read(`/* it's */ SET x = 'y';\n${created}${dump}`, pieces);
        expect(found.rows).toEqual(expected(cells));
        expect(found.skipped).toEqual(cells.flatMap(() => [1, 2].map(() => ({ table: "v_other", why: null }))));
      }),
      { numRuns: 100 },
    );
  });

  it("a value with casts, with backslash escapes, of several rows, with line breaks as SQLite writes them", () => {
    const found = read(
      `${created}INSERT INTO v_wanted VALUES (E'it''s\\n\\'x\\\\', 'y'::text), (1.5, true),(NULL::uuid,replace(replace('a\\nb\\r','\\r',char(13)),'\\n',char(10))) ON CONFLICT DO NOTHING;`,
    );
    expect(found.rows).toEqual([
      { a: "it's\n'x\\", b: "y" },
      { a: "1.5", b: "true" },
      { a: null, b: "a\nb\r" },
    ]);
  });

  it("what a function's body says is no row", () => {
    expect(
      read(
        "CREATE FUNCTION f() AS $_$ ; INSERT INTO v_wanted (a) VALUES ('1'); $_$;\nSELECT $1;\nINSERT INTO v_wanted (a) VALUES ('2');",
      ).rows,
    ).toEqual([{ a: "2" }]);
  });
});

describe("what can't be read", () => {
  it("is told apart: a row that does not fit its columns, a table without named columns, a value that is an expression", () => {
    const found = read(
      "COPY v_wanted (a, b) FROM stdin;\nx\n\\.\nINSERT INTO v_wanted VALUES ('1');\nINSERT INTO v_wanted (a) VALUES (now());\n",
    );
    expect(found.rows).toEqual([]);
    expect(found.skipped.map(({ why }) => why)).toEqual([
      "the row has another number of fields than the table has columns",
      "the dump does not name the table's columns",
      "the statement could not be read",
    ]);
  });

  it.each([
    ["PGDMP\u0001\u000e…", /pg_restore/],
    ["SQLite format 3\u0000\u0010", /no SQL text/],
    ["COPY v_wanted (a) FROM stdin;\nx\n", /breaks off within the rows of v_wanted/],
    ["INSERT INTO v_wanted (a) VALUES ('x", /breaks off within a statement/],
    ["INSERT INTO v_wanted (a) VALUES ('x')", /breaks off within a statement/],
  ])("%j says what to do", (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it("garbage ends, in an error that says so or in nothing", () => {
    const token = fc.constantFrom(
      "COPY v_wanted (a) FROM stdin;\n",
      "INSERT INTO v_wanted VALUES (",
      "\\.\n",
      "'",
      '"',
      "$$",
      "$a$",
      "--",
      "/*",
      "*/",
      "E'",
      "\\",
      "(",
      ")",
      ";",
      "\n",
      "x",
      "\u0000",
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(token, fc.string({ unit: "binary" })), { maxLength: 40 }),
        sizes,
        (parts, pieces) => {
          try {
            read(parts.join(""), pieces);
          } catch (error) {
            expect(error).toBeInstanceOf(DumpError);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it("a line without end of a table that is not wanted is not kept", () => {
    const reader = new DumpReader({ wanted: () => false, row: () => {}, skipped: () => undefined });
    const piece = "x".repeat(1 << 20);
    const round = () => {
      for (let index = 0; index < 100; index++) reader.write(piece);
      return process.memoryUsage().heapUsed;
    };
    reader.write("COPY v_other (a) FROM stdin;\n");
    const before = round();
    expect(round() - before).toBeLessThan(50 * (1 << 20));
    reader.write("\n\\.\nINSERT INTO v_other VALUES ('");
    expect(round() - before).toBeLessThan(50 * (1 << 20));
    reader.write("');");
    reader.end();
  });
});
