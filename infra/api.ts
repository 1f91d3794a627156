// The HTTP API: every path goes to the function that knows the routes; what edges ask and what strangers may ask for go to functions of their own.
import { CfnOutput, type Stack } from "aws-cdk-lib";
import { AccessLogField, AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import { HttpApi, HttpMethod, LogGroupLogDestination, PayloadFormatVersion } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { Function as Lambda } from "aws-cdk-lib/aws-lambda";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { edgePaths } from "../functions/edges/path.ts";
import { identityPath } from "../functions/identity/path.ts";
import { accept } from "./accept.ts";
import type { Stage } from "./stage.ts";

/** The API without its route, so that functions can be told its address. */
export function createApi(stack: Stack, stage: Stage): HttpApi {
  const api = new HttpApi(stack, "HttpApi", { apiName: `dialplane-${stage.name}`, createDefaultStage: false });
  const logs = new LogGroup(stack, "HttpApiLogs", { retention: stage.logs, removalPolicy: stage.removal });
  api.addStage("HttpApiStage", {
    stageName: "$default",
    autoDeploy: true,
    throttle: stage.throttle,
    detailedMetricsEnabled: true,
    accessLogSettings: { destination: new LogGroupLogDestination(logs), format: accessLog },
  });
  new CfnOutput(stack, "ApiUrl", {
    value: api.apiEndpoint,
    description: "The API's address: PUBLIC_URL, and CONTROL_URL of edges",
  });
  return api;
}

/** No query string: cursors and filters may hold numbers of people. */
const accessLog = AccessLogFormat.custom(
  JSON.stringify({
    requestId: AccessLogField.contextRequestId(),
    at: AccessLogField.contextRequestTime(),
    ip: AccessLogField.contextIdentitySourceIp(),
    method: AccessLogField.contextHttpMethod(),
    path: AccessLogField.contextPath(),
    status: AccessLogField.contextStatus(),
    bytes: AccessLogField.contextResponseLength(),
    milliseconds: AccessLogField.contextResponseLatency(),
    error: AccessLogField.contextErrorMessage(),
  }),
);

export type Answering = { api: Lambda; edge: Lambda; identity: Lambda };

/** Sends everything to `api`, but what edges ask to `edge` and what is of identity to `identity`. */
export function route(http: HttpApi, { api, edge, identity }: Answering): void {
  const version = { payloadFormatVersion: PayloadFormatVersion.VERSION_2_0 };
  const toEdge = new HttpLambdaIntegration("EdgeIntegration", edge, version);
  const routes = [
    ...http.addRoutes({ path: "/{proxy+}", integration: new HttpLambdaIntegration("ApiIntegration", api, version) }),
    ...edgePaths.flatMap(([method, path]) =>
      http.addRoutes({ path, methods: [HttpMethod[method]], integration: toEdge }),
    ),
    ...http.addRoutes({
      path: `${identityPath}{proxy+}`,
      integration: new HttpLambdaIntegration("IdentityIntegration", identity, version),
    }),
  ];
  for (const each of routes)
    accept(
      each,
      "AwsSolutions-APIG4",
      "The functions authenticate: keys and sessions are hashed in the table, edges sign their requests.",
    );
}
