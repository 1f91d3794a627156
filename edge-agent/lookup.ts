// The documents on disk, found by the keys that an engine asks with: an indexed read for each question that was not asked since the document changed.
import { besideOf } from "../core/browser-phone.ts";
import { contains } from "../core/network.ts";
import type { Owner } from "../core/owner.ts";
import { accountOwner, isTenant } from "../core/owner.ts";
import type { BodyOf, KindName, Resource } from "../core/registry.ts";
import type { Config, Owned } from "../core/routing/config.ts";
import { type Answers, createKept } from "./answers.ts";
import { readBody } from "./body.ts";
import type { Database } from "./database.ts";
import type { Documents } from "./documents.ts";
import * as names from "./names.ts";
import { createReads } from "./reads.ts";

type Found = { kind: string; id: string; text: string };
type FoundAnywhere = Found & { owner: Owner };

const afterAll = (prefix: string): string => `${prefix}\u{10ffff}`;

/** A document's number, who stands above it, its settings; and what else was asked since it changed last: of it, and of its single resources. */
type Head = {
  doc: number;
  above: Owner[];
  settings: BodyOf<"tenant"> | BodyOf<"account"> | undefined;
  config?: Config;
  answers: Answers;
  resources: Answers;
  /** Of runtime state. */
  said: Answers;
};

/** Told by whoever writes the state. */
export type Forgetful = {
  /** Resources of these kinds changed in a document, and these secrets, by name. */
  forget(owner: Owner, kinds: Iterable<string>, refs: Iterable<string> | "all"): void;
  /** Runtime state of a document's resources changed. */
  forgetSaid(owner: Owner): void;
};

