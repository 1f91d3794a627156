// A change larger than a transaction: one revision, whole or not at all, whoever dies over it and whoever reads meanwhile; on both stores.
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canonical } from "../../../core/canonical.ts";
import type { Owner } from "../../../core/owner.ts";
import { kindOf } from "../../../core/registry.ts";
import type { Body } from "../../../core/resources/kind.ts";
import type { Context } from "../../../functions/context.ts";
import { snapshotPage } from "../../../functions/document/delta.ts";
import { readHead } from "../../../functions/document/head.ts";
import { sweepLeases } from "../../../functions/document/large.ts";
import { fromItem, naturalKey, openView } from "../../../functions/document/view.ts";
import * as keys from "../../../functions/keys.ts";
import { openDynamo } from "../../../functions/store/dynamodb.ts";
import { openSqlite } from "../../../functions/store/sqlite.ts";
import type { Operation, Store } from "../../../functions/store/store.ts";
import { contextOn, operatorOn } from "../../support/context.ts";
import { type DynamoLocal, hasDynamoLocal, startDynamoLocal } from "../../support/dynamodb-local.ts";
import { apply, before, change, type Fixture, numbers } from "../../support/large-change.ts";
import { mortal } from "../../support/mortal-store.ts";
import { digestOf } from "../../support/reckoning.ts";
import { expectWhole, later, shown } from "../../support/whole.ts";

let lines = 15_551_000_000;
function freshLines(count: number): string[] {
  lines += count;
  return numbers(lines - count, count).map((number) => `+${number}`);
}

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
