// What the table's stream says, read from DynamoDB Local's own stream.

import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import type { DynamoDBRecord } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { openDynamo } from "../../functions/store/dynamodb.ts";
import type { Item } from "../../functions/store/store.ts";
import { changedFromStream } from "../../functions/store/table.ts";
import type { DynamoLocal } from "../support/dynamodb-local.ts";

export function tellsOfChanges(running: () => DynamoLocal): void {
  describe("the table's stream", () => {
    it("tells of each change with the item before and after, of every type of value", async () => {
      const local = running();
      const client = local.client();
      const table = await local.createTable();
      const store = openDynamo({ client, table });
      const key = { pk: "T#1", sk: "é" };
      const first: Item = {
        ...key,
        n: 1.5,
        list: [true, null, new Uint8Array([0, 255])],
        map: { bytes: new Uint8Array([1]), empty: "" },
      };
      await store.transact([{ put: first }]);
      await store.transact([{ put: { ...key, n: 2 } }]);
      await store.transact([{ put: { ...key, n: 2 } }]);
      await store.transact([{ delete: key }]);
      const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
      const records = await recordsOf(local.url, Table?.LatestStreamArn ?? "");
      expect(records.map(changedFromStream)).toEqual([
        { key, before: undefined, after: first },
        { key, before: first, after: { ...key, n: 2 } },
        { key, before: { ...key, n: 2 }, after: undefined },
      ]);
      await store.close();
    });

    it("is refused where a record has no keys", () => {
      expect(() => changedFromStream({ eventID: "1" })).toThrow("no keys");
    });
  });
}

/** All records so far, in JSON as Lambda gets them: asked without the SDK, which would make bytes of base64. */
async function recordsOf(url: string, StreamArn: string): Promise<DynamoDBRecord[]> {
  const described = await ask(url, "DescribeStream", { StreamArn });
  const [{ ShardId }] = described.StreamDescription.Shards;
  const { ShardIterator } = await ask(url, "GetShardIterator", {
    StreamArn,
    ShardId,
    ShardIteratorType: "TRIM_HORIZON",
  });
  return (await ask(url, "GetRecords", { ShardIterator })).Records;
}

async function ask(url: string, verb: string, body: Record<string, string>) {
  const headers = {
    "content-type": "application/x-amz-json-1.0",
    "x-amz-target": `DynamoDBStreams_20120810.${verb}`,
    "x-amz-date": "20260101T000000Z",
    authorization:
      "AWS4-HMAC-SHA256 Credential=local/20260101/eu-central-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
  };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${verb}: ${await answer.text()}`);
  return answer.json();
}
