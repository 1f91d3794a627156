// What feeds the publisher: the table's stream and a clock. What the stream could not deliver is named in a dead-letter queue; the clock's sweep of the
// outbox sends it all the same.
import { Duration, type Stack } from "aws-cdk-lib";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import { Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { FilterCriteria, FilterRule, StartingPosition } from "aws-cdk-lib/aws-lambda";
import { DynamoEventSource, SqsDlq } from "aws-cdk-lib/aws-lambda-event-sources";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { outboxes } from "../functions/keys.ts";
import type { Sweep } from "../functions/publisher/publisher.ts";
import { accept } from "./accept.ts";
import type { Made } from "./functions.ts";

const sweep: Sweep = { sweep: true };

/** Returns the dead-letter queue. */
export function feedPublisher(stack: Stack, table: ITable, { lambda: publisher, role }: Made): Queue {
  const deadLetters = new Queue(stack, "PublisherDeadLetters", {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
  accept(deadLetters, "AwsSolutions-SQS3", "It is a dead-letter queue itself.");
  publisher.addEventSource(
    new DynamoEventSource(table, {
      startingPosition: StartingPosition.TRIM_HORIZON,
      filters: [
        FilterCriteria.filter({
          eventName: FilterRule.isEqual("INSERT"),
          dynamodb: { Keys: { sk: { S: FilterRule.beginsWith(outboxes) } } },
        }),
      ],
      // by then the API's own message has gone out, and most items stand no more
      maxBatchingWindow: Duration.seconds(1),
      batchSize: 100,
      parallelizationFactor: 4,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      // few: a record that can't be delivered holds up its shard, and the sweep comes back to it
      retryAttempts: 3,
      maxRecordAge: Duration.minutes(5),
      onFailure: new SqsDlq(deadLetters),
    }),
  );
  accept(role, "AwsSolutions-IAM5[Resource::*]", "Only dynamodb:ListStreams, for which AWS knows no resource.");
  publisher.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
  new Rule(stack, "Sweep", {
    description: "Sends what stands in the outbox",
    schedule: Schedule.rate(Duration.minutes(1)),
    targets: [new LambdaFunction(publisher, { event: RuleTargetInput.fromObject(sweep), retryAttempts: 0 })],
  });
  return deadLetters;
}
