// Who brings events to the log and sends webhooks: a function of its own, fed by the table's stream with what happened, by a queue with what is to be
// sent, one at a time, and by a clock with whatever is still due.
import { Duration, type Stack } from "aws-cdk-lib";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import { Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { FilterCriteria, FilterRule, StartingPosition } from "aws-cdk-lib/aws-lambda";
import { DynamoEventSource, SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { eventsWaiting } from "../functions/keys.ts";
import type { WebhookSweep } from "../functions/webhooks/handler.ts";
import { accept } from "./accept.ts";
import type { Made } from "./functions.ts";

const sweep: WebhookSweep = { sweep: true };

export function feedWebhooks(stack: Stack, table: ITable, { lambda: sender, role }: Made): void {
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
  queue.grantSendMessages(role);
  sender.addEnvironment("WEBHOOK_QUEUE", queue.queueUrl);
  sender.addEventSource(new SqsEventSource(queue, { batchSize: 1, maxConcurrency: 50 }));
  sender.addEventSource(
    new DynamoEventSource(table, {
      startingPosition: StartingPosition.TRIM_HORIZON,
      filters: [
        FilterCriteria.filter({
          eventName: FilterRule.isEqual("INSERT"),
          dynamodb: { Keys: { sk: { S: FilterRule.beginsWith(eventsWaiting) } } },
        }),
      ],
      batchSize: 50,
      reportBatchItemFailures: true,
      // what did not get into the log stands in the table, and the clock has it
      retryAttempts: 0,
      maxRecordAge: Duration.minutes(5),
    }),
  );
  accept(role, "AwsSolutions-IAM5[Resource::*]", "Only dynamodb:ListStreams, for which AWS knows no resource.");
  sender.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
  new Rule(stack, "WebhookSweep", {
    description: "Brings the events and sends the webhooks that are due",
    schedule: Schedule.rate(Duration.minutes(1)),
    targets: [new LambdaFunction(sender, { event: RuleTargetInput.fromObject(sweep), retryAttempts: 0 })],
  });
}
