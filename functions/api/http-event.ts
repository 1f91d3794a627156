// An HTTP API's or a function URL's event (payload format 2.0) as a request, and an answer as its result.
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";

/** What both have of a request. */
export type HttpEvent = Pick<APIGatewayProxyEventV2, "rawPath" | "rawQueryString" | "headers" | "cookies" | "body"> & {
  isBase64Encoded: boolean;
  requestContext: { domainName: string; http: { method: string } };
};

/** A header that is there and empty stays so: the API refuses what it can't read, where leaving it out would change what is asked. */
export function requestOf(event: HttpEvent): Request {
  const { rawPath, rawQueryString, cookies = [], body, isBase64Encoded, requestContext } = event;
  const { method } = requestContext.http;
  const headers = new Headers();
  for (const [name, value] of Object.entries(event.headers)) if (value !== undefined) headers.set(name, bytesOf(value));
  if (cookies.length > 0) headers.set("cookie", bytesOf(cookies.join("; ")));
  const sent =
    body && method !== "GET" && method !== "HEAD" ? Buffer.from(body, isBase64Encoded ? "base64" : "utf8") : null;
  if (sent) headers.set("content-length", String(sent.length));
  const query = rawQueryString && `?${rawQueryString}`;
  return new Request(`https://${requestContext.domainName}${rawPath}${query}`, { method, headers, body: sent });
}

/** Fetch's headers take a letter for a byte. */
const bytesOf = (text: string): string =>
  [...text].some((letter) => letter > "\u00ff") ? Buffer.from(text).toString("latin1") : text;

/** Cookies go apart from the headers, and what is no text in base64. */
export async function resultOf(answer: Response): Promise<APIGatewayProxyStructuredResultV2> {
  const bytes = Buffer.from(await answer.arrayBuffer());
  const isBase64Encoded = !isText(answer.headers, bytes);
  const cookies = answer.headers.getSetCookie();
  return {
    statusCode: answer.status,
    headers: Object.fromEntries([...answer.headers].filter(([name]) => name !== "set-cookie")),
    ...(cookies.length > 0 && { cookies }),
    body: bytes.toString(isBase64Encoded ? "base64" : "utf8"),
    isBase64Encoded,
  };
}

/** The mark of UTF-8 at the beginning, which spreadsheets look for, is lost where text is read as text. */
const isText = (headers: Headers, bytes: Buffer): boolean =>
  !headers.has("content-encoding") &&
  (bytes.length === 0 ||
    (bytes[0] !== 0xef && /^text\/|[/+](json|xml|yaml|javascript)\b/.test(headers.get("content-type") ?? "")));
