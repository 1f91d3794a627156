// What has the retention sweep run: a clock.
import { Duration, type Stack } from "aws-cdk-lib";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import type { Made } from "./functions.ts";

export function feedRetention(stack: Stack, { lambda }: Made): void {
  lambda.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
  new Rule(stack, "RetentionSweep", {
    description: "Deletes what is older than its tenant wants it kept",
    schedule: Schedule.rate(Duration.hours(1)),
    targets: [new LambdaFunction(lambda, { retryAttempts: 0 })],
  });
}
