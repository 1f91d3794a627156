// How every Lambda is made: its bundle, its own role with its own log group, and the environment that functions/cloud.ts reads.
import { Duration, type Stack } from "aws-cdk-lib";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Architecture, Code, Function as Lambda, Runtime } from "aws-cdk-lib/aws-lambda";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { table as definition } from "../functions/store/table.ts";
import type { Stage } from "./stage.ts";

export type FunctionProps = {
  name: string;
  /** The folder of its bundle. */
  folder: string;
  description: string;
  environment: Record<string, string>;
  memoryMb: number;
  timeoutSeconds: number;
  /** How many of it run at once at most, which are then kept for it; by default as many as the account has. */
  concurrent?: number;
};

/** The function, and its role: what it may do is added there, statement by statement. */
export type Made = { lambda: Lambda; role: Role };

export function createFunction(stack: Stack, stage: Stage, props: FunctionProps): Made {
  const id = `${props.name[0]?.toUpperCase()}${props.name.slice(1)}`;
  const logGroup = new LogGroup(stack, `${id}Logs`, { retention: stage.logs, removalPolicy: stage.removal });
  // not CDK's own role, which may write to every log group of the account
  const role = new Role(stack, `${id}Role`, { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
  logGroup.grantWrite(role);
  const lambda = new Lambda(stack, id, {
    description: props.description,
    code: Code.fromAsset(props.folder),
    handler: "index.handler",
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    memorySize: props.memoryMb,
    timeout: Duration.seconds(props.timeoutSeconds),
    ...(props.concurrent !== undefined && { reservedConcurrentExecutions: props.concurrent }),
    environment: { STAGE: stage.name, ...props.environment },
    logGroup,
    role,
  });
  return { lambda, role };
}

/** Reading the table by its keys. */
export const readByKey = (table: ITable): PolicyStatement =>
  new PolicyStatement({
    actions: ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"],
    resources: [table.tableArn],
  });

/** Reading the table, consistently and through its index. */
export const readTable = (table: ITable): PolicyStatement[] => [
  readByKey(table),
  new PolicyStatement({
    actions: ["dynamodb:Query"],
    resources: [`${table.tableArn}/index/${definition.index.name}`],
  }),
];

/** Sending to a queue whose URL it has, and nothing else of it. */
export const sendTo = (queue: IQueue): PolicyStatement =>
  new PolicyStatement({ actions: ["sqs:SendMessage"], resources: [queue.queueArn] });

/** These parts of a transaction; TransactWriteItems has no permission of its own. */
export const writeTable = (
  table: ITable,
  ...parts: ("PutItem" | "DeleteItem" | "ConditionCheckItem")[]
): PolicyStatement =>
  new PolicyStatement({ actions: parts.map((part) => `dynamodb:${part}`), resources: [table.tableArn] });
