// That a document is whole: all its items say the same, and nothing is left of a change that is over.
import { expect } from "vitest";
import { canonical } from "../../core/canonical.ts";
import type { Owner } from "../../core/owner.ts";
import { kindOf } from "../../core/registry.ts";
import { places } from "../../core/resources/marks.ts";
import type { Context } from "../../functions/context.ts";
import { readChanges } from "../../functions/document/change.ts";
import { claimsOf } from "../../functions/document/claims.ts";
import { exportOf } from "../../functions/document/export.ts";
import { readHead } from "../../functions/document/head.ts";
import { fromItem, naturalKey, type Stored } from "../../functions/document/view.ts";
import * as keys from "../../functions/keys.ts";
import { allItems, type Item, type Store } from "../../functions/store/store.ts";
import type { Fixture } from "./large-change.ts";
import { digestOf } from "./reckoning.ts";

/** As people know it: without ids. */
export async function shown(ctx: Context, owner: Owner): Promise<string> {
  const head = await readHead(ctx.store, owner);
  return head ? canonical(await exportOf(ctx, head, "named")) : "none";
}

const everything = async (store: Store, pk: string): Promise<Item[]> => {
  const found = [];
  for await (const item of allItems((query) => store.query(query), { pk })) found.push(item);
  return found;
};

const refsIn = ({ kind, body }: Pick<Stored, "kind" | "body">): string[] =>
  [...places(kindOf(kind).schema, body)].flatMap(({ mark, value }) =>
    mark.mark === "secret" && value !== null && typeof value === "object" && "secret" in value
      ? [String(value.secret)]
      : [],
  );

/** The document as its items have it, each of which must agree with all others, and nothing may be left of a change that is over. */
export async function expectWhole(
  raw: Store,
  { owner, lines: held, newLines, stock, stocked }: Fixture,
): Promise<void> {
  const items = await everything(raw, owner);
  const under = (prefix: string) => items.filter(({ sk }) => sk.startsWith(prefix));
  expect(items.filter(({ sk, next }) => next !== undefined || sk === "LEASE" || sk.startsWith(keys.manifests))).toEqual(
    [],
  );
  const resources = under(keys.resources()).map(fromItem);
  const [head] = under("HEAD");
  expect(head).toMatchObject({
    changing: null,
    digest: digestOf(resources.map(({ kind, id, body }) => ({ kind, id, text: canonical(body) }))),
  });
  const claims = resources
    .filter(({ kind }) => kind !== "tenant")
    .flatMap((one) => claimsOf(one).map((value) => [value, one.id]));
  expect(under(keys.claims).map(({ sk, id }) => [sk.slice(2), id])).toEqual(claims.sort());
  const changes = [];
  for await (const one of readChanges(raw, owner, 0)) changes.push(one);
  expect(changes.map(({ revision }) => revision)).toEqual(changes.map((_, index) => index));
  expect(changes.at(-1)).toMatchObject({ revision: head?.revision, digest: head?.digest });
  // secrets: all that anything names, and none that nothing ever named
  const secrets = under("S#").map(({ sk }) => sk.slice(2));
  const ever = changes.flatMap(({ diff }) =>
    diff.flatMap(({ kind, after }) => (after ? refsIn({ kind: kind as Stored["kind"], body: after }) : [])),
  );
  expect(resources.flatMap(refsIn).filter((ref) => !secrets.includes(ref))).toEqual([]);
  expect(secrets.filter((ref) => !ever.includes(ref))).toEqual([]);
  // whose numbers are: its own, else of the inventory that they came from, else nobody's
  const all = [...held, ...newLines];
  const here = resources.filter(({ kind }) => kind === "phone-number").map(naturalKey);
  const claimed = await raw.getMany(all.map((number) => keys.global(null, "number", number)));
  const whose = (number: string) =>
    here.includes(number)
      ? [owner, stocked.includes(number) ? stock : undefined]
      : [stocked.includes(number) ? stock : undefined, undefined];
  expect(claimed.map((claim) => [claim?.owner, claim?.from])).toEqual(all.map(whose));
}

/** When the lease of who died is over. */
export const later = (ctx: Context): Context => ({ ...ctx, now: () => new Date(Date.now() + 60_000) });
