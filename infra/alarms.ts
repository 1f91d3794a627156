// What somebody must be told of: edges that are not told, and an API that fails.
import { Duration, type Stack } from "aws-cdk-lib";
import type { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { Alarm, type AlarmProps, type Metric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Function as Lambda } from "aws-cdk-lib/aws-lambda";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Queue } from "aws-cdk-lib/aws-sqs";

export type Watched = {
  api: HttpApi;
  publisher: Lambda;
  mailer: Lambda | undefined;
  webhooks: Lambda;
  worker: Lambda;
  deadLetters: Queue;
  key: IKey;
  email: string | undefined;
};

const minute = { period: Duration.minutes(1) };

export function createAlarms(
  stack: Stack,
  { api, publisher, mailer, webhooks, worker, deadLetters, key, email }: Watched,
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
  const alarm = (id: string, metric: Metric, props: Omit<AlarmProps, "metric">): void => {
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
  if (mailer)
    alarm("MailerErrorAlarm", mailer.metricErrors(minute), {
      alarmDescription: "Mail is not accepted. The mailer's log says which and why; it is tried again for three days.",
      threshold: 1,
      evaluationPeriods: 5,
      datapointsToAlarm: 3,
    });
}
