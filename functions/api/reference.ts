// The reference for people: its page and the page's script, which few ask for.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Scalar } from "@scalar/hono-api-reference";
import type { Variables } from "./route.ts";

export const page = Scalar<{ Variables: Variables }>({
  url: "/openapi.json",
  cdn: "/docs/scalar.js",
  pageTitle: "Dialplane API",
  withDefaultFonts: false,
  telemetry: false,
});

let kept: Uint8Array<ArrayBuffer> | undefined;

/** Served from here: the page asks no other host for anything. */
export function script(): Uint8Array<ArrayBuffer> {
  kept ??= new Uint8Array(
    readFileSync(createRequire(import.meta.url).resolve("@scalar/api-reference/browser/standalone.js")),
  );
  return kept;
}
