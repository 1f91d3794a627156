// What has a function work: new items of the table, and a clock for what they left.
import { Duration, type Stack } from "aws-cdk-lib";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import { Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { FilterCriteria, FilterRule, StartingPosition } from "aws-cdk-lib/aws-lambda";
import { DynamoEventSource, type DynamoEventSourceProps } from "aws-cdk-lib/aws-lambda-event-sources";
import { accept } from "./accept.ts";
import type { Made } from "./functions.ts";

type Batches = Omit<
  DynamoEventSourceProps,
  "startingPosition" | "filters" | "reportBatchItemFailures" | "maxRecordAge"
>;

/** The table's new items whose sort keys begin with `prefix`, each as soon as it is there, none that is older than five minutes: those the clock finds. */
export function feedInserts({ lambda, role }: Made, table: ITable, prefix: string, batches: Batches): void {
  lambda.addEventSource(
    new DynamoEventSource(table, {
      startingPosition: StartingPosition.TRIM_HORIZON,
      filters: [
        FilterCriteria.filter({
          eventName: FilterRule.isEqual("INSERT"),
          dynamodb: { Keys: { sk: { S: FilterRule.beginsWith(prefix) } } },
        }),
      ],
      reportBatchItemFailures: true,
      maxRecordAge: Duration.minutes(5),
      ...batches,
    }),
  );
  accept(role, "AwsSolutions-IAM5[Resource::*]", "Only dynamodb:ListStreams, for which AWS knows no resource.");
}

type Clock = {
  /** In the stack: it must stay what it was. */
  id: string;
  description: string;
  every?: Duration;
  /** What the function gets; EventBridge's own event by default. */
  event?: object;
};

/** Runs the function every minute, or as often as is said. What fails is not tried again: the next time is soon enough. */
export function feedClock(stack: Stack, { lambda }: Made, ...clocks: Clock[]): void {
  lambda.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
  for (const { id, description, every, event } of clocks)
    new Rule(stack, id, {
      description,
      schedule: Schedule.rate(every ?? Duration.minutes(1)),
      targets: [
        new LambdaFunction(lambda, { ...(event && { event: RuleTargetInput.fromObject(event) }), retryAttempts: 0 }),
      ],
    });
}
