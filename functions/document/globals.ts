// Values that are unique in the whole installation (a domain, a phone number): who holds one.
import type { Owner } from "../../core/owner.ts";
import * as keys from "../keys.ts";
import { ConditionFailed, type Store } from "../store/store.ts";
import { isPurged, readTombstone } from "./head.ts";

/** The document that holds the value, also while it is deleted and can be restored. A purged one holds nothing: a claim of its that still stands is taken away. */
export async function globalHolder(store: Store, what: string, value: string): Promise<Owner | undefined> {
  const key = keys.global(what, value);
  const claim = await store.get(key);
  if (!claim) return undefined;
  const owner = claim.owner as Owner;
  const head = await readTombstone(store, owner);
  if (!head || !isPurged(head)) return owner;
  await store.transact([{ delete: key, if: { equals: { owner } } }]).catch((error) => {
    if (!(error instanceof ConditionFailed)) throw error;
  });
  return undefined;
}
