// What edge hosts get of this account: a role that reaches their stage's queues, which the API lends narrowed to one queue.
import { Duration, type Stack } from "aws-cdk-lib";
import { Effect, type IRole, PolicyStatement, Role } from "aws-cdk-lib/aws-iam";
import { edgeActions } from "../functions/edges/sts.ts";
import { accept } from "./accept.ts";
import type { Stage } from "./stage.ts";

/** The edges' queues: made at enrolment, so no stack knows them; their names begin with the stage's. */
export const edgeQueues = (stack: Stack, { name }: Stage): string =>
  stack.formatArn({ service: "sqs", resource: `dp-${name}-*` });

/** Only `lender` may assume it. */
export function createLentRole(stack: Stack, stage: Stage, lender: IRole): Role {
  const role = new Role(stack, "LentRole", {
    description: `Dialplane ${stage.name}: lent to an edge host for its own queue, by session policy`,
    assumedBy: lender,
    maxSessionDuration: Duration.hours(1),
  });
  role.addToPolicy(
    new PolicyStatement({ effect: Effect.ALLOW, actions: [...edgeActions], resources: [edgeQueues(stack, stage)] }),
  );
  acceptEdgeQueues(role, stage);
  return role;
}

/** What a function needs to talk to all edges. */
export const sendToEdges = (stack: Stack, stage: Stage): PolicyStatement =>
  new PolicyStatement({ actions: ["sqs:SendMessage"], resources: [edgeQueues(stack, stage)] });

/** What enrolling and removing an edge needs. */
export const makeEdgeQueues = (stack: Stack, stage: Stage): PolicyStatement =>
  new PolicyStatement({ actions: ["sqs:CreateQueue", "sqs:DeleteQueue"], resources: [edgeQueues(stack, stage)] });

export const removeEdgeQueues = (stack: Stack, stage: Stage): PolicyStatement =>
  new PolicyStatement({ actions: ["sqs:DeleteQueue"], resources: [edgeQueues(stack, stage)] });

/** The wildcard in the statements above, and no other, is accepted for this role. */
export function acceptEdgeQueues(role: IRole, { name }: Stage): void {
  const found = `Resource::arn:<AWS::Partition>:sqs:<AWS::Region>:<AWS::AccountId>:dp-${name}-*`;
  accept(
    role,
    `AwsSolutions-IAM5[${found}]`,
    "Queues are made at enrolment; what edges get is narrowed to one by its session.",
  );
}
