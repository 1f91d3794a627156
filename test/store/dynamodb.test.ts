// The store on DynamoDB: the port's guarantees on DynamoDB Local, and what is this adapter's own.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDynamo } from "../../functions/store/dynamodb.ts";
import { ConditionFailed, type Store } from "../../functions/store/store.ts";
import { type DynamoLocal, hasDynamoLocal, startDynamoLocal } from "../support/dynamodb-local.ts";
import { startLossyProxy } from "../support/lossy-proxy.ts";
import { conforms } from "./conformance.ts";
import { tellsOfChanges } from "./stream.ts";

describe.runIf(hasDynamoLocal())("on DynamoDB Local", () => {
  let local: DynamoLocal;
  beforeAll(async () => {
    local = await startDynamoLocal();
  }, 90_000);
  afterAll(() => local.stop());
  const open = async (endpoint?: string): Promise<Store> =>
    openDynamo({ client: local.client(endpoint), table: await local.createTable() });

  conforms("the store on DynamoDB", open);
  tellsOfChanges(() => local);

  it("a transaction whose answer was lost is applied once and acknowledged", async () => {
    const isFirst = firstOf("DynamoDB_20120810.TransactWriteItems");
    const proxy = await startLossyProxy(local.url, (request) => isFirst(request.headers["x-amz-target"]));
    const store = await open(proxy.url);
    await store.transact([
      { put: { pk: "a", sk: "b", n: 1 }, if: { absent: true } },
      { put: { pk: "a", sk: "c", n: 2 } },
    ]);
    expect(proxy.lost()).toBe(1);
    expect(await store.get({ pk: "a", sk: "b" })).toMatchObject({ n: 1 });
    await store.close();
    await proxy.stop();
  });

  it("a put alone whose answer was lost is applied once and acknowledged, and one whose condition does not hold is not", async () => {
    const isFirst = firstOf("DynamoDB_20120810.PutItem");
    const proxy = await startLossyProxy(local.url, (request) => isFirst(request.headers["x-amz-target"]));
    const store = await open(proxy.url);
    const put = { pk: "a", sk: "b", n: 1, list: [1, { x: null }], bytes: new Uint8Array([1, 2]) };
    await store.transact([{ put, if: { absent: true } }]);
    expect(proxy.lost()).toBe(1);
    expect(await store.get({ pk: "a", sk: "b" })).toEqual(put);
    // the same again is another's, who comes late
    const again = store.transact([{ put, if: { absent: true } }]);
    await expect(again).rejects.toMatchObject({ failed: [0] });
    await expect(store.transact([{ put, if: { equals: { n: 2 } } }])).rejects.toBeInstanceOf(ConditionFailed);
    await store.transact([{ put: { ...put, n: 2 }, if: { equals: { n: 1 } } }]);
    expect(await store.get({ pk: "a", sk: "b" })).toMatchObject({ n: 2 });
    await store.close();
    await proxy.stop();
  });

  it("getMany answers more than DynamoDB sends at once", async () => {
    const store = await open();
    const items = Array.from({ length: 50 }, (_, n) => ({ pk: "a", sk: `${n}`, x: `${n}`.padEnd(390_000) }));
    for (let start = 0; start < items.length; start += 10) {
      await store.transact(items.slice(start, start + 10).map((put) => ({ put })));
    }
    const answers = await store.getMany(items);
    expect(answers.map((item) => item?.x === item?.sk.padEnd(390_000) && item?.sk)).toEqual(items.map(({ sk }) => sk));
    await store.close();
  });

  it("an error that has no name in the port comes as it is", async () => {
    const store = openDynamo({ client: local.client(), table: "nowhere" });
    await expect(store.get({ pk: "a", sk: "b" })).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await store.close();
  });

  it("subscribe takes the feed it was given, and says so where there is none", async () => {
    const without = await open();
    expect(() => without.subscribe(() => {})).toThrow("no feed");
    await without.close();
    const stop = () => {};
    const store = openDynamo({ client: local.client(), table: "any", feed: () => stop });
    expect(store.subscribe(() => {})).toBe(stop);
    await store.close();
  });
});

function firstOf(target: string): (found: unknown) => boolean {
  let seen = 0;
  return (found) => found === target && ++seen === 1;
}
