// Reads an SQL dump as it streams by: the rows of the tables that are wanted, and how many rows the others have. Takes what `pg_dump` writes (COPY blocks,
// --inserts, --column-inserts) and the INSERTs of SQLite's `.dump`. Nothing of an unwanted table is kept, so that a dump may be of any size.
import { statementValues, tableColumns } from "./sql.ts";

/** A column's text, or null where the dump says NULL. */
export type Values = Map<string, string | null>;

export type DumpSink = {
  wanted(table: string): boolean;
  row(table: string, values: Values): void;
  /** A row that is not wanted or, with a reason, that could not be read. */
  skipped(table: string, why: string | null): undefined;
};

/** The dump is none, or not in a form that can be read. The message says what to do. */
export class DumpError extends Error {}

/** A row or statement longer than this is not kept. */
const maxKept = 64 * 1024 * 1024;

const copyHead = /^\s*COPY\s+((?:"[^"]+"|[\w$]+)(?:\s*\.\s*(?:"[^"]+"|[\w$]+))?)\s*(?:\(([^)]*)\))?\s+FROM\s+stdin\b/i;
const insertHead = /^\s*INSERT\s+INTO\s+((?:"[^"]+"|[\w$]+)(?:\s*\.\s*(?:"[^"]+"|[\w$]+))?)\s*(\()?/i;
const createHead = /^\s*CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?((?:"[^"]+"|[\w$]+)(?:\s*\.\s*(?:"[^"]+"|[\w$]+))?)/i;
/** No head of a statement is longer than what is looked at to tell what it is. */
const headLength = 512;

const nameOf = (written: string): string => unquoted(written.split(".").at(-1) ?? "");
const unquoted = (name: string): string =>
  name
    .trim()
    .replace(/^"(.*)"$/, "$1")
    .toLowerCase();

/** Where the reader is while it waits for `end`: in quotes or in a comment. */
type Inside = { end: string; backslash: boolean; comment: boolean; opening: number };
type Statement = {
  pieces: string[];
  length: number;
  /** What it is, once its head was seen. */
  kind: "unknown" | "kept" | "skipped";
  table: string;
  /** Parentheses opened at the outermost level: the column list, and a row each. */
  groups: number;
  listed: boolean;
  tooLong: boolean;
};
const fresh = (): Statement => ({
  pieces: [],
  length: 0,
  kind: "unknown",
  table: "",
  groups: 0,
  listed: false,
  tooLong: false,
});

type Copy = { table: string; columns: string[] | undefined; wanted: boolean };

/** Give it the dump's text piece by piece with `write`, then call `end`. */
export class DumpReader {
  #sink: DumpSink;
  #columns = new Map<string, string[]>();
  #rest = "";
  #begun = false;
  #statement = fresh();
  #inside: Inside | undefined;
  #depth = 0;
  /** The last two characters before the present text, and whether an E'' string ended right there. */
  #tail = "";
  #again = false;
  #copy: Copy | undefined;
  #line: { pieces: string[]; length: number } = { pieces: [], length: 0 };

  constructor(sink: DumpSink) {
    this.#sink = sink;
  }

  /** Throws DumpError if this is no SQL. */
  write(text: string): void {
    if (!this.#begun) {
      const head = this.#rest + text;
      if (head.length < 8) {
        this.#rest = head;
        return;
      }
      this.#begun = true;
      this.#rest = "";
      if (head.startsWith("PGDMP"))
        throw new DumpError(
          "This is pg_dump's custom format: turn it into SQL first, with pg_restore -f dump.sql FILE.",
        );
      if (head.slice(0, 32).includes("\u0000"))
        throw new DumpError("This is no SQL text: export with pg_dump, or with SQLite's .dump.");
      this.#take(head.replace(/^\uFEFF/, ""), false);
    } else this.#take(text, false);
  }

