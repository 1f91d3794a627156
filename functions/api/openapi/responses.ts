// The refusals of an operation: one shared response for each status, with the codes that it can bear and an example.
import { type Code, problems } from "../../problem.ts";
import type { Described } from "../route.ts";

type Response = { description: string; headers?: object; content: object };

const refer = (name: string) => ({ $ref: `#/components/headers/${name}` });
/** On every answer, whatever it says. */
export const always = { "X-Request-Id": refer("RequestId") };
/** On every answer to a key that is known. */
export const limits = { RateLimit: refer("RateLimit"), "RateLimit-Policy": refer("RateLimitPolicy") };

/** Which refusals have further headers. */
const further: Record<number, object> = {
  401: { "WWW-Authenticate": refer("Authenticate") },
  409: { "Retry-After": refer("RetryAfter") },
  429: { "Retry-After": refer("RetryAfter") },
  503: { "Retry-After": refer("RetryAfter") },
};

const details: Partial<Record<Code, string>> = {
  malformed: "The body is not JSON: Unexpected end of JSON input.",
  unauthenticated: "Send Authorization: Bearer and an API key.",
  forbidden: "This needs the scope extensions:write, which this API key does not have.",
  not_found: "There is no extension 1009; check the id and the API key's account.",
  answer_too_large:
    "The answer is longer than 6 MB; send Accept-Encoding: gzip, or ask for less at once, by kinds or limit.",
  conflict: "The extension 1001 is disabled; enable it before it calls.",
  link_spent: "This link was used, replaced by a later one, or is too old; ask for another.",
  version_mismatch: "It is at version 4 now; read it again and decide anew.",
  too_large: "The body is longer than 6291456 bytes; send less at once.",
  unsupported_media_type: "Send JSON with Content-Type: application/json.",
  invalid: "/number: must be 2 to 8 digits.",
  rate_limited: "This API key may send 6000 requests in 60 s; try again in 1 s.",
  internal: "Something broke on our side; try again, and tell us the request id if it stays.",
  unavailable: "Others wrote to the same things; try again in a moment.",
};
const names: Record<number, string> = {
  400: "BadRequest",
  401: "Unauthenticated",
  403: "Forbidden",
  404: "NotFound",
  406: "AnswerTooLarge",
  409: "Conflict",
  410: "LinkSpent",
  412: "VersionMismatch",
  413: "TooLarge",
  415: "UnsupportedMediaType",
  422: "Invalid",
  429: "RateLimited",
  500: "Internal",
  503: "Unavailable",
};

const codesOf = (status: number): Code[] =>
  (Object.keys(problems) as Code[]).filter((code) => problems[code][0] === status);

function exampleOf(status: number): Record<string, unknown> {
  const [first = "internal", ...rest] = codesOf(status);
  const code = [first, ...rest].find((one) => details[one] !== undefined) ?? first;
  return {
    type: `https://api.example/problems/${code.replaceAll("_", "-")}`,
    code,
    title: problems[code][1],
    status,
    detail: details[code],
    ...(code === "invalid" && { errors: [{ pointer: "/number", detail: "must be 2 to 8 digits" }] }),
    requestId: "req_01ARZ3NDEKTSV4RRFFQ69G5FAV",
  };
}

/** All of them, by name. */
export function sharedResponses(): Record<string, Response> {
  return Object.fromEntries(
    Object.entries(names).map(([status, name]) => {
      const codes = codesOf(Number(status)).map((code) => `\`${code}\` ${problems[code][1]}`);
      const headers = { ...always, ...(status !== "401" && limits), ...further[Number(status)] };
      const content = {
        "application/problem+json": {
          schema: { $ref: "#/components/schemas/Problem" },
          example: exampleOf(Number(status)),
        },
      };
      return [name, { description: `${codes.join(". ")}.`, headers, content }];
    }),
  );
}

/** Whether it takes a file into one resource, which has an ETag. */
export const uploadsInto = ({ upload, path }: Described): boolean => upload !== undefined && path.includes("{id}");

/** Which of them a route may answer with. */
export function refusalsOf(route: Described): Record<number, { $ref: string }> {
  const sends = route.body !== undefined || route.upload !== undefined;
  const changes = route.method !== "get";
  const parameters = [...Object.keys(route.query ?? {}), ...(route.path.match(/\{\w+\}/g) ?? [])];
  const statuses = [
    ...[400, 401, 429, 500, 503],
    ...(route.scope === null && (route.by === undefined || !changes) ? [] : [403]),
    ...(route.by === "anybody" && sends ? [410] : []),
    // who asks for his own may have none
    ...(sends || route.path.startsWith("/v1/me/") || parameters.some((name) => /^\{|Id$/.test(name)) ? [404] : []),
    ...(changes ? [409, 413] : [406]),
    ...(["patch", "delete"].includes(route.method) || uploadsInto(route) || route.query?.baseRevision ? [412] : []),
    ...(sends ? [415] : []),
    ...(sends || route.method === "post" ? [422] : []),
  ];
  return Object.fromEntries(
    statuses.map((status) => [status, { $ref: `#/components/responses/${names[status] ?? ""}` }]),
  );
}
