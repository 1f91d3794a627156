// API Gateway's HTTP API before the functions: the template's most specific route, payload format 2.0, and what it does with answers.
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { gatewayEvent } from "../../support/gateway.ts";
import { type Lambdas, mostBytes } from "./lambda.ts";
import type { Template } from "./template.ts";

export type Gateway = ReturnType<typeof createGateway>;

/** `sourceIp`: the caller's address. */
export function createGateway(template: Template, lambdas: Lambdas, sourceIp?: string) {
  let count = 0;
  /** `path` with its query. */
  return async function ask(
    method: string,
    path: string,
    given: Headers,
    body?: Uint8Array<ArrayBuffer> | string,
  ): Promise<Response> {
    const route = template.routes.find(
      (one) => ["ANY", method].includes(one.method) && one.pattern.test(path.split("?")[0] ?? ""),
    );
    if (!route) return Response.json({ message: "Not Found" }, { status: 404 });
    template.mayCall("apigateway", route.lambda, `/*/*${route.path}`);
    const { cookie, ...headers } = Object.fromEntries(given);
    const event = gatewayEvent(method, path, { headers, ...(sourceIp && { sourceIp }) });
    const requestId = `gateway-${++count}`;
    const sent = {
      ...event,
      routeKey: route.key,
      ...(cookie !== undefined && { cookies: cookie.split(/;\s*/) }),
      requestContext: { ...event.requestContext, requestId, routeKey: route.key },
      ...(body !== undefined && { body: Buffer.from(body).toString("base64"), isBase64Encoded: true }),
    };
    if ((sent.body?.length ?? 0) > mostBytes) return Response.json({ message: "Request Too Long" }, { status: 413 });
    const result = await lambdas.invoke(route.lambda, sent).catch((error) => {
      throw new Error(`${method} ${path}: the function failed: ${error instanceof Error ? error.stack : error}`);
    });
    if (JSON.stringify(result).length > mostBytes)
      return Response.json({ message: "Internal Server Error" }, { status: 500 });
    return responseOf(method, result as APIGatewayProxyStructuredResultV2);
  };
}

function responseOf(method: string, result: APIGatewayProxyStructuredResultV2): Response {
  const { statusCode: status = 200, headers = {}, cookies = [], body = "", isBase64Encoded } = result;
  const all = new Headers();
  for (const [name, value] of Object.entries(headers)) all.set(name, String(value));
  for (const cookie of cookies) all.append("set-cookie", cookie);
  const none = method === "HEAD" || [204, 205, 304].includes(status);
  return new Response(none ? null : Buffer.from(body, isBase64Encoded ? "base64" : "utf8"), { status, headers: all });
}
