// One route: what it takes and answers (OpenAPI derives from it) and what it does. The rules that hold for all routes are kept here, once:
// authentication, bodies, query parameters, idempotency keys, ETags and problems.
import { hash } from "node:crypto";
import type { Hono, Context as HonoContext } from "hono";
import { accepts as accept } from "hono/accepts";
import type { z } from "zod";
import { idOf } from "../../core/owner.ts";
import { demand, type Principal } from "../access/access.ts";
import { authenticate, type Credentials } from "../access/authenticate.ts";
import { type Answer, claim } from "../access/idempotency.ts";
import { noteUse } from "../access/last-use.ts";
import { type RateLimiter, rateLimitHeaders, type Taken } from "../access/rate-limit.ts";
import type { Scope } from "../access/scopes.ts";
import { requestBounds, scopeId } from "../accounts/bounds.ts";
import { auditOperation, type Done } from "../audit/record.ts";
import type { Context } from "../context.ts";
import type { Actor } from "../document/change.ts";
import { sortOf } from "../document/head.ts";
import { type Flaw, Problem } from "../problem.ts";
import type { Operation } from "../store/store.ts";
import { readBytes, readJson, yamlType } from "./body.ts";
import { clientAddress } from "./client-address.ts";
import { sendText } from "./long.ts";

export const eventStream = "text/event-stream";

export type Variables = { requestId: string };
export type App = Hono<{ Variables: Variables }>;

export type Request = {
  ctx: Context;
  principal: Principal;
  /** The route's. */
  scope: Scope;
  actor: Actor;
  params: Record<string, string>;
  query: Record<string, string>;
  body: unknown;
  /** Of a route with `upload`. */
  file: { bytes: Uint8Array; contentType: string };
  /** From `If-Match`. */
  ifVersion: number | undefined;
  /**
   * Operations that belong into the work's transaction: the audit record of what it does, null where it changes nothing, and the answer where there is an
   * idempotency key to record it under. Whatever changes something puts them there.
   */
  record(done: Done | null, answer?: Answer): Operation[];
  /** Whether there is such a key; without one the answer can wait until the edges were told. */
  recording: boolean;
  /** Of a route with `stream`, where the caller wants one: the id of the event that he had last, and who he is now. */
  stream?: { last: string | undefined; again(): Promise<Principal> };
};

/** What the reference tells of a route. */
export type Described = {
  method: "get" | "post" | "patch" | "put" | "delete";
  /** With OpenAPI's braces: `/v1/tenants/{tenant}`. */
  path: string;
  tag: string;
  summary: string;
  /** What a key needs to call it: asked for here, before the body is read, and shown in the reference. Null: any key may, since it tells of the key alone. */
  scope: Scope | null;
  body?: z.core.$ZodType;
  /** A body for the reference, which tests send; one made of the schema where it is left out. */
  example?: unknown;
  /** The body is a file of one of these types, at most so many bytes, instead of JSON. What it really is, the handler finds out. */
  upload?: { types: readonly string[]; limit: number };
  /** The body may be YAML too, and so may a good answer, for whom accepts nothing before it. */
  yaml?: true;
  /** Who accepts `text/event-stream` gets that: the answer's body is a ReadableStream of it. */
  stream?: true;
  /** Parameters by name with a sentence on each; any other is refused. */
  query?: Record<string, string>;
  /**
   * `example`: of the answer, or of an item of a page; members that it lacks are made of the schema. `type`: its content type, of one that is a text and
   * no JSON.
   */
  answers: Record<number, { about: string; schema?: z.core.$ZodType; example?: unknown; type?: string }>;
  /** Who may call it, where it takes no API key (identity/route.ts). */
  by?: "anybody" | "session";
};
export type Route = Described & { handle(request: Request): Promise<Answer> };

/** A route that is loaded when it is first asked for. */
export type Late = Pick<Route, "method" | "path" | "scope"> & { load(): Promise<Route> };

