// Debian's Chromium, started by Playwright: for tests, benchmarks and screenshots.
import { type Browser, chromium } from "playwright-core";
import { onPath } from "./skip.ts";

/** The shell is the same without a desktop browser's parts, and opens a page in a third of the time. */
export const chromiumPath = onPath("chromium-headless-shell") ?? onPath("chromium");

/** Without these flags Chromium looks up its maker's hosts at every start. */
const quiet = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** With its parts: the shell plays no sound. */
export const wholeChromiumPath = onPath("chromium");

export const startBrowser = (more: readonly string[] = [], path = chromiumPath): Promise<Browser> =>
  chromium.launch({ executablePath: path ?? "chromium", args: [...quiet, ...more] });
