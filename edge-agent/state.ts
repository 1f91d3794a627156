// The agent's state: every document of the pool, verbatim, on this host's disk. A document's rows and its revision change in one transaction.
import { bucketOf, type Standing, weighStanding } from "../core/comparison.ts";
import { empty, shift, weigh } from "../core/digest.ts";
import type { Owner } from "../core/owner.ts";
import type { Delta } from "../core/wire.ts";
import { readBody, secretsIn } from "./body.ts";
import { type CallBacks, createCallBackStore } from "./call-backs.ts";
import { type Database, open, rows, transaction } from "./database.ts";
import type { Documents } from "./documents.ts";
import type { Change } from "./driver.ts";
import { sha256 } from "./hash.ts";
import { createLastCallers, type LastCallers } from "./last-callers.ts";
import { createDocuments } from "./lookup.ts";
import { fingerprint, namesOf } from "./names.ts";
import { createPending, type Pending } from "./pending.ts";
import { createPinTries, type PinTries } from "./pin-tries.ts";
import { createRosterStore, type RosterStore } from "./roster.ts";
import { schema } from "./schema.ts";
import { createSpoken, type Spoken } from "./spoken.ts";
import { keyOf, type Whole } from "./staging.ts";
import { createTaken, type Taken } from "./taken.ts";
import { createUsedStore, type UsedStore } from "./used.ts";

/** `known`: nothing to do, the state is as new or newer. `gap`: it does not fit what is here; fetch. */
export type Outcome = { outcome: "applied" | "known" | "gap"; changes: Change[] };

export interface State {
  readonly documents: Documents;
  /** What is yet to be carried out by the driver, and what the cloud is yet to be told. */
  readonly pending: Pending;
  /** The cloud's commands that were begun here. */
  readonly taken: Taken;
  /** What people set, beside the documents. */
  readonly spoken: Spoken;
  readonly lastCallers: LastCallers;
  readonly pinTries: PinTries;
  readonly callBacks: CallBacks;
  readonly used: UsedStore;
  /** The hosts of the pool. */
  readonly roster: RosterStore;
  apply(delta: Delta): Outcome;
  /** Puts a whole document in the place of what is here. */
  replace(whole: Whole): Outcome;
  /** On an explicit `deleted` alone. A tombstone stays. Unless it is `restorable`, nothing else of the document's does. */
  drop(dropped: { owner: Owner; epoch: number; revision: number; restorable?: boolean | undefined }): Outcome;
  /** Whether it was dropped and won't come back. */
  gone(owner: Owner): boolean;
  /** Undefined for a document that is not here. */
  standing(owner: Owner): Standing | undefined;
  standings(): Standing[];
  /** Each bucket's sum, as `comparison` in core/wire.ts says. */
  buckets(): string[];
  close(): void;
}

type Row = Standing & { doc: number; dropped: number };
/** What `dropped` says of a document that won't come back. */
const forGood = 1;
type Edit = { kind: string; id: string; before: string | undefined; after: string | undefined };

