// What has the worker work: a queue of jobs, and a clock for what is due.
import { Duration, type Stack } from "aws-cdk-lib";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import type { WorkerSweep } from "../functions/jobs/handler.ts";
import { accept } from "./accept.ts";
import { feedClock } from "./feed.ts";
import { type Made, sendTo } from "./functions.ts";

const sweep: WorkerSweep = { sweep: true };

/** `makers` make the jobs. */
export function feedWorker(stack: Stack, worker: Made, ...makers: Made[]): void {
  const queue = new Queue(stack, "JobQueue", {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    // what is older was found by the clock
    retentionPeriod: Duration.minutes(15),
    visibilityTimeout: Duration.minutes(15),
  });
  accept(
    queue,
    "AwsSolutions-SQS3",
    "Its messages are hints: what is due stands in the table, where the clock finds it.",
  );
  for (const { role, lambda } of makers) {
    role.addToPolicy(sendTo(queue));
    lambda.addEnvironment("JOB_QUEUE", queue.queueUrl);
  }
  worker.lambda.addEventSource(new SqsEventSource(queue, { batchSize: 1, maxConcurrency: 20 }));
  const description = "Does jobs that are due, ends large changes whose writers died, and tends pools";
  feedClock(stack, worker, { id: "WorkerSweep", description, event: sweep });
}
