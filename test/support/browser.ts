// Debian's Chromium, driven by Playwright. A page that asks another host for anything, breaks, or runs against its Content-Security-Policy fails its test.
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { expect, onTestFinished } from "vitest";
import type { TestControl } from "./control.ts";

/** A page of a fresh profile, closed after the test. `expected` says which messages of the page's console are no flaw, `elsewhere` to which other origin it may go. */
export async function openPage(
  browser: Browser,
  control: TestControl,
  { elsewhere, ...options }: BrowserContextOptions & { elsewhere?: string } = {},
  expected = /^Failed to load resource: the server responded with a status of 4\d\d/,
): Promise<Page> {
  const context = await browser.newContext({
    baseURL: control.url,
    locale: "en-GB",
    reducedMotion: "reduce",
    ...options,
  });
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
  context.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (![options.baseURL ?? control.url, elsewhere].includes(origin) && protocol !== "data:")
      flaws.push(`request: ${request.url()}`);
  });
  onTestFinished(async () => {
    await context.close();
    expect(flaws).toEqual([]);
  });
  return page;
}
