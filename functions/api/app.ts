// The API as one Hono app: its routes and the reference.
import { defaultRateLimit, type RateLimit, RateLimiter } from "../access/rate-limit.ts";
import type { Domains } from "../accounts/domain.ts";
import type { Context } from "../context.ts";
import { type Code, Problem, problems } from "../problem.ts";
import { addNothing, createFrame } from "./frame.ts";
import { type App, addRoute } from "./route.ts";
import { createLoader, type Known, knownOf, loadRoutes, routesOf } from "./routes.ts";

/**
 * `rateLimit`: of each key, in this process. `known`: the routes that there are, where they are known (known-routes.ts): then each group is loaded when one
 * of its routes is first asked for. Else all are loaded at once.
 */
export async function createApp(
  ctx: Context,
  domains: Domains,
  rateLimit: RateLimit = defaultRateLimit,
  known?: readonly Known[],
): Promise<App> {
  const app = createFrame(ctx);
  const routes = known ?? (await loadRoutes(domains)).map(knownOf);
  const load = createLoader(domains, routes);
  const limiter = new RateLimiter(rateLimit);
  for (const route of routes) {
    const [method, path, scope] = route;
    addRoute(app, ctx, { method, path, scope, load: () => load(route) }, limiter);
  }
  addReference(app, ctx, domains);
  app.get("/install/:file?", async (c) =>
    (await import("../edges/install.ts")).give(ctx, c, c.req.param("file") ?? ""),
  );
  app.get("/healthz", (c) => c.json({ ok: true }));
  addNothing(
    app,
    ctx,
    routes.map(([method, path]) => ({ method, path })),
    "/v1/*",
  );
  return app;
}

function addReference(app: App, ctx: Context, domains: Domains): void {
  let document: string | undefined;
  app.get("/openapi.json", async (c) => {
    // few ask for it
    const [{ openapi }, { identityRoutes }, routes] = await Promise.all([
      import("./openapi/document.ts"),
      import("../identity/routes.ts"),
      routesOf(domains),
    ]);
    document ??= JSON.stringify(openapi([...routes, ...identityRoutes()], ctx.publicUrl));
    return c.body(document, 200, { "Content-Type": "application/json" });
  });
  app.get("/docs/scalar.js", async (c) => {
    const { script } = await import("./reference.ts");
    return c.body(script(), 200, { "Content-Type": "text/javascript", "Cache-Control": "public, max-age=86400" });
  });
  app.get("/docs", async (c, next) => (await import("./reference.ts")).page(c, next));
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
