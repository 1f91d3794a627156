// Tables as text: CSV (RFC 4180) as spreadsheets write and read it, with comma, semicolon or tab between cells.

export type CsvRow = { line: number; cells: string[] };

/** The text is no CSV; `line` is where, the first being 1. */
export class NoCsv extends Error {
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

const separators = [",", ";", "\t"];

/** Which one the header has most of, outside quotes. */
function separatorOf(text: string): string {
  const [header = ""] = text.replace(/"[^"]*"/g, "").split(/[\r\n]/, 1);
  const count = (one: string): number => header.split(one).length;
  return separators.reduce((best, one) => (count(one) > count(best) ? one : best));
}

/** The rows with the line that each begins at, lines without anything left out. Throws NoCsv. */
export function readCsv(text: string): CsvRow[] {
  const separator = separatorOf(text);
  const cell = new RegExp(`"([^"]*(?:""[^"]*)*)"|((?!")[^${separator}\\r\\n]*)`, "y");
  const lineEnd = /\r\n|\r|\n/y;
  const rows: CsvRow[] = [];
  let row: CsvRow = { line: 1, cells: [] };
  let line = 1;
  for (let at = 0; at < text.length || row.cells.length > 0; ) {
    cell.lastIndex = at;
    const found = cell.exec(text);
    if (!found) throw new NoCsv(line, "a quotation mark opens a cell and none closes it");
    const [whole, quoted, plain = ""] = found;
    row.cells.push(quoted?.replaceAll('""', '"') ?? plain);
    line += quoted?.match(/\r\n|\r|\n/g)?.length ?? 0;
    at += whole.length;
    if (text[at] === separator) {
      at++;
      continue;
    }
    lineEnd.lastIndex = at;
    const end = lineEnd.exec(text);
    if (!end && at < text.length)
      throw new NoCsv(line, "text follows a cell's closing quotation mark; double the marks that belong to it");
    if (row.cells.length > 1 || quoted !== undefined || plain !== "") rows.push(row);
    at += end?.[0].length ?? 0;
    line++;
    row = { line, cells: [] };
  }
  return rows;
}

/** As text, with commas and CRLF; whatever a reader could take for a separator stands in quotes. */
export const writeCsv = (rows: string[][]): string =>
  rows.map((cells) => `${cells.map(quotedAsNeeded).join(",")}\r\n`).join("");

const quotedAsNeeded = (cell: string): string =>
  /[",;\t\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;

/** A phone number is no formula, though it begins like one: a spreadsheet makes of it that number. */
const number = /^\+[1-9]\d{6,14}$/;

/**
 * The cell of a value that somebody else typed. A spreadsheet would carry out what begins like a formula (OWASP, CSV injection): an apostrophe goes
 * before it, and before what begins with one, so that `unguarded` has the value back. Phone numbers stay as they are.
 */
export const guarded = (value: string): string =>
  (value.startsWith("'") || /^\s*[=+\-@＝＋－＠]/.test(value) || /^[\t\r\n]/.test(value)) && !number.test(value)
    ? `'${value}`
    : value;

/** The value of a cell. An apostrophe before anything else is part of it. */
export const unguarded = (cell: string): string =>
  /^'(?:'|\s*[=+\-@＝＋－＠]|[\t\r\n])/.test(cell) ? cell.slice(1) : cell;
