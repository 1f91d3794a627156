// What every app of the control plane has around its routes: a request id, and the one place where errors become answers.
import { Hono, type Context as HonoContext } from "hono";
import type { Context } from "../context.ts";
import { newId } from "../id.ts";
import { Problem } from "../problem.ts";
import { BadCursor, ConditionFailed, Conflict, TooLarge } from "../store/store.ts";
import type { App, Described, Variables } from "./route.ts";

/** What an HTTP API calls the request, by which its access log tells of it. */
type Gateway = { requestContext?: { requestId?: string } } | undefined;

/** Of requests that may change something the log tells how they were answered, `quietly` at the level `debug`. */
export function createFrame(ctx: Context, { quietly = false } = {}): App {
  const app: App = new Hono<{ Variables: Variables }>();
  app.use(async (c, next) => {
    const requestId = newId("req");
    c.set("requestId", requestId);
    await next();
    c.header("X-Request-Id", requestId);
    c.header("X-Content-Type-Options", "nosniff");
    const { method, path } = c.req;
    const about = { requestId, gatewayId: (c.env as Gateway)?.requestContext?.requestId, method, path };
    if (method !== "GET") ctx.log[quietly ? "debug" : "info"]({ ...about, status: c.res.status }, "answered");
  });
  app.onError((error, c) => {
    const requestId = c.get("requestId");
    const problem = problemOf(error, requestId);
    if (problem.status === 500) ctx.log.error({ requestId, path: c.req.path, error: error.stack }, "request failed");
    return refuse(ctx, c, problem);
  });
  return app;
}

const refuse = (ctx: Context, c: HonoContext, problem: Problem): Response =>
  c.body(JSON.stringify(problem.body(ctx.publicUrl, c.get("requestId"))), problem.status, {
    ...problem.headers,
    "Content-Type": "application/problem+json",
  });

/** What is none of `routes`: below `pattern` it is a problem, whatever else is asked for on this port. */
export function addNothing(
  app: App,
  ctx: Context,
  routes: readonly Pick<Described, "method" | "path">[],
  pattern: string,
): void {
  const nothing = (c: HonoContext): Response => refuse(ctx, c, nothingAt(c.req.path, routes));
  app.all(pattern, nothing);
  app.notFound(nothing);
}

function problemOf(error: Error, requestId: string): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof BadCursor)
    return new Problem("bad_cursor", "Send the cursor as it stood in `next`, or leave it out to begin again.");
  if (error instanceof TooLarge) return new Problem("too_large", `It does not fit: ${error.message}.`);
  if (error instanceof Conflict || error instanceof ConditionFailed)
    return new Problem("unavailable", "Others wrote to the same things; try again in a moment.", {
      headers: { "Retry-After": "1" },
    });
  const detail = `Something broke on our side; try again, and tell us the request id ${requestId} if it stays.`;
  return new Problem("internal", detail);
}

/** Nothing at all, or nothing for this method. */
function nothingAt(path: string, routes: readonly Pick<Described, "method" | "path">[]): Problem {
  const fits = (pattern: string): boolean => new RegExp(`^${pattern.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(path);
  const methods = routes.filter((route) => fits(route.path)).map(({ method }) => method.toUpperCase());
  if (methods.length === 0)
    return new Problem("not_found", "There is nothing at this path; /docs lists what there is.");
  const allowed = [...new Set(methods)].join(", ");
  return new Problem("method_not_allowed", `This path takes ${allowed}.`, { headers: { Allow: allowed } });
}
