// Live views, streamed: a function of its own behind a function URL, as an HTTP API hands on no answer before its end.
import { CfnOutput, type Stack } from "aws-cdk-lib";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import { FunctionUrlAuthType, InvokeMode } from "aws-cdk-lib/aws-lambda";
import { streamSeconds } from "../functions/live/path.ts";
import { createFunction, type Made, readByKey, writeTable } from "./functions.ts";
import type { Stage } from "./stage.ts";

export type LiveProps = {
  /** The folder of its bundle. */
  folder: string;
  environment: Record<string, string>;
  table: ITable;
  /** How many may watch at once. Each takes one of the account's concurrent executions while he does. */
  watchers: number;
};

export function createLive(stack: Stack, stage: Stage, { folder, environment, table, watchers }: LiveProps): Made {
  const live = createFunction(stack, stage, {
    name: "live",
    folder,
    description: "Dialplane: live views, while somebody watches",
    environment,
    // it needs 92 MB for a tenant with 20 phones, 110 for one with a thousand; and waiting is what it costs
    memoryMb: 192,
    timeoutSeconds: streamSeconds + 30,
    // beyond it, consoles ask every few seconds: whoever watches takes nothing from who answers
    concurrent: watchers,
  });
  for (const statement of [
    readByKey(table),
    // when a key or a session was used last
    writeTable(table, "PutItem", "ConditionCheckItem"),
  ])
    live.role.addToPolicy(statement);
  // The function knows who asks, and nobody but by the front gets past its first line. IAM can't: a signature of CloudFront's would take the place of the
  // API key in Authorization.
  const url = live.lambda.addFunctionUrl({
    authType: FunctionUrlAuthType.NONE,
    invokeMode: InvokeMode.RESPONSE_STREAM,
  });
  new CfnOutput(stack, "LiveUrl", { value: url.url, description: "For CloudFront alone: it answers nobody else" });
  return live;
}
