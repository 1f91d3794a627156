// A document as a write sees it: what is stored, and over it what the write has changed so far. Reads go to the store once each.
import { z } from "zod";
import { canonical } from "../../core/canonical.ts";
import type { Owner } from "../../core/owner.ts";
import { isKindName, type KindName, kindOf } from "../../core/registry.ts";
import type { Body, Kind } from "../../core/resources/kind.ts";
import { isId } from "../id.ts";
import * as keys from "../keys.ts";
import { allItems, type Item, type Store } from "../store/store.ts";

/** A resource as it is stored. */
export type Stored = {
  kind: KindName;
  id: string;
  body: Body;
  version: number;
  revision: number;
  createdAt: string;
  updatedAt: string;
};

/** What claims a kind's natural key in its document: where that is a number to dial, the number does. */
export const keyClaim = (kind: Kind, key: string): string => (kind.dialable === kind.key ? key : `${kind.kind}#${key}`);

/** Whether `text` could be a natural key at all; what could not is never asked of the store. */
const isKey = (text: string): boolean => text.length <= 200 && text.isWellFormed();

const stored = z.object({
  kind: z.string().refine(isKindName),
  id: z.string(),
  text: z.string(),
  version: z.number(),
  revision: z.number(),
  createdAt: z.string(),
  updatedAt: z.string(),
});

export function fromItem(item: Item): Stored {
  const { text, ...rest } = stored.parse(item);
  return { ...rest, body: JSON.parse(text) };
}

/** The item of a resource; its text is the canonical JSON that edges store and digests count. */
export function toItem(owner: Owner, { body, ...rest }: Stored): Item {
  return { ...keys.resource(owner, rest.kind, rest.id), ...rest, text: canonical(body) };
}

export type View = ReturnType<typeof openView>;

/** `isNew`: nothing is stored of it yet, and nothing is asked for. */
export function openView(store: Store, owner: Owner, isNew = false) {
  const read = new Map<string, Stored | undefined>();
  const written = new Map<string, Stored | undefined>();
  let claims: Map<string, Item> | undefined = isNew ? new Map() : undefined;
  let loaded = isNew;
  const byWrittenKey = new Map<string, string>();
  const nameOf = (kind: string, id: string): string => `${kind}#${id}`;

  async function stored(kind: string, id: string): Promise<Stored | undefined> {
    const name = nameOf(kind, id);
    if (!isKindName(kind) || !isId(kindOf(kind).prefix, id)) return undefined;
    if (!read.has(name) && !loaded) {
      const item = await store.get(keys.resource(owner, kind, id));
      read.set(name, item && fromItem(item));
    }
    return read.get(name);
  }

  async function get(kind: string, id: string): Promise<Stored | undefined> {
    const name = nameOf(kind, id);
    return written.has(name) ? written.get(name) : stored(kind, id);
  }

  const claimOn = async (value: string): Promise<Item | undefined> =>
    claims ? claims.get(keys.claim(owner, value).sk) : store.get(keys.claim(owner, value));

  const everything = (prefix: string) => allItems((query) => store.query(query), { pk: owner, prefix });

  async function readResources(): Promise<void> {
    if (loaded) return;
    for await (const item of everything(keys.resources())) {
      const resource = fromItem(item);
      read.set(nameOf(resource.kind, resource.id), resource);
    }
    loaded = true;
  }

  /** By natural key, as the write leaves it. */
  async function byKey(kind: Kind, key: string): Promise<Stored | undefined> {
    const fresh = written.get(byWrittenKey.get(nameOf(kind.kind, key)) ?? "");
    if (fresh?.body[kind.key] === key) return fresh;
    const claim = isKey(key) ? await claimOn(keyClaim(kind, key)) : undefined;
    if (!claim || claim.kind !== kind.kind) return undefined;
    const found = await get(kind.kind, String(claim.id));
    return found?.body[kind.key] === key ? found : undefined;
  }

  return {
    owner,
    get,
    byKey,
    stored,
    /** Who claims a value in the stored document: the kind and id. */
    async claimed(value: string): Promise<{ kind: string; id: string } | undefined> {
      const claim = await claimOn(value);
      return claim && { kind: String(claim.kind), id: String(claim.id) };
    },
    /** Sets a resource for the rest of the write; undefined deletes it. */
    set(kind: string, id: string, resource: Stored | undefined): void {
      written.set(nameOf(kind, id), resource);
      if (resource) byWrittenKey.set(nameOf(kind, naturalKey(resource)), nameOf(kind, id));
    },
    /** Reads the whole document at once: for who would otherwise read much of it piece by piece. */
    async load(): Promise<void> {
      await readResources();
      if (claims) return;
      claims = new Map();
      for await (const item of everything(keys.claims)) claims.set(item.sk, item);
    },
    /** Every resource, as the write leaves it. Reads the whole document. */
    async all(): Promise<Stored[]> {
      await readResources();
      const found = new Map(read);
      for (const [name, resource] of written) found.set(name, resource);
      return [...found.values()].filter((resource) => resource !== undefined);
    },
    /** What the write changed, in the order of the changes. */
    async changed(): Promise<{ before: Stored | undefined; after: Stored | undefined }[]> {
      return Promise.all([...written].map(async ([name, after]) => ({ before: await stored(...split(name)), after })));
    },
  };
}

function split(name: string): [kind: string, id: string] {
  const at = name.indexOf("#");
  return [name.slice(0, at), name.slice(at + 1)];
}

export const naturalKey = (resource: { kind: string; body: Body }): string =>
  String(resource.body[kindOf(resource.kind as KindName).key]);
