// One request through all logs: a saved query of CloudWatch Logs Insights, in which its id is put (docs/operate/tracing.md).
import type { Stack } from "aws-cdk-lib";
import type { Function as Lambda } from "aws-cdk-lib/aws-lambda";
import { QueryDefinition, QueryString } from "aws-cdk-lib/aws-logs";
import type { Stage } from "./stage.ts";

/** Over the logs of these functions. */
export function saveTraceQuery(stack: Stack, stage: Stage, functions: Record<string, Lambda>): void {
  new QueryDefinition(stack, "OneRequest", {
    queryDefinitionName: `dialplane-${stage.name}/one request`,
    queryString: new QueryString({
      fields: ["@timestamp", "@log", "level", "message", "owner", "revision", "edge", "event", "status", "error"],
      filterStatements: ['requestId = "req_PUT_ITS_ID_HERE"'],
      sort: "@timestamp asc",
      limit: 1000,
    }),
    logGroups: Object.values(functions).map(({ logGroup }) => logGroup),
  });
}
