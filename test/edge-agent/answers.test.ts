// What is kept in memory of the documents is what the disk says, whatever happened in between.
import { join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import type { KindName } from "../../core/registry.ts";
import { type Answers, createKept } from "../../edge-agent/answers.ts";
import { open } from "../../edge-agent/database.ts";
import type { Documents } from "../../edge-agent/documents.ts";
import { createDocuments } from "../../edge-agent/lookup.ts";
import { schema } from "../../edge-agent/schema.ts";
import { createStaging } from "../../edge-agent/staging.ts";
import { openState, type State } from "../../edge-agent/state.ts";
import { accountOf, createDocument, type Document, extensionBody, tenantBody, ulidOf } from "../support/document.ts";
import { temporaryFolder } from "../support/folder.ts";

const account = accountOf(9);
const tenants = [1, 2];
const ext = (n: number) => `ext_${ulidOf(n)}`;
const trunk = (n: number) => `trk_${ulidOf(n)}`;

/** Everything that a driver may ask, of what the writes below touch. */
function askAll(documents: Documents): string {
  const few = [0, 1, 2];
  const numbers = ["1001", "1002", "1003"];
  const kinds: KindName[] = ["extension", "trunk", "phone-number"];
  const ofTenant = (n: number) => {
    const owner = `T#ten_${ulidOf(n)}` as const;
    const config = documents.config(owner);
    return [
      documents.ancestors(owner),
      documents.country(owner),
      numbers.map((name) => documents.device(owner, name)),
      config && [
        config.settings,
        kinds.map((kind) => [config.list(kind), config.first(kind), config.inherited(kind), config.keys(kind, "")]),
        few.map((i) => [config.get("extension", ext(i)), config.find("trunk", trunk(i))]),
        numbers.map((number) => [config.dialable(number), config.byKey("extension", number)]),
        few.map((i) => config.runtime("extension", ext(i), "hotDesk")),
        numbers.map((username) => config.holders("extension", "hotDesk", username)),
        few.map((i) => config.isSecret({ secret: `sec_${ulidOf(i)}#1` }, "value 1")),
      ],
    ];
  };
  return JSON.stringify([
    tenants.map(ofTenant),
    [1, 2, 3].map((n) => documents.tenantByDomain(`t${n}.example`)),
    few.map((i) => documents.tenantByNumber(`+1202555010${i}`)),
    few.map((i) => [documents.trunk(trunk(i)), documents.secret(`sec_${ulidOf(i)}#1`)]),
    ["192.0.2.1", "198.51.100.7"].map((address) => documents.trunksByAddress(address)),
  ]);
}

type Step =
  | { do: "extension"; tenant: number; i: number; number: string; enabled: boolean }
  | { do: "delete"; tenant: number; i: number }
  | { do: "domain"; tenant: number; n: number }
  | { do: "number"; tenant: number; i: number; gone: boolean }
  | { do: "trunk"; i: number; address: string; enabled: boolean }
  | { do: "say"; tenant: number; i: number; value: string | null }
  | { do: "whole"; tenant: number; path: boolean }
  | { do: "drop"; tenant: number };

const tenant = fc.constantFrom(...tenants);
const i = fc.nat(2);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    ...{ do: fc.constant("extension" as const), tenant, i, enabled: fc.boolean() },
    number: fc.constantFrom("1001", "1002", "1003"),
  }),
  fc.record({ do: fc.constant("delete" as const), tenant, i }),
  fc.record({ do: fc.constant("domain" as const), tenant, n: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ do: fc.constant("number" as const), tenant, i, gone: fc.boolean() }),
  fc.record({
    ...{ do: fc.constant("trunk" as const), i, enabled: fc.boolean() },
    address: fc.constantFrom("192.0.2.1", "198.51.100.0/24", "192.0.2.0/24"),
  }),
  fc.record({ do: fc.constant("say" as const), tenant, i, value: fc.constantFrom("1001", "1002", null) }),
  fc.record({ do: fc.constant("whole" as const), tenant, path: fc.boolean() }),
  fc.record({ do: fc.constant("drop" as const), tenant }),
);

