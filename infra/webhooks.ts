// Who brings events to the log and sends webhooks: a function of its own, fed by the table's stream with what happened, by a queue with what is to be
// sent, one at a time, and by a clock with whatever is still due.
import { Duration, type Stack } from "aws-cdk-lib";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { eventsWaiting } from "../functions/keys.ts";
import type { WebhookSweep } from "../functions/webhooks/handler.ts";
import { accept } from "./accept.ts";
import { feedClock, feedInserts } from "./feed.ts";
import { type Made, sendTo } from "./functions.ts";

const sweep: WebhookSweep = { sweep: true };

export function feedWebhooks(stack: Stack, table: ITable, sender: Made): void {
  const queue = new Queue(stack, "WebhookQueue", {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    // what is older was found by the clock
    retentionPeriod: Duration.minutes(15),
    visibilityTimeout: Duration.minutes(5),
  });
  accept(
    queue,
    "AwsSolutions-SQS3",
    "Its messages are hints: what is due stands in the table, where the clock finds it.",
  );
  sender.role.addToPolicy(sendTo(queue));
  sender.lambda.addEnvironment("WEBHOOK_QUEUE", queue.queueUrl);
  sender.lambda.addEventSource(new SqsEventSource(queue, { batchSize: 1, maxConcurrency: 50 }));
  // what did not get into the log stands in the table, and the clock has it
  feedInserts(sender, table, eventsWaiting, { batchSize: 50, retryAttempts: 0 });
  feedClock(stack, sender, {
    id: "WebhookSweep",
    description: "Brings the events and sends the webhooks that are due",
    event: sweep,
  });
}
