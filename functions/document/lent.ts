// What accounts lend to those below them: trunks, prompts and the like that a document refers to and an account above it has. Whoever refers to such a thing
// is noted with it, so that it can't be deleted under him; a note may be stale, and who wants to delete looks whether it is.
import { lazy } from "../../core/lazy.ts";
import { accountOwner, idOf, type Owner } from "../../core/owner.ts";
import { all, type KindName, kindOf } from "../../core/registry.ts";
import { places, references } from "../../core/resources/marks.ts";
import type { Context } from "../context.ts";
import { newToken } from "../id.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";
import { allItems, type Operation } from "../store/store.ts";
import type { ChangedResource } from "./draft.ts";
import { type Head, sortOf } from "./head.ts";
import { usersOf } from "./references.ts";
import { naturalKey, openView, type Stored } from "./view.ts";

type Lent = { kind: string; id: string };

/** Kinds of which somebody may refer to what an account above has. */
const lendable = lazy(
  () =>
    new Set(
      all.flatMap(({ schema }) =>
        [...references(schema)].flatMap(({ mark }) => (mark.scope === "inherited" ? [mark.kind] : [])),
      ),
    ),
);

/** What a resource refers to that may be an account's. */
function borrowedBy(resource: Stored | undefined): Map<string, Lent> {
  const found = new Map<string, Lent>();
  if (!resource) return found;
  for (const { mark, value } of places(kindOf(resource.kind as KindName).schema, resource.body))
    if (mark.mark === "reference" && mark.scope === "inherited" && typeof value === "string")
      found.set(`${mark.kind}#${value}`, { kind: mark.kind, id: value });
  return found;
}

/** Belongs in the transaction that makes the changes: notes what they begin to borrow, on condition that it is still there. */
export async function borrowing(ctx: Context, head: Head, changes: ChangedResource[]): Promise<Operation[]> {
  const begun = new Map<string, Lent>();
  for (const { before, after } of changes) {
    const had = borrowedBy(before);
    for (const [name, lent] of borrowedBy(after)) if (!had.has(name)) begun.set(name, lent);
  }
  for (const { after } of changes) if (after) begun.delete(`${after.kind}#${after.id}`);
  const wanted = head.path.flatMap((id) => [...begun.values()].map((lent) => ({ from: accountOwner(id), lent })));
  if (wanted.length === 0) return [];
  const held = await ctx.store.getMany(wanted.map(({ from, lent }) => keys.resource(from, lent.kind, lent.id)));
  return wanted.flatMap(({ from, lent: { kind, id } }, index): Operation[] =>
    held[index]
      ? [
          { check: keys.resource(from, kind, id), if: { present: true } },
          { put: { ...keys.borrower(from, kind, id, head.owner), owner: head.owner } },
          { put: { ...keys.borrowed(head.owner, from, kind, id), from, kind, id } },
          // whoever deletes it just now sees that it was lent meanwhile
          { put: { ...keys.lending(from, kind, id), turn: newToken() } },
        ]
      : [],
  );
}

/**
 * Belongs in the transaction that makes the changes: that nobody begins meanwhile to borrow what they delete. Throws `in_use` while somebody below uses it,
 * deleted or not: who is restored has all that he had.
 */
export async function refuseLent(ctx: Context, head: Head, changes: ChangedResource[]): Promise<Operation[]> {
  if (sortOf(head.owner) === "tenant") return [];
  const operations: Operation[] = [];
  for (const { before, after } of changes) {
    if (!before || after || !lendable().has(before.kind)) continue;
    const { kind, id } = before;
    const lending = await ctx.store.get(keys.lending(head.owner, kind, id));
    const query = { pk: head.owner, prefix: keys.borrowers(kind, id) };
    for await (const { owner } of allItems((q) => ctx.store.query(q), query))
      await refuseBorrowed(ctx, owner as Owner, before);
    const turn = lending ? { equals: { turn: String(lending.turn) } } : { absent: true as const };
    operations.push({ delete: keys.lending(head.owner, kind, id), if: turn });
  }
  return operations;
}

async function refuseBorrowed(ctx: Context, by: Owner, lent: Stored): Promise<void> {
  const all = await openView(ctx.store, by).all();
  const users = usersOf(all, new Set([lent.id])).map(({ resource, pointer }) => ({
    [`${sortOf(by)}Id`]: idOf(by),
    ...{ kind: resource.kind, id: resource.id, key: naturalKey(resource), pointer },
  }));
  const [first] = users;
  if (first)
    throw new Problem(
      "in_use",
      `The ${lent.kind} ${naturalKey(lent)} is still in use by ${first.kind} ${first.key} of the ${sortOf(by)} ${idOf(by)}; change it first.`,
      { extra: { users: users.slice(0, 100) } },
    );
}
