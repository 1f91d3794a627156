// What is written to the terminal: tables, colours where there is one, and no text of a tenant that could command it.

const dangerous = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
const escaped = (text: string): string =>
  text.replaceAll(dangerous, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** One line of text with all that a terminal would obey, or that would turn its order round, made visible. */
export const inert = (text: string): string => escaped(text).replaceAll("\n", "\\n").replaceAll("\t", "\\t");

/** JSON, indented; what a terminal would obey is escaped, which JSON allows. */
export const json = (value: unknown): string => escaped(JSON.stringify(value, null, 2) ?? "null");

const styles = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;
export type Style = keyof typeof styles;

export type Output = {
  /** A line to stdout; anything of a tenant's goes through `inert` before. */
  line(text: string): void;
  /** A line to stderr: hints, progress. */
  note(text: string): void;
  paint(style: Style, text: string): string;
};

export type Stream = { write(text: string): unknown; isTTY?: boolean };

/** Colours on a terminal alone, and not where NO_COLOR says so (no-color.org). */
export function createOutput(stdout: Stream, stderr: Stream, env: Record<string, string | undefined>): Output {
  const colours = stdout.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb";
  return {
    line: (text) => void stdout.write(`${text}\n`),
    note: (text) => void stderr.write(`${text}\n`),
    paint: (style, text) => (colours ? `\u001b[${styles[style]}m${text}\u001b[0m` : text),
  };
}

/** A value in a cell. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return "-";
  return inert(typeof value === "string" ? value : JSON.stringify(value));
}

const widest = 48;
const cut = (text: string): string => (text.length > widest ? `${text.slice(0, widest - 1)}…` : text);

/** Rows under bold headings, in columns. */
export function table(output: Output, headings: string[], rows: unknown[][]): void {
  const cells = rows.map((row) => row.map((value) => cut(shown(value))));
  const widths = headings.map((heading, index) =>
    Math.max(heading.length, ...cells.map((row) => (row[index] ?? "").length)),
  );
  const lay = (row: string[]): string =>
    row.map((text, index) => (index === row.length - 1 ? text : text.padEnd(widths[index] ?? 0))).join("  ");
  output.line(output.paint("bold", lay(headings)));
  for (const row of cells) output.line(lay(row));
}

/** The members of an object, one a line; what is nested is indented. */
export function members(output: Output, value: Record<string, unknown>, indent = ""): void {
  for (const [name, member] of Object.entries(value)) {
    const label = `${indent}${output.paint("cyan", inert(name))}:`;
    if (typeof member !== "object" || member === null || Object.keys(member).length === 0) {
      output.line(`${label} ${shown(member)}`);
      continue;
    }
    output.line(label);
    if (!Array.isArray(member)) members(output, member as Record<string, unknown>, `${indent}  `);
    else for (const item of member) output.line(`${indent}  - ${shown(item)}`);
  }
}

/** Names of secrets tell nobody anything. */
const unnamed = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value ?? null).replaceAll(/\{"secret":"sec_\w+#\d+"\}/g, '"(secret)"'));

type DiffLine = {
  op: string;
  kind: string;
  key: string;
  before?: unknown;
  after?: unknown;
  fields?: string[] | undefined;
};

/** `+ extension 1001`, `~ trunk carrier` with what was and what is, `- queue support`. */
export function diff(output: Output, lines: DiffLine[], indent = ""): void {
  const signs: Record<string, [string, Style]> = {
    create: ["+", "green"],
    update: ["~", "yellow"],
    delete: ["-", "red"],
  };
  for (const { op, kind, key, before, after, fields } of lines) {
    const [sign, style] = signs[op] ?? ["?", "dim"];
    output.line(`${indent}${output.paint(style, `${sign} ${inert(kind)} ${inert(key)}`)}`);
    const [was, is] = [before, after].map((side) => (side ?? {}) as Record<string, unknown>);
    const names = op === "delete" ? [] : (fields ?? Object.keys(is ?? {}));
    for (const name of names) {
      const [from, to] = [was, is].map((side) => shown(unnamed(side?.[name])));
      if (op !== "create") output.line(`${indent}    ${inert(name)}: ${from} → ${to}`);
      else if (is?.[name] !== null) output.line(`${indent}    ${inert(name)}: ${to}`);
    }
  }
}
