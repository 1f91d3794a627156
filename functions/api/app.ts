// The API as one Hono app: its routes and the reference.
import { defaultRateLimit, type RateLimit, RateLimiter } from "../access/rate-limit.ts";
import type { Domains } from "../accounts/domain.ts";
import type { Context } from "../context.ts";
import { type Code, Problem, problems } from "../problem.ts";
import { accessRoutes } from "./access.ts";
import { auditRoutes } from "./audit.ts";
import { banRoutes } from "./bans.ts";
import { batchRoutes } from "./batch.ts";
import { brandRoutes } from "./brand.ts";
import { callRoutes } from "./calls.ts";
import { cloningRoutes } from "./cloning.ts";
import { commandRoutes } from "./commands.ts";
import { conferenceRoutes } from "./conferences.ts";
import { deletionRoutes } from "./deletion.ts";
import { deviceRoutes } from "./devices.ts";
import { documentRoutes } from "./documents.ts";
import { edgeRoutes } from "./edges.ts";
import { emergencyRoutes } from "./emergency.ts";
import { eventRoutes } from "./events.ts";
import { foundingRoutes } from "./founding.ts";
import { addNothing, createFrame } from "./frame.ts";
import { holidayRoutes } from "./holidays.ts";
import { inventoryRoutes } from "./inventory.ts";
import { jobRoutes } from "./jobs.ts";
import { limitRoutes } from "./limits.ts";
import { liveRoutes } from "./live.ts";
import { meRoutes } from "./me.ts";
import { memberRoutes } from "./members.ts";
import { messageRoutes } from "./messages.ts";
import { poolRoutes } from "./pools.ts";
import { promptRoutes } from "./prompts.ts";
import { recordingRoutes } from "./recordings.ts";
import { resourceRoutes } from "./resources.ts";
import { type App, addRoute, type Route } from "./route.ts";
import { runtimeRoutes } from "./runtime.ts";
import { sandboxRoutes } from "./sandbox.ts";
import { signInRoutes } from "./sign-in.ts";
import { signUpRoutes } from "./sign-ups.ts";
import { sipTokenRoutes } from "./sip-token.ts";
import { ssoRoutes } from "./sso.ts";
import { subtreeRoutes } from "./subtree.ts";
import { tableRoutes } from "./tables.ts";
import { tenantRoutes } from "./tenants.ts";
import { trialRoutes } from "./trial.ts";
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
    ...brandRoutes(domains),
    ...signUpRoutes(),
    ...trialRoutes(),
    ...deviceRoutes(),
    ...sipTokenRoutes(),
    ...holidayRoutes(),
    ...promptRoutes(),
    ...messageRoutes(),
    ...recordingRoutes(),
    ...batchRoutes(),
    ...documentRoutes(domains),
    ...jobRoutes(),
    ...runtimeRoutes(),
    ...callRoutes(),
    ...emergencyRoutes(),
    ...liveRoutes(),
    ...commandRoutes(),
    ...conferenceRoutes(),
    ...sandboxRoutes(),
    ...poolRoutes(),
    ...edgeRoutes(),
    ...banRoutes(),
    ...eventRoutes(),
    ...auditRoutes(),
    ...memberRoutes(),
    ...meRoutes(),
    ...signInRoutes(),
    ...ssoRoutes(domains),
    ...webhookRoutes(),
  ];
  return [...accessRoutes(others.map(({ scope }) => scope)), ...others];
}

/** `rateLimit`: of each key, in this process. */
export function createApp(ctx: Context, domains: Domains, rateLimit: RateLimit = defaultRateLimit): App {
  const app = createFrame(ctx);
  const routes = routesOf(domains);
  const limiter = new RateLimiter(rateLimit);
  for (const route of routes) addRoute(app, ctx, route, limiter);
  addReference(app, ctx, routes);
  app.get("/install/:file?", async (c) =>
    (await import("../edges/install.ts")).give(ctx, c, c.req.param("file") ?? ""),
  );
  app.get("/healthz", (c) => c.json({ ok: true }));
  addNothing(app, ctx, routes, "/v1/*");
  return app;
}

function addReference(app: App, ctx: Context, routes: Route[]): void {
  let document: string | undefined;
  app.get("/openapi.json", async (c) => {
    // few ask for it
    const [{ openapi }, { identityRoutes }] = await Promise.all([
      import("./openapi/document.ts"),
      import("../identity/routes.ts"),
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
