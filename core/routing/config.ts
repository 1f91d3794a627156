// What routing reads: one tenant's document with those of its accounts behind it. The edge reads from its disk, the simulator from a draft.

import type { Owner } from "../owner.ts";
import type { BodyOf, KindName, Resource } from "../registry.ts";

/** A resource with the owner of the document that holds it. */
export type Owned<K extends KindName> = Resource<K> & { owner: Owner };
export type OwnedTrunk = Owned<"trunk">;

export interface Config {
  readonly owner: Owner;
  /** The accounts above, from the nearest to the farthest. */
  readonly accounts: readonly Owner[];
  readonly settings: BodyOf<"tenant">;
  /** By id, in the tenant's own document. */
  get<K extends KindName>(kind: K, id: string): Resource<K> | undefined;
  /** By a number that can be dialled in the tenant. */
  dialable(number: string): Resource | undefined;
  /** By natural key, in the tenant's own document. */
  byKey<K extends KindName>(kind: K, key: string): Resource<K> | undefined;
  /** The first of a kind by natural key, in the tenant's own document. */
  first<K extends KindName>(kind: K): Resource<K> | undefined;
  /** All of a kind in the tenant's own document, by natural key. For kinds that are few. */
  list<K extends KindName>(kind: K): readonly Resource<K>[];
  /** The natural keys of a kind that begin with `prefix`, in the tenant's own document, in order. Reads no resource. */
  keys(kind: KindName, prefix: string): string[];
  /** All of a kind in the tenant's document, then in those of its accounts from the nearest to the farthest; within one document as stored. */
  inherited<K extends KindName>(kind: K): readonly Owned<K>[];
  /** By id, in the tenant's document or one of its accounts'. */
  find<K extends KindName>(kind: K, id: string): Owned<K> | undefined;
  /** What people set by phone, undefined where nobody did: runtime state of this tenant's resource. */
  runtime(kind: KindName, id: string, field: string): unknown;
  /** The ids of this kind's resources whose runtime field has this value; who set it last comes first. */
  holders(kind: KindName, field: string, value: string): readonly string[];
  /** Whether `typed` is the secret's value; `secret` as a body holds it. False for none. */
  isSecret(secret: unknown, typed: string): boolean;
}
