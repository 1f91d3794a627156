// Founding a document with all that it has: there whole or not at all, whoever dies over it, whoever else wants the same.
import { afterAll, beforeAll, expect, test } from "vitest";
import { idOf, type Owner, tenantOwner } from "../../../core/owner.ts";
import type { Body } from "../../../core/resources/kind.ts";
import { limits } from "../../../core/resources/limits.ts";
import type { Context } from "../../../functions/context.ts";
import { beginningOf } from "../../../functions/document/beginning.ts";
import { exportOf } from "../../../functions/document/export.ts";
import { type Founded, found } from "../../../functions/document/found.ts";
import { readTombstone } from "../../../functions/document/head.ts";
import { sweepLeases } from "../../../functions/document/large.ts";
import { newId } from "../../../functions/id.ts";
import * as keys from "../../../functions/keys.ts";
import { openSqlite } from "../../../functions/store/sqlite.ts";
import type { Key, Operation, Store } from "../../../functions/store/store.ts";
import { actor, contextOn, operatorOn } from "../../support/context.ts";
import { mortal } from "../../support/mortal-store.ts";
import { reckon } from "../../support/reckoning.ts";

let raw: Store;
let ctx: Context;
let above: Owner;
let pools: string[];
let count = 0;

beforeAll(async () => {
  raw = openSqlite(":memory:");
  ctx = contextOn(raw);
  await operatorOn(ctx);
  above = (await raw.get(keys.operator))?.owner as Owner;
  pools = [String((await readTombstone(raw, above))?.defaultPool)];
});
afterAll(() => raw.close());

const numbers = (from: number, many: number): string[] => Array.from({ length: many }, (_, n) => String(from + n));
const document = (line: string, extensions = 60): Body => ({
  "ring-groups": [{ name: "sales", extensionNumber: "600", members: [{ extension: "1001" }] }],
  extensions: numbers(1000, extensions).map((number) => ({ number, voicemailBox: "8000" })),
  "voicemail-boxes": [{ number: "8000" }],
  "phone-numbers": [{ number: line, destination: { kind: "ring-group", ref: "sales" } }],
});

type Wanted = { owner: Owner; domain: string; line: string };
const wanted = (): Wanted => ({
  owner: tenantOwner(newId("ten")),
  domain: `t${++count}.example`,
  line: `+1555${String(2_000_000 + count)}`,
});

const make = (
  on: Context,
  { owner, domain, line }: Wanted,
  more: { extensions?: number; also?: Operation[]; limits?: number } = {},
): Promise<Founded> =>
  found(on, {
    ...{ owner, path: [idOf(above)], pools, actor },
    settings: { name: "Acme", domain },
    edits: beginningOf(document(line, more.extensions), "/document").items,
    ...(more.limits !== undefined && {
      limits: limits.schema.parse({ by: idOf(above), plan: null, extensions: more.limits }),
    }),
    also: () => more.also ?? [],
  });

/** Keeps the keys of all that was ever to be written. */
function noting(store: Store, seen: Map<string, Key>): Store {
  return {
    ...store,
    transact(operations) {
      for (const one of operations) if ("put" in one) seen.set(`${one.put.pk}\n${one.put.sk}`, one.put);
      return store.transact(operations);
    },
  };
}

const later = (): Context => ({ ...ctx, now: () => new Date(Date.now() + 60_000) });
/** What is left of those keys and has to do with the tenant. */
async function traces(seen: Map<string, Key>, owner: Owner): Promise<string[]> {
  const items = await raw.getMany([...seen.values()].map(({ pk, sk }) => ({ pk, sk })));
  return items.flatMap((item) => (item && JSON.stringify(item).includes(idOf(owner)) ? [`${item.pk} ${item.sk}`] : []));
}

