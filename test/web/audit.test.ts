// The pages by what of WCAG 2.2 AA can be measured, light, dark and on a phone's screen.
import type { BrowserContextOptions, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { audit } from "../support/audit.ts";
import { axe } from "../support/axe.ts";
import { goWithin, hasBrowser, useConsole } from "../support/console.ts";
import { newTenant } from "../support/control.ts";

const wide = { viewport: { width: 1280, height: 800 } };
const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };
/** Colours are all that is otherwise in the dark. */
const looks: [look: string, options: BrowserContextOptions, rules?: string[]][] = [
  ["light", wide],
  ["dark", { ...wide, colorScheme: "dark" }, ["color-contrast"]],
  ["on a phone", phone],
];

let numbers = 0;

describe.runIf(hasBrowser)("every page", () => {
  const { control, open, signIn, made } = useConsole();

  test.for(looks)("names its controls and is readable, %s", { timeout: 60_000 }, async ([, options, rules]) => {
    const check = async (page: Page): Promise<string[]> => [...(await audit(page)), ...(await axe(page, rules))];
    const { id, path } = await newTenant(control(), { name: "A Rather Long Company Name And Sons Ltd" });
    const extension = await made(`${path}/extensions`, { number: "1001", displayName: "x".repeat(64) });
    await made(`${path}/extensions`, { number: "1002", enabled: false });
    await made(`${path}/phone-numbers`, {
      number: `+1555010${numbers++}`,
      destination: { kind: "extension", ref: "1001" },
    });
    const at = `/tenants/${id}`;
    const page = await open(options);
    await page.goto("/");
    await page.getByLabel("Email address").waitFor();
    expect(await check(page)).toEqual([]);
    await signIn(page);
    const pages = [
      "/tenants",
      "/tenants/new",
      "/nowhere",
      "/operator",
      at,
      `${at}/extensions/new`,
      `${at}/extensions/${extension.id}`,
      `${at}/phone-numbers`,
      `${at}/trunks/new`,
      ...["overview", "live", "calls", "voicemail", "recordings"].map((section) => `${at}/${section}`),
      ...["simulate", "sync", "history", "settings"].map((section) => `${at}/${section}`),
    ];
    for (const place of pages) {
      await goWithin(page, place);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.locator(".skeleton").first().waitFor({ state: "detached" });
      expect(await check(page), place).toEqual([]);
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
        `${place} is as wide as the screen`,
      ).toBe(true);
    }
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").getByRole("option").first().waitFor();
    expect(await check(page), "the palette").toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Account" }).click();
    await page.getByRole("button", { name: "Sign out" }).waitFor();
    expect(await check(page), "the account's menu").toEqual([]);
    await page.keyboard.press("Escape");
    await goWithin(page, `${at}/extensions/new`);
    await page.getByRole("button", { name: "Create extension" }).click();
    await page.getByRole("alert").waitFor();
    expect(await check(page), "a form with flaws").toEqual([]);
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
