// What DynamoDB's errors become. DynamoDB Local raises few of them, so they are made here as the SDK makes them.
import {
  DynamoDBServiceException,
  TransactionCanceledException,
  TransactionInProgressException,
} from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "vitest";
import { translate } from "../../functions/store/dynamodb-errors.ts";
import { ConditionFailed, Conflict, Invalid, TooLarge } from "../../functions/store/store.ts";

const thrown = (error: unknown): unknown => {
  try {
    return translate(error);
  } catch (translated) {
    return translated;
  }
};
const canceled = (...reasons: [string, string?][]): TransactionCanceledException =>
  new TransactionCanceledException({
    $metadata: {},
    message: "Transaction cancelled",
    CancellationReasons: reasons.map(([Code, Message]) => ({ Code, ...(Message !== undefined && { Message }) })),
  });
const service = (name: string, message = ""): DynamoDBServiceException =>
  new DynamoDBServiceException({ name, message, $fault: "client", $metadata: {} });

describe("a cancelled transaction", () => {
  it("names the operations whose conditions failed, even beside a conflict", () => {
    const error = canceled(["None"], ["ConditionalCheckFailed"], ["TransactionConflict"], ["ConditionalCheckFailed"]);
    expect(thrown(error)).toBeInstanceOf(ConditionFailed);
    expect(thrown(error)).toHaveProperty("failed", [1, 3]);
  });

  it.each(["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])(
    "is a Conflict for %s",
    (code) => {
      expect(thrown(canceled(["None"], [code]))).toBeInstanceOf(Conflict);
    },
  );

  it.each([
    ["Item size has exceeded the maximum allowed size", TooLarge],
    ["One or more parameter values were invalid: Type mismatch for Index Key", Invalid],
  ])("is what the message says: %s", (message, type) => {
    const error = thrown(canceled(["ValidationError", message]));
    expect(error).toBeInstanceOf(type);
    expect(error).toHaveProperty("message", message);
  });

  it("comes as it is for a reason nobody knows", () => {
    const error = canceled(["Unheard"]);
    expect(thrown(error)).toBe(error);
  });
});

describe("another error", () => {
  it.each([
    "ProvisionedThroughputExceededException",
    "ThrottlingException",
    "RequestLimitExceeded",
    "TransactionConflictException",
  ])("is a Conflict: %s", (name) => expect(thrown(service(name))).toBeInstanceOf(Conflict));
  it("is a Conflict while the same transaction is still running", () => {
    expect(thrown(new TransactionInProgressException({ $metadata: {}, message: "" }))).toBeInstanceOf(Conflict);
  });
  it.each([
    ["Member must have length less than or equal to 100", Invalid],
    ["Collection size for the request has exceeded the maximum allowed size", TooLarge],
  ])("is what the message says: %s", (message, type) => {
    expect(thrown(service("ValidationException", message))).toBeInstanceOf(type);
  });
  it.each([
    service("ResourceNotFoundException"),
    service("AccessDeniedException"),
    new TypeError("no network"),
    "text",
  ])("comes as it is: %s", (error) => expect(thrown(error)).toBe(error));
});
