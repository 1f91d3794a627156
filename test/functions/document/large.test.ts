// A change larger than a transaction: one revision, whole or not at all, whoever dies over it and whoever reads meanwhile; on both stores.
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canonical } from "../../../core/canonical.ts";
import type { Owner } from "../../../core/owner.ts";
import { byPlural, kindOf } from "../../../core/registry.ts";
import type { Body, Kind } from "../../../core/resources/kind.ts";
import { places } from "../../../core/resources/marks.ts";
import type { Context } from "../../../functions/context.ts";
import { editsOf } from "../../../functions/document/apply.ts";
import { readChanges } from "../../../functions/document/change.ts";
import { claimsOf } from "../../../functions/document/claims.ts";
import { snapshotPage } from "../../../functions/document/delta.ts";
import { exportOf } from "../../../functions/document/export.ts";
import { readHead } from "../../../functions/document/head.ts";
import { sweepLeases } from "../../../functions/document/large.ts";
import { fromItem, naturalKey, openView, type Stored } from "../../../functions/document/view.ts";
import { type Outcome, write } from "../../../functions/document/write.ts";
import * as keys from "../../../functions/keys.ts";
import { openDynamo } from "../../../functions/store/dynamodb.ts";
import { openSqlite } from "../../../functions/store/sqlite.ts";
import { allItems, type Item, type Operation, type Store } from "../../../functions/store/store.ts";
import { accessTo, actor, contextOn, operatorOn } from "../../support/context.ts";
import { type DynamoLocal, hasDynamoLocal, startDynamoLocal } from "../../support/dynamodb-local.ts";
import { mortal } from "../../support/mortal-store.ts";
import { digestOf } from "../../support/reckoning.ts";

const numbers = (from: number, count: number): string[] => Array.from({ length: count }, (_, n) => String(from + n));
let lines = 15_551_000_000;
function freshLines(count: number): string[] {
  lines += count;
  return numbers(lines - count, count).map((number) => `+${number}`);
}

/** `stocked`: those of the lines that are in the inventory of the account above, `stock`. */
type Fixture = { owner: Owner; lines: string[]; newLines: string[]; stock: Owner; stocked: string[] };
const kindsOf = (...plurals: string[]): Kind[] => plurals.flatMap((plural) => byPlural(plural) ?? []);

async function apply(ctx: Context, owner: Owner, document: Body, prune: Kind[] = [], also?: () => Operation[]) {
  return write(ctx, await accessTo(ctx, owner), {
    actor,
    edits: (view, head) => editsOf(ctx, head, view, document, prune),
    ...(also && { also: async () => also() }),
  });
}

/** What the document says before. */
const before = ({ lines: held }: Fixture): Body => ({
  extensions: numbers(1000, 8).map((number) => ({ number, displayName: "before" })),
  "voicemail-boxes": numbers(8000, 6).map((number) => ({ number })),
  "phone-numbers": held.map((number) => ({ number, destination: { kind: "extension", ref: "1000" } })),
});

/** The large change: creates, updates, rotates a password, deletes, and gives two boxes each other's number. */
async function change(ctx: Context, { owner, newLines }: Fixture, also?: () => Operation[]): Promise<Outcome> {
  const view = openView(ctx.store, owner);
  const box = async (number: string) => (await view.byKey(kindOf("voicemail-box"), number))?.id;
  const [one, two] = [await box("8000"), await box("8001")];
  const document = {
    extensions: [
      ...numbers(1000, 8).map((number) => ({ number, displayName: "after" })),
      { number: "1007", devices: [{ username: "1007", password: "Secret-Secret-1" }] },
      ...numbers(2000, 24).map((number) => ({ number, displayName: "new", voicemailBox: "8001" })),
    ].filter(({ number }, index) => number !== "1007" || index === 8),
    "voicemail-boxes": [
      { id: one, number: "8001" },
      { id: two, number: "8000" },
    ],
    "phone-numbers": newLines.map((number) => ({ number, destination: { kind: "extension", ref: "2000" } })),
  };
  return apply(ctx, owner, document, kindsOf("voicemail-boxes", "phone-numbers"), also);
}

/** As people know it: without ids. */
async function shown(ctx: Context, owner: Owner): Promise<string> {
  const head = await readHead(ctx.store, owner);
  return head ? canonical(await exportOf(ctx, head, "named")) : "none";
}

const everything = async (store: Store, pk: string): Promise<Item[]> => {
  const found = [];
  for await (const item of allItems((query) => store.query(query), { pk })) found.push(item);
  return found;
};

const refsIn = ({ kind, body }: Pick<Stored, "kind" | "body">): string[] =>
  [...places(kindOf(kind).schema, body)].flatMap(({ mark, value }) =>
    mark.mark === "secret" && value !== null && typeof value === "object" && "secret" in value
      ? [String(value.secret)]
      : [],
  );