  /** Throws DumpError if the dump breaks off in the middle of something. */
  end(): void {
    this.#take("", true);
    if (this.#copy) throw new DumpError(`The dump breaks off within the rows of ${this.#copy.table}: export it again.`);
    if (this.#brokenOff() || /\S/.test(this.#statement.pieces.join("")))
      throw new DumpError("The dump breaks off within a statement: export it again.");
  }

  #take(text: string, last: boolean): void {
    let buffer = this.#rest + text;
    this.#rest = "";
    while (buffer !== "") {
      const used = this.#copy && !this.#inside ? this.#takeLine(buffer, last) : this.#takeSql(buffer, last);
      if (used === 0) break;
      buffer = buffer.slice(used);
    }
    this.#rest = buffer;
  }

  // --- rows of COPY: a line each

  #takeLine(buffer: string, last: boolean): number {
    const copy = this.#copy;
    if (!copy) return 0;
    let at = 0;
    for (;;) {
      const end = buffer.indexOf("\n", at);
      const piece = buffer.slice(at, end < 0 ? buffer.length : end);
      if (this.#line.length + piece.length <= (copy.wanted ? maxKept : 16)) this.#line.pieces.push(piece);
      this.#line.length += piece.length;
      if (end < 0 && !last) return buffer.length;
      const length = this.#line.length;
      const line = this.#line.pieces.join("").replace(/\r$/, "");
      this.#line = { pieces: [], length: 0 };
      at = end < 0 ? buffer.length : end + 1;
      if (line === "\\." && length <= 3) {
        this.#copy = undefined;
        return at;
      }
      if (length > 0 || end >= 0) this.#copied(copy, line, length);
      if (at >= buffer.length) return at;
    }
  }

  #copied(copy: Copy, line: string, length: number): undefined {
    const { table, columns, wanted } = copy;
    if (!wanted) return this.#sink.skipped(table, null);
    if (length > maxKept) return this.#sink.skipped(table, "the row is too long to be read");
    if (!columns) return this.#sink.skipped(table, "the dump does not name the table's columns");
    const fields = line.split("\t");
    if (fields.length !== columns.length)
      return this.#sink.skipped(table, "the row has another number of fields than the table has columns");
    this.#sink.row(table, new Map(columns.map((column, index) => [column, copyField(fields[index] ?? "")])));
  }

  // --- everything else: statements that end at a semicolon outside of quotes

