// What a host may do in the account: read its secret, take an address of its fleet, say how far it is and how many calls it has, and be reached by Session Manager.
import { Aws, Fn, type Stack } from "aws-cdk-lib";
import { CfnInstanceProfile, CfnRole } from "aws-cdk-lib/aws-iam";
import { accept } from "../accept.ts";
import { fleetName, fleetTag, titleOf } from "./addresses.ts";
import { condition, type Engine, isGiven, type Parameters } from "./parameters.ts";
import type { Secrets } from "./secrets.ts";

/** Of the figures that hosts tell of themselves. */
export const metricNamespace = "Dialplane/Hosts";

type Statement = { Action: string[]; Resource: unknown; Condition?: unknown };

/** What Session Manager needs, and no more of Systems Manager. */
const session = [
  "ssm:UpdateInstanceInformation",
  "ssmmessages:CreateControlChannel",
  "ssmmessages:CreateDataChannel",
  "ssmmessages:OpenControlChannel",
  "ssmmessages:OpenDataChannel",
];

/** An ARN with the names of CloudFormation's own parameters in brackets, as cdk-nag writes one. */
const pattern = (service: string, resource: string): string =>
  `arn:<AWS::Partition>:${service}:<AWS::Region>:<AWS::AccountId>:${resource}`;
const pseudo: Record<string, string> = {
  ...{ Partition: Aws.PARTITION, Region: Aws.REGION, AccountId: Aws.ACCOUNT_ID, StackName: Aws.STACK_NAME },
};
const arn = (text: string): string => text.replace(/<AWS::(\w+)>/g, (_, name) => pseudo[name] ?? "");
const ofFleet = ["elastic-ip/*", "instance/*", "network-interface/*"].map((each) => pattern("ec2", each));

/** Returns its instance profile's ARN. */
export function createProfile(stack: Stack, of: Parameters, engine: Engine, { apiKey, token }: Secrets): string {
  const title = titleOf(engine);
  const group = pattern("autoscaling", `autoScalingGroup:*:autoScalingGroupName/<AWS::StackName>-${engine}`);
  const statement = ({ Action, Resource, Condition }: Statement) => ({
    Effect: "Allow",
    Action,
    Resource,
    ...(Condition !== undefined && { Condition }),
  });
  const ownFleet = { StringEquals: { [`aws:ResourceTag/${fleetTag}`]: fleetName(engine) } };
  const statements: unknown[] = [
    statement({ Action: ["secretsmanager:GetSecretValue"], Resource: apiKey }),
    statement({ Action: ["ec2:DescribeAddresses", ...session], Resource: "*" }),
    statement({
      Action: ["ec2:AssociateAddress"],
      Resource: ofFleet.map(arn),
      Condition: ownFleet,
    }),
    statement({
      Action: ["autoscaling:CompleteLifecycleAction", "autoscaling:RecordLifecycleActionHeartbeat"],
      Resource: arn(group),
    }),
    statement({ Action: ["cloudformation:SignalResource"], Resource: Aws.STACK_ID }),
  ];
  if (engine === "freeswitch") {
    statements.push(
      statement({
        Action: ["cloudwatch:PutMetricData"],
        Resource: "*",
        Condition: { StringEquals: { "cloudwatch:namespace": metricNamespace } },
      }),
    );
    const hasToken = condition(
      stack,
      "HasToken",
      Fn.conditionOr(isGiven(of.SignalwireToken.valueAsString), isGiven(of.SignalwireTokenSecretArn.valueAsString)),
    );
    statements.push(
      Fn.conditionIf(hasToken.logicalId, statement({ Action: ["secretsmanager:GetSecretValue"], Resource: token }), {
        Ref: "AWS::NoValue",
      }),
    );
  }
  const role = new CfnRole(stack, `${title}Role`, {
    description: `Dialplane: a ${title} host`,
    assumeRolePolicyDocument: {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
    },
    policies: [{ policyName: "host", policyDocument: { Version: "2012-10-17", Statement: statements } }],
  });
  for (const found of ["*", ...ofFleet, group])
    accept(
      role,
      `AwsSolutions-IAM5[Resource::${found}]`,
      "Where AWS knows no resource, or where a tag or the name narrows it to the fleet.",
    );
  return new CfnInstanceProfile(stack, `${title}Profile`, { roles: [role.ref] }).attrArn;
}
