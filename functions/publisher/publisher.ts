// The second way by which edges learn of a revision: the table's stream, and once a minute the whole outbox. Both find only what the API's own message
// did not reach.
import type { DynamoDBBatchItemFailure, DynamoDBRecord } from "aws-lambda";
import type { Owner } from "../../core/owner.ts";
import type { Context } from "../context.ts";
import { republish, sweep } from "../document/publish.ts";
import * as keys from "../keys.ts";
import { changedFromStream } from "../store/table.ts";

/** What the schedule in infra/publisher.ts sends. */
export type Sweep = { sweep: true };
export type PublisherEvent = { Records: DynamoDBRecord[] } | Sweep;
export type PublisherAnswer = { batchItemFailures: DynamoDBBatchItemFailure[] } | { told: number };

/** Younger items are still in the hands of the API or of the stream. */
const sweepAgeMs = 30_000;
const atOnce = 8;

/**
 * Rejects only if a sweep could not tell all. What failed of a stream's batch is named in the answer: Lambda tries again from there, and what was told
 * meanwhile no longer stands.
 */
export function createPublisher(ctx: Context): (event: PublisherEvent) => Promise<PublisherAnswer> {
  return async (event) => {
    if ("sweep" in event) {
      const told = await sweep(ctx, sweepAgeMs);
      if (told > 0) ctx.measure?.("Unsent", [told]);
      return { told };
    }
    const failed: DynamoDBBatchItemFailure[] = [];
    const rest = [...event.Records];
    const worker = async (): Promise<void> => {
      for (let record = rest.shift(); record; record = rest.shift()) {
        try {
          await tellOf(ctx, record);
        } catch (error) {
          const itemIdentifier = record.dynamodb?.SequenceNumber ?? "";
          ctx.log.warn({ record: itemIdentifier, error: String(error) }, "edges not told; the stream will try again");
          failed.push({ itemIdentifier });
        }
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    return { batchItemFailures: failed };
  };
}

async function tellOf(ctx: Context, record: DynamoDBRecord): Promise<void> {
  if (record.eventName !== "INSERT") return;
  const { key, after } = changedFromStream(record);
  if (key.sk.startsWith(keys.outboxes) && after) await republish(ctx, after.owner as Owner, Number(after.revision));
}