/** The document as its items have it, each of which must agree with all others, and nothing may be left of a change that is over. */
async function expectWhole(raw: Store, { owner, lines: held, newLines, stock, stocked }: Fixture): Promise<void> {
  const items = await everything(raw, owner);
  const under = (prefix: string) => items.filter(({ sk }) => sk.startsWith(prefix));
  expect(items.filter(({ sk, next }) => next !== undefined || sk === "LEASE" || sk.startsWith(keys.manifests))).toEqual(
    [],
  );
  const resources = under(keys.resources()).map(fromItem);
  const [head] = under("HEAD");
  expect(head).toMatchObject({
    changing: null,
    digest: digestOf(resources.map(({ kind, id, body }) => ({ kind, id, text: canonical(body) }))),
  });
  const claims = resources
    .filter(({ kind }) => kind !== "tenant")
    .flatMap((one) => claimsOf(one).map((value) => [value, one.id]));
  expect(under(keys.claims).map(({ sk, id }) => [sk.slice(2), id])).toEqual(claims.sort());
  const changes = [];
  for await (const one of readChanges(raw, owner, 0)) changes.push(one);
  expect(changes.map(({ revision }) => revision)).toEqual(changes.map((_, index) => index));
  expect(changes.at(-1)).toMatchObject({ revision: head?.revision, digest: head?.digest });
  // secrets: all that anything names, and none that nothing ever named
  const secrets = under("S#").map(({ sk }) => sk.slice(2));
  const ever = changes.flatMap(({ diff }) =>
    diff.flatMap(({ kind, after }) => (after ? refsIn({ kind: kind as Stored["kind"], body: after }) : [])),
  );
  expect(resources.flatMap(refsIn).filter((ref) => !secrets.includes(ref))).toEqual([]);
  expect(secrets.filter((ref) => !ever.includes(ref))).toEqual([]);
  // whose numbers are: its own, else of the inventory that they came from, else nobody's
  const all = [...held, ...newLines];
  const here = resources.filter(({ kind }) => kind === "phone-number").map(naturalKey);
  const claimed = await raw.getMany(all.map((number) => keys.global(null, "number", number)));
  const whose = (number: string) =>
    here.includes(number)
      ? [owner, stocked.includes(number) ? stock : undefined]
      : [stocked.includes(number) ? stock : undefined, undefined];
  expect(claimed.map((claim) => [claim?.owner, claim?.from])).toEqual(all.map(whose));
}

const later = (ctx: Context): Context => ({ ...ctx, now: () => new Date(Date.now() + 60_000) });

