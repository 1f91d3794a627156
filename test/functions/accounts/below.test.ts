// The walk over all that stands below an account: nothing is doubled or lost, wherever pages end and whatever is made between them.
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accountOwner, tenantOwner } from "../../../core/owner.ts";
import { accountsBelow, type Place, placesBelow } from "../../../functions/accounts/below.ts";
import { headItem, newHead } from "../../../functions/document/head.ts";
import { newId } from "../../../functions/id.ts";
import * as keys from "../../../functions/keys.ts";
import { openSqlite } from "../../../functions/store/sqlite.ts";
import type { Store } from "../../../functions/store/store.ts";

let store: Store;
beforeAll(() => {
  store = openSqlite(":memory:");
});
afterAll(() => store.close());

type Node = { id: string; path: string[] };

async function make(sort: "account" | "tenant", above?: Node): Promise<Node> {
  const id = newId(sort === "account" ? "acc" : "ten");
  const path = above ? [above.id, ...above.path] : [];
  const owner = sort === "account" ? accountOwner(id) : tenantOwner(id);
  const child = above && keys.child(accountOwner(above.id), sort.toUpperCase(), id);
  await store.transact([
    { put: headItem(newHead(owner, path, [], "2026-01-01T00:00:00.000Z")) },
    ...(child ? [{ put: { ...child, id } }] : []),
  ]);
  return { id, path };
}

/** `where`: of each new one, whether it is an account and which of the accounts so far it is made in. */
async function grow(accounts: Node[], where: [boolean, number][]): Promise<string[]> {
  const made: string[] = [];
  for (const [isAccount, at] of where) {
    const node = await make(isAccount ? "account" : "tenant", accounts[at % accounts.length]);
    if (isAccount) accounts.push(node);
    made.push(node.id);
  }
  return made;
}

async function page(top: string, limit: number, after?: Place): Promise<Place[]> {
  const found: Place[] = [];
  for await (const place of placesBelow(store, top, after)) {
    found.push(place);
    if (found.length === limit) break;
  }
  return found;
}

const shape = fc.array(fc.tuple(fc.boolean(), fc.nat(20)), { maxLength: 12 });

test("each account and tenant below is met once, page by page, while others are made; no one else's is", async () => {
  await fc.assert(
    fc.asyncProperty(shape, shape, fc.array(shape, { maxLength: 6 }), fc.integer({ min: 1, max: 4 }), async (...of) => {
      const [first, elsewhere, later, limit] = of;
      const operator = await make("account");
      const top = await make("account", operator);
      const accounts: Node[] = [top];
      const stood = new Set([top.id, ...(await grow(accounts, first))]);
      const strangers = new Set(await grow([operator, await make("account", operator)], elsewhere));
      const met: string[] = [];
      for (let after: Place | undefined, round = 0; ; round++) {
        const found = await page(top.id, limit, after);
        met.push(...found.map((place) => place.tenant ?? place.account));
        after = found.at(-1);
        if (found.length < limit) break;
        await grow(accounts, later[round] ?? []);
      }
      expect(new Set(met).size).toBe(met.length);
      expect([...stood].filter((id) => !met.includes(id))).toEqual([]);
      expect(met.filter((id) => strangers.has(id) || id === operator.id)).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

test("an account comes before those below it, and the walk goes on from any of them", async () => {
  const top = await make("account");
  await grow(
    [top],
    [
      [true, 0],
      [true, 0],
      [true, 1],
      [false, 3],
      [true, 2],
      [false, 0],
    ],
  );
  const all: string[] = [];
  for await (const id of accountsBelow(store, top.id)) all.push(id);
  expect(all).toHaveLength(5);
  for (const [index, id] of all.entries()) {
    const rest: string[] = [];
    for await (const next of accountsBelow(store, top.id, id)) rest.push(next);
    expect(rest).toEqual(all.slice(index + 1));
  }
});

test("a place outside is refused as one that there is not", async () => {
  const [top, other] = [await make("account"), await make("account")];
  for (const id of [other.id, newId("acc"), "acc_x", "A#x", ""])
    await expect(page(top.id, 1, { account: id })).rejects.toMatchObject({ code: "bad_cursor" });
});

test("a page of a large account reads no more of it than a chunk", async () => {
  const top = await make("account");
  await grow(
    [top],
    Array.from({ length: 250 }, () => [false, 0]),
  );
  let read = 0;
  const counting: Store = {
    ...store,
    get: (key) => store.get(key),
    query: async (query) => {
      const found = await store.query(query);
      read += found.items.length;
      return found;
    },
  };
  const found: Place[] = [];
  for await (const place of placesBelow(counting, top.id)) if (found.push(place) === 20) break;
  expect(read).toBeLessThanOrEqual(100);
});
