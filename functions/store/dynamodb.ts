// The store on DynamoDB: the cloud's adapter.
import { randomUUID } from "node:crypto";
import {
  BatchGetItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { fromAttributes, toAttributes } from "./attributes.ts";
import { isOwn, translate } from "./dynamodb-errors.ts";
import { keyCondition, startKey, writeItem } from "./dynamodb-expression.ts";
import { cursorOf, indexOrder, type Order, rangeOf, tableOrder } from "./range.ts";
import { checkKey, checkOperations, isEmpty } from "./rules.ts";
import {
  type Changed,
  Conflict,
  type Item,
  type Key,
  type Operation,
  type Page,
  type Query,
  type Store,
} from "./store.ts";
import { table as definition } from "./table.ts";

type Feed = (listener: (changes: Changed[]) => void) => () => void;

const batch = { keys: 100, atOnce: 4, tries: 10, firstWaitMs: 25, longestWaitMs: 2000 };

/**
 * `table` is the name of a table as `table.ts` describes it. Its changes reach a Lambda by the stream, so `subscribe` works only with a `feed`.
 * A page that was cut by size may name a `next` though nothing follows.
 */
export function openDynamo({ client, table, feed }: { client: DynamoDBClient; table: string; feed?: Feed }): Store {
  async function getMany(keys: Key[]): Promise<(Item | undefined)[]> {
    const wanted = new Map(keys.map(({ pk, sk }) => [nameOf({ pk, sk }), { pk, sk }]));
    for (const key of wanted.values()) checkKey(key);
    const rest = [...wanted.values()];
    const found = new Map<string, Item>();
    const workers = Array.from({ length: batch.atOnce }, async () => {
      for (let tries = 0; rest.length > 0; ) {
        const { items, unprocessed } = await getBatch(rest.splice(0, batch.keys));
        for (const item of items) found.set(nameOf(item), item);
        rest.push(...unprocessed);
        tries = items.length > 0 ? 0 : tries + 1;
        if (tries === batch.tries) throw new Conflict("DynamoDB answers no more keys for now");
        if (unprocessed.length > 0) await pause(tries);
      }
    });
    await Promise.all(workers);
    return keys.map((key) => found.get(nameOf(key)));
  }

  async function getBatch(keys: Key[]): Promise<{ items: Item[]; unprocessed: Key[] }> {
    const request = { [table]: { Keys: keys.map((key) => toAttributes(key)), ConsistentRead: true } };
    const answer = await client.send(new BatchGetItemCommand({ RequestItems: request })).catch(translate);
    return {
      items: (answer.Responses?.[table] ?? []).map(fromAttributes),
      unprocessed: (answer.UnprocessedKeys?.[table]?.Keys ?? []).map(fromAttributes),
    };
  }

  async function page(query: Query, order: Order): Promise<Page> {
    const range = rangeOf(query, order);
    if (!range) return { items: [], next: undefined };
    const command = new QueryCommand({
      TableName: table,
      ...(order === indexOrder ? { IndexName: definition.index.name } : { ConsistentRead: true }),
      ...keyCondition(range, order),
      ScanIndexForward: !range.descending,
      ExclusiveStartKey: startKey(range, order),
      // One more than the limit, to know whether anything follows.
      Limit: range.limit && range.limit + 1,
    });
    const answer = await client.send(command).catch(translate);
    const items = (answer.Items ?? []).map(fromAttributes);
    const over = range.limit !== undefined && items.length > range.limit;
    if (over) items.pop();
    const last = items.at(-1);
    return { items, next: last && (over || answer.LastEvaluatedKey) ? cursorOf(last, order) : undefined };
  }

  /** Costs half of a transaction. A condition keeps a second try from writing over what came after the first; without one, only a transaction's token does. */
  async function putIf(operation: Operation & { put: Item }): Promise<void> {
    const { Put } = writeItem(table, operation);
    if (!Put) throw new Error("not a put");
    const command = new PutItemCommand({ ...Put, ReturnValuesOnConditionCheckFailure: "ALL_OLD" });
    await client.send(command).catch((error) => {
      if (!isOwn(error, operation.put)) translate(error);
    });
  }

  return {
    async get({ pk, sk }) {
      checkKey({ pk, sk });
      const command = new GetItemCommand({ TableName: table, Key: toAttributes({ pk, sk }), ConsistentRead: true });
      const { Item } = await client.send(command).catch(translate);
      return Item && fromAttributes(Item);
    },
    getMany,
    query: (query) => page(query, tableOrder),
    queryIndex: (query) => page(query, indexOrder),
    async transact(operations) {
      checkOperations(operations);
      const [first, ...more] = operations;
      if (more.length === 0 && first && "put" in first && first.if && !isEmpty(first.if)) return putIf(first);
      const items = operations.map((operation) => writeItem(table, operation));
      const command = new TransactWriteItemsCommand({ TransactItems: items, ClientRequestToken: randomUUID() });
      await client.send(command).catch(translate);
    },
    subscribe(listener) {
      if (!feed)
        throw new Error(
          "the table's changes reach functions/publisher by its stream; there is no feed in this process",
        );
      return feed(listener);
    },
    async close() {
      client.destroy();
    },
  };
}

const nameOf = ({ pk, sk }: Key): string => JSON.stringify([pk, sk]);

/** A random part of a time that doubles with each try that brought nothing. */
function pause(tries: number): Promise<void> {
  const longest = Math.min(batch.longestWaitMs, batch.firstWaitMs * 2 ** tries);
  return new Promise((resolve) => setTimeout(resolve, Math.random() * longest));
}
