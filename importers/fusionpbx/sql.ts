// The two statements of SQL that a dump is read from: the columns of a CREATE TABLE and the values of an INSERT.

const notColumns = /^(?:constraint|primary|unique|foreign|check|exclude|like)\b/i;

/** The names of a table's columns, in their order, in lower case. `text` is a CREATE TABLE statement. */
export function tableColumns(text: string): string[] {
  const scanner = new Scanner(text);
  scanner.skipTo("(");
  return scanner.parts().flatMap((part) => {
    const [, quoted, plain] = /^\s*(?:"([^"]+)"|([\w$]+))/.exec(part) ?? [];
    if (quoted === undefined && (plain === undefined || notColumns.test(part.trim()))) return [];
    return [(quoted ?? plain ?? "").toLowerCase()];
  });
}

/** The rows of an INSERT … VALUES statement, with its column list if it has one; undefined if there is something in it that is no plain value. */
export function statementValues(
  text: string,
): { columns: string[] | undefined; rows: (string | null)[][] } | undefined {
  const scanner = new Scanner(text);
  scanner.match(/\s*INSERT\s+INTO\s+(?:"[^"]+"|[\w$]+)(?:\s*\.\s*(?:"[^"]+"|[\w$]+))?\s*/iy);
  const columns = scanner.peek() === "(" ? scanner.parts() : undefined;
  if (scanner.match(/\s*(?:OVERRIDING\s+\w+\s+VALUE\s+)?VALUES\s*/iy) === undefined) return undefined;
  const rows: (string | null)[][] = [];
  for (;;) {
    const row = scanner.row();
    if (!row) return undefined;
    rows.push(row);
    if (scanner.match(/\s*,\s*/y) === undefined) break;
  }
  return scanner.match(/\s*(?:ON\s+CONFLICT\s+DO\s+NOTHING\s*)?$/iy) === undefined ? undefined : { columns, rows };
}

class Scanner {
  #at = 0;
  #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  peek(): string {
    return this.#text[this.#at] ?? "";
  }

  skipTo(char: string): void {
    const found = this.#text.indexOf(char, this.#at);
    this.#at = found < 0 ? this.#text.length : found;
  }

  /** What a sticky pattern finds here, which is stepped over. */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  /** The parts of the parenthesis that begins here, as they are written. */
  parts(): string[] {
    const parts: string[] = [];
    let from = this.#at + 1;
    let depth = 0;
    for (; this.#at < this.#text.length; this.#at++) {
      const char = this.#text[this.#at];
      if (char === "'" || char === '"') {
        const end = this.#text.indexOf(char, this.#at + 1);
        if (end < 0) break;
        this.#at = end;
      } else if (char === "(") depth++;
      else if (char === ")" || (char === "," && depth === 1)) {
        if (char === ")") depth--;
        if (char === ")" && depth > 0) continue;
        parts.push(this.#text.slice(from, this.#at));
        from = this.#at + 1;
        if (depth === 0) break;
      }
    }
    this.#at++;
    return parts;
  }

  row(): (string | null)[] | undefined {
    if (this.match(/\(\s*/y) === undefined) return undefined;
    const values: (string | null)[] = [];
    for (;;) {
      const value = this.value();
      if (value === undefined) return undefined;
      values.push(value);
      if (this.match(/\s*,\s*/y) !== undefined) continue;
      return this.match(/\s*\)/y) === undefined ? undefined : values;
    }
  }

  value(): string | null | undefined {
    if (this.match(/NULL\b/iy) !== undefined) return this.#cast(null);
    const plain = this.match(/'[^']*'(?:'[^']*')*/y);
    if (plain !== undefined) return this.#cast(plain.slice(1, -1).replaceAll("''", "'"));
    const escaped = this.match(/E'(?:[^'\\]|\\[\s\S]|'')*'/iy);
    if (escaped !== undefined) return this.#cast(unescaped(escaped.slice(2, -1)));
    const word = this.match(/[-+]?[\d.]+(?:e[-+]?\d+)?\b|true\b|false\b/iy);
    if (word !== undefined) return this.#cast(word);
    // bytes: no field of the configuration holds any
    if (this.match(/X'[0-9A-Fa-f]*'/iy) !== undefined) return null;
    return this.#replaced();
  }

  #cast<T extends string | null>(value: T): T {
    this.match(/(?:\s*::\s*[\w."]+(?:\s*\(\s*\d+\s*\))?)+/y);
    return value;
  }

  /** SQLite writes a line break as replace('…\n…','\n',char(10)). */
  #replaced(): string | undefined {
    if (this.match(/replace\(\s*/iy) === undefined) return undefined;
    const inner = this.value();
    if (this.match(/\s*,\s*/y) === undefined) return undefined;
    const what = this.value();
    const code = /char\((\d{1,6})\)/i.exec(this.match(/\s*,\s*char\(\d{1,6}\)\s*\)/iy) ?? "")?.[1];
    if (typeof inner !== "string" || typeof what !== "string" || code === undefined || what === "") return undefined;
    return inner.replaceAll(what, String.fromCodePoint(Math.min(Number(code), 0x10ffff)));
  }
}

const letters: Record<string, string> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

const unescaped = (text: string): string =>
  text.replace(
    /''|\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{4})|([\s\S]))/g,
    (whole, octal, hex, unicode, char) => {
      if (whole === "''") return "'";
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
      if (hex ?? unicode) return String.fromCharCode(Number.parseInt(hex ?? unicode, 16));
      return letters[char] ?? char;
    },
  );
