import { statSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { bucketOf, weighStanding } from "../../core/comparison.ts";
import { empty, shift } from "../../core/digest.ts";
import type { Delta } from "../../core/wire.ts";
import { sha256 } from "../../edge-agent/hash.ts";
import { createStaging } from "../../edge-agent/staging.ts";
import { openState, type State } from "../../edge-agent/state.ts";
import {
  accountOf,
  createDocument,
  createTenant,
  type Document,
  extensionBody,
  tenantBody,
  tenantOf,
  ulidOf,
} from "../support/document.ts";
import { temporaryFolder } from "../support/folder.ts";

function open(file = ":memory:"): State {
  const state = openState(file);
  onTestFinished(() => state.close());
  return state;
}

/** Every delta of the document so far, applied. */
function follow(state: State, document: Document): void {
  for (const delta of document.deltas) state.apply(delta);
  expect(state.standing(document.owner)).toEqual(document.standing);
}

function whole(document: Document, size?: number) {
  const staging = createStaging();
  for (const page of document.pages(size)) staging.page(page);
  const found = staging.whole();
  if (!found) throw new Error("the pages don't make a document");
  return found;
}

const last = (document: Document): Delta => document.deltas.at(-1) as Delta;
const ext = (n: number) => `ext_${ulidOf(n)}`;

describe("a delta", () => {
  test("that fits is applied and says what was before and after", () => {
    const state = open();
    const acme = createTenant(1, 1);
    expect(state.apply(last(acme)).outcome).toBe("applied");
    const { outcome, changes } = state.apply(
      acme.write({ kind: "extension", id: ext(1000), body: extensionBody("1002") }),
    );
    expect(outcome).toBe("applied");
    expect(changes).toMatchObject([
      { kind: "extension", id: ext(1000), before: { number: "1001" }, after: { number: "1002" } },
    ]);
    expect(state.standing(acme.owner)).toEqual(acme.standing);
  });

  test("that comes twice or late changes nothing", () => {
    const state = open();
    const acme = createTenant(1, 1);
    acme.write({ kind: "extension", id: ext(2), body: extensionBody("1002") });
    follow(state, acme);
    for (const delta of acme.deltas) expect(state.apply(delta)).toEqual({ outcome: "known", changes: [] });
    expect(state.standing(acme.owner)).toEqual(acme.standing);
  });

  test.each<[string, (delta: Delta) => Delta]>([
    ["base revision", (delta) => ({ ...delta, base: { revision: 7, digest: delta.base?.digest ?? "" } })],
    ["base digest", (delta) => ({ ...delta, base: { revision: delta.base?.revision ?? 0, digest: "f".repeat(32) } })],
    ["base that is missing", (delta) => ({ ...delta, base: null })],
    ["epoch", (delta) => ({ ...delta, epoch: 2 })],
    ["resulting digest", (delta) => ({ ...delta, digest: "f".repeat(32) })],
    ["text", (delta) => ({ ...delta, upserts: delta.upserts.map((one) => ({ ...one, text: `${one.text} ` })) })],
  ])("with another %s is a gap and changes nothing", (_, spoil) => {
    const state = open();
    const acme = createTenant(1, 1);
    follow(state, acme);
    const before = state.standing(acme.owner);
    const next = acme.write({ kind: "extension", id: ext(2), body: extensionBody("1002") });
    expect(state.apply(spoil(next))).toEqual({ outcome: "gap", changes: [] });
    expect(state.standing(acme.owner)).toEqual(before);
    expect(state.documents.device(acme.owner, "1002")).toBeUndefined();
    expect(state.apply(next).outcome).toBe("applied");
  });

  test("for a document that is not here is a gap unless it is its first", () => {
    const acme = createTenant(1, 1);
    const second = acme.write({ kind: "extension", id: ext(2), body: extensionBody("1002") });
    expect(open().apply(second).outcome).toBe("gap");
  });

  test("that fails half-way leaves nothing behind", () => {
    const file = join(temporaryFolder(), "state.db");
    const state = openState(file);
    const acme = createTenant(1, 1);
    follow(state, acme);
    const before = state.standing(acme.owner);
    const next = acme.write({ kind: "extension", id: ext(2), body: extensionBody("1002") });
    const secrets = [...next.secrets, { ref: `sec_${ulidOf(9)}#1`, value: {} as unknown as string }];
    expect(() => state.apply({ ...next, secrets })).toThrow();
    state.close();
    const again = open(file);
    expect(again.standing(acme.owner)).toEqual(before);
    expect(again.documents.device(acme.owner, "1002")).toBeUndefined();
    expect(again.apply(next).outcome).toBe("applied");
  });
});

describe("a snapshot", () => {
  test("replaces what is here, and only differences are changes", () => {
    const state = open();
    const acme = createTenant(1, 3);
    follow(state, acme);
    acme.write(
      { kind: "extension", id: ext(1000), body: undefined },
      { kind: "extension", id: ext(1001), body: extensionBody("1009") },
    );
    acme.write({ kind: "extension", id: ext(5), body: extensionBody("1005") });
    const { outcome, changes } = state.replace(whole(acme, 2));
    expect(outcome).toBe("applied");
    expect(changes.map(({ id, before, after }) => [id, before?.number, after?.number]).sort()).toEqual([
      [ext(5), undefined, "1005"],
      [ext(1000), "1001", undefined],
      [ext(1001), "1002", "1009"],
    ]);
    expect(state.standing(acme.owner)).toEqual(acme.standing);
    expect(state.documents.device(acme.owner, "1001")).toBeUndefined();
    expect(state.documents.device(acme.owner, "1009")?.extension.id).toBe(ext(1001));
  });

  test("that is older than what is here changes nothing", () => {
    const state = open();
    const acme = createTenant(1, 1);
    const old = whole(acme);
    acme.write({ kind: "extension", id: ext(2), body: extensionBody("1002") });
    follow(state, acme);
    expect(state.replace(old).outcome).toBe("known");
    expect(state.standing(acme.owner)).toEqual(acme.standing);
  });

  test("of a higher epoch wins over a higher revision", () => {
    const state = open();
    const acme = createTenant(1, 1);
    acme.write({ kind: "extension", id: ext(2), body: extensionBody("1002") });
    follow(state, acme);
    const restored = createDocument(acme.owner, [], 2);
    restored.write({ kind: "tenant", id: `ten_${ulidOf(1)}`, body: tenantBody(1) });
    expect(state.replace(whole(restored)).outcome).toBe("applied");
    expect(state.documents.device(acme.owner, "1001")).toBeUndefined();
    expect(state.apply(last(acme)).outcome).toBe("known");
  });

  test("whose pages were read while the document moved becomes whole by the changes since", () => {
    const acme = createTenant(1, 3);
    const staging = createStaging();
    const [first] = acme.pages(2);
    if (first) staging.page(first);
    const delta = acme.write(
      { kind: "extension", id: ext(1000), body: undefined },
      { kind: "extension", id: ext(1002), body: extensionBody("1007") },
    );
    for (const page of acme.pages(1).slice(1)) staging.page(page);
    expect(staging.whole()).toBeUndefined();
    expect(staging.since?.revision).toBe(delta.revision - 1);
    staging.change(delta);
    expect(staging.whole()).toMatchObject(acme.standing);
  });
});

describe("a document that was dropped", () => {
  test("is gone with its resources, names and secrets, and late messages don't bring it back", () => {
    const state = open();
    const acme = createTenant(1, 1);
    follow(state, acme);
    const { outcome, changes } = state.drop({ owner: acme.owner, epoch: 1, revision: 2 });
    expect(outcome).toBe("applied");
    expect(changes.map(({ after }) => after)).toEqual([undefined, undefined]);
    expect(state.standing(acme.owner)).toBeUndefined();
    expect(state.documents.tenantByDomain("t1.example")).toBeUndefined();
    expect(state.documents.secret(`sec_${ulidOf(1000)}#1`)).toBeUndefined();
    expect(state.apply(last(acme)).outcome).toBe("known");
    expect(state.standings()).toEqual([]);
  });

  test("comes back when the cloud says a later revision", () => {
    const state = open();
    const acme = createTenant(1, 1);
    follow(state, acme);
    state.drop({ owner: acme.owner, epoch: 1, revision: 1 });
    acme.write({ kind: "extension", id: ext(2), body: extensionBody("1002") });
    expect(state.replace(whole(acme)).outcome).toBe("applied");
    expect(state.standing(acme.owner)).toEqual(acme.standing);
  });

  test("is acknowledged by its tombstone", () => {
    const state = open();
    state.drop({ owner: tenantOf(1), epoch: 1, revision: 4 });
    const work = state.pending.take(tenantOf(1));
    if (work) state.pending.settle(work, []);
    expect(state.pending.dueAcks(10)).toMatchObject([
      { owner: tenantOf(1), epoch: 1, revision: 4, digest: empty, failures: [] },
    ]);
  });

  test("leaves a row of its own and no other, and none of another's is touched", () => {
    const file = join(temporaryFolder(), "state.db");
    const state = open(file);
    const [acme, globex] = [createTenant(1, 1), createTenant(2, 1)];
    for (const one of [acme, globex]) {
      const { owner } = one;
      follow(state, one);
      const id = ext(one === acme ? 1000 : 2000);
      state.spoken.say(
        owner,
        [{ kind: "extension", id, field: "doNotDisturb", value: true }],
        "e",
        new Date(),
        () => id,
      );
      // of resources that are gone already, too
      state.lastCallers.rang(owner, "ext_gone", "+12025550123");
      state.pinTries.wrong(owner, { kind: "voicemail-box", id: "vmb_gone", pin: "pin" }, Date.now());
      state.callBacks.ask({ owner, queue: "que_gone", number: "+12025550123", since: 1 }, 1);
      state.taken.take(`cmd_${owner}`, owner, new Date());
    }
    const rows = (document: Document) => {
      const db = new DatabaseSync(file, { readOnly: true });
      const tables = db
        .prepare("select name from sqlite_schema where type = 'table'")
        .all()
        .map(({ name }) => String(name));
      const found = tables.flatMap((table) =>
        db
          .prepare(`select * from ${table}`)
          .all()
          .map((row) => [table, JSON.stringify(row)]),
      );
      db.close();
      const id = document === acme ? "1" : "2";
      const words = [document.owner, `t${id}.example`, ulidOf(Number(id) * 1000)];
      return found.filter(([, row]) => words.some((word) => row?.includes(word))).map(([table]) => table);
    };
    const [mine, others] = [rows(acme), rows(globex)];
    expect(new Set(mine)).toEqual(
      new Set([
        "document",
        "resource",
        "name",
        "secret",
        "pending",
        "runtime",
        "last_caller",
        "pin_try",
        "call_back",
        "command",
      ]),
    );
    state.drop({ owner: acme.owner, epoch: 1, revision: 2, restorable: true });
    expect(state.gone(acme.owner)).toBe(false);
    state.drop({ owner: acme.owner, epoch: 1, revision: 3 });
    expect(state.gone(acme.owner)).toBe(true);
    const work = state.pending.take(acme.owner);
    if (work) state.pending.settle(work, []);
    expect(rows(acme).sort()).toEqual(["ack", "document"]);
    expect(rows(globex)).toEqual(others);
  });

  test("stays when the message is older than what is here", () => {
    const state = open();
    const acme = createTenant(1, 1);
    acme.write({ kind: "extension", id: ext(2), body: extensionBody("1002") });
    follow(state, acme);
    expect(state.drop({ owner: acme.owner, epoch: 1, revision: 1 }).outcome).toBe("known");
    expect(state.standing(acme.owner)).toEqual(acme.standing);
  });
});

test("unknown kinds and unknown fields are kept verbatim, counted, and harm nothing", () => {
  const state = open();
  const acme = createTenant(1, 1);
  acme.write(
    { kind: "hologram", id: "hol_1", body: { shape: "cube", number: "1001" } },
    { kind: "extension", id: ext(2), body: extensionBody("1002", undefined, { aura: { colour: "green" } }) },
    { kind: "extension", id: ext(3), body: { number: "1003", devices: { not: "a list" } } },
    { kind: "trunk", id: `trk_${ulidOf(1)}`, body: { name: 7, host: null, inboundAddresses: "x" } },
  );
  follow(state, acme);
  expect(state.documents.device(acme.owner, "1002")?.extension.body).toHaveProperty("aura.colour", "green");
  expect(state.documents.config(acme.owner)?.dialable("1001")?.id).toBe(ext(1000));
  const next = acme.write({ kind: "hologram", id: "hol_1", body: undefined });
  expect(state.apply(next).changes).toMatchObject([
    { kind: "hologram", before: { shape: "cube", number: "1001" }, after: undefined },
  ]);
});

test("a field that came later than a stored text has its default", () => {
  const state = open();
  const acme = createTenant(1, 0);
  const { ringSeconds: _, ...old } = extensionBody("1002");
  acme.write({ kind: "extension", id: ext(2), body: old });
  follow(state, acme);
  expect(state.documents.device(acme.owner, "1002")?.extension.body.ringSeconds).toBe(25);
});

test("whatever string stands in ids, kinds and bodies comes back as it was", () => {
  const hostile = fc.oneof(
    fc.string({ unit: "binary", maxLength: 40 }),
    fc.constantFrom("'; drop table resource; --", "a\u0000b", "\r\n", "x-pre-process", "k#extension#1"),
  );
  fc.assert(
    fc.property(
      fc.array(fc.record({ kind: hostile, id: hostile, name: hostile }), { minLength: 1, maxLength: 8 }),
      (list) => {
        const state = openState(":memory:");
        const acme = createTenant(1, 1);
        acme.write(...list.map(({ kind, id, name }) => ({ kind, id, body: { name, number: name } })));
        follow(state, acme);
        const { changes } = state.drop({ owner: acme.owner, epoch: 1, revision: 3 });
        const texts = acme.texts.map(({ kind, id, text }) => ({ kind, id, body: JSON.parse(text) as unknown }));
        const byKey = (a: { kind: string; id: string }, b: { kind: string; id: string }) =>
          `${a.kind}/${a.id}` < `${b.kind}/${b.id}` ? -1 : 1;
        expect(
          changes
            .filter(({ kind }) => kind !== "extension" && kind !== "tenant")
            .map(({ kind, id, before }) => ({ kind, id, body: before }))
            .sort(byKey),
        ).toEqual(texts.filter(({ kind }) => kind !== "extension" && kind !== "tenant").sort(byKey));
        state.close();
      },
    ),
    { numRuns: 50 },
  );
});

describe("secrets", () => {
  const ref = (n: number) => `sec_${ulidOf(1)}#${n}`;

  test("are forgotten when nothing names them any more, and not before", () => {
    const state = open();
    const acme = createTenant(1, 0);
    for (const n of [1, 2]) acme.setSecret(ref(n), `value ${n}`);
    acme.write(
      { kind: "extension", id: ext(2), body: extensionBody("1002", ref(1)) },
      { kind: "extension", id: ext(3), body: extensionBody("1003", ref(1)) },
    );
    follow(state, acme);
    state.apply(acme.write({ kind: "extension", id: ext(2), body: extensionBody("1002", ref(2)) }));
    expect([state.documents.secret(ref(1)), state.documents.secret(ref(2))]).toEqual(["value 1", "value 2"]);
    state.apply(acme.write({ kind: "extension", id: ext(3), body: undefined }));
    expect([state.documents.secret(ref(1)), state.documents.secret(ref(2))]).toEqual([undefined, "value 2"]);
  });

  test("lie in files that this user alone can read", () => {
    const file = join(temporaryFolder(), "agent", "state.db");
    follow(open(file), createTenant(1, 1));
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
    for (const name of [file, `${file}-wal`, `${file}-shm`]) expect(statSync(name).mode & 0o777).toBe(0o600);
  });
});

test("buckets are the sums that the cloud computes, kept in step by every kind of change", () => {
  const state = open();
  const documents = [1, 2, 3, 4].map((n) => createTenant(n, 1));
  const sums = (list: Document[]) => {
    const buckets = Array<string>(256).fill(empty);
    for (const { standing } of list) {
      const bucket = bucketOf(sha256, standing.owner);
      buckets[bucket] = shift(buckets[bucket] ?? empty, [weighStanding(sha256, standing)]);
    }
    return buckets;
  };
  expect(state.buckets()).toEqual(sums([]));
  for (const document of documents) follow(state, document);
  expect(state.buckets()).toEqual(sums(documents));
  for (const document of documents) document.write({ kind: "extension", id: ext(9), body: extensionBody("1009") });
  const [first, second, third, fourth] = documents as [Document, Document, Document, Document];
  state.apply(last(first));
  state.replace(whole(second));
  state.apply(last(third));
  state.drop({ owner: fourth.owner, epoch: 1, revision: 9 });
  expect(state.buckets()).toEqual(sums([first, second, third]));
});

test("names that another version of the agent derived are made anew", () => {
  const file = join(temporaryFolder(), "state.db");
  const state = openState(file);
  follow(state, createTenant(1, 2));
  state.close();
  const db = new DatabaseSync(file);
  db.exec("delete from name; update meta set value = 'another version' where name = 'names'");
  db.close();
  expect(open(file).documents.tenantByDomain("t1.example")).toBe(tenantOf(1));
});

test("who called an extension last is known after a restart, to its tenant alone, and forgotten with the extension", () => {
  const file = join(temporaryFolder(), "state.db");
  const state = openState(file);
  const acme = createTenant(1, 1);
  follow(state, acme);
  const added = acme.write({ kind: "extension", id: ext(2), body: extensionBody("1002") });
  state.apply(added);
  state.lastCallers.rang(acme.owner, ext(2), "+12025550123");
  state.lastCallers.rang(acme.owner, ext(2), null);
  state.lastCallers.rang(acme.owner, ext(1), "1002");
  state.close();
  const again = open(file);
  const known = [ext(1), ext(2), ext(3)].map((id) => again.lastCallers.of(acme.owner, id));
  expect(known).toEqual(["1002", null, undefined]);
  expect(again.lastCallers.of(tenantOf(2), ext(1))).toBeUndefined();
  again.apply(acme.write({ kind: "extension", id: ext(2), body: undefined }));
  expect(again.lastCallers.of(acme.owner, ext(2))).toBeUndefined();
});

test("the tenth wrong PIN within an hour is the last that counts, also after a restart; an hour after the first another does", () => {
  const file = join(temporaryFolder(), "state.db");
  const state = openState(file);
  const acme = createTenant(1, 1);
  follow(state, acme);
  const of = { kind: "extension", id: ext(1), pin: "hot-desk" } as const;
  const minute = 60_000;
  const told = Array.from({ length: 11 }, (_, n) => state.pinTries.wrong(acme.owner, of, (n + 1) * minute));
  expect(told).toEqual([...Array(9).fill(undefined), 61 * minute, undefined]);
  state.close();
  const { pinTries } = open(file);
  const spent = (at: number, one: Parameters<typeof pinTries.spent>[1] = of) => pinTries.spent(acme.owner, one, at);
  expect(spent(12 * minute)).toBe(true);
  expect(spent(12 * minute, { ...of, pin: "outbound" })).toBe(false);
  expect(pinTries.spent(tenantOf(2), of, 12 * minute)).toBe(false);
  // those of the first two minutes no longer count
  expect(spent(61 * minute)).toBe(true);
  expect(spent(62 * minute)).toBe(false);
  expect(pinTries.wrong(acme.owner, of, 62 * minute)).toBe(63 * minute);
  pinTries.forget(acme.owner, [{ kind: "extension", id: ext(1) }]);
  expect(spent(62 * minute)).toBe(false);
});

test("accounts' documents stand behind their tenants'", () => {
  const state = open();
  const reseller = createDocument(accountOf(1), [`acc_${ulidOf(2)}`]);
  reseller.write({
    kind: "account",
    id: `acc_${ulidOf(1)}`,
    body: { name: "Reseller", sipZone: null, country: "DE", timeZone: "UTC", language: "de" },
  });
  follow(state, reseller);
  const acme = createTenant(1, 1, [`acc_${ulidOf(1)}`, `acc_${ulidOf(2)}`]);
  follow(state, acme);
  expect(state.documents.ancestors(acme.owner)).toEqual([accountOf(1), accountOf(2)]);
  expect([state.documents.country(acme.owner), state.documents.country(reseller.owner)]).toEqual(["US", "DE"]);
  expect(state.documents.config(reseller.owner)).toBeUndefined();
});
