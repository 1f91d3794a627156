// Identity as an app and a function of its own: what strangers may ask for wears down nothing else.
import { addNothing, createFrame } from "../api/frame.ts";
import type { App } from "../api/route.ts";
import type { Context } from "../context.ts";
import { addIdentityRoute } from "./route.ts";
import { identityRoutes } from "./routes.ts";

export function createIdentity(ctx: Context): App {
  const app = createFrame(ctx);
  const routes = identityRoutes();
  for (const route of routes) addIdentityRoute(app, ctx, route);
  addNothing(app, ctx, routes, "*");
  return app;
}
