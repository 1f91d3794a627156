// Deltas: what an edge is told of a write, built from the change itself, or from change records for an edge that missed some.
import { canonical } from "../../core/canonical.ts";
import { idOf, type Owner } from "../../core/owner.ts";
import { isForEdges, isKindName, kindOf } from "../../core/registry.ts";
import type { Body } from "../../core/resources/kind.ts";
import { places, type Secret } from "../../core/resources/marks.ts";
import type { Delta, Message, Snapshot } from "../../core/wire.ts";
import type { Context } from "../context.ts";
import * as keys from "../keys.ts";
import { ha1, openSecret, ownerKey } from "../vault/owner-secrets.ts";
import type { Change, DiffLine } from "./change.ts";
import type { Head } from "./head.ts";
import { fromItem } from "./view.ts";

/** A queue message carries up to 1 MiB in base64; anything longer goes as a pointer. */
const deltaBytes = 700_000;

type NamedSecret = { ref: string; form: Secret["form"]; username: string };
type Deps = Pick<Context, "store" | "vault">;

/** Whether the realm of the tenant's credentials changed, so that every HA1 is another: the edge then needs the whole document. */
export const changesRealm = (diff: DiffLine[]): boolean =>
  diff.some((line) => line.kind === "tenant" && line.before && line.after && line.before.domain !== line.after.domain);

export function deltaOf(head: Head, change: Change, secrets: Delta["secrets"]): Delta {
  const diff = change.diff.filter(({ kind }) => isForEdges(kind));
  return {
    type: "delta",
    owner: head.owner,
    epoch: head.epoch,
    revision: change.revision,
    digest: change.digest,
    path: head.path,
    base: change.revision === 0 ? null : { revision: change.revision - 1, digest: change.base },
    upserts: diff.flatMap(({ kind, id, after }) => (after ? [{ kind, id, text: canonical(after) }] : [])),
    deletes: diff.flatMap(({ kind, id, after }) => (after ? [] : [{ kind, id }])),
    secrets,
    at: change.at,
  };
}

/** What to send for a change: the delta where it says all and fits, else a pointer. */
export function messageFor(head: Head, change: Change, secrets: Delta["secrets"]): Message {
  const delta = deltaOf(head, change, secrets);
  const fits = !changesRealm(change.diff) && JSON.stringify(delta).length < deltaBytes;
  return fits ? delta : pointerTo(head);
}

export const pointerTo = ({ owner, epoch, revision, digest }: Head): Message => ({
  type: "pointer",
  ...{ owner, epoch, revision, digest },
});

export function namedSecrets(kind: string, body: Body | null): NamedSecret[] {
  if (!body || !isKindName(kind)) return [];
  return [...places(kindOf(kind).schema, body)].flatMap(({ mark, value, holder }) => {
    if (mark.mark !== "secret" || typeof value !== "object" || value === null || !("secret" in value)) return [];
    return [{ ref: String(value.secret), form: mark.form, username: String(holder.username ?? "") }];
  });
}

/** A tenant's SIP domain. */
export async function realm(deps: Pick<Deps, "store">, owner: Owner): Promise<string> {
  const item = await deps.store.get(keys.resource(owner, "tenant", idOf(owner)));
  return item ? String(fromItem(item).body.domain) : "";
}

/** A secret in the form that the edge needs: HA1 for SIP passwords, else plain. */
const edgeValue = (form: Secret["form"], username: string, domain: string, plain: string): string =>
  form === "sip-password" ? ha1(username, domain, plain) : plain;

/** The values of stored secrets; versions that are gone are left out. */
export async function carriedSecrets(deps: Deps, owner: Owner, named: NamedSecret[]): Promise<Delta["secrets"]> {
  if (named.length === 0) return [];
  const [key, domain, items] = await Promise.all([
    ownerKey(deps, owner),
    realm(deps, owner),
    deps.store.getMany(named.map(({ ref }) => keys.secret(owner, ref))),
  ]);
  return named.flatMap(({ ref, form, username }, index) => {
    const plain = openSecret(key, owner, ref, items[index]);
    return plain === undefined ? [] : [{ ref, value: edgeValue(form, username, domain, plain) }];
  });
}

/** The secrets that a change brought: named after it and not before, new ones and those of a resource that came back. */
export function brought(diff: DiffLine[]): NamedSecret[] {
  return diff.flatMap(({ kind, before, after }) => {
    const old = new Set(namedSecrets(kind, before).map(({ ref }) => ref));
    return namedSecrets(kind, after).filter(({ ref }) => !old.has(ref));
  });
}

/** The delta of a stored change: with the secrets that it brought. */
export async function storedDelta(deps: Deps, head: Head, change: Change): Promise<Delta> {
  return deltaOf(head, change, await carriedSecrets(deps, head.owner, brought(change.diff)));
}

/** One page of the document as it stands. */
export async function snapshotPage(deps: Deps, head: Head, after: string | undefined): Promise<Snapshot> {
  const page = await deps.store.query({
    pk: head.owner,
    prefix: keys.resources(),
    ...(after !== undefined && { after }),
  });
  const items = page.items.filter((item) => isForEdges(String(item.kind)));
  const resources = items.map((item) => ({
    kind: String(item.kind),
    id: String(item.id),
    text: String(item.text),
  }));
  const named = items.flatMap((item) => namedSecrets(String(item.kind), fromItem(item).body));
  const { owner, epoch, revision, digest, path } = head;
  return {
    owner,
    epoch,
    revision,
    digest,
    path,
    resources,
    secrets: await carriedSecrets(deps, owner, named),
    next: page.next ?? null,
  };
}