/** `stride`: of the steps at which to die, only every so many-th, and nothing else that takes long. */
function holds(open: () => Promise<Store>, stride = 1): void {
  let raw: Store;
  let ctx: Context;
  let operator: Awaited<ReturnType<typeof operatorOn>>;
  beforeAll(async () => {
    raw = await open();
    ctx = contextOn(raw);
    operator = await operatorOn(ctx);
  });
  afterAll(() => raw.close());

  async function fixture(): Promise<Fixture> {
    const [held, newLines] = [freshLines(2), freshLines(8)];
    const stocked = [...held.slice(0, 1), ...newLines.slice(0, 3)];
    await apply(ctx, operator.owner, { "phone-numbers": stocked.map((number) => ({ number })) });
    const made = { owner: await operator.newTenant(), lines: held, newLines, stock: operator.owner, stocked };
    await apply(ctx, made.owner, before(made));
    return made;
  }

  test("is one revision that says what it should", async () => {
    const made = await fixture();
    const outcome = await change(ctx, made);
    expect([outcome.revision, outcome.secrets.length]).toEqual([2, 24]);
    await expectWhole(raw, made);
    expect(JSON.parse(await shown(ctx, made.owner))["voicemail-boxes"]).toHaveLength(2);
  });

  test("whoever dies at whichever step, before or after it was written: the old document or the new one, and the next write works", {
    timeout: 120_000,
  }, async () => {
    const ends = new Set<string>();
    for (const applied of [false, true])
      for (let at = applied ? 1 : stride; ; at += stride) {
        const made = await fixture();
        const old = await shown(ctx, made.owner);
        const store = mortal(raw, { at, applied });
        const outcome = await change({ ...contextOn(store), vault: ctx.vault }, made).catch(() => undefined);
        if (!store.died()) {
          expect(at).toBeGreaterThan(10);
          break;
        }
        await sweepLeases(later(ctx));
        await expectWhole(raw, made);
        const head = await readHead(ctx.store, made.owner);
        ends.add(head?.revision === 2 ? "new" : "old");
        if (head?.revision === 1) expect(await shown(ctx, made.owner)).toBe(old);
        if (outcome) expect(head?.revision).toBe(2);
        const next = await apply(ctx, made.owner, { extensions: [{ number: "1000", displayName: "next" }] });
        expect(next.revision).toBe(Number(head?.revision) + 1);
      }
    expect([...ends].sort()).toEqual(["new", "old"]);
  });

  if (stride > 1) return;

  test("whoever reads at whichever step sees the old document until it is published, then the new one", async () => {
    const readers: ((ctx: Context, owner: Owner) => Promise<string>)[] = [
      shown,
      async ({ store }, owner) => {
        const view = openView(store, owner);
        const found = await Promise.all(
          ["8000", "8001", "8005"].map((key) => view.byKey(kindOf("voicemail-box"), key)),
        );
        return canonical(found.map((one) => one?.id ?? null));
      },
      async ({ store }, owner) => {
        const page = await store.query({ pk: owner, prefix: keys.resources("extension"), limit: 5 });
        return canonical(page.items.map((item) => naturalKey(fromItem(item))));
      },
      async ({ store }, owner) => {
        const head = await readHead(store, owner);
        if (!head) return "none";
        const { resources, secrets, digest } = await snapshotPage(ctx, head, undefined);
        expect(digestOf(resources)).toBe(digest);
        return canonical({ resources, secrets: secrets.map(({ ref }) => ref) } as unknown as Body);
      },
    ];
    const steps = fc.array(fc.nat(readers.length - 1), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(steps, async (order) => {
        const made = await fixture();
        const seen = new Map<number, Set<string>>();
        const read = async (which: number): Promise<void> => {
          const revision = (await readHead(ctx.store, made.owner))?.revision ?? 0;
          const said = `${which} ${await readers[which]?.(ctx, made.owner)}`;
          seen.set(revision, (seen.get(revision) ?? new Set()).add(said));
        };
        let step = 0;
        const watched: Store = {
          ...raw,
          async transact(operations) {
            await read(order[step++ % order.length] ?? 0);
            await raw.transact(operations);
          },
        };
        for (const which of new Set(order)) await read(which);
        await change({ ...contextOn(watched), vault: ctx.vault }, made);
        for (const which of new Set(order)) await read(which);
        for (const said of seen.values()) expect(said.size).toBe(new Set(order).size);
        expect([...seen.keys()]).toEqual([1, 2]);
      }),
      { numRuns: 4 },
    );
  });

  test("while one is under way, others are told to come again; of two at once one wins", async () => {
    const made = await fixture();
    let meanwhile: unknown;
    const watched: Store = {
      ...raw,
      async transact(operations) {
        await raw.transact(operations);
        if (operations.length > 50)
          meanwhile ??= await apply(ctx, made.owner, { extensions: [{ number: "3000" }] }).catch((error) => error);
      },
    };
    const both = [contextOn(watched), contextOn(watched)].map((one) =>
      change({ ...one, vault: ctx.vault }, made).then(
        ({ revision }) => revision,
        (error) => error.code,
      ),
    );
    expect((await Promise.all(both)).sort()).toEqual([2, "busy"]);
    expect(meanwhile).toMatchObject({ code: "busy", headers: { "Retry-After": "5" } });
    await expectWhole(raw, made);
  });

  test("a number that another gets first undoes it, and the number stays the other's", async () => {
    const [made, other] = [await fixture(), await operator.newTenant()];
    let taken = false;
    const watched: Store = {
      ...raw,
      async transact(operations) {
        // once it has looked, and before it takes them
        if (!taken && operations.some((one) => "put" in one && one.put.sk === "LEASE")) {
          taken = true;
          await apply(ctx, other, { "phone-numbers": [{ number: made.newLines[7] }] });
        }
        await raw.transact(operations);
      },
    };
    await expect(change({ ...contextOn(watched), vault: ctx.vault }, made)).rejects.toMatchObject({ code: "taken" });
    expect((await raw.get(keys.global(null, "number", made.newLines[7] ?? "")))?.owner).toBe(other);
    await expectWhole(raw, { ...made, newLines: made.newLines.filter((_, index) => index !== 7) });
    await expect(change(ctx, made)).rejects.toMatchObject({ code: "taken" });
  });

  test("what can't be recorded beside it undoes it", async () => {
    const made = await fixture();
    const record = (): Operation[] => [{ put: { pk: "I#1", sk: "ANSWER" }, if: { present: true } }];
    await expect(change(ctx, made, record)).rejects.toMatchObject({ code: "busy" });
    await expectWhole(raw, made);
  });
}

describe("a large change on SQLite", () => holds(async () => openSqlite(":memory:")));

describe.runIf(hasDynamoLocal())("a large change on DynamoDB Local", () => {
  let local: DynamoLocal;
  beforeAll(async () => {
    local = await startDynamoLocal();
  }, 90_000);
  afterAll(() => local.stop());
  holds(async () => openDynamo({ client: local.client(), table: await local.createTable() }), 9);
});
