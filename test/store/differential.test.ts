// The same random operations on SQLite and on DynamoDB Local: every answer and every error is the same.
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDynamo } from "../../functions/store/dynamodb.ts";
import { openSqlite } from "../../functions/store/sqlite.ts";
import {
  ConditionFailed,
  type Item,
  type Key,
  type Page,
  type Query,
  type Store,
} from "../../functions/store/store.ts";
import { type DynamoLocal, hasDynamoLocal, startDynamoLocal } from "../support/dynamodb-local.ts";
import { type Step, steps } from "./arbitrary.ts";

describe.runIf(hasDynamoLocal())("SQLite beside DynamoDB", () => {
  let local: DynamoLocal;
  beforeAll(async () => {
    local = await startDynamoLocal();
  }, 90_000);
  afterAll(() => local.stop());

  it("answers the same and refuses the same", async () => {
    const same = fc.asyncProperty(steps, async (sequence) => {
      const sqlite = openSqlite(":memory:");
      const dynamo = openDynamo({ client: local.client(), table: await local.createTable() });
      for (const step of sequence) {
        const [here, there] = await Promise.all([answer(sqlite, step), answer(dynamo, step)]);
        expect(here).toEqual(there);
      }
      await Promise.all([sqlite.close(), dynamo.close()]);
    });
    await fc.assert(same, { numRuns: 40, interruptAfterTimeLimit: 20_000 });
  }, 60_000);
});

/** What the store says to one step: for a query, all of its pages. */
async function answer(store: Store, step: Step): Promise<unknown> {
  try {
    if ("transact" in step) return await store.transact(step.transact);
    if ("get" in step) return await store.get(step.get);
    if ("getMany" in step) return await store.getMany(step.getMany);
    if ("query" in step) return await pages(store.query, step.query);
    // The order of items with the same index keys is anybody's guess.
    const items = (await pages(store.queryIndex, step.queryIndex)).flat();
    return { order: items.map(({ isk }) => isk), items: items.toSorted(byKey) };
  } catch (error) {
    if (error instanceof ConditionFailed) return { failed: error.failed };
    return error instanceof Error ? { error: error.constructor.name, message: error.message } : error;
  }
}

async function pages(read: (query: Query) => Promise<Page>, query: Query): Promise<Item[][]> {
  const found: Item[][] = [];
  for (let after: string | undefined; ; ) {
    const page = await read(after === undefined ? query : { ...query, after });
    if (page.items.length > 0) found.push(page.items);
    if (page.next === undefined) return found;
    after = page.next;
  }
}

const nameOf = ({ pk, sk }: Key): string => JSON.stringify([pk, sk]);
const byKey = (a: Item, b: Item): number => (nameOf(a) < nameOf(b) ? -1 : 1);
