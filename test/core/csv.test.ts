// Tables as text: what is written is read back, whatever is in it, and nothing in it is carried out by a spreadsheet.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { guarded, NoCsv, readCsv, unguarded, writeCsv } from "../../core/csv.ts";

const cells = (text: string) => readCsv(text).map((row) => row.cells);
const nasty = fc
  .array(fc.constantFrom(..."a1\"',;\t\r\n=+-@ \ufeffé＝"), { maxLength: 8 })
  .map((some) => some.join(""));

test("what is written is read back, cell by cell", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 4 }), fc.infiniteStream(nasty), fc.nat(5), (width, stream, height) => {
      const rows = Array.from({ length: height }, () => [...stream.take(width)]);
      const header = Array.from({ length: width }, (_, n) => `c${n}`);
      expect(cells(writeCsv([header, ...rows]))).toEqual([header, ...rows]);
    }),
  );
});

test("no cell of somebody's text begins a formula, a phone number stays one, and each has its value back", () => {
  fc.assert(
    fc.property(fc.oneof(nasty, fc.string()), (value) => {
      const cell = guarded(value);
      expect(cell).not.toMatch(/^\s*[=+\-@](?!\d{7,15}$)|^[\t\r\n]/);
      expect(unguarded(cell)).toBe(value);
    }),
  );
  for (const value of [
    "=1+1",
    "+1+cmd|' /C calc'!A0",
    "-1",
    "@SUM(A1)",
    "\t=1",
    " =1",
    "＝1",
    "'=1",
    "+15550100,",
    "+1",
  ])
    expect([guarded(value), unguarded(guarded(value))]).toEqual([`'${value}`, value]);
  for (const value of ["+15550100", "Ada", "O'Neil", ""])
    expect([guarded(value), unguarded(value)]).toEqual([value, value]);
  expect(unguarded("'0123")).toBe("'0123");
});

describe("what spreadsheets write", () => {
  test.each([
    ["CRLF, LF and CR", "a,b\r\n1,2\n3,4\r5,6"],
    ["semicolons", 'a;b\n1;2\n3;4\n"5";6\n'],
    ["tabs", "a\tb\r\n1\t2\r\n3\t4\r\n5\t6\r\n"],
    ["empty lines", "\n\na,b\n\n1,2\n3,4\n\n5,6\n\n"],
  ])("%s", (_, text) => {
    expect(cells(text)).toEqual([
      ["a", "b"],
      ["1", "2"],
      ["3", "4"],
      ["5", "6"],
    ]);
  });

  test("a separator of another sort, and a mark within a cell, are text", () => {
    expect(cells('a;b\n1,5;6" pipe\n')).toEqual([
      ["a", "b"],
      ["1,5", '6" pipe'],
    ]);
    expect(cells('"a,;b";c\n1;2')).toEqual([
      ["a,;b", "c"],
      ["1", "2"],
    ]);
  });

  test("each row has the line that it begins at", () => {
    expect(readCsv('a,b\r\n"x\r\ny",1\r\n\r\nz,""\r\n')).toEqual([
      { line: 1, cells: ["a", "b"] },
      { line: 2, cells: ["x\r\ny", "1"] },
      { line: 5, cells: ["z", ""] },
    ]);
  });
});

test("a mark that is not closed, or is closed too soon, is told with its line", () => {
  for (const [text, line] of [
    ['a,b\n1,"2\n3,4\n', 2],
    ['a,b\n1,2\n"x"y,4\n', 3],
    ['"', 1],
  ] as const) {
    const error = (() => {
      try {
        return readCsv(text);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(NoCsv);
    expect((error as NoCsv).line).toBe(line);
  }
});

test("a file of marks alone takes no more time than it is long", () => {
  expect(cells(`"${'""'.repeat(200_000)}"`)).toEqual([['"'.repeat(200_000)]]);
  expect(() => readCsv(`"${'""'.repeat(200_000)}`)).toThrow(NoCsv);
  expect(cells(`${",".repeat(100_000)}x`)[0]).toHaveLength(100_001);
}, 5000);
