// The keyboard: anywhere by a few letters, an extension made without a pointer, and the language and theme that stay.
import { describe, expect, test } from "vitest";
import { hasBrowser, useConsole } from "../support/console.ts";

describe.runIf(hasBrowser)("the keyboard alone", () => {
  const { control, openTenant, made } = useConsole();

  test("goes to pages and finds resources, and the focus comes back", async () => {
    const { page, path, at } = await openTenant();
    await made(`${path}/extensions`, { number: "1001", displayName: "Ada Lovelace" });
    await page.keyboard.press("Control+k");
    const field = page.getByRole("combobox", { name: "Search and commands" });
    await field.fill("lovel");
    await page.getByRole("option", { name: "1001" }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Extension 1001" }).waitFor();
    await page.keyboard.press("Control+k");
    await field.fill("hist");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "History" }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`${at}/history`);
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  });

  test("makes an extension", async () => {
    const { page, path } = await openTenant();
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox").fill("new extension");
    await page.getByRole("option", { name: "New extension" }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "New extension" }).waitFor();
    for (let step = 0; step < 40; step++) {
      await page.keyboard.press("Tab");
      if (await page.evaluate(() => document.activeElement?.getAttribute("data-pointer") === "/number")) break;
    }
    await page.keyboard.type("1001");
    await page.keyboard.press("Tab");
    await page.keyboard.type("Ada");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Extension 1001 is ready" }).waitFor();
    expect((await control().call("GET", `${path}/extensions/1001`)).body.displayName).toBe("Ada");
  });

  test("changes theme and language, which stay for the next time", async () => {
    const { page } = await openTenant();
    const back = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const before = await back();
    for (const wish of ["dark", "français"]) {
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox").fill(wish);
      await page
        .getByRole("option", { name: new RegExp(wish, "i") })
        .first()
        .waitFor();
      await page.keyboard.press("Enter");
    }
    await page.getByRole("heading", { level: 1, name: "Postes" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { level: 1, name: "Postes" }).waitFor();
    await page.getByText("Aucun poste pour l'instant").waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe("fr");
    expect(await back()).not.toBe(before);
  });
});
