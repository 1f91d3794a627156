// The console on a control plane of its own, in one browser for all tests of a file.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import { buildWeb } from "../../scripts/build-web.ts";
import { openPage } from "./browser.ts";
import { chromiumPath, startBrowser } from "./chromium.ts";
import { newTenant, type TestControl, testControl } from "./control.ts";
import { needs } from "./skip.ts";

export const hasBrowser = needs("Chromium", chromiumPath !== undefined);

/** The browser's own word on an answer that never came: for tests that cut the line. */
export const lineCut = /^Failed to load resource/;

/** Goes to another page of the console as "back" would: without loading the console anew. */
export const goWithin = (page: Page, path: string): Promise<void> =>
  page.evaluate((to) => {
    history.pushState(null, "", to);
    dispatchEvent(new PopStateEvent("popstate"));
  }, path);

/** Call it in the `describe` of a file; the rest works within its tests. */
export function useConsole(
  options: Pick<NonNullable<Parameters<typeof testControl>[0]>, "mailer" | "webhookAllow" | "zone"> = {},
) {
  let control: TestControl | undefined;
  let browser: Browser | undefined;
  beforeAll(async () => {
    control = await testControl({ ...options, webDir: await buildWeb() });
    browser = await startBrowser();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await control?.stop();
  });

  const plane = (): TestControl => {
    if (!control) throw new Error("useConsole's parts are there within tests only");
    return control;
  };
  function open(options?: Parameters<typeof openPage>[2], expected?: RegExp): Promise<Page> {
    if (!browser) throw new Error("useConsole's parts are there within tests only");
    return openPage(browser, plane(), options, expected);
  }
  async function signIn(page: Page, path = "/", key = plane().key): Promise<void> {
    await page.goto(path);
    await page.getByRole("button", { name: "Sign in with an API key" }).click();
    await page.getByLabel("API key").fill(key);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Account" }).first().waitFor();
  }
  /** A page on a new tenant's extensions; `path` is the tenant's in the API, `at` in the console. */
  async function openTenant(settings: Record<string, unknown> = {}, expected?: RegExp) {
    const page = await open({}, expected);
    const { id, path } = await newTenant(plane(), settings);
    await signIn(page, `/tenants/${id}/extensions`);
    return { page, id, path, at: `/tenants/${id}` };
  }
  async function made(path: string, body: unknown): Promise<Record<string, unknown>> {
    const reply = await plane().call("POST", path, body);
    expect(reply.status, reply.text).toBe(201);
    return reply.body;
  }
  return { control: plane, open, signIn, openTenant, made };
}
