// Who is told that there are fewer hosts than there should be, or that they have too much to do.
import { Aws, Fn, type Stack, Token } from "aws-cdk-lib";
import { CfnAlarm } from "aws-cdk-lib/aws-cloudwatch";
import { CfnSubscription, CfnTopic, CfnTopicPolicy } from "aws-cdk-lib/aws-sns";
import { titleOf } from "./addresses.ts";
import type { Fleet } from "./fleet.ts";
import { condition, isGiven, type Parameters } from "./parameters.ts";

/** Returns the topic's ARN. */
export function createTopic(stack: Stack, of: Parameters): string {
  const topic = new CfnTopic(stack, "Alarms", {});
  new CfnTopicPolicy(stack, "AlarmsPolicy", {
    topics: [topic.ref],
    policyDocument: {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "AlarmsOfThisAccount",
          Effect: "Allow",
          Principal: { Service: "cloudwatch.amazonaws.com" },
          Action: "sns:Publish",
          Resource: topic.ref,
          Condition: { StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID } },
        },
        {
          Sid: "GroupsOfThisAccount",
          Effect: "Allow",
          Principal: { AWS: Fn.sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root") },
          Action: "sns:Publish",
          Resource: topic.ref,
        },
        {
          Sid: "TlsAlone",
          Effect: "Deny",
          Principal: "*",
          Action: "sns:Publish",
          Resource: topic.ref,
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    },
  });
  const subscription = new CfnSubscription(stack, "AlarmsByMail", {
    topicArn: topic.ref,
    protocol: "email",
    endpoint: of.AlarmEmail.valueAsString,
  });
  subscription.cfnOptions.condition = condition(stack, "HasEmail", isGiven(of.AlarmEmail.valueAsString));
  return topic.ref;
}

export function createAlarms(stack: Stack, topic: string, fleets: Fleet[]): void {
  for (const { engine, name, minimum } of fleets) {
    const title = titleOf(engine);
    const common = {
      dimensions: [{ name: "AutoScalingGroupName", value: name }],
      alarmActions: [topic],
      okActions: [topic],
      period: 60,
    };
    new CfnAlarm(stack, `${title}Missing`, {
      ...common,
      alarmDescription: `Fewer ${title} hosts are in service than there should be, for a quarter of an hour.`,
      namespace: "AWS/AutoScaling",
      metricName: "GroupInServiceInstances",
      statistic: "Minimum",
      comparisonOperator: "LessThanThreshold",
      threshold: Token.asNumber(minimum),
      evaluationPeriods: 15,
      treatMissingData: "breaching",
    });
    new CfnAlarm(stack, `${title}Busy`, {
      ...common,
      alarmDescription: `${title} hosts work at more than four fifths: calls begin to suffer.`,
      namespace: "AWS/EC2",
      metricName: "CPUUtilization",
      statistic: "Average",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 80,
      evaluationPeriods: 5,
    });
  }
}
