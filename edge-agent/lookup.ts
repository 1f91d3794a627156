// The documents on disk, found by the keys that an engine asks with. One or two indexed reads a lookup; in memory are the trunks' networks, and heads of
// documents and domains that were asked for.
import type { Owner } from "../core/owner.ts";
import { accountOwner, isTenant } from "../core/owner.ts";
import type { BodyOf, KindName, Resource } from "../core/registry.ts";
import { contains } from "../core/resources/network.ts";
import type { Config, Owned } from "../core/routing/config.ts";
import { readBody } from "./body.ts";
import { type Database, rows } from "./database.ts";
import type { Documents } from "./documents.ts";
import * as names from "./names.ts";

type Found = { kind: string; id: string; text: string };
type FoundAnywhere = Found & { owner: Owner };

const afterAll = (prefix: string): string => `${prefix}\u{10ffff}`;

/** So many heads and domains are kept in memory, some 500 bytes each. */
const kept = 20_000;

/** What nearly every lookup asks of a document: its number, who stands above it, its settings. */
type Head = { doc: number; path: string; settings: BodyOf<"tenant"> | BodyOf<"account"> | undefined };

/** `forget` is told after each write whose document changed, and in what. */
export function createDocuments(db: Database): Documents & { forget(owner: Owner, edits: { kind: string }[]): void } {
  const resourceOf = "from name join resource using (row) where name.doc = ";
  const docOf = rows<{ doc: number; path: string }>(
    db,
    "select doc, path from document where owner = ? and dropped = 0",
  );
  const inDoc = rows<Found>(db, `select kind, id, text ${resourceOf} ? and name = ? limit 1`);
  const firstInDoc = rows<Found>(
    db,
    `select kind, id, text ${resourceOf} ? and name between ? and ? order by name limit 1`,
  );
  const rangeInDoc = rows<Found>(db, `select kind, id, text ${resourceOf} ? and name between ? and ? order by name`);
  const byIdInDoc = rows<Found>(db, "select kind, id, text from resource where doc = ? and kind = ? and id = ?");
  const anywhere = rows<FoundAnywhere>(
    db,
    "select kind, id, text, owner from name join resource using (row) join document on document.doc = resource.doc where name.doc = 0 and name = ?",
  );
  const rangeAnywhere = rows<FoundAnywhere & { name: string }>(
    db,
    `select kind, id, text, owner, name from name join resource using (row) join document on document.doc = resource.doc
     where name.doc = 0 and name between ? and ? order by name`,
  );
  const namesInDoc = rows<{ name: string }>(
    db,
    "select name from name where doc = ? and name between ? and ? order by name",
  );
  const namesAnywhere = rows<{ name: string }>(
    db,
    "select distinct name from name where doc = 0 and name between ? and ?",
  );
  const secretOf = rows<{ value: string }>(db, "select value from secret where ref = ?");
  const runtimeOf = rows<{ value: string }>(
    db,
    "select value from runtime where owner = ? and kind = ? and id = ? and field = ?",
  );
  const holdersOf = rows<{ id: string }>(
    db,
    "select id from runtime where owner = ? and kind = ? and field = ? and value = ? order by at desc, edge desc",
  );
  const [begin, commit] = [db.prepare("begin"), db.prepare("commit")];
  const heads = new Map<Owner, Head>();
  const domains = new Map<string, Owner>();
  let networks: { network: string; name: string }[] | undefined;

  /** The text was written by the cloud after its schema, so the body has its kind's type. */
  function read<K extends KindName>(found: Found | undefined): Resource<K> | undefined {
    const body = found && readBody(found.kind, found.text);
    return found && body ? { kind: found.kind as K, id: found.id, body: body as BodyOf<K> } : undefined;
  }

  function readOwned<K extends KindName>(found: FoundAnywhere): Owned<K>[] {
    const resource = read<K>(found);
    return resource ? [{ ...resource, owner: found.owner }] : [];
  }

  const withId = <K extends KindName>(kind: K, id: string): Owned<K> | undefined =>
    anywhere.all(names.byId(kind, id)).flatMap(readOwned<K>)[0];
  const every = <K extends KindName>(kind: K): Owned<K>[] =>
    rangeAnywhere.all(names.byId(kind, ""), afterAll(names.byId(kind, ""))).flatMap(readOwned<K>);

  function keep<K, V>(map: Map<K, V>, key: K, value: V): V {
    if (map.size >= kept) map.clear();
    map.set(key, value);
    return value;
  }

  function headOf(owner: Owner): Head | undefined {
    const known = heads.get(owner);
    if (known) return known;
    const row = docOf.get(owner);
    return row && keep(heads, owner, { ...row, settings: settings(row.doc, isTenant(owner) ? "tenant" : "account") });
  }

  function tenantByDomain(domain: string): Owner | undefined {
    const known = domains.get(domain);
    if (known) return known;
    const owner = tenantOf("domain", domain);
    return owner && keep(domains, domain, owner);
  }

  function tenantOf(what: string, value: string): Owner | undefined {
    return anywhere.all(names.byGlobal(what, value.toLowerCase())).find(({ owner }) => isTenant(owner))?.owner;
  }

  function settings<K extends "tenant" | "account">(doc: number, kind: K): BodyOf<K> | undefined {
    const prefix = names.byKey(kind, "");
    return read<K>(firstInDoc.get(doc, prefix, afterAll(prefix)))?.body;
  }

  function listIn<K extends KindName>(doc: number, kind: K): Resource<K>[] {
    const prefix = names.byKey(kind, "");
    return rangeInDoc.all(doc, prefix, afterAll(prefix)).flatMap((found) => read<K>(found) ?? []);
  }

  const ancestorsIn = (path: string): Owner[] => (JSON.parse(path) as string[]).map(accountOwner);

  function config(owner: Owner): Config | undefined {
    const head = isTenant(owner) ? headOf(owner) : undefined;
    if (!head?.settings) return undefined;
    const { doc, path } = head;
    return {
      owner,
      settings: head.settings as BodyOf<"tenant">,
      get: (kind, id) => read(byIdInDoc.get(doc, kind, id)),
      dialable: (number) => read(inDoc.get(doc, names.byNumber(number))),
      byKey: (kind, key) => read(inDoc.get(doc, names.byKey(kind, key))),
      first: (kind) => read(firstInDoc.get(doc, names.byKey(kind, ""), afterAll(names.byKey(kind, "")))),
      list: (kind) => listIn(doc, kind),
      keys(kind, prefix) {
        const from = names.byKey(kind, prefix);
        const skip = names.byKey(kind, "").length;
        return namesInDoc.all(doc, from, afterAll(from)).map(({ name }) => name.slice(skip));
      },
      inherited: (kind) =>
        [owner, ...ancestorsIn(path)].flatMap((one) => {
          const its = headOf(one);
          return its ? listIn(its.doc, kind).map((resource) => ({ ...resource, owner: one })) : [];
        }),
      find(kind, id) {
        for (const one of [owner, ...ancestorsIn(path)]) {
          const head = headOf(one);
          const found = head && read<typeof kind>(byIdInDoc.get(head.doc, kind, id));
          if (found) return { ...found, owner: one };
        }
        return undefined;
      },
      runtime(kind, id, field) {
        const found = runtimeOf.get(owner, kind, id, field);
        return found && JSON.parse(found.value);
      },
      holders: (kind, field, value) => holdersOf.all(owner, kind, field, JSON.stringify(value)).map(({ id }) => id),
      isSecret(secret, typed) {
        const ref = secret !== null && typeof secret === "object" && "secret" in secret ? String(secret.secret) : "";
        return typed !== "" && secretOf.get(ref)?.value === typed;
      },
    };
  }

  return {
    at(work) {
      if (db.isTransaction) return work();
      begin.run();
      try {
        return work();
      } finally {
        commit.run();
      }
    },
    config,
    tenantByDomain,
    tenantByNumber: (number) => tenantOf("number", number),
    device(owner, username) {
      const doc = headOf(owner)?.doc;
      if (doc === undefined) return undefined;
      // a user name of digits is its extension's number, any other is a claim
      const name = /^\d+$/.test(username) ? names.byKey("extension", username) : names.byClaim(`device#${username}`);
      const extension = read<"extension">(inDoc.get(doc, name));
      const device = extension?.body.devices.find((one) => one.username === username);
      return extension && device && { extension, device };
    },
    secret: (ref) => secretOf.get(ref)?.value,
    domains: () =>
      namesAnywhere
        .all(names.byGlobal("domain", ""), afterAll(names.byGlobal("domain", "")))
        .map(({ name }) => name.slice(names.byGlobal("domain", "").length)),
    trunks: () => every("trunk"),
    trunk: (id) => withId("trunk", id),
    queues: () => every("queue"),
    queue: (id) => withId("queue", id),
    prompts: (id) => (id ? anywhere.all(names.byId("prompt", id)).flatMap(readOwned<"prompt">) : every("prompt")),
    trunksByAddress(address) {
      const normal = names.normalAddress(address);
      const prefix = names.byNetwork("");
      networks ??= namesAnywhere
        .all(prefix, afterAll(prefix))
        .map(({ name }) => ({ name, network: name.slice(prefix.length) }));
      const keys = [
        names.byAddress(normal),
        ...networks.filter(({ network }) => contains(network, normal)).map(({ name }) => name),
      ];
      const found = new Map(
        keys
          .flatMap((key) => anywhere.all(key))
          .flatMap(readOwned<"trunk">)
          .map((trunk) => [trunk.id, trunk]),
      );
      return [...found.values()].filter((trunk) => trunk.body.enabled);
    },
    ancestors: (owner) => ancestorsIn(headOf(owner)?.path ?? "[]"),
    country: (owner) => headOf(owner)?.settings?.country ?? "US",
    forget(owner, edits) {
      heads.delete(owner);
      if (edits.some(({ kind }) => kind === "tenant")) domains.clear();
      if (edits.some(({ kind }) => kind === "trunk")) networks = undefined;
    },
  };
}
