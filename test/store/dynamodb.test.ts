// The store on DynamoDB: the port's guarantees on DynamoDB Local, and what is this adapter's own.
import { afterAll, describe } from "vitest";
import { openDynamo } from "../../functions/store/dynamodb.ts";
import { type DynamoLocal, hasDynamoLocal, startDynamoLocal } from "../support/dynamodb-local.ts";
import { conforms } from "./conformance.ts";

describe.runIf(hasDynamoLocal())("DynamoDB Local", () => {
  let local: DynamoLocal | undefined;
  conforms("the store on DynamoDB", async () => {
    local = await startDynamoLocal();
    return openDynamo({ client: local.client(), table: await local.createTable() });
  });
  afterAll(() => local?.stop());
});
