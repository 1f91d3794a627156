// Live views as an app and a function of its own, which streams: while somebody watches, an instance of it is taken.
import { toldByFront } from "../access/address.ts";
import { noRateLimit, type RateLimit, RateLimiter } from "../access/rate-limit.ts";
import { addNothing, createFrame } from "../api/frame.ts";
import { liveRoutes } from "../api/live.ts";
import { type App, addRoute } from "../api/route.ts";
import type { Context } from "../context.ts";
import { Problem } from "../problem.ts";

/** Its address is no secret, and asking it costs: whoever does not come by our front goes before anything is read. */
export function createLiveApp(ctx: Context, rateLimit: RateLimit = noRateLimit): App {
  const app = createFrame(ctx);
  app.use(async (c, next) => {
    if (toldByFront((name) => c.req.header(name), ctx.frontSecret) === undefined)
      throw new Problem("not_found", `Live views are at ${ctx.consoleUrl}, not here.`);
    await next();
  });
  const limiter = new RateLimiter(rateLimit);
  const routes = liveRoutes();
  for (const route of routes) addRoute(app, ctx, { ...route, load: async () => route }, limiter);
  addNothing(app, ctx, routes, "*");
  return app;
}
