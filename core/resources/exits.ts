// Where a call can go from a resource: every place of its body that holds a destination, or names somebody who is rung. Read from the schemas, so that a new
// kind needs no line here.
import type { z } from "zod";
import type { Destination } from "./destination.ts";
import { destination, destinationKinds } from "./destination.ts";
import type { Body, Kind } from "./kind.ts";
import { markOf } from "./marks.ts";
import { type Member, member } from "./member.ts";

/**
 * `pointer`: the place in the body (RFC 6901). `to`: where it leads now; null where nothing is set. `how`: the call goes on there, or those who are listed are
 * rung. `takes`: the kinds of destination that may stand there. `optional`: null may.
 */
export type Exit = {
  pointer: string;
  to: Destination | null;
  how: "goes" | "rings";
  takes: readonly Destination["kind"][];
  optional: boolean;
};

type Schema = z.core.$ZodType;
type Def = { type: string; shape?: Record<string, Schema>; element?: Schema; innerType?: Schema };

const everything: readonly Destination["kind"][] = [...destinationKinds, "outside-number", "hangup"];
const takesCalls = (kind: string): kind is (typeof destinationKinds)[number] =>
  (destinationKinds as readonly string[]).includes(kind);
/** References to somebody who gets no call by them. */
const noWay = ["payer"];

/** The exits of a resource in the order of its schema; references as they stand in `body`, ids or natural keys. */
export const exitsOf = (kind: Kind, body: Body): Exit[] => [...below(kind.schema, body, "", false, false)];

function* below(schema: Schema, value: unknown, pointer: string, listed: boolean, optional: boolean): Generator<Exit> {
  const name = pointer.split("/").at(-1) ?? "";
  if (schema === destination()) {
    yield { pointer, to: (value as Destination | null | undefined) ?? null, how: "goes", takes: everything, optional };
    return;
  }
  if (schema === member) {
    yield { pointer, to: rung(value as Member), how: "rings", takes: ["extension", "outside-number"], optional: false };
    return;
  }
  const mark = markOf(schema);
  if (mark) {
    if (mark.mark !== "reference" || !takesCalls(mark.kind) || noWay.includes(name)) return;
    const to = typeof value === "string" ? ({ kind: mark.kind, ref: value } as Destination) : null;
    yield { pointer, to, how: listed ? "rings" : "goes", takes: [mark.kind], optional };
    return;
  }
  const { type, shape = {}, element, innerType } = schema._zod.def as unknown as Def;
  if (innerType) yield* below(innerType, value, pointer, listed, optional || type === "nullable");
  if (type === "array" && element && Array.isArray(value))
    for (const [index, item] of value.entries()) yield* below(element, item, `${pointer}/${index}`, true, false);
  if (type === "object" && typeof value === "object" && value !== null)
    for (const [field, inner] of Object.entries(shape))
      yield* below(inner, (value as Body)[field], `${pointer}/${field}`, listed, false);
}

const rung = ({ extension, number }: Member): Destination | null =>
  extension !== null && extension !== undefined
    ? { kind: "extension", ref: extension }
    : number !== null && number !== undefined
      ? { kind: "outside-number", number }
      : null;

/** The PATCH (RFC 7396) by which that exit leads to `to`. Throws where `to` is of a kind that it does not take. */
export function leadTo(body: Body, { pointer, takes, optional }: Exit, to: Destination | null): Body {
  if (to === null ? !optional : !takes.includes(to.kind)) throw new Error(`${pointer} can't lead there`);
  const [name = "", ...path] = pointer.slice(1).split("/");
  return { [name]: put(body[name], path, takes.length === everything.length ? to : held(to)) };
}

type Put = Destination | null | ((before: unknown) => unknown);

/** What stands in the place of a reference or of somebody who is listed. */
const held =
  (to: Destination | null): Put =>
  (before) => {
    const ref = to !== null && "ref" in to ? to.ref : null;
    if (typeof before !== "object" || before === null) return ref;
    return { ...before, extension: ref, number: to?.kind === "outside-number" ? to.number : null };
  };

/** An array is sent whole, of an object only the member: that is how a PATCH merges them. */
function put(holder: unknown, [name, ...path]: string[], value: Put): unknown {
  if (name === undefined) return typeof value === "function" ? value(holder) : value;
  if (Array.isArray(holder))
    return holder.map((item, index) => (String(index) === name ? whole(item, path, value) : item));
  return { [name]: put((holder as Body | undefined)?.[name], path, value) };
}

/** Below an array everything is sent. */
function whole(holder: unknown, path: string[], value: Put): unknown {
  const [name] = path;
  if (name === undefined || Array.isArray(holder)) return put(holder, path, value);
  return { ...(holder as Body), [name]: whole((holder as Body)[name], path.slice(1), value) };
}
