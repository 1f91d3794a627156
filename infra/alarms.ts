// What somebody must be told of: edges that are not told, and an API that fails.
import { Duration, type Stack } from "aws-cdk-lib";
import type { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import {
  Alarm,
  type AlarmProps,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Function as Lambda } from "aws-cdk-lib/aws-lambda";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { figure } from "./dashboard.ts";
import type { Stage } from "./stage.ts";

export type Watched = {
  api: HttpApi;
  /** All of them, by their names. */
  functions: Record<string, Lambda>;
  publisher: Lambda;
  mailer: Lambda | undefined;
  webhooks: Lambda;
  worker: Lambda;
  deadLetters: Queue;
  key: IKey;
  email: string | undefined;
};

const minute = { period: Duration.minutes(1) };
const ofSes = (metricName: string): Metric =>
  new Metric({ namespace: "AWS/SES", metricName, statistic: "Maximum", period: Duration.hours(1) });

export function createAlarms(
  stack: Stack,
  stage: Stage,
  { api, functions, publisher, mailer, webhooks, worker, deadLetters, key, email }: Watched,
): void {
  const topic = new Topic(stack, "Alarms", { masterKey: key, enforceSSL: true });
  // a topic with a policy of its own has lost the one that lets CloudWatch in
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: "AlarmsOfThisAccount",
      principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
      actions: ["sns:Publish"],
      resources: [topic.topicArn],
      conditions: { StringEquals: { "aws:SourceAccount": stack.account } },
    }),
  );
  if (email) topic.addSubscription(new EmailSubscription(email));
  const alarm = (id: string, metric: IMetric, props: Omit<AlarmProps, "metric">): void => {
    const made = new Alarm(stack, id, { metric, treatMissingData: TreatMissingData.NOT_BREACHING, ...props });
    made.addAlarmAction(new SnsAction(topic));
    made.addOkAction(new SnsAction(topic));
  };
  alarm("DeadLettersAlarm", deadLetters.metricApproximateNumberOfMessagesVisible(minute), {
    alarmDescription: "The stream gave up on a revision: the sweep must tell its edges. Look at the publisher's log.",
    threshold: 1,
    evaluationPeriods: 1,
  });
  alarm("ServerErrorAlarm", api.metricServerError({ ...minute, statistic: "Sum" }), {
    alarmDescription: "The API answers 5xx, in three minutes of five. Its log has the request ids.",
    threshold: 5,
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
  });
  alarm("PublisherErrorAlarm", publisher.metricErrors(minute), {
    alarmDescription: "Sweeps of the outbox fail: an edge's queue can't be reached.",
    threshold: 1,
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
  });
  alarm("PublisherBehindAlarm", publisher.metric("IteratorAge", { ...minute, statistic: "Maximum" }), {
    alarmDescription: "The publisher is more than a minute behind the table.",
    threshold: 60_000,
    evaluationPeriods: 3,
  });
  alarm("WorkerErrorAlarm", worker.metricErrors(minute), {
    alarmDescription:
      "Large changes are not carried out, or not ended after their writer died. Look at the worker's log.",
    threshold: 1,
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
  });
  alarm("WebhooksErrorAlarm", webhooks.metricErrors(minute), {
    alarmDescription:
      "Events do not get into the log. What strangers' servers answer is no error here. Look at the log of webhooks.",
    threshold: 1,
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
  });
  alarm("PropagationAlarm", figure(stage, "Propagation", "p99"), {
    alarmDescription: "Of a hundred changes one takes more than ten seconds until it is in place on an edge.",
    threshold: 10_000,
    evaluationPeriods: 10,
    datapointsToAlarm: 5,
  });
  alarm("RefusedAlarm", figure(stage, "Refused", "Sum"), {
    alarmDescription:
      "Resources do not take on edges, for ten minutes: GET …/sync of their tenants says which and why.",
    threshold: 1,
    evaluationPeriods: 10,
    datapointsToAlarm: 10,
  });
  alarm("BehindAlarm", figure(stage, "Behind", "Maximum"), {
    alarmDescription: "Edges hold something else than the cloud, at one comparison after another.",
    threshold: 1,
    evaluationPeriods: 30,
    datapointsToAlarm: 20,
  });
  alarm("EventAgeAlarm", figure(stage, "EventAge", "Maximum"), {
    alarmDescription: "What happens on a host comes in more than a quarter of an hour later.",
    threshold: 900_000,
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
  });
  alarm("EdgesDownAlarm", figure(stage, "EdgesDown", "Sum"), {
    alarmDescription: "An edge fell silent, or its engine went away: GET /v1/edges says which.",
    threshold: 1,
    evaluationPeriods: 1,
  });
  alarm("CertificatesEndingAlarm", figure(stage, "CertificatesEnding", "Sum"), {
    alarmDescription:
      "A host's certificate ends soon and is not renewed: health.certificate of GET /v1/edges says whose and why.",
    threshold: 1,
    evaluationPeriods: 10,
    datapointsToAlarm: 5,
  });
  const throttles = Object.entries(functions).map(([name, lambda]) => [name, lambda.metricThrottles(minute)] as const);
  const all = { expression: throttles.map(([name]) => name).join(" + "), usingMetrics: Object.fromEntries(throttles) };
  alarm("ThrottledAlarm", new MathExpression({ ...all, ...minute, label: "Throttles" }), {
    alarmDescription: "Lambda refuses to run functions: the account's concurrency is used up.",
    threshold: 1,
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
  });
  if (!mailer) return;
  // of the whole account: by them AWS judges it, and at twice as much it ends its sending
  for (const [what, threshold] of [
    ["Bounce", 0.04],
    ["Complaint", 0.0008],
  ] as const)
    alarm(`Mail${what}Alarm`, ofSes(`Reputation.${what}Rate`), {
      alarmDescription: `SES counts so many of the account's mails as ${what.toLowerCase()}s that it is going to be reviewed: events mail.returned say whose mail it is.`,
      threshold,
      evaluationPeriods: 1,
    });
  alarm("MailerErrorAlarm", mailer.metricErrors(minute), {
    alarmDescription: "Mail is not accepted. The mailer's log says which and why; it is tried again for three days.",
    threshold: 1,
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
  });
}
