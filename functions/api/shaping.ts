// What of a resource an answer shows: `fields` chooses its members, `expand` puts what a reference names in its place, one level deep.
import { accountOwner, type Owner } from "../../core/owner.ts";
import { type KindName, kindOf } from "../../core/registry.ts";
import type { Body, Kind } from "../../core/resources/kind.ts";
import { type Place, places, type Reference, referencePaths } from "../../core/resources/marks.ts";
import { type Access, demand } from "../access/access.ts";
import type { Context } from "../context.ts";
import { present } from "../document/present.ts";
import { openView } from "../document/view.ts";
import { Problem } from "../problem.ts";
import { pick } from "./list.ts";
import type { Request } from "./route.ts";

type Shown = Record<string, unknown>;
export type Shaping = {
  /** The parameters, with a sentence on each. */
  query: Record<string, string>;
  /** Makes what shapes all resources of one answer; what several of them name is read once. Throws `bad_parameter`, `forbidden`. */
  begin(request: Request, access: Access): (shown: Shown) => Promise<Shown>;
};

/** `more`: members that are shown beside those of the schema. */
export function shapingOf(kind: Kind, more: readonly string[]): Shaping {
  const shape = Object.keys((kind.schema as unknown as { shape: object }).shape);
  const known = [...shape, ...more];
  const paths = referencePaths(kind.schema);
  return {
    query: {
      fields: "A comma list of the members to answer with",
      ...(paths.length > 0 && {
        expand: `A comma list of references in whose place what they name is shown: ${paths.join(", ")}`,
      }),
    },
    begin({ ctx, query }, access) {
      pick({}, query.fields, known);
      const wanted = query.expand === undefined ? [] : namesIn(query.expand, kind, paths);
      const read = reader(ctx, access);
      return async (shown) => pick(await expanded(kind, shown, wanted, read), query.fields, known);
    },
  };
}

function namesIn(list: string, kind: Kind, known: string[]): string[] {
  const names = list.split(",");
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return names;
  throw new Problem(
    "bad_parameter",
    `expand: ${JSON.stringify(unknown.slice(0, 64))} is no reference of ${kind.kind}; known are ${known.join(", ") || "none"}.`,
    { errors: [{ pointer: "?expand", detail: "no such reference" }] },
  );
}

/** `/members/0/extension` as it is asked for: `members.extension`. */
const nameOf = ({ pointer }: Place): string =>
  pointer
    .split("/")
    .filter((part) => part !== "" && !/^\d+$/.test(part))
    .join(".");

async function expanded(kind: Kind, shown: Shown, wanted: string[], read: ReturnType<typeof reader>): Promise<Shown> {
  if (wanted.length === 0) return shown;
  const result = structuredClone(shown) as Body;
  const there = [...places(kind.schema, result)].filter((place) => wanted.includes(nameOf(place)));
  for (const { mark, value, holder, key } of there) {
    if (mark.mark !== "reference" || typeof value !== "string") continue;
    holder[key] = (await read(mark, value)) ?? value;
  }
  return result;
}

/** Reads what references name, each once: in the document, and in those of accounts above as far as the key may read them. What it may not stays an id. */
function reader(ctx: Context, { owner, head, principal }: Access) {
  const line: Owner[] = [owner, ...head.path.map(accountOwner)];
  const views = line.slice(0, line.indexOf(principal.owner) + 1).map((one) => openView(ctx.store, one));
  const known = new Map<string, Promise<Shown | undefined>>();
  const find = async (name: KindName, id: string): Promise<Shown | undefined> => {
    for (const view of views) {
      const found = await view.get(name, id);
      if (found) return present(found);
    }
    return undefined;
  };
  return (mark: Reference, id: string): Promise<Shown | undefined> => {
    const target = kindOf(mark.kind as KindName);
    demand(principal, `${target.plural}:read`);
    const found = known.get(id) ?? find(target.kind as KindName, id);
    known.set(id, found);
    return found;
  };
}