export function addRoute(app: App, ctx: Context, late: Late, limiter: RateLimiter): void {
  const path = late.path.replaceAll(/\{(\w+)\}/g, ":$1");
  app.on(late.method.toUpperCase(), path, async (c) => {
    // while the store is asked who it is
    const loading = late.load();
    loading.catch(() => {});
    const ip = clientAddress(c, ctx);
    const again = () => authenticate(ctx, credentialsOf(c), ip);
    const principal = await again();
    await spend(ctx, c, principal, limiter);
    if (!principal.person) noteUse(ctx, principal, ip);
    if (late.scope !== null) demand(principal, late.scope);
    const route = await loading;
    const file = route.upload ? await readUpload(c, route.upload) : { bytes: new Uint8Array(), contentType: "" };
    const { text, body } =
      route.method === "get" || route.upload
        ? { text: hash("sha256", file.bytes), body: undefined }
        : await readJson(c, { wanted: "body" in route, yaml: route.yaml === true });
    const actor: Actor = {
      ...(principal.person
        ? { type: "person", ...principal.person }
        : { type: "api-key", id: principal.id, name: principal.name }),
      ip,
      requestId: c.get("requestId"),
      ...(principal.member && { member: { id: principal.member.id, name: principal.member.name } }),
      ...(principal.impersonating && { impersonating: principal.impersonating }),
    };
    const via = { method: route.method, route: route.path, path: c.req.path, status: successOf(route) };
    const request: Request = {
      ctx,
      principal,
      scope: route.scope ?? "",
      actor,
      params: c.req.param() as Record<string, string>,
      query: queryOf(c, route.query ?? {}),
      body,
      file,
      ifVersion: parseIfMatch(c.req.header("if-match")),
      record: (done: Done | null) => (done === null ? [] : [auditOperation(actor, done, via)]),
      recording: false,
      ...(route.stream && accepts(c, eventStream) === eventStream && { stream: { last: lastEvent(c), again } }),
    };
    const key = route.method === "post" ? c.req.header("idempotency-key") : undefined;
    const answer = key === undefined ? await route.handle(request) : await once(ctx, c, route, request, key, text);
    return route.yaml && answer.status < 300 && accepts(c, yamlType) === yamlType
      ? sendYaml(c, answer)
      : send(c, answer, route.answers[answer.status]?.type);
  });
}

export const credentialsOf = (c: HonoContext): Credentials => ({
  method: c.req.method,
  authorization: c.req.header("authorization"),
  cookie: c.req.header("cookie"),
  site: c.req.header("sec-fetch-site"),
  origin: c.req.header("origin"),
});

/** Tells the caller where its key stands, and its account, in whatever the answer is. Throws `rate_limited`. */
async function spend(ctx: Context, c: HonoContext, principal: Principal, limiter: RateLimiter): Promise<void> {
  const now = ctx.now().getTime();
  const own = limiter.take(principal.id, now);
  const taken: [policy: string, Taken][] = own ? [["key", own]] : [];
  const refuse = ({ limit, retrySeconds }: Taken, who: string, extra = {}) =>
    new Problem(
      "rate_limited",
      `${who} may send ${limit.quota} requests in ${limit.windowSeconds} s; try again in ${retrySeconds} s.`,
      { headers: { "Retry-After": String(retrySeconds) }, extra },
    );
  let refused = own && own.retrySeconds > 0 ? refuse(own, principal.person ? "You" : "This API key") : undefined;
  for (const { bound, value } of refused ? [] : await requestBounds(ctx, principal.owner)) {
    const { scope, by, plan } = bound;
    const limit = { quota: value, windowSeconds: 60 };
    const one = limiter.take(`${scope} ${by} ${plan}`, now, limit);
    if (!one) continue;
    taken.push([sortOf(scope), one]);
    const told = { limit: { name: "apiRequestsPerMinute", value, ...scopeId(scope), by, planId: plan } };
    if (one.retrySeconds > 0)
      refused ??= refuse(
        one,
        `All API keys of the ${sortOf(scope)} ${idOf(scope)} together, by a limit of ${by},`,
        told,
      );
  }
  if (taken.length > 0) for (const [name, value] of Object.entries(rateLimitHeaders(taken))) c.header(name, value);
  if (refused) throw refused;
}

