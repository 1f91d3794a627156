// The reference of the API in a real browser, under its own policy.
import { expect, onTestFinished, test } from "vitest";
import { openPage } from "../support/browser.ts";
import { startBrowser } from "../support/chromium.ts";
import { hasBrowser } from "../support/console.ts";
import { testControl } from "../support/control.ts";

/** What it says of the document by a schema of its own; and the browser's word on what this test asks for. */
const expected = /^document validation errors|^\[Object|elsewhere\.example/;

test.runIf(hasBrowser)(
  "the reference is drawn, asks no other host for anything, and could not",
  {
    timeout: 150_000,
  },
  async () => {
    const control = await testControl();
    onTestFinished(() => control.stop());
    const browser = await startBrowser();
    onTestFinished(() => browser.close());
    const page = await openPage(browser, control, {}, expected);
    await page.addInitScript(() => {
      const broken: string[] = [];
      addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) =>
        broken.push(`${effectiveDirective} ${blockedURI}`),
      );
      Object.assign(window, { broken });
    });
    // it is megabytes of script
    page.setDefaultTimeout(60_000);
    const broken = () => page.evaluate(() => (window as unknown as { broken: string[] }).broken);
    // all of it is long in the drawing
    await page.route("**/openapi.json", async (route) => {
      const document = (await (await route.fetch()).json()) as { paths: Record<string, unknown>; components: object };
      const { "/v1/tenants": tenants } = document.paths;
      await route.fulfill({ json: { ...document, paths: { "/v1/tenants": tenants } } });
    });
    const asked: string[] = [];
    page.on("request", (request) => void asked.push(new URL(request.url()).pathname));
    await page.goto("/docs", { timeout: 60_000 });
    await page
      .getByRole("heading", { name: "Create a tenant, with all that it has" })
      .first()
      .waitFor({ timeout: 60_000 });
    // it looks whether it may make code of text, and does without
    expect(await broken()).toEqual(["script-src eval"]);
    expect(asked.toSorted()).toEqual(["/docs", "/docs/scalar.js", "/openapi.json"]);
    const refused = page.evaluate(() => fetch("https://elsewhere.example/").then(() => "answered", String));
    expect(await refused).toContain("TypeError");
    expect(await broken()).toEqual(["script-src eval", "connect-src https://elsewhere.example/"]);
  },
);
