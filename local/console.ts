// The console's files on the control plane's port, with what a browser must know of them.
import { join } from "node:path";
import { serveStatic } from "@hono/node-server/serve-static";
import type { App } from "../functions/api/route.ts";

// Scripts, styles and requests from here alone, nothing inline: what a hostile name might smuggle into the page can't run, nor send the key away.
// But for browser phones, which speak to the edges' hosts.
const policy = (hosts: readonly string[]): string =>
  [
    "default-src 'self'",
    `connect-src ${["'self'", ...hosts].join(" ")}`,
    "script-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");

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
      c.header("Content-Security-Policy", policy(await webSockets()));
      c.header("Referrer-Policy", "no-referrer");
      c.header("Cross-Origin-Opener-Policy", "same-origin");
      c.header("Cache-Control", "no-cache");
    },
  });
  app.get("/assets/*", files);
  app.get("*", (c, next) => (/^\/(v1|assets)\//.test(c.req.path) ? next() : page(c, next)));
}