/** Opens the state's file, `:memory:` for none. */
export function openState(file: string): State {
  const db = open(file, "NORMAL", schema, 10_000);
  // a page that was not asked for lately is read without a call of the kernel: half the time of a lookup among 10,000 tenants
  db.exec("pragma mmap_size = 1073741824");
  renameIfNeeded(db);
  const find = rows<Row>(db, "select doc, owner, epoch, revision, digest, dropped from document where owner = ?");
  const all = rows<Standing>(db, "select owner, epoch, revision, digest from document where dropped = 0");
  const textOf = rows<{ row: number; text: string }>(
    db,
    "select row, text from resource where doc = ? and kind = ? and id = ?",
  );
  const textsOf = rows<{ row: number; kind: string; id: string; text: string }>(
    db,
    "select row, kind, id, text from resource where doc = ?",
  );
  const setDocument = rows<{ doc: number }>(
    db,
    `insert into document (owner, epoch, revision, digest, path, dropped) values (?, ?, ?, ?, ?, ?) on conflict (owner) do update set
     epoch = excluded.epoch, revision = excluded.revision, digest = excluded.digest, path = excluded.path, dropped = excluded.dropped returning doc`,
  );
  const putResource = rows<{ row: number }>(
    db,
    "insert into resource (doc, kind, id, text) values (?, ?, ?, ?) on conflict (doc, kind, id) do update set text = excluded.text returning row",
  );
  const deleteResource = rows<{ row: number }>(
    db,
    "delete from resource where doc = ? and kind = ? and id = ? returning row",
  );
  const addName = db.prepare("insert or ignore into name (doc, name, row) values (?, ?, ?)");
  const dropName = db.prepare("delete from name where doc = ? and name = ? and row = ?");
  const putSecret = db.prepare(
    "insert into secret (ref, doc, value) values (?, ?, ?) on conflict (ref) do update set doc = excluded.doc, value = excluded.value",
  );
  const dropSecret = db.prepare("delete from secret where ref = ? and doc = ?");
  const dropSecrets = db.prepare("delete from secret where doc = ?");
  const pending = createPending(db);
  const lastCallers = createLastCallers(db);
  const pinTries = createPinTries(db);
  const callBacks = createCallBackStore(db);
  const used = createUsedStore(db);
  const documents = createDocuments(db);
  const spoken = createSpoken(db, documents.forgetSaid);
  const dropOthers = ["runtime", "last_caller", "pin_try", "call_back", "used", "command"].map((table) =>
    db.prepare(`delete from ${table} where owner = ?`),
  );
  let sums: string[] | undefined;

  function live(owner: Owner): Row | undefined {
    const row = find.get(owner);
    return row?.dropped === 0 ? row : undefined;
  }

  /** Counts a document's step into its bucket's sum. */
  function count(before: Standing | undefined, after: Standing | undefined): void {
    const owner = (after ?? before)?.owner;
    if (!sums || !owner) return;
    const bucket = bucketOf(sha256, owner);
    const weights = (standing: Standing | undefined) => (standing ? [weighStanding(sha256, standing)] : []);
    sums[bucket] = shift(sums[bucket] ?? empty, weights(after), weights(before));
  }

  function edit(doc: number, { kind, id, before, after }: Edit): void {
    const old = before === undefined ? { here: [], anywhere: [] } : namesOf(kind, id, before);
    const now = after === undefined ? { here: [], anywhere: [] } : namesOf(kind, id, after);
    const row =
      after === undefined ? deleteResource.get(doc, kind, id)?.row : putResource.get(doc, kind, id, after)?.row;
    if (row === undefined) return;
    for (const [place, was, is] of [[doc, old.here, now.here] as const, [0, old.anywhere, now.anywhere] as const]) {
      for (const name of was) if (!is.includes(name)) dropName.run(place, name, row);
      for (const name of is) if (!was.includes(name)) addName.run(place, name, row);
    }
  }

  /** Secrets that were named by what changed and that nothing in the document names any more. */
  function forgetSecrets(doc: number, edits: Edit[]): void {
    const gone = new Set(edits.flatMap(({ before = "" }) => secretsIn(before)));
    for (const ref of edits.flatMap(({ after = "" }) => secretsIn(after))) gone.delete(ref);
    if (gone.size === 0) return;
    for (const { text } of textsOf.each(doc)) for (const ref of secretsIn(text)) gone.delete(ref);
    for (const ref of gone) dropSecret.run(ref, doc);
  }

  /** One transaction: rows, names, secrets, standing, and what the driver has to carry out. */
  function write(
    was: Row | undefined,
    now: Standing & { path: string[]; dropped: number },
    edits: Edit[],
    secrets: Iterable<[string, string]>,
    whole: boolean,
  ): Outcome {
    transaction(db, () => {
      const doc =
        setDocument.get(now.owner, now.epoch, now.revision, now.digest, JSON.stringify(now.path), now.dropped)?.doc ??
        0;
      if (whole) dropSecrets.run(doc);
      for (const [ref, value] of secrets) putSecret.run(ref, doc, value);
      for (const one of edits) edit(doc, one);
      if (!whole) forgetSecrets(doc, edits);
      const gone = edits.filter(({ after }) => after === undefined);
      spoken.forget(now.owner, gone);
      lastCallers.forget(now.owner, gone);
      pinTries.forget(now.owner, gone);
      callBacks.forget(now.owner, gone);
      if (now.dropped === forGood) for (const drop of dropOthers) drop.run(now.owner);
      pending.add(now.owner, edits);
    });
    documents.forget(now.owner, new Set(edits.map(({ kind }) => kind)), whole ? "all" : [...named(secrets, edits)]);
    count(was?.dropped === 0 ? was : undefined, now.dropped === 0 ? now : undefined);
    return { outcome: "applied", changes: edits.map(toChange) };
  }

  return {
    documents,
    pending,
    taken: createTaken(db),
    spoken,
    lastCallers,
    pinTries,
    callBacks,
    used,
    roster: createRosterStore(db),
    apply(delta) {
      const was = find.get(delta.owner);
      const verdict = judge(was, delta);
      if (verdict !== "fits") return { outcome: verdict, changes: [] };
      const after = new Map(
        delta.deletes.map(({ kind, id }) => [keyOf(kind, id), { kind, id, after: undefined as string | undefined }]),
      );
      for (const { kind, id, text } of delta.upserts) after.set(keyOf(kind, id), { kind, id, after: text });
      const doc = was?.doc ?? 0;
      const edits = [...after.values()].map(
        (one): Edit => ({ ...one, before: doc ? textOf.get(doc, one.kind, one.id)?.text : undefined }),
      );
      const weights = (side: "before" | "after") =>
        edits.flatMap((e) => (e[side] === undefined ? [] : [weigh(sha256, e.kind, e.id, e[side])]));
      if (shift(was?.dropped === 0 ? was.digest : empty, weights("after"), weights("before")) !== delta.digest)
        return { outcome: "gap", changes: [] };
      const secrets = delta.secrets.map(({ ref, value }): [string, string] => [ref, value]);
      return write(was, { ...delta, dropped: 0 }, edits.filter(isChange), secrets, false);
    },
    replace(whole) {
      const was = find.get(whole.owner);
      if (was && newer(was, whole)) return { outcome: "known", changes: [] };
      const edits: Edit[] = [];
      const left = new Map(whole.resources);
      for (const { kind, id, text } of was ? textsOf.each(was.doc) : []) {
        const key = keyOf(kind, id);
        edits.push({ kind, id, before: text, after: left.get(key)?.text });
        left.delete(key);
      }
      for (const { kind, id, text } of left.values()) edits.push({ kind, id, before: undefined, after: text });
      return write(was, { ...whole, dropped: 0 }, edits.filter(isChange), whole.secrets, true);
    },
    drop({ owner, epoch, revision, restorable = false }) {
      const was = find.get(owner);
      if (
        was &&
        (newer(was, { epoch, revision }) || (was.dropped !== 0 && was.epoch === epoch && was.revision === revision))
      )
        return { outcome: "known", changes: [] };
      const edits = (was ? textsOf.all(was.doc) : []).map(
        ({ kind, id, text }): Edit => ({ kind, id, before: text, after: undefined }),
      );
      return write(
        was,
        { owner, epoch, revision, digest: empty, path: [], dropped: restorable ? 2 : forGood },
        edits,
        [],
        true,
      );
    },
    gone: (owner) => find.get(owner)?.dropped === forGood,
    standing(owner) {
      const row = live(owner);
      return row && { owner: row.owner, epoch: row.epoch, revision: row.revision, digest: row.digest };
    },
    standings: () => all.all(),
    buckets() {
      if (!sums) {
        sums = Array<string>(256).fill(empty);
        for (const standing of all.each()) count(undefined, standing);
      }
      return [...sums];
    },
    close: () => db.close(),
  };
}

