// The reference for people: its page and the page's script, which few ask for.
import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Scalar } from "@scalar/hono-api-reference";
import type { Context, Next } from "hono";
import type { Variables } from "./route.ts";

const rendered = Scalar<{ Variables: Variables }>({
  url: "/openapi.json",
  cdn: "/docs/scalar.js",
  pageTitle: "Dialplane API",
  withDefaultFonts: false,
  telemetry: false,
  // it would ask its maker's host
  agent: { disabled: true },
});

/** With a policy of its own, where the console's stands in front of all pages: the one script that stands in it may run, and its styles are written as it is drawn. */
export async function page(c: Context<{ Variables: Variables }>, next: Next): Promise<Response> {
  const answer = await rendered(c, next);
  if (!answer) throw new Error("no page of the reference");
  const html = await answer.text();
  const inline = [...html.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([\s\S]*?)<\/script>/g)];
  const allowed = inline.map(([, script = ""]) => `'sha256-${hash("sha256", script, "base64")}'`);
  return c.html(html, 200, {
    "Content-Security-Policy": [
      "default-src 'self'",
      `script-src ${["'self'", ...allowed].join(" ")}`,
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data:",
      "font-src 'self' data:",
      ...["object-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
    ].join("; "),
  });
}

let kept: Uint8Array<ArrayBuffer> | undefined;

/** Served from here: the page asks no other host for anything. */
export function script(): Uint8Array<ArrayBuffer> {
  kept ??= new Uint8Array(
    readFileSync(createRequire(import.meta.url).resolve("@scalar/api-reference/browser/standalone.js")),
  );
  return kept;
}
