// The API as one Hono app: routes, the reference, and the one place where errors become answers.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Scalar } from "@scalar/hono-api-reference";
import { Hono, type Context as HonoContext } from "hono";
import { defaultRateLimit, type RateLimit, RateLimiter } from "../access/rate-limit.ts";
import type { Domains } from "../accounts/domain.ts";
import type { Context } from "../context.ts";
import { newId } from "../id.ts";
import { type Code, Problem, problems } from "../problem.ts";
import { BadCursor, ConditionFailed, Conflict, TooLarge } from "../store/store.ts";
import { accessRoutes } from "./access.ts";
import { auditRoutes } from "./audit.ts";
import { banRoutes } from "./bans.ts";
import { batchRoutes } from "./batch.ts";
import { callRoutes } from "./calls.ts";
import { cloningRoutes } from "./cloning.ts";
import { commandRoutes } from "./commands.ts";
import { conferenceRoutes } from "./conferences.ts";
import { deletionRoutes } from "./deletion.ts";
import { deviceRoutes } from "./devices.ts";
import { documentRoutes } from "./documents.ts";
import { addEdgeProtocol } from "./edge-protocol.ts";
import { edgeRoutes } from "./edges.ts";
import { eventRoutes } from "./events.ts";
import { foundingRoutes } from "./founding.ts";
import { holidayRoutes } from "./holidays.ts";
import { inventoryRoutes } from "./inventory.ts";
import { jobRoutes } from "./jobs.ts";
import { limitRoutes } from "./limits.ts";
import { liveRoutes } from "./live.ts";
import { memberRoutes } from "./members.ts";
import { messageRoutes } from "./messages.ts";
import { promptRoutes } from "./prompts.ts";
import { recordingRoutes } from "./recordings.ts";
import { resourceRoutes } from "./resources.ts";
import { type App, addRoute, type Route, type Variables } from "./route.ts";
import { runtimeRoutes } from "./runtime.ts";
import { sandboxRoutes } from "./sandbox.ts";
import { subtreeRoutes } from "./subtree.ts";
import { tableRoutes } from "./tables.ts";
import { tenantRoutes } from "./tenants.ts";
import { webhookRoutes } from "./webhooks.ts";

export function routesOf(domains: Domains): Route[] {
  const subtree = subtreeRoutes();
  const others: Route[] = [
    ...foundingRoutes(domains),
    ...cloningRoutes(domains),
    ...tenantRoutes(domains),
    ...deletionRoutes(),
    ...subtree,
    ...tableRoutes(),
    ...inventoryRoutes(),
    ...resourceRoutes(subtree.map(({ path }) => path)),
    ...limitRoutes(),
    ...deviceRoutes(),
    ...holidayRoutes(),
    ...promptRoutes(),
    ...messageRoutes(),
    ...recordingRoutes(),
    ...batchRoutes(),
    ...documentRoutes(domains),
    ...jobRoutes(),
    ...runtimeRoutes(),
    ...callRoutes(),
    ...liveRoutes(),
    ...commandRoutes(),
    ...conferenceRoutes(),
    ...sandboxRoutes(),
    ...edgeRoutes(),
    ...banRoutes(),
    ...eventRoutes(),
    ...auditRoutes(),
    ...memberRoutes(),
    ...webhookRoutes(),
  ];
  return [...accessRoutes(others.map(({ scope }) => scope)), ...others];
}

/** `rateLimit`: of each key, in this process. */
export function createApp(ctx: Context, domains: Domains, rateLimit: RateLimit = defaultRateLimit): App {
  const app: App = new Hono<{ Variables: Variables }>();
  const routes = routesOf(domains);
  const limiter = new RateLimiter(rateLimit);
  app.use(async (c, next) => {
    const requestId = newId("req");
    c.set("requestId", requestId);
    await next();
    c.header("X-Request-Id", requestId);
    c.header("X-Content-Type-Options", "nosniff");
  });
  app.onError((error, c) => {
    const requestId = c.get("requestId");
    const problem = problemOf(error, requestId);
    if (problem.status === 500) ctx.log.error({ requestId, path: c.req.path, error: error.stack }, "request failed");
    return refuse(c, problem);
  });
  const refuse = (c: HonoContext, problem: Problem): Response =>
    c.body(JSON.stringify(problem.body(ctx.publicUrl, c.get("requestId"))), problem.status, {
      ...problem.headers,
      "Content-Type": "application/problem+json",
    });
  const nothing = (c: HonoContext): Response => refuse(c, nothingAt(c.req.path, routes));
  addEdgeProtocol(app, ctx);
  for (const route of routes) addRoute(app, ctx, route, limiter);
  addReference(app, ctx, routes);
  app.get("/healthz", (c) => c.json({ ok: true }));
  app.all("/v1/*", nothing);
  app.notFound(nothing);
  return app;
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
function nothingAt(path: string, routes: Route[]): Problem {
  const fits = (pattern: string): boolean => new RegExp(`^${pattern.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(path);
  const methods = routes.filter((route) => fits(route.path)).map(({ method }) => method.toUpperCase());
  if (methods.length === 0)
    return new Problem("not_found", "There is nothing at this path; /docs lists what there is.");
  const allowed = [...new Set(methods)].join(", ");
  return new Problem("method_not_allowed", `This path takes ${allowed}.`, { headers: { Allow: allowed } });
}

function addReference(app: App, ctx: Context, routes: Route[]): void {
  let document: string | undefined;
  let script: Uint8Array<ArrayBuffer> | undefined;
  app.get("/openapi.json", async (c) => {
    // few ask for it
    const { openapi } = await import("./openapi/document.ts");
    document ??= JSON.stringify(openapi(routes, ctx.publicUrl));
    return c.body(document, 200, { "Content-Type": "application/json" });
  });
  app.get("/docs/scalar.js", (c) => {
    script ??= new Uint8Array(
      readFileSync(createRequire(import.meta.url).resolve("@scalar/api-reference/browser/standalone.js")),
    );
    return c.body(script, 200, { "Content-Type": "text/javascript", "Cache-Control": "public, max-age=86400" });
  });
  app.get(
    "/docs",
    Scalar({
      url: "/openapi.json",
      cdn: "/docs/scalar.js",
      pageTitle: "Dialplane API",
      withDefaultFonts: false,
      telemetry: false,
    }),
  );
  app.get("/problems/:code", (c) => {
    const code = c.req.param("code").replaceAll("-", "_");
    const known = Object.hasOwn(problems, code) ? problems[code as Code] : undefined;
    if (!known) throw new Problem("not_found", "There is no such problem.");
    const [status, title, again] = known;
    return c.text(
      `${title}\n\ncode: ${code}\nstatus: ${status}\n\n${again ? "The same request can succeed later: try again after a pause." : "The same request fails again: mend what `detail` and `errors` name."}\n`,
    );
  });
}