/** The names of secrets that a write may have put or dropped. */
const named = (secrets: Iterable<[string, string]>, edits: Edit[]): Set<string> =>
  new Set([...[...secrets].map(([ref]) => ref), ...edits.flatMap(({ before = "" }) => secretsIn(before))]);

const newer = (a: { epoch: number; revision: number }, b: { epoch: number; revision: number }): boolean =>
  a.epoch > b.epoch || (a.epoch === b.epoch && a.revision > b.revision);

const isChange = ({ before, after }: Edit): boolean => before !== after;

function toChange({ kind, id, before, after }: Edit): Change {
  return {
    kind,
    id,
    before: before === undefined ? undefined : readBody(kind, before),
    after: after === undefined ? undefined : readBody(kind, after),
  };
}

/** Whether a delta can be applied to what is here: epoch, base revision and base digest must be the same. */
function judge(was: Row | undefined, delta: Delta): "fits" | "known" | "gap" {
  if (!was) return delta.base === null ? "fits" : "gap";
  if (newer(was, delta)) return "known";
  if (was.dropped !== 0) return delta.base === null && newer(delta, was) ? "fits" : "gap";
  if (was.epoch === delta.epoch && was.revision === delta.revision && was.digest === delta.digest) return "known";
  const { base } = delta;
  return base && was.epoch === delta.epoch && base.revision === was.revision && base.digest === was.digest
    ? "fits"
    : "gap";
}

/** Names that another version of the agent derived are made anew. */
function renameIfNeeded(db: Database): void {
  const known = rows<{ value: string }>(db, "select value from meta where name = 'names'").get()?.value;
  if (known === fingerprint) return;
  transaction(db, () => {
    db.exec("delete from name");
    const add = db.prepare("insert or ignore into name (doc, name, row) values (?, ?, ?)");
    for (const { row, doc, kind, id, text } of rows<{
      row: number;
      doc: number;
      kind: string;
      id: string;
      text: string;
    }>(db, "select * from resource").each()) {
      const { here, anywhere } = namesOf(kind, id, text);
      for (const name of here) add.run(doc, name, row);
      for (const name of anywhere) add.run(0, name, row);
    }
    db.prepare("insert or replace into meta (name, value) values ('names', ?)").run(fingerprint);
  });
}