async function expectWhole({ owner, domain, line }: Wanted): Promise<void> {
  const { head, changes, digest } = await reckon(ctx.store, owner);
  expect(head).toMatchObject({ revision: 0, digest, changing: null });
  expect(changes).toMatchObject([{ revision: 0, digest, summary: "create tenant Acme" }]);
  const told = await exportOf(ctx, head, "named");
  expect(Object.entries(told).map(([name, items]) => [name, Array.isArray(items) ? items.length : "one"])).toEqual([
    ...[
      ["settings", "one"],
      ["extensions", 60],
      ["ring-groups", 1],
    ],
    ...[
      ["voicemail-boxes", 1],
      ["phone-numbers", 1],
    ],
  ]);
  for (const claim of [keys.global(null, "domain", domain), keys.global(null, "number", line)])
    expect(await raw.get(claim)).toMatchObject({ owner });
  expect(await raw.get(keys.child(above, "TENANT", idOf(owner)))).toBeDefined();
  expect(await raw.get(keys.lease(owner))).toBeUndefined();
}

test("a document larger than a transaction is one revision, with its references and its secrets", async () => {
  const one = wanted();
  const { secrets, change } = await make(ctx, one);
  await expectWhole(one);
  expect(secrets.filter(({ pointer }) => pointer === "/devices/0/password")).toHaveLength(60);
  expect(change.diff[0]).toMatchObject({ op: "create", kind: "tenant" });
  await expect(make(ctx, { ...wanted(), line: one.line })).rejects.toMatchObject({
    code: "taken",
    errors: [{ pointer: "/document/phone-numbers/0/number" }],
  });
});

test("whoever dies at whichever step, before or after it was written: the tenant is there whole, or there is no trace of it", async () => {
  const ends = new Set<string>();
  for (const applied of [false, true])
    for (let at = 1; ; at++) {
      const one = wanted();
      const seen = new Map<string, Key>();
      const store = mortal(noting(raw, seen), { at, applied });
      const made = await make({ ...contextOn(store), vault: ctx.vault }, one).catch(() => undefined);
      if (!store.died()) {
        expect(at).toBeGreaterThan(6);
        break;
      }
      await sweepLeases(later());
      const end = (await readTombstone(raw, one.owner)) ? "whole" : "no trace";
      ends.add(end);
      if (made) expect(end).toBe("whole");
      if (end === "whole") await expectWhole(one);
      else {
        expect(await traces(seen, one.owner)).toEqual([]);
        await make(ctx, { ...one, owner: tenantOwner(newId("ten")) });
      }
    }
  expect([...ends].sort()).toEqual(["no trace", "whole"]);
});

test("while the dead one's work is not undone yet, its domain is no reason to be refused for good", async () => {
  const one = wanted();
  const store = mortal(raw, { at: 4, applied: true });
  await expect(make({ ...contextOn(store), vault: ctx.vault }, one)).rejects.toThrow("dead");
  const again = { ...one, owner: tenantOwner(newId("ten")) };
  await expect(make(ctx, again)).rejects.toMatchObject({ code: "busy", headers: { "Retry-After": "5" } });
  await sweepLeases(later());
  await make(ctx, again);
  await expectWhole(again);
});

test.for([[5], [60]])("what can't be recorded beside it undoes it, with %i extensions", async ([extensions = 0]) => {
  const one = wanted();
  const seen = new Map<string, Key>();
  const also: Operation[] = [{ put: { pk: "I#1", sk: "ANSWER" }, if: { present: true } }];
  const on = { ...contextOn(noting(raw, seen)), vault: ctx.vault };
  await expect(make(on, one, { also, extensions })).rejects.toMatchObject({ code: "busy" });
  expect(await traces(seen, one.owner)).toEqual([]);
});

test("of two who want one domain and one number, one gets both", async () => {
  const [one, other] = [wanted(), { ...wanted() }];
  const ends = await Promise.all(
    [one, { ...one, owner: other.owner }].map((each) =>
      make(ctx, each).then(
        () => "made",
        ({ code }) => code,
      ),
    ),
  );
  expect(ends).toContain("made");
  expect(ends.filter((end) => end !== "made")).toHaveLength(1);
  await expectWhole(ends[0] === "made" ? one : { ...one, owner: other.owner });
});

test("the limits that it is made with hold for what it is made with", async () => {
  await expect(make(ctx, wanted(), { limits: 59 })).rejects.toMatchObject({ code: "limit_reached" });
  const one = wanted();
  await make(ctx, one, { limits: 60 });
  expect((await readTombstone(raw, one.owner))?.counts).toEqual({ extension: 60, "phone-number": 1 });
});
