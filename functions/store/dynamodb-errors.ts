// DynamoDB's errors as the port's.
import { isDeepStrictEqual } from "node:util";
import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  TransactionCanceledException,
} from "@aws-sdk/client-dynamodb";
import { fromAttributes } from "./attributes.ts";
import { ConditionFailed, Conflict, Invalid, type Item, TooLarge } from "./store.ts";

/** Nothing was written, and the same may succeed later. */
const passing = new Set([
  "TransactionConflict",
  "TransactionConflictException",
  "TransactionInProgressException",
  "ProvisionedThroughputExceeded",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "ThrottlingError",
  "ThrottlingException",
]);

/** Throws the error in the port's terms; what has none there (no network, no permission, no table) as it is. */
export function translate(error: unknown): never {
  if (error instanceof TransactionCanceledException) throw canceled(error);
  if (error instanceof ConditionalCheckFailedException) throw new ConditionFailed([0]);
  if (!(error instanceof DynamoDBServiceException)) throw error;
  if (passing.has(error.name)) throw new Conflict(error.message, { cause: error });
  if (error.name === "ValidationException") throw refused(error.message, error);
  throw error;
}

/** Whether the condition of a put failed only because an earlier try of the SDK, whose answer was lost, had written it. */
export const isOwn = (error: unknown, put: Item): boolean =>
  error instanceof ConditionalCheckFailedException &&
  (error.$metadata.attempts ?? 1) > 1 &&
  error.Item !== undefined &&
  isDeepStrictEqual(fromAttributes(error.Item), put);

function canceled(error: TransactionCanceledException): Error {
  const reasons = error.CancellationReasons ?? [];
  const failed = reasons.flatMap(({ Code }, index) => (Code === "ConditionalCheckFailed" ? [index] : []));
  // A failed condition is certain, whatever else happened, and trying again without reading first would not help.
  if (failed.length > 0) return new ConditionFailed(failed);
  const invalid = reasons.find(({ Code }) => Code === "ValidationError");
  if (invalid) return refused(invalid.Message ?? error.message, error);
  const busy = reasons.find(({ Code }) => Code !== undefined && passing.has(Code));
  return busy ? new Conflict(busy.Message ?? busy.Code, { cause: error }) : error;
}

function refused(message: string, cause: Error): Error {
  return /size|too (large|big)|exceed/i.test(message)
    ? new TooLarge(message, { cause })
    : new Invalid(message, { cause });
}
