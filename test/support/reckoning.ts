// What a document's digest must be, counted anew from the resources as the store has them.
import { createHash } from "node:crypto";
import { canonical } from "../../core/canonical.ts";
import { empty, shift, weigh } from "../../core/digest.ts";
import type { Owner } from "../../core/owner.ts";
import { isForEdges } from "../../core/registry.ts";
import { type Change, readChanges } from "../../functions/document/change.ts";
import { type Head, readHead } from "../../functions/document/head.ts";
import { openView } from "../../functions/document/view.ts";
import type { Store } from "../../functions/store/store.ts";

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

export const digestOf = (resources: { kind: string; id: string; text: string }[]): string =>
  shift(
    empty,
    resources.map(({ kind, id, text }) => weigh(sha256, kind, id, text)),
  );

/** The document's head, its history and the digest that its resources really have. */
export async function reckon(store: Store, owner: Owner): Promise<{ head: Head; changes: Change[]; digest: string }> {
  const head = await readHead(store, owner);
  if (!head) throw new Error(`no document of ${owner}`);
  const resources = (await openView(store, owner).all()).filter(({ kind }) => isForEdges(kind));
  const digest = digestOf(resources.map(({ kind, id, body }) => ({ kind, id, text: canonical(body) })));
  const changes: Change[] = [];
  for await (const change of readChanges(store, owner, 0)) changes.push(change);
  return { head, changes, digest };
}
