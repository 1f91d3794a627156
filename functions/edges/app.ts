// What edges ask as an app and a function of its own: it starts quickly, and hosts that come back all at once wear down nothing else.
import { addEdgeProtocol } from "../api/edge-protocol.ts";
import { addNothing, createFrame } from "../api/frame.ts";
import type { App } from "../api/route.ts";
import type { Context } from "../context.ts";

export function createEdgeApp(ctx: Context): App {
  // each host says something every few seconds
  const app = createFrame(ctx, { quietly: true });
  addEdgeProtocol(app, ctx);
  addNothing(app, ctx, [], "*");
  return app;
}
