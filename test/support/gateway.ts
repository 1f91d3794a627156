// Requests as an HTTP API hands them to a Lambda: payload format 2.0.
import type { APIGatewayProxyEventV2, LambdaFunctionURLEvent } from "aws-lambda";

export type GatewayRequest = { headers?: Record<string, string>; body?: unknown; sourceIp?: string };

/** `path` may have a query. A body is sent as JSON, and in base64, as API Gateway does for what it does not take for text. */
export function gatewayEvent(method: string, path: string, request: GatewayRequest = {}): APIGatewayProxyEventV2 {
  const [rawPath = "", rawQueryString = ""] = path.split("?");
  const { headers = {}, body, sourceIp = "203.0.113.7" } = request;
  const domainName = "abc123.execute-api.eu-central-1.amazonaws.com";
  return {
    version: "2.0",
    routeKey: "ANY /{proxy+}",
    rawPath,
    rawQueryString,
    headers: { host: domainName, ...(body !== undefined && { "content-type": "application/json" }), ...headers },
    requestContext: {
      accountId: "123456789012",
      apiId: "abc123",
      domainName,
      domainPrefix: "abc123",
      http: { method, path: rawPath, protocol: "HTTP/1.1", sourceIp, userAgent: "test" },
      requestId: "JKJaXmPLvHcESHA=",
      routeKey: "ANY /{proxy+}",
      stage: "$default",
      time: "12/Mar/2026:19:03:58 +0000",
      timeEpoch: 1773342238000,
    },
    ...(body !== undefined && { body: Buffer.from(JSON.stringify(body)).toString("base64") }),
    isBase64Encoded: body !== undefined,
  };
}

/** A GET as a function URL hands it to a Lambda; `cookies` are apart from the headers there. */
export function functionUrlEvent(
  path: string,
  headers: Record<string, string>,
  cookies: string[] = [],
): LambdaFunctionURLEvent {
  const { rawPath, rawQueryString, requestContext } = gatewayEvent("GET", path);
  const domainPrefix = "o3tq4b2mxs3gkiqwv7zdnh2pzi0abcde";
  const domainName = `${domainPrefix}.lambda-url.eu-central-1.on.aws`;
  return {
    ...{ version: "2.0", routeKey: "$default", rawPath, rawQueryString },
    headers: { host: domainName, ...headers },
    ...(cookies.length > 0 && { cookies }),
    requestContext: {
      ...{ ...requestContext, accountId: "anonymous", routeKey: "$default" },
      ...{ apiId: domainPrefix, domainName, domainPrefix },
    },
    isBase64Encoded: false,
  } as LambdaFunctionURLEvent;
}