  /** How much of `buffer` is done with; the rest may begin something that more text must decide. */
  #takeSql(buffer: string, last: boolean): number {
    let from = 0;
    let at = 0;
    const flush = () => {
      if (!this.#inside?.comment) this.#keep(buffer.slice(from, at));
      from = at;
    };
    while (at < buffer.length) {
      if (this.#inside) {
        const { to, closed } = endOf(this.#inside, buffer, at, last);
        if (to === at && !closed) break;
        at = to;
        if (!closed) continue;
        flush();
        this.#again = this.#inside.backslash;
        this.#inside = undefined;
        // the rest of COPY's line is over: its rows begin
        if (this.#copy) return at;
        continue;
      }
      ordinary.lastIndex = at;
      ordinary.test(buffer);
      if (ordinary.lastIndex > at) {
        at = ordinary.lastIndex;
        this.#again = false;
        continue;
      }
      const opened = this.#opened(buffer, at, from, last);
      if (opened === "undecided") break;
      if (opened) {
        flush();
        this.#inside = opened;
        at += opened.opening;
        if (opened.comment) from = at;
        continue;
      }
      const char = buffer[at];
      this.#again = false;
      if (char === "(" && this.#depth++ === 0) this.#statement.groups++;
      if (char === ")") this.#depth = Math.max(0, this.#depth - 1);
      if (char === ";" && this.#depth === 0) {
        flush();
        from = ++at;
        if (this.#finish()) {
          this.#inside = { end: "\n", backslash: false, comment: true, opening: 0 };
          this.#tail = "";
        }
        continue;
      }
      at++;
    }
    flush();
    this.#tail = (this.#tail + buffer.slice(0, at)).slice(-2);
    return at;
  }

  #opened(buffer: string, at: number, from: number, last: boolean): Inside | "undecided" | undefined {
    const char = buffer[at];
    const two = buffer.slice(at, at + 2);
    const before = (): string => (at >= 2 ? buffer.slice(at - 2, at) : (this.#tail + buffer.slice(0, at)).slice(-2));
    const inside = (end: string, opening: number, more: Partial<Inside> = {}): Inside => ({
      ...{ end, opening, backslash: false, comment: false },
      ...more,
    });
    if (char === "'") return inside("'", 1, { backslash: this.#again || /(?:^|[^\w$])e$/i.test(before()) });
    if (char === '"') return inside('"', 1);
    if ((char === "-" || char === "/") && two.length < 2 && !last) return "undecided";
    if (two === "--") return inside("\n", 2, { comment: true });
    if (two === "/*") return inside("*/", 2, { comment: true });
    // psql's own commands, a line each
    if (char === "\\" && this.#blank(buffer.slice(from, at))) return inside("\n", 1, { comment: true });
    if (char !== "$" || /[\w$]$/.test(before())) return undefined;
    const rest = buffer.slice(at, at + 66);
    const tag = /^\$(?:[A-Za-z_]\w{0,62})?\$/.exec(rest)?.[0];
    if (tag) return inside(tag, tag.length);
    return !last && rest.length < 66 && /^\$\w*$/.test(rest) ? "undecided" : undefined;
  }

  #brokenOff(): boolean {
    return (this.#inside !== undefined && this.#inside.end !== "\n") || this.#depth > 0;
  }

  #blank(more: string): boolean {
    return this.#statement.length < headLength && !/\S/.test(this.#statement.pieces.join("") + more);
  }

  #keep(piece: string): void {
    const statement = this.#statement;
    if (piece === "") return;
    statement.length += piece.length;
    if (statement.kind === "skipped") return;
    if (statement.length > maxKept) {
      statement.tooLong = true;
      statement.pieces = [];
      statement.kind = "skipped";
      return;
    }
    if (statement.kind === "unknown" && statement.pieces.length === 0) statement.pieces.push(piece.trimStart());
    else statement.pieces.push(piece);
    if (statement.kind === "unknown" && statement.length >= headLength) this.#judge();
  }

  #judge(): void {
    const statement = this.#statement;
    const head = statement.pieces.join("");
    statement.pieces = [head];
    const insert = insertHead.exec(head);
    if (insert) {
      statement.table = nameOf(insert[1] ?? "");
      statement.listed = insert[2] === "(";
      statement.kind = this.#sink.wanted(statement.table) ? "kept" : "skipped";
    } else statement.kind = createHead.test(head) || copyHead.test(head) ? "kept" : "skipped";
    if (statement.kind === "skipped") statement.pieces = [];
  }

  /** Whether rows of COPY follow. */
  #finish(): boolean {
    const statement = this.#statement;
    if (statement.kind === "unknown") this.#judge();
    const text = statement.pieces.join("");
    this.#statement = fresh();
    this.#depth = 0;
    const copy = copyHead.exec(text);
    if (copy) {
      const table = nameOf(copy[1] ?? "");
      const columns = copy[2] === undefined ? this.#columns.get(table) : copy[2].split(",").map(unquoted);
      this.#copy = { table, columns, wanted: this.#sink.wanted(table) };
      return true;
    }
    if (statement.table !== "") this.#inserted(statement, text);
    else {
      const create = createHead.exec(text);
      if (create) this.#columns.set(nameOf(create[1] ?? ""), tableColumns(text));
    }
    return false;
  }

  #inserted(statement: Statement, text: string): undefined {
    const { table } = statement;
    const rows = Math.max(1, statement.groups - (statement.listed ? 1 : 0));
    const skip = (why: string | null): undefined => {
      for (let row = 0; row < rows; row++) this.#sink.skipped(table, why);
    };
    if (statement.tooLong) return skip("the statement is too long to be read");
    if (statement.kind === "skipped") return skip(null);
    const found = statementValues(text);
    const columns = found?.columns?.map(unquoted) ?? this.#columns.get(table);
    if (!found) return skip("the statement could not be read");
    if (!columns) return skip("the dump does not name the table's columns");
    for (const values of found.rows)
      if (values.length > columns.length)
        this.#sink.skipped(table, "the row has more fields than the table has columns");
      else this.#sink.row(table, new Map(values.map((value, index) => [columns[index] ?? "", value])));
  }
}

/** What can neither begin nor end anything. */
const ordinary = /[^'"\-/$\\();]*/y;

/** How far the text is certainly inside, and whether it ends there. */
function endOf(inside: Inside, buffer: string, at: number, last: boolean): { to: number; closed: boolean } {
  if (inside.backslash) {
    for (let index = at; index < buffer.length; index++) {
      if (buffer[index] === inside.end) return { to: index + 1, closed: true };
      if (buffer[index] === "\\" && ++index >= buffer.length)
        return { to: last ? buffer.length : index - 1, closed: false };
    }
    return { to: buffer.length, closed: false };
  }
  const found = buffer.indexOf(inside.end, at);
  if (found >= 0) return { to: found + inside.end.length, closed: true };
  return { to: last ? buffer.length : Math.max(at, buffer.length - inside.end.length + 1), closed: false };
}

const escapes: Record<string, string> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

/** A field of a COPY line in PostgreSQL's text format. */
export function copyField(field: string): string | null {
  if (field === "\\N") return null;
  if (!field.includes("\\")) return field;
  return field.replace(/\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|([\s\S]))/g, (_, octal, hex, char) => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    return escapes[char] ?? char;
  });
}
