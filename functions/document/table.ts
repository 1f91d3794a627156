// A kind as a table, a row for each resource: reading one into a document and writing one out of it. What a cell can't hold, a list say, stays with apply.
import type { z } from "zod";
import { guarded, NoCsv, readCsv, unguarded, writeCsv } from "../../core/csv.ts";
import { destination } from "../../core/resources/destination.ts";
import type { Body, Kind } from "../../core/resources/kind.ts";
import { markOf } from "../../core/resources/marks.ts";
import type { Context } from "../context.ts";
import { type Flaw, Problem } from "../problem.ts";
import { editsOf, isObject, maxItems } from "./apply.ts";
import { shownBy } from "./batch.ts";
import { type Edit, many } from "./draft.ts";
import type { Head } from "./head.ts";
import type { View } from "./view.ts";
import type { Outcome } from "./write.ts";

type Form = "text" | "word" | "number" | "boolean" | "destination" | "secret";
/** `path`: of members; a 0 is the first of a list, whose others stay as they are. */
type Column = { name: string; path: string[]; form: Form };
/** Cells by column, without those that are empty. `line`: of the file, from 1. */
export type Row = { line: number; cells: Record<string, string> };

type Def = { type: string; shape?: Record<string, z.core.$ZodType>; innerType?: z.core.$ZodType };

const forms: Record<string, Form> = { string: "text", enum: "word", number: "number", boolean: "boolean" };

function columnsIn(schema: z.core.$ZodType, path: string[]): Column[] {
  const mark = markOf(schema);
  const { type, shape, innerType } = schema._zod.def as unknown as Def;
  const column = (form: Form): Column[] => [{ name: path.join("."), path, form }];
  if (mark) return column(mark.mark === "secret" ? "secret" : "text");
  if (schema === destination()) return column("destination");
  if (innerType) return columnsIn(innerType, path);
  if (shape) return Object.entries(shape).flatMap(([name, inner]) => columnsIn(inner, [...path, name]));
  const form = forms[type];
  return form ? column(form) : [];
}

/** Every column that the kind's table may have, the natural key first. An extension's first device is part of its row. */
export function columnsOf(kind: Kind): Column[] {
  const device = (name: string, form: Form): Column => ({ name, path: ["devices", "0", name], form });
  const own = kind.kind === "extension" ? [device("username", "word"), device("password", "secret")] : [];
  return [...columnsIn(kind.schema, []), ...own];
}

/** `extension:1001`, `outside-number:+15550123`, `hangup:busy`. */
function destinationOf(cell: string): Body {
  const [kind = "", ...rest] = cell.split(":");
  const member = kind === "hangup" ? "cause" : kind === "outside-number" ? "number" : "ref";
  return { kind, [member]: rest.join(":") };
}

/** What its schema takes, or the text itself, which the schema then refuses. */
function readAs({ form }: Column, cell: string): unknown {
  const word = cell.trim();
  if (form === "boolean") return /^(true|yes|1)$/i.test(word) || (/^(false|no|0)$/i.test(word) ? false : word);
  if (form === "number") return /^-?\d{1,15}$/.test(word) ? Number(word) : word;
  if (form === "destination") return destinationOf(cell);
  return form === "word" ? word : cell;
}

/** Throws `invalid`: the file is no table of the kind. */
export function rowsOf(kind: Kind, text: string): Row[] {
  const [header, ...rest] = read(text);
  // spreadsheets fill rows up to the longest
  const names = trimmed((header?.cells ?? []).map((name) => name.trim()));
  const known = columnsOf(kind).map(({ name }) => name);
  const wrong = names.find((name, index) => !known.includes(name) || names.indexOf(name) !== index);
  if (wrong !== undefined) {
    const name = JSON.stringify(wrong.slice(0, 64));
    const why = known.includes(wrong) ? "is there twice" : `is no column; known are ${known.join(", ")}`;
    throw unreadable(header?.line ?? 1, `${name} ${why}`);
  }
  if (!names.includes(kind.key))
    throw unreadable(1, `the first line names the columns; ${kind.key} must be one of them`);
  const filled = rest.filter(({ cells }) => cells.some((cell) => cell !== ""));
  if (filled.length > maxItems)
    throw new Problem("too_many_changes", `More than ${maxItems} rows at once; send them in several parts.`);
  return filled.map(({ line, cells: all }) => {
    const cells = trimmed(all);
    if (cells.length > names.length)
      throw unreadable(line, `has ${cells.length} cells, and the first line names ${names.length} columns`);
    const named = names.map((name, index) => [name, unguarded(cells[index] ?? "")] as const);
    return { line, cells: Object.fromEntries(named.filter(([, cell]) => cell !== "")) };
  });
}

/** Without the empty ones at its end. */
const trimmed = (cells: string[]): string[] => cells.slice(0, cells.findLastIndex((cell) => cell !== "") + 1);

const unreadable = (line: number, why: string): Problem =>
  new Problem("invalid", `Line ${line}: ${why}.`, { errors: [{ pointer: `/${line}`, detail: why }] });

function read(text: string): ReturnType<typeof readCsv> {
  try {
    return readCsv(text);
  } catch (error) {
    throw error instanceof NoCsv ? unreadable(error.line, error.message) : error;
  }
}

