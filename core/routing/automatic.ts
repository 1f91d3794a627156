// Where calls go on by themselves, without anybody's choice: what must not lead round in a circle. A menu's options may, as each turn is a caller's wish.
import type { KindName } from "../registry.ts";
import type { Destination } from "../resources/destination.ts";
import type { Body } from "../resources/kind.ts";

/** A place of a body, and the destination there. */
export type Onward = { pointer: string; to: Destination };

const fields: Partial<Record<KindName, readonly string[]>> = {
  "ring-group": ["afterwards"],
  queue: ["afterwards"],
  announcement: ["afterwards"],
  directory: ["afterwards"],
  menu: ["timeout", "invalid"],
  schedule: ["open", "closed"],
  "parking-lot": ["timeout"],
  "phone-number": ["destination"],
};

/** `body` is one of its kind's schema, or older than some of its fields. */
export function automatic(kind: KindName, body: Body): Onward[] {
  const own = (fields[kind] ?? []).map((field) => ({ pointer: `/${field}`, to: body[field] }));
  return [...own, ...nested(kind, body)].flatMap(({ pointer, to }) =>
    to === null || to === undefined ? [] : [{ pointer, to: to as Destination }],
  );
}

function nested(kind: KindName, body: Body): { pointer: string; to: unknown }[] {
  if (kind === "extension")
    return Object.entries((body.forward ?? {}) as Record<string, unknown>).map(([when, to]) => ({
      pointer: `/forward/${when}`,
      to,
    }));
  if (kind === "schedule")
    return ((body.holidays ?? []) as { destination?: unknown }[]).map(({ destination }, index) => ({
      pointer: `/holidays/${index}/destination`,
      to: destination,
    }));
  return [];
}
