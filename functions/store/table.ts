// The DynamoDB table as plain data, for whoever creates it, and what its stream says.
import type { DynamoDBRecord } from "aws-lambda";
import { fromAttributes } from "./attributes.ts";
import type { Changed } from "./store.ts";

/** All key attributes are strings. The index holds whole items. */
export const table = {
  keys: { partition: "pk", sort: "sk" },
  index: { name: "index", partition: "ipk", sort: "isk", projection: "ALL" },
  ttlAttribute: "ttl",
  stream: "NEW_AND_OLD_IMAGES",
} as const;

/** A record of the stream, as Lambda gets it. */
export function changedFromStream(record: DynamoDBRecord): Changed {
  const { Keys, OldImage, NewImage } = record.dynamodb ?? {};
  const key = Keys && fromAttributes(Keys);
  if (!key) throw new Error(`the stream record ${record.eventID} has no keys`);
  return {
    key: { pk: key.pk, sk: key.sk },
    before: OldImage && fromAttributes(OldImage),
    after: NewImage && fromAttributes(NewImage),
  };
}
