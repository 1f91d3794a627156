// What has the worker work: a clock.
import { Duration, type Stack } from "aws-cdk-lib";
import { Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import type { WorkerSweep } from "../functions/jobs/handler.ts";
import type { Made } from "./functions.ts";

const sweep: WorkerSweep = { sweep: true };

export function feedWorker(stack: Stack, { lambda }: Made): void {
  lambda.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
  new Rule(stack, "WorkerSweep", {
    description: "Ends large changes whose writers died",
    schedule: Schedule.rate(Duration.minutes(1)),
    targets: [new LambdaFunction(lambda, { event: RuleTargetInput.fromObject(sweep), retryAttempts: 0 })],
  });
}
