// Debian's Chromium, driven by Playwright. A page that asks another host for anything, breaks, or runs against its Content-Security-Policy fails its test.
import type { Browser, BrowserContext, BrowserContextOptions, Page, Request } from "playwright-core";
import { expect, onTestFinished } from "vitest";
import type { TestControl } from "./control.ts";

/** By what they were opened with: a new one takes Chromium a process and all of the console's scripts anew. */
const profiles = new WeakMap<Browser, Map<string, BrowserContext>>();

/**
 * A page of a profile that nothing was left in, closed after the test. `expected` says which messages of the page's console are no flaw. A page whose clock
 * was set takes its profile with it.
 */
export async function openPage(
  browser: Browser,
  control: TestControl,
  options: BrowserContextOptions = {},
  expected = /^Failed to load resource: the server responded with a status of 4\d\d/,
): Promise<Page> {
  const kept = profiles.get(browser) ?? new Map<string, BrowserContext>();
  profiles.set(browser, kept);
  const name = JSON.stringify([control.url, options]);
  const context = kept.get(name) ?? (await browser.newContext({ baseURL: control.url, locale: "en-GB", ...options }));
  // one that is in use is not given out a second time
  kept.delete(name);
  const flaws: string[] = [];
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.on("pageerror", (error) => flaws.push(`page error: ${error.message}`));
  page.on("dialog", (dialog) => {
    flaws.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("console", (message) => {
    const noted = message.type() === "error" || message.type() === "warning";
    if (noted && !expected.test(message.text())) flaws.push(`console: ${message.text()}`);
  });
  const asked = (request: Request): void => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== control.url && protocol !== "data:") flaws.push(`request: ${request.url()}`);
  };
  context.on("request", asked);
  let clockSet = false;
  const install = page.clock.install.bind(page.clock);
  page.clock.install = (at) => {
    clockSet = true;
    return install(at);
  };
  onTestFinished(async () => {
    context.off("request", asked);
    if (clockSet || kept.has(name)) await context.close();
    else {
      const session = await context.newCDPSession(page);
      await session.send("Storage.clearDataForOrigin", { origin: control.url, storageTypes: "all" });
      await context.clearCookies();
      await page.close();
      kept.set(name, context);
    }
    expect(flaws).toEqual([]);
  });
  return page;
}
