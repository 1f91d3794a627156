// A document's head: where it stands. Every write reads it consistently and commits on condition that it has not moved.
import * as z from "zod/mini";
import { empty } from "../../core/digest.ts";
import { lazy } from "../../core/lazy.ts";
import { isTenant, type Owner } from "../../core/owner.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";
import type { Item, Operation, Store } from "../store/store.ts";

const countsSchema = z.object({ extension: z.number(), "phone-number": z.number() });
/** How many resources of these kinds there are. */
export type Counts = z.output<typeof countsSchema>;
export const noCounts: Counts = { extension: 0, "phone-number": 0 };

const stored = lazy(() =>
  z.object({
    owner: z.pipe(
      z.string(),
      z.transform((value) => value as Owner),
    ),
    /** Counts every write of the head itself, published revision or not. */
    version: z.number(),
    epoch: z.number(),
    revision: z.number(),
    digest: z.string(),
    /** The accounts above, from the nearest to the farthest. */
    path: z.array(z.string()),
    /** The pools whose edges hold the document: a tenant's one, an account's all below it. */
    pools: z.array(z.string()),
    /** Where new tenants of an account are placed; null: where the account above says. */
    defaultPool: z.nullable(z.string()),
    /** Of the document; null: written before heads counted. */
    counts: z._default(z.nullable(countsSchema), null),
    /** The accounts, itself or above it, in whose counters it is (accounts/counts.ts). */
    counted: z._default(z.array(z.string()), []),
    createdAt: z.string(),
    deletedAt: z.nullable(z.string()),
    /** The change larger than a transaction that is under way (large.ts): until it is over, nobody else writes. */
    changing: z._default(z.nullable(z.string()), null),
    /** The last such change that was published. */
    changed: z._default(z.nullable(z.string()), null),
    /** When a deleted document can be restored no more; null: it was not deleted, or is but a tombstone by now. */
    purgeAt: z._default(z.nullable(z.string()), null),
    /** The account with which it was deleted, and is restored. */
    deletedWith: z._default(z.nullable(z.string()), null),
    /** The account that was made as a sandbox and holds it, itself perhaps; null: it is live. Never changes. */
    sandbox: z._default(z.nullable(z.string()), null),
  }),
);
export type Head = z.output<ReturnType<typeof stored>>;

export const newHead = (owner: Owner, path: string[], pools: string[], createdAt: string): Head => ({
  owner,
  version: 1,
  epoch: 1,
  revision: 0,
  digest: empty,
  path,
  pools,
  defaultPool: null,
  counts: noCounts,
  counted: [],
  createdAt,
  deletedAt: null,
  changing: null,
  changed: null,
  purgeAt: null,
  deletedWith: null,
  sandbox: null,
});

/** The head, also of a deleted document. */
export async function readTombstone(store: Store, owner: Owner): Promise<Head | undefined> {
  const item = await store.get(keys.head(owner));
  return item && stored().parse(item);
}

/** The head of a live document; undefined if there is none or it was deleted. */
export async function readHead(store: Store, owner: Owner): Promise<Head | undefined> {
  const head = await readTombstone(store, owner);
  return head?.deletedAt === null ? head : undefined;
}

/** Nothing is left of it but this head, and it can't be restored. */
export const isPurged = ({ deletedAt, purgeAt }: Head): boolean => deletedAt !== null && purgeAt === null;

export const headItem = (head: Head): Item => ({ ...keys.head(head.owner), ...head });

/** Puts `next` on condition that the head still is as `before` was read. Throws `busy` while a large change is under way. */
export function moveHead(before: Head, next: Head): Operation {
  refuseChanging(before);
  return putHead(before, next);
}

/** The same, for the large change itself. */
export const putHead = (before: Head, next: Head): Operation => ({
  put: headItem({ ...next, version: before.version + 1 }),
  if: { equals: { version: before.version } },
});

/** Throws `busy` while a large change is under way. */
export function refuseChanging(head: Head): void {
  if (head.changing !== null)
    throw new Problem("busy", "A large change of this document is under way; try again in some seconds.", {
      headers: { "Retry-After": "5" },
    });
}

/** What the pool's index says of a document: the timed comparison reads it. */
export function placementItem(head: Head, pool: string): Item {
  const { owner, epoch, revision, digest } = head;
  return {
    ...keys.placement(owner, pool),
    ipk: keys.index.pool(pool),
    isk: owner,
    owner,
    epoch,
    revision,
    digest,
    deleted: head.deletedAt !== null,
    restorable: head.purgeAt !== null,
  };
}

/** `requestId`: of the request that is at the bottom of it. */
export const outboxItem = (head: Head, at: string, requestId: string): Item => ({
  ...keys.outbox(head.owner, head.revision),
  ipk: keys.index.outbox,
  isk: `${at}#${head.owner}#${head.revision}`,
  owner: head.owner,
  revision: head.revision,
  requestId,
});

export const sortOf = (owner: Owner): "tenant" | "account" => (isTenant(owner) ? "tenant" : "account");

/** The accounts above that hear of it and count it, the nearest first: all of them, but of what is in a sandbox only those in it. */
export const hearing = ({ path, sandbox }: Pick<Head, "path" | "sandbox">): string[] =>
  sandbox === null ? path : path.slice(0, path.indexOf(sandbox) + 1);

/** Throws `conflict`: what is live and what is in a sandbox stays there, with its secrets. */
export function refuseCrossing(from: Head, to: Head): void {
  if (from.sandbox !== to.sandbox)
    throw new Problem(
      "conflict",
      "Nothing is moved or cloned out of a sandbox or into one; apply its export to a tenant there.",
    );
}

/** The account that a tenant belongs to, or that an account is below; the operator has none. */
export const parentOf = (head: Head): string | null => head.path[0] ?? null;
