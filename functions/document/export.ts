// Export: a document as apply takes it, in this tenant or another: names in place of ids, and of secrets what may be told.
import { accountOwner, idOf } from "../../core/owner.ts";
import { type KindName, kindOf, kindsAt } from "../../core/registry.ts";
import type { Body, Kind } from "../../core/resources/kind.ts";
import { type Place, places } from "../../core/resources/marks.ts";
import type { Context } from "../context.ts";
import * as keys from "../keys.ts";
import { openSecret, ownerKey } from "../vault/owner-secrets.ts";
import { type Head, sortOf } from "./head.ts";
import { naturalKey, openView, type Stored, type View } from "./view.ts";

/** The setting that no two documents can have. */
const uniqueIn = { tenant: "domain", account: "sipZone" };

/** What becomes of secrets: `named`, as their document takes them back; `told`, their values, all of them; `carried`, the values of those alone that can't be made anew. */
type Secrets = "named" | "told" | "carried";

/**
 * `{"settings": {…}, "extensions": [{…}], …}`, kinds as the registry lists them, each by natural key. A domain or SIP zone is left out, and so is a secret
 * that can be made anew, unless it is told. Any other stays as its name where it is not told or carried, and another document refuses that by its pointer.
 * `only`: of these kinds alone, without settings. `named`: of which kinds a name may be told; of others the id stays.
 */
export async function exportOf(
  ctx: Context,
  head: Head,
  secrets: Secrets,
  { only, named = () => true }: { only?: Kind[]; named?: (kind: Kind) => boolean } = {},
): Promise<Body> {
  const views = [head.owner, ...head.path.map(accountOwner)].map((owner) => openView(ctx.store, owner));
  const [own] = views;
  const all = own ? await own.all() : [];
  const sort = sortOf(head.owner);
  const told = secrets === "named" ? undefined : await plainOf(ctx, head, all);
  const write = async (resource: Stored): Promise<Body> => {
    const body = structuredClone(resource.body);
    for (const place of [...places(kindOf(resource.kind).schema, body)])
      if (place.mark.mark === "reference") {
        if (named(kindOf(place.mark.kind as KindName))) await rename(views, place);
      } else hide(place, secrets === "carried" && place.mark.generate ? undefined : told);
    return body;
  };
  const document: Body = {};
  const settings = only
    ? undefined
    : all.find((resource) => resource.kind === sort && resource.id === idOf(head.owner));
  if (settings) {
    const { [uniqueIn[sort]]: _, ...rest } = await write(settings);
    document.settings = rest;
  }
  for (const kind of kindsAt(sort).filter((one) => !only || only.includes(one))) {
    const its = all.filter((resource) => resource.kind === kind.kind);
    its.sort((a, b) => (naturalKey(a) < naturalKey(b) ? -1 : 1));
    if (its.length > 0) document[kind.plural] = await Promise.all(its.map(write));
  }
  return document;
}

/** The id becomes the natural key, unless a nearer document has another of that key: the id then says which is meant. */
async function rename(views: View[], { mark, value, holder, key }: Place): Promise<void> {
  if (mark.mark !== "reference" || typeof value !== "string") return;
  const kind = kindOf(mark.kind as KindName);
  for (const view of mark.scope === "inherited" ? views : views.slice(0, 1)) {
    const target = await view.get(kind.kind, value);
    if (!target) continue;
    const name = naturalKey(target);
    const before = views.slice(0, views.indexOf(view));
    const nearer = await Promise.all(before.map((other) => other.byKey(kind, name)));
    if (nearer.every((found) => found === undefined)) holder[key] = name;
    return;
  }
}

const refOf = (value: unknown): string | undefined =>
  typeof value === "object" && value !== null && "secret" in value ? String(value.secret) : undefined;

function hide({ mark, value, holder, key }: Place, told: Map<string, string> | undefined): void {
  const ref = refOf(value);
  if (mark.mark !== "secret" || ref === undefined) return;
  const plain = told?.get(ref);
  if (plain !== undefined) holder[key] = plain;
  else if (mark.generate) delete holder[key];
}

async function plainOf(ctx: Context, head: Head, all: Stored[]): Promise<Map<string, string>> {
  const refs = all.flatMap(({ kind, body }) =>
    [...places(kindOf(kind).schema, body)].flatMap(({ mark, value }) =>
      mark.mark === "secret" ? (refOf(value) ?? []) : [],
    ),
  );
  const items = await ctx.store.getMany(refs.map((ref) => keys.secret(head.owner, ref)));
  const key = await ownerKey(ctx, head.owner);
  return new Map(
    refs.flatMap((ref, index) => {
      const plain = openSecret(key, head.owner, ref, items[index]);
      return plain === undefined ? [] : [[ref, plain] as const];
    }),
  );
}