async function readUpload(c: HonoContext, { types, limit }: NonNullable<Route["upload"]>): Promise<Request["file"]> {
  const contentType = (c.req.header("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  if (!types.includes(contentType))
    throw new Problem("unsupported_media_type", `Send the file itself with Content-Type: ${types.join(" or ")}.`);
  return { bytes: new Uint8Array(await readBytes(c, limit)), contentType };
}

/** Runs a POST once per idempotency key. Answers that a retry can't change are kept; others give the key back. */
async function once(
  ctx: Context,
  c: HonoContext,
  route: Route,
  request: Request,
  key: string,
  text: string,
): Promise<Answer> {
  const claimed = await claim(
    ctx,
    request.principal,
    `${route.method}\n${c.req.path}\n${key}`,
    key,
    `${new URL(c.req.url).search}\n${text}`,
  );
  if ("replay" in claimed)
    return { ...claimed.replay, headers: { ...claimed.replay.headers, "Idempotent-Replayed": "true" } };
  let recorded = false;
  const record: Request["record"] = (done, answer) => {
    recorded ||= answer !== undefined;
    return [...request.record(done), ...(answer === undefined ? [] : claimed.record(answer))];
  };
  try {
    const answer = await route.handle({ ...request, record, recording: true });
    if (!recorded) await claimed.keep(answer);
    return answer;
  } catch (error) {
    const final = error instanceof Problem && error.status < 500 && error.code !== "busy";
    const settled = final
      ? claimed.keep({
          status: error.status,
          body: error.body(ctx.publicUrl, request.actor.requestId),
          headers: error.headers,
        })
      : claimed.release();
    await settled.catch((why) => ctx.log.warn({ path: c.req.path, error: String(why) }, "idempotency key not settled"));
    throw error;
  }
}

/** The status of its answer where it did what it is for: of one that makes something a dry run's is another. */
const successOf = ({ answers }: Route): number =>
  201 in answers ? 201 : Math.min(...Object.keys(answers).map(Number));

const lastEvent = (c: HonoContext): string | undefined => c.req.header("last-event-id")?.slice(0, 500);

const accepts = (c: HonoContext, type: string): string =>
  accept(c, { header: "Accept", supports: ["application/json", type], default: "application/json" });

async function sendYaml(c: HonoContext, answer: Answer): Promise<Response> {
  const { toYaml } = await import("./yaml.ts");
  for (const [name, value] of Object.entries(answer.headers ?? {})) c.header(name, value);
  return sendText(c, toYaml(answer.body), answer.status, `${yamlType}; charset=utf-8`);
}

/** `text`: the content type of an answer that is one. */
export async function send(c: HonoContext, answer: Answer, text?: string): Promise<Response> {
  for (const [name, value] of Object.entries(answer.headers ?? {})) c.header(name, value);
  if (answer.status === 204) return c.body(null, 204);
  if (answer.body instanceof ReadableStream)
    // no proxy may gather or keep it
    return c.body(answer.body, 200, {
      "Content-Type": eventStream,
      "Cache-Control": "no-store",
      "X-Accel-Buffering": "no",
    });
  if (text !== undefined) return sendText(c, String(answer.body), answer.status, text);
  const type = answer.status >= 400 ? "application/problem+json" : "application/json";
  return sendText(c, JSON.stringify(answer.body), answer.status, type);
}

export const ok = (body: unknown, version?: number): Answer => ({
  status: 200,
  body,
  ...(version !== undefined && { headers: { ETag: `"${version}"` } }),
});

export function queryOf(c: HonoContext, known: Record<string, string>): Record<string, string> {
  const result: Record<string, string> = {};
  const flaws: Flaw[] = [];
  const sent = new URL(c.req.url).searchParams;
  for (const name of new Set(sent.keys())) {
    if (flaws.length === 100) break;
    const values = sent.getAll(name);
    if (!Object.hasOwn(known, name))
      flaws.push({
        pointer: `?${name.slice(0, 64)}`,
        detail: `unknown parameter; known are ${Object.keys(known).join(", ") || "none"}`,
      });
    else if (values.length > 1) flaws.push({ pointer: `?${name}`, detail: "given more than once" });
    else result[name] = values[0] ?? "";
  }
  if (flaws.length > 0)
    throw new Problem(
      "bad_parameter",
      flaws
        .slice(0, 3)
        .map((flaw) => `${flaw.pointer}: ${flaw.detail}`)
        .join("; ")
        .concat("."),
      { errors: flaws },
    );
  return result;
}

function parseIfMatch(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === "*") return undefined;
  const match = /^(?:W\/)?"(\d{1,15})"$/.exec(header.trim());
  if (!match) throw new Problem("malformed", 'If-Match must be an ETag that we gave, as in "3".');
  return Number(match[1]);
}