/** The row as apply takes an item. `before`: the resource as it is. */
function itemOf(kind: Kind, columns: Column[], { cells }: Row, before: Body | undefined): Body {
  const item: Body = {};
  for (const column of columns) {
    const cell = cells[column.name];
    if (cell === undefined) continue;
    let holder = item;
    for (const [index, part] of column.path.slice(0, -1).entries()) {
      if (column.path[index + 1] === "0") holder[part] ??= listBefore(before?.[part], kind, cells);
      const inner = Array.isArray(holder) ? holder[Number(part)] : (holder[part] ?? {});
      holder[part] = inner;
      holder = inner as Body;
    }
    holder[column.path.at(-1) ?? ""] = readAs(column, column.name === kind.key ? cell.trim() : cell);
  }
  return item;
}

/** The list as it is, or with the one item that a new resource has: a device by the extension's number. */
const listBefore = (list: unknown, kind: Kind, cells: Row["cells"]): unknown[] =>
  Array.isArray(list) && list.length > 0 ? structuredClone(list) : [{ username: cells[kind.key]?.trim() }];

type Report = { line: number; op: "create" | "update" | "same" | "refused"; key: string; errors: Flaw[] };
type Told = Report & { id: string | null; secrets?: { pointer: string; value: string }[] };

/** The rows as a write: what the natural key finds is changed where a cell says so, what it does not is made. */
export function importOf(ctx: Context, kind: Kind, rows: Row[]) {
  const columns = columnsOf(kind);
  const keyOf = ({ cells }: Row): string => cells[kind.key]?.trim() ?? "";
  /** The rows that what is refused is about, where it has no places: those that a limit leaves no room for, that of a number that was just taken. */
  const rowsFor = ({ code, errors, message, extra }: Problem): Flaw[] => {
    const flaw = (row: Row, detail: string): Flaw => ({
      pointer: `/${kind.plural}/${rows.indexOf(row)}/${kind.key}`,
      detail,
    });
    if (errors.length > 0) return errors;
    if (code === "taken")
      return rows.filter((row) => keyOf(row) === extra[kind.key]).map((row) => flaw(row, "is taken"));
    if (code !== "limit_reached") return [];
    const { value, used } = extra.limit as { value: number; used: number };
    return fresh
      .slice(Math.max(0, value - used))
      .slice(0, 100)
      .map((row) => flaw(row, message.replace(/\.$/, "")));
  };
  /** Those that make something. */
  let fresh: Row[] = [];
  return {
    async edits(view: View, head: Head): Promise<Edit[]> {
      if (rows.length > many) await view.load();
      const items = [];
      fresh = [];
      for (const row of rows) {
        const before = await view.byKey(kind, keyOf(row));
        if (!before) fresh.push(row);
        items.push(itemOf(kind, columns, row, before?.body));
      }
      return editsOf(ctx, head, view, { [kind.plural]: items }, []);
    },
    /** What came of each row. Of a dry run what would, without the ids and secrets that it makes. */
    tell({ revision, draft: { changes }, secrets }: Outcome): Record<string, unknown> {
      const changed = new Map(changes.flatMap(({ before, after }) => (after ? [[after.id, { before, after }]] : [])));
      const byKey = new Map([...changed.values()].map((one) => [String(one.after.body[kind.key]), one]));
      const shown = shownBy(secrets);
      const told = rows.map((row): Told => {
        const [key, change] = [keyOf(row), byKey.get(keyOf(row))];
        const own = shown.get(change?.after.id ?? "");
        return {
          ...{ line: row.line, op: change ? (change.before ? "update" : "create") : "same", key },
          ...{ id: revision === null ? null : (change?.after.id ?? null), errors: [] },
          ...(own && { secrets: own }),
        };
      });
      const count = (op: Report["op"]): number => told.filter((row) => row.op === op).length;
      return { revision, created: count("create"), updated: count("update"), same: count("same"), rows: told };
    },
    /** A refusal by lines and columns instead of places in a document; `rows` are those that are refused. */
    explain(error: unknown): unknown {
      if (!(error instanceof Problem)) return error;
      const errors: Flaw[] = [];
      const refused = new Map<number, Report>();
      for (const { pointer, detail } of rowsFor(error)) {
        const [, index = "", rest = ""] = /^\/[^/]+\/(\d+)(.*)$/.exec(pointer) ?? [];
        const row = rows[Number(index)];
        if (index === "" || !row) return error;
        const column = columns.find(({ path }) => `${rest}/`.startsWith(`/${path.join("/")}/`));
        const flaw = { pointer: `/${row.line}${column ? `/${column.name}` : rest}`, detail };
        const report = refused.get(row.line) ?? { line: row.line, op: "refused", key: keyOf(row), errors: [] };
        report.errors.push(flaw);
        refused.set(row.line, report);
        errors.push(flaw);
      }
      const [first] = errors;
      if (!first) return error;
      const [, line, column = ""] = first.pointer.split("/");
      const detail = `Line ${line}${column && `, ${column}`}: ${first.detail}. Nothing was imported.`;
      const extra = { ...error.extra, rows: [...refused.values()] };
      return new Problem(error.code, detail, { errors, headers: error.headers, extra });
    },
  };
}

const within = (value: unknown, path: string[]): unknown =>
  path.reduce((at, part) => (isObject(at) || Array.isArray(at) ? (at as Body)[part] : undefined), value);

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (!isObject(value)) return guarded(String(value));
  return guarded(`${value.kind}:${value.cause ?? value.number ?? value.ref}`);
}

/** Resources, by names in place of ids, as a table with all columns but secrets. An import of it changes nothing. */
export function tableOf(kind: Kind, resources: Body[]): string {
  const columns = columnsOf(kind).filter(({ form }) => form !== "secret");
  const rows = resources.map((resource) => columns.map(({ path }) => cellOf(within(resource, path))));
  return writeCsv([columns.map(({ name }) => name), ...rows]);
}