function world(state: State) {
  const documents = new Map<string, Document>();
  let clock = Date.parse("2026-01-01");

  function documentOf(owner: Document["owner"], path: string[]): Document {
    const known = documents.get(owner) ?? createDocument(owner, path);
    if (!documents.has(owner)) documents.set(owner, known);
    return known;
  }

  const path = [account.slice(2)];
  const ofTenant = (n: number) => {
    const document = documentOf(`T#ten_${ulidOf(n)}`, path);
    if (document.texts.length === 0)
      state.apply(document.write({ kind: "tenant", id: `ten_${ulidOf(n)}`, body: tenantBody(n) }));
    return document;
  };

  function renew(n: number, path: string[], secrets: boolean): void {
    const before = ofTenant(n);
    const after = createDocument(before.owner, path, before.standing.epoch + 1);
    if (secrets) for (const at of [0, 1, 2]) after.setSecret(`sec_${ulidOf(at)}#1`, `value ${n}`);
    after.write(...before.texts.map(({ kind, id, text }) => ({ kind, id, body: JSON.parse(text) })));
    const staging = createStaging();
    for (const page of after.pages()) staging.page(page);
    const whole = staging.whole();
    if (whole) state.replace(whole);
    documents.set(before.owner, after);
  }

  return function take(one: Step): void {
    switch (one.do) {
      case "extension": {
        const document = ofTenant(one.tenant);
        document.setSecret(`sec_${ulidOf(one.i)}#1`, `value ${one.tenant}`);
        const body = extensionBody(one.number, `sec_${ulidOf(one.i)}#1`, { enabled: one.enabled });
        state.apply(document.write({ kind: "extension", id: ext(one.i), body }));
        return;
      }
      case "delete":
        state.apply(ofTenant(one.tenant).write({ kind: "extension", id: ext(one.i), body: undefined }));
        return;
      case "domain": {
        const body = { ...tenantBody(one.tenant), domain: `t${one.n}.example`, country: one.n === 1 ? "DE" : "US" };
        state.apply(ofTenant(one.tenant).write({ kind: "tenant", id: `ten_${ulidOf(one.tenant)}`, body }));
        return;
      }
      case "number": {
        const body = one.gone ? undefined : { number: `+1202555010${one.i}`, destination: null };
        state.apply(ofTenant(one.tenant).write({ kind: "phone-number", id: `num_${ulidOf(one.i)}`, body }));
        return;
      }
      case "trunk": {
        const body = { name: `t${one.i}`, host: "sip.example", enabled: one.enabled, inboundAddresses: [one.address] };
        state.apply(documentOf(account, []).write({ kind: "trunk", id: trunk(one.i), body }));
        return;
      }
      case "say": {
        const setting = { kind: "extension", id: ext(one.i), field: "hotDesk", value: one.value };
        clock += 1000;
        state.spoken.say(`T#ten_${ulidOf(one.tenant)}`, [setting], "edg_1", new Date(clock), () => `evt_${clock}`);
        return;
      }
      case "whole":
        renew(one.tenant, one.path ? path : [], true);
        return;
      case "drop": {
        const { owner, standing } = ofTenant(one.tenant);
        state.drop({ owner, epoch: standing.epoch, revision: standing.revision + 1 });
        documents.set(owner, createDocument(owner, path, standing.epoch + 1));
      }
    }
  };
}

test("whatever was asked and written before, an answer is what a first reading of the disk gives", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 25 }), (steps) => {
      const file = join(temporaryFolder(), "state.db");
      const state = openState(file);
      const db = open(file, "NORMAL", schema);
      try {
        const take = world(state);
        for (const one of steps) {
          take(one);
          expect(state.documents.at(() => askAll(state.documents))).toBe(askAll(createDocuments(db)));
        }
      } finally {
        db.close();
        state.close();
      }
    }),
    { numRuns: 40 },
  );
});

test("so many answers are kept, and then it begins anew", () => {
  const answers: Answers = new Map();
  const others: Answers = new Map();
  const kept = createKept(() => {
    for (const one of [answers, others]) kept.drop(one);
  }, 3);
  let read = 0;
  const ask = (among: Answers, question: string) => kept.once(among, question, () => ++read);
  expect([ask(answers, "a"), ask(others, "a"), ask(answers, "b"), ask(answers, "a")]).toEqual([1, 2, 3, 1]);
  kept.drop(answers, "a");
  expect([ask(answers, "c"), ask(others, "a")]).toEqual([4, 2]);
  expect(ask(answers, "d")).toBe(5);
  expect([answers.size, others.size]).toEqual([1, 0]);
});

test("that nothing was found is an answer, too", () => {
  const answers: Answers = new Map();
  const kept = createKept(() => undefined);
  let read = 0;
  for (const _ of [1, 2]) expect(kept.once(answers, "a", () => void ++read)).toBeUndefined();
  expect(read).toBe(1);
});

test("a statement after a lookup that read nothing finds no transaction open", () => {
  const state = openState(":memory:");
  onTestFinished(() => state.close());
  const ask = () => state.documents.at(() => state.documents.tenantByDomain("nobody.example"));
  for (const _ of [1, 2]) {
    expect(ask()).toBeUndefined();
    const document = createDocument(`T#ten_${ulidOf(1)}`);
    expect(
      state.apply(document.write({ kind: "tenant", id: `ten_${ulidOf(1)}`, body: tenantBody(1) })).outcome,
    ).toMatch(/applied|known/);
  }
});
