// What routing reads: one tenant's document with those of its accounts behind it. The edge reads from its disk, the simulator from a draft.

import type { Owner } from "../owner.ts";
import type { BodyOf, KindName, Resource } from "../registry.ts";

/** A trunk with the owner of the document that holds it. */
export type OwnedTrunk = Resource<"trunk"> & { owner: Owner };

export interface Config {
  readonly owner: Owner;
  readonly settings: BodyOf<"tenant">;
  /** By id, in the tenant's own document. */
  get<K extends KindName>(kind: K, id: string): Resource<K> | undefined;
  /** By a number that can be dialled in the tenant. */
  dialable(number: string): Resource | undefined;
  /** By natural key, in the tenant's own document. */
  byKey<K extends KindName>(kind: K, key: string): Resource<K> | undefined;
  /** The first of a kind by natural key, in the tenant's own document. */
  first<K extends KindName>(kind: K): Resource<K> | undefined;
  /** The tenant's trunks, then those of its accounts from the nearest to the farthest; within one document as stored. */
  trunks(): OwnedTrunk[];
}
