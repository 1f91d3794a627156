// What feeds the publisher: the table's stream and a clock. What the stream could not deliver is named in a dead-letter queue; the clock's sweep of the
// outbox sends it all the same.
import { Duration, type Stack } from "aws-cdk-lib";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import { SqsDlq } from "aws-cdk-lib/aws-lambda-event-sources";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { outboxes } from "../functions/keys.ts";
import type { Sweep } from "../functions/publisher/publisher.ts";
import { accept } from "./accept.ts";
import { feedClock, feedInserts } from "./feed.ts";
import type { Made } from "./functions.ts";

const sweep: Sweep = { sweep: true };

/** Returns the dead-letter queue. */
export function feedPublisher(stack: Stack, table: ITable, publisher: Made): Queue {
  const deadLetters = new Queue(stack, "PublisherDeadLetters", {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
  accept(deadLetters, "AwsSolutions-SQS3", "It is a dead-letter queue itself.");
  feedInserts(publisher, table, outboxes, {
    // by then the API's own message has gone out, and most items stand no more
    maxBatchingWindow: Duration.seconds(1),
    batchSize: 100,
    parallelizationFactor: 4,
    bisectBatchOnError: true,
    // few: a record that can't be delivered holds up its shard, and the sweep comes back to it
    retryAttempts: 3,
    onFailure: new SqsDlq(deadLetters),
  });
  feedClock(stack, publisher, { id: "Sweep", description: "Sends what stands in the outbox", event: sweep });
  return deadLetters;
}
