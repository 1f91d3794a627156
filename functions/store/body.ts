// How the SQLite adapter writes an item: as JSON. Bytes, which JSON lacks, make it the tagged form: `b` before JSON whose strings
// begin with `s` (text) or `b` (bytes in base64).
import type { Item, Value } from "./store.ts";

export function encode(item: Item): string {
  return holdsBytes(item) ? `b${JSON.stringify(tag(item))}` : JSON.stringify(item);
}

export function decode(body: string): Item {
  return body.startsWith("b") ? untag(JSON.parse(body.slice(1))) : JSON.parse(body);
}

function holdsBytes(value: Value): boolean {
  if (typeof value !== "object" || value === null) return false;
  return value instanceof Uint8Array || Object.values(value).some(holdsBytes);
}

function tag(value: Value): Value {
  if (typeof value === "string") return `s${value}`;
  if (value instanceof Uint8Array) return `b${Buffer.from(value).toString("base64")}`;
  return within(value, tag);
}

function untag<T extends Value>(value: T): T;
function untag(value: Value): Value {
  if (typeof value !== "string") return within(value, untag);
  return value.startsWith("s") ? value.slice(1) : new Uint8Array(Buffer.from(value.slice(1), "base64"));
}

function within(value: Value, change: (value: Value) => Value): Value {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map((element) => change(element));
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, change(member)]));
}