export function createDocuments(db: Database): Documents & Forgetful {
  const { rows, at } = createReads(db);
  const resourceOf = "from name join resource using (row) where name.doc = ";
  const docOf = rows<{ doc: number; path: string }>("select doc, path from document where owner = ? and dropped = 0");
  const inDoc = rows<Found>(`select kind, id, text ${resourceOf} ? and name = ? limit 1`);
  const firstInDoc = rows<Found>(
    `select kind, id, text ${resourceOf} ? and name between ? and ? order by name limit 1`,
  );
  const rangeInDoc = rows<Found>(`select kind, id, text ${resourceOf} ? and name between ? and ? order by name`);
  const byIdInDoc = rows<Found>("select kind, id, text from resource where doc = ? and kind = ? and id = ?");
  const anywhere = rows<FoundAnywhere>(
    "select kind, id, text, owner from name join resource using (row) join document on document.doc = resource.doc where name.doc = 0 and name = ?",
  );
  const rangeAnywhere = rows<FoundAnywhere & { name: string }>(
    `select kind, id, text, owner, name from name join resource using (row) join document on document.doc = resource.doc
     where name.doc = 0 and name between ? and ? order by name`,
  );
  const namesInDoc = rows<{ name: string }>(
    "select name from name where doc = ? and name between ? and ? order by name",
  );
  const namesAnywhere = rows<{ name: string }>("select distinct name from name where doc = 0 and name between ? and ?");
  const secretOf = rows<{ value: string }>("select value from secret where ref = ?");
  const runtimeOf = rows<{ value: string }>(
    "select value from runtime where owner = ? and kind = ? and id = ? and field = ?",
  );
  const anySaid = rows<{ there: 1 }>("select 1 as there from runtime where owner = ? limit 1");
  const holdersOf = rows<{ id: string }>(
    "select id from runtime where owner = ? and kind = ? and field = ? and value = ? order by at desc, edge desc",
  );
  const heads: Answers = new Map();
  /** Of what is found among all documents, by the kind that it hangs on. */
  const global = new Map<string, Answers>();
  const secrets: Answers = new Map();
  const { once, drop } = createKept(forgetAll);
  // there are many more, and each is asked for less often: they push out their like alone
  const { once: onceOfOne, drop: dropOfOne } = createKept(forgetResources);

  function forgetAll(): void {
    for (const owner of [...heads.keys()]) forgetHead(owner);
    for (const answers of global.values()) drop(answers);
  }

  function forgetResources(): void {
    for (const head of heads.values()) dropOfOne((head as Head | undefined)?.resources);
    dropOfOne(secrets);
  }

  /** Whoever holds its `config` still gets what is true. */
  function forgetHead(owner: string): void {
    const head = heads.get(owner) as Head | undefined;
    drop(head?.answers);
    dropOfOne(head?.resources);
    drop(head?.said);
    drop(heads, owner);
  }

  /** The text was written by the cloud after its schema, so the body has its kind's type. */
  function read<K extends KindName>(found: Found | undefined): Resource<K> | undefined {
    const body = found && readBody(found.kind, found.text);
    return found && body ? { kind: found.kind as K, id: found.id, body: body as BodyOf<K> } : undefined;
  }

  function readOwned<K extends KindName>(found: FoundAnywhere): Owned<K>[] {
    const resource = read<K>(found);
    return resource ? [{ ...resource, owner: found.owner }] : [];
  }

  function onceAnywhere<T>(kind: KindName, question: string, find: () => T): T {
    let answers = global.get(kind);
    if (!answers) {
      answers = new Map();
      global.set(kind, answers);
    }
    return once(answers, question, find);
  }

  const withId = <K extends KindName>(kind: K, id: string): Owned<K> | undefined =>
    onceAnywhere(kind, id, () => anywhere.all(names.byId(kind, id)).flatMap(readOwned<K>)[0]);
  const every = <K extends KindName>(kind: K): Owned<K>[] =>
    rangeAnywhere.all(names.byId(kind, ""), afterAll(names.byId(kind, ""))).flatMap(readOwned<K>);

  const headOf = (owner: Owner): Head | undefined => once(heads, owner, () => readHead(owner));

  function readHead(owner: Owner): Head | undefined {
    const row = docOf.get(owner);
    if (!row) return undefined;
    const { doc, path } = row;
    const above = (JSON.parse(path) as string[]).map(accountOwner);
    return {
      ...{ doc, above, settings: settings(doc, isTenant(owner) ? "tenant" : "account") },
      ...{ answers: new Map(), resources: new Map(), said: new Map() },
    };
  }

  function tenantOf(what: "domain" | "number", value: string): Owner | undefined {
    const name = names.byGlobal(what, value.toLowerCase());
    return onceAnywhere(what === "domain" ? "tenant" : "phone-number", name, () => {
      const [owner, ...others] = anywhere.all(name).flatMap((found) => (isTenant(found.owner) ? found.owner : []));
      // a number that goes from one tenant to another may be known of the new one first: until the old one's change is here, it rings nowhere
      return what === "number" && others.length > 0 ? undefined : owner;
    });
  }

  function settings<K extends "tenant" | "account">(doc: number, kind: K): BodyOf<K> | undefined {
    const prefix = names.byKey(kind, "");
    return read<K>(firstInDoc.get(doc, prefix, afterAll(prefix)))?.body;
  }

  /** One object for a resource, whatever it is found by. */
  const shared = <K extends KindName>({ resources }: Head, found: Found | undefined): Resource<K> | undefined =>
    found && onceOfOne(resources, idIn(found.kind, found.id), () => read<K>(found));
  const idIn = (kind: string, id: string): string => `i#${kind}#${id}`;

  const getIn = <K extends KindName>({ resources, doc }: Head, kind: K, id: string): Resource<K> | undefined =>
    onceOfOne(resources, idIn(kind, id), () => read<K>(byIdInDoc.get(doc, kind, id)));
  const namedIn = <K extends KindName>(head: Head, name: string): Resource<K> | undefined =>
    onceOfOne(head.resources, name, () => shared<K>(head, inDoc.get(head.doc, name)));

  function listIn<K extends KindName>(head: Head, kind: K): readonly Resource<K>[] {
    const prefix = names.byKey(kind, "");
    return once(head.answers, `all ${kind}`, () =>
      rangeInDoc.all(head.doc, prefix, afterAll(prefix)).flatMap((found) => shared<K>(head, found) ?? []),
    );
  }

  function config(owner: Owner): Config | undefined {
    const head = isTenant(owner) ? headOf(owner) : undefined;
    if (!head?.settings) return undefined;
    head.config ??= configOf(owner, head, head.settings as BodyOf<"tenant">);
    return head.config;
  }

  function configOf(owner: Owner, head: Head, itsSettings: BodyOf<"tenant">): Config {
    const { doc, above, answers, said } = head;
    const line = [owner, ...above];
    // most tenants never say anything
    const isSaid = () => once(said, "anything", () => anySaid.get(owner) !== undefined);
    return {
      owner,
      accounts: above,
      settings: itsSettings,
      get: (kind, id) => getIn(head, kind, id),
      dialable: (number) => namedIn(head, names.byNumber(number)),
      byKey: (kind, key) => namedIn(head, names.byKey(kind, key)),
      first: (kind) =>
        once(answers, `first ${kind}`, () =>
          shared(head, firstInDoc.get(doc, names.byKey(kind, ""), afterAll(names.byKey(kind, "")))),
        ),
      list: (kind) => listIn(head, kind),
      keys(kind, prefix) {
        const from = names.byKey(kind, prefix);
        const skip = names.byKey(kind, "").length;
        return namesInDoc.all(doc, from, afterAll(from)).map(({ name }) => name.slice(skip));
      },
      inherited: (kind) =>
        line.flatMap((one) => {
          const its = headOf(one);
          return its ? listIn(its, kind).map((resource) => ({ ...resource, owner: one })) : [];
        }),
      find(kind, id) {
        for (const one of line) {
          const its = headOf(one);
          const found = its && getIn(its, kind, id);
          if (found) return { ...found, owner: one };
        }
        return undefined;
      },
      runtime(kind, id, field) {
        if (!isSaid()) return undefined;
        return once(said, `${kind}#${id}#${field}`, () => {
          const found = runtimeOf.get(owner, kind, id, field);
          return found && JSON.parse(found.value);
        });
      },
      holders(kind, field, value) {
        if (!isSaid()) return [];
        return once(said, `${kind}#${field}=${value}`, () =>
          holdersOf.all(owner, kind, field, JSON.stringify(value)).map(({ id }) => id),
        );
      },
      isSecret(secret, typed) {
        const ref = secret !== null && typeof secret === "object" && "secret" in secret ? String(secret.secret) : "";
        return typed !== "" && secretNamed(ref) === typed;
      },
    };
  }

  const secretNamed = (ref: string): string | undefined => onceOfOne(secrets, ref, () => secretOf.get(ref)?.value);

  const networks = (): { network: string; name: string }[] =>
    onceAnywhere("trunk", "networks", () => {
      const prefix = names.byNetwork("");
      return namesAnywhere
        .all(prefix, afterAll(prefix))
        .map(({ name }) => ({ name, network: name.slice(prefix.length) }));
    });

  function trunksAt(address: string): Owned<"trunk">[] {
    const within = networks().filter(({ network }) => contains(network, address));
    const found = [names.byAddress(address), ...within.map(({ name }) => name)]
      .flatMap((name) => anywhere.all(name))
      .flatMap(readOwned<"trunk">);
    return [...new Map(found.map((trunk) => [trunk.id, trunk])).values()].filter(({ body }) => body.enabled);
  }

  return {
    at,
    config,
    tenantByDomain: (domain) => tenantOf("domain", domain),
    tenantByNumber: (number) => tenantOf("number", number),
    device(owner, phone) {
      const head = headOf(owner);
      if (!head) return undefined;
      const username = besideOf(phone) ?? phone;
      // a user name of digits is its extension's number, any other is a claim
      const name = /^\d+$/.test(username) ? names.byKey("extension", username) : names.byClaim(`device#${username}`);
      const extension = namedIn<"extension">(head, name);
      const device = extension?.body.devices.find((one) => one.username === username);
      return extension && device && { extension, device };
    },
    secret: secretNamed,
    domains: () =>
      namesAnywhere
        .all(names.byGlobal("domain", ""), afterAll(names.byGlobal("domain", "")))
        .map(({ name }) => name.slice(names.byGlobal("domain", "").length)),
    trunks: () => every("trunk"),
    trunk: (id) => withId("trunk", id),
    queues: () => every("queue"),
    queue: (id) => withId("queue", id),
    voicemailBox: (id) => withId("voicemail-box", id),
    prompts: (id) => (id ? anywhere.all(names.byId("prompt", id)).flatMap(readOwned<"prompt">) : every("prompt")),
    trunksByAddress(address) {
      const normal = names.normalAddress(address);
      return onceAnywhere("trunk", names.byAddress(normal), () => trunksAt(normal));
    },
    ancestors: (owner) => headOf(owner)?.above ?? [],
    timeZone: (owner) => headOf(owner)?.settings?.timeZone ?? "UTC",
    country: (owner) => headOf(owner)?.settings?.country ?? "US",
    forget(owner, kinds, refs) {
      forgetHead(owner);
      for (const kind of kinds) drop(global.get(kind));
      if (refs === "all") dropOfOne(secrets);
      else for (const ref of refs) dropOfOne(secrets, ref);
    },
    forgetSaid: (owner) => drop((heads.get(owner) as Head | undefined)?.said),
  };
}
