// FIELD=VALUE of a command line as a body, by the types that the kind's fields have. FIELD:=JSON is JSON whatever the field.
import type { KindData } from "../client/kinds.ts";
import { Usage } from "./exit.ts";

const form = /^([A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z][A-Za-z0-9]*)*)(:?=)([\s\S]*)$/;

/** `number=1001 outbound.permission=national devices:='[…]'`. `null` is null. Throws Usage. */
export function bodyOf(assignments: string[], kind: KindData): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const assignment of assignments) {
    const [, name = "", sign, value = ""] = form.exec(assignment) ?? [];
    if (name === "") throw new Usage(`${JSON.stringify(assignment)} is no FIELD=VALUE.`);
    set(body, name.split("."), sign === ":=" ? jsonOf(name, value) : typed(name, value, kind));
  }
  return body;
}

function set(body: Record<string, unknown>, path: string[], value: unknown): void {
  const [name = "", ...rest] = path;
  if (name === "__proto__") throw new Usage("There is no field __proto__.");
  if (rest.length === 0) {
    body[name] = value;
    return;
  }
  const inner = Object.hasOwn(body, name) ? body[name] : undefined;
  const next = typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>) : {};
  body[name] = next;
  set(next, rest, value);
}

function typed(name: string, value: string, { fields, plural }: KindData): unknown {
  const type = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (type === undefined)
    throw new Usage(`${plural} have no field ${JSON.stringify(name)}; there are ${Object.keys(fields).join(", ")}.`);
  if (value === "null") return null;
  switch (type) {
    case "string":
      return value;
    case "boolean":
      if (value !== "true" && value !== "false") throw new Usage(`${name} is true or false.`);
      return value === "true";
    case "number":
      if (value.trim() === "" || !Number.isFinite(Number(value))) throw new Usage(`${name} is a number.`);
      return Number(value);
    case "json":
      return jsonOf(name, value);
  }
}

function jsonOf(name: string, value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    throw new Usage(`${name} takes JSON, as in ${name}:='[…]'.`);
  }
}
