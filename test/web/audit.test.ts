// The pages by what of WCAG 2.2 AA can be measured, light, dark and on a phone's screen.
import type { BrowserContextOptions } from "playwright-core";
import { describe, expect, test } from "vitest";
import { audit } from "../support/audit.ts";
import { hasBrowser, useConsole } from "../support/console.ts";
import { newTenant } from "../support/control.ts";

const looks: [string, BrowserContextOptions][] = [
  ["light", {}],
  ["dark", { colorScheme: "dark" }],
  ["on a phone", { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }],
];

describe.runIf(hasBrowser)("every page", () => {
  const { control, open, signIn, made } = useConsole();

  test.for(looks)("names its controls and is readable, %s", { timeout: 60_000 }, async ([look, options]) => {
    const { id, path } = await newTenant(control(), { name: "A Rather Long Company Name And Sons Ltd" });
    const extension = await made(`${path}/extensions`, { number: "1001", displayName: "x".repeat(64) });
    await made(`${path}/extensions`, { number: "1002", enabled: false });
    await made(`${path}/phone-numbers`, {
      number: `+1555010${looks.findIndex(([name]) => name === look)}`,
      destination: { kind: "extension", ref: "1001" },
    });
    const at = `/tenants/${id}`;
    const page = await open(options);
    await page.goto("/");
    await page.getByLabel("Email address").waitFor();
    expect(await audit(page)).toEqual([]);
    await signIn(page);
    const pages = [
      "/tenants",
      "/tenants/new",
      "/nowhere",
      at,
      `${at}/extensions/new`,
      `${at}/extensions/${extension.id}`,
      `${at}/phone-numbers`,
      `${at}/trunks/new`,
      ...["calls", "simulate", "sync", "history", "settings"].map((section) => `${at}/${section}`),
    ];
    for (const place of pages) {
      await page.goto(place);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.locator(".skeleton").first().waitFor({ state: "detached" });
      expect(await audit(page), place).toEqual([]);
    }
    await page.goto(`${at}/extensions/new`);
    await page.getByRole("button", { name: "Create extension" }).click();
    await page.getByRole("alert").waitFor();
    expect(await audit(page), "a form with flaws").toEqual([]);
  });

  test("the keyboard alone goes from the top to a page's content and through a dialog", async () => {
    const { id, path } = await newTenant(control());
    const extension = await made(`${path}/extensions`, { number: "1001" });
    const page = await open();
    await signIn(page, `/tenants/${id}/extensions/${extension.id}`);
    await page.getByRole("button", { name: "Delete" }).waitFor();
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
    await page.evaluate(() => document.body.focus());
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("Skip to the content");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.getByRole("button", { name: "Delete" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    expect(await page.evaluate(() => document.activeElement?.closest("dialog") !== null)).toBe(true);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await expect.poll(focused).toBe("Delete");
    await page.getByRole("link", { name: "History" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "History" }).waitFor();
    await expect.poll(focused).toBe("History");
  });
});
