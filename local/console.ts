// The console's files on the control plane's port, with what a browser must know of them.
import { join } from "node:path";
import { serveStatic } from "@hono/node-server/serve-static";
import type { App } from "../functions/api/route.ts";
import { contentSecurityPolicy, pageHeaders } from "../functions/console-headers.ts";

/**
 * Serves `folder`. Every other path is a page of the console, but below /v1 it is a 404 of the API. `webSockets`: where browser phones may connect to, asked
 * at each page.
 */
export function addConsole(app: App, folder: string, webSockets: () => Promise<string[]>): void {
  const files = serveStatic({
    root: folder,
    // their names hold their hashes
    onFound: (_, c) => c.header("Cache-Control", "public, max-age=31536000, immutable"),
  });
  const page = serveStatic({
    path: join(folder, "index.html"),
    async onFound(_, c) {
      c.header("Content-Security-Policy", contentSecurityPolicy({ webSockets: await webSockets() }));
      for (const [name, value] of Object.entries(pageHeaders)) c.header(name, value);
      c.header("Cache-Control", "no-cache");
    },
  });
  app.get("/assets/*", files);
  app.get("*", (c, next) => (/^\/(v1|assets)\//.test(c.req.path) ? next() : page(c, next)));
}
