// Lists and forms in a real browser: found, filtered, changed many at once, as CSV, and nothing typed is lost.
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { hasBrowser, useConsole } from "../support/console.ts";

describe.runIf(hasBrowser)("a list", () => {
  const { control, openTenant, made } = useConsole();
  const numbers = (page: Page) => page.locator("tbody tr[data-row] a").allTextContents();
  /** Some extensions by one request. */
  const fill = async (path: string, extensions: Record<string, unknown>[]): Promise<void> => {
    expect((await control().call("POST", `${path}/apply`, { extensions })).status).toBe(200);
  };
  const file = (text: string) => ({ name: "x.csv", mimeType: "text/csv", buffer: Buffer.from(text) });

  test("is searched, filtered and put in order, as its address then says", async () => {
    const { page, path, at } = await openTenant();
    await fill(path, [
      { number: "1001", displayName: "Grace" },
      { number: "1002", displayName: "Ada", enabled: false },
      { number: "1003", displayName: "Adam" },
    ]);
    await page.goto(`${at}/extensions?q=ada&sort=-displayName`);
    await expect.poll(() => numbers(page)).toEqual(["1003", "1002"]);
    await page.getByRole("button", { name: "Display name" }).click();
    await page.getByRole("button", { name: "Display name" }).click();
    await expect.poll(() => numbers(page)).toEqual(["1002", "1003"]);
    await page.getByRole("button", { name: "Filter" }).click();
    await page.getByLabel("Enabled").selectOption("false");
    await expect.poll(() => numbers(page)).toEqual(["1002"]);
    expect(new URL(page.url()).search).toBe("?q=ada&sort=displayName&enabled=false");
    await page.keyboard.press("Escape");
    await page.getByRole("searchbox", { name: "Search" }).fill("nobody");
    await page.getByText("Nothing fits").waitFor();
  });

  test("shows by itself what somebody else makes", async () => {
    const { page, path } = await openTenant();
    await page.getByText("No extensions yet").waitFor();
    await made(`${path}/extensions`, { number: "1001" });
    await page.getByRole("link", { name: "1001" }).waitFor();
  });

  test("by keyboard alone rows are found, chosen, disabled, deleted and brought back", async () => {
    const { page, path, at } = await openTenant();
    await fill(
      path,
      ["1001", "1002", "1003"].map((number) => ({ number })),
    );
    await page.goto(`${at}/extensions`);
    await page.getByRole("link", { name: "1003" }).waitFor();
    await page.keyboard.type("jxjx");
    await page.getByText("2 selected").waitFor();
    const press = async (name: string, within = page.locator("body")): Promise<void> => {
      await within.getByRole("button", { name, exact: true }).focus();
      await page.keyboard.press("Enter");
    };
    await press("Disable");
    await page.getByText("2 changed").waitFor();
    const enabled = async () =>
      ((await control().call("GET", `${path}/extensions`)).body.data as unknown as { enabled: boolean }[]).map(
        (one) => one.enabled,
      );
    expect(await enabled()).toEqual([false, false, true]);
    await page.getByRole("checkbox", { name: "Select all" }).focus();
    await page.keyboard.press("Space");
    await press("Delete …");
    await page.getByText("Nothing else refers to it.").waitFor();
    await press("Delete", page.getByRole("dialog"));
    await page.getByText("No extensions yet").waitFor();
    await press("Undo");
    await page.getByRole("link", { name: "1003" }).waitFor();
    expect(await enabled()).toEqual([false, false, true]);
  });

  test("one field of many rows is changed at once", async () => {
    const { page, path, at } = await openTenant();
    await fill(
      path,
      ["1001", "1002"].map((number) => ({ number })),
    );
    await page.goto(`${at}/extensions`);
    await page.getByRole("checkbox", { name: "Select all" }).check();
    await page.getByRole("button", { name: "Edit …" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Field").selectOption("ringSeconds");
    await dialog.getByLabel("Ring seconds").fill("40");
    await dialog.getByRole("button", { name: "Change all" }).click();
    await page.getByText("2 changed").waitFor();
    const { body } = await control().call("GET", `${path}/extensions`);
    expect(body.data).toMatchObject([{ ringSeconds: 40 }, { ringSeconds: 40 }]);
  });

  test("a CSV file is told row by row before it changes anything, and comes out as it went in", async () => {
    const { page, path, at } = await openTenant();
    await page.goto(`${at}/extensions`);
    await page.getByRole("button", { name: "Import a CSV file" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("CSV file").setInputFiles(file("number,displayName\n1001,Ada\nx,Bad\n"));
    await dialog.getByText("1 row is refused").waitFor();
    await dialog.getByRole("row", { name: "3 x" }).getByText("must be 2 to 8 digits").waitFor();
    expect(await dialog.getByRole("button", { name: "Import" }).count()).toBe(0);
    await dialog.getByLabel("CSV file").setInputFiles(file("number,displayName\n1001,Ada\n1002,Grace\n"));
    await dialog.getByText("2 to be created, 0 to be changed, 0 as they are.").waitFor();
    expect((await control().call("GET", `${path}/extensions`)).body.data).toEqual([]);
    await dialog.getByRole("button", { name: "Import" }).click();
    await dialog.getByText("2 passwords were made").waitFor();
    await dialog.getByRole("button", { name: "I have noted them" }).click();
    await page.getByRole("link", { name: "1002" }).waitFor();
    const waiting = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export" }).click();
    const saved = readFileSync(await (await waiting).path(), "utf8");
    expect(saved.replace("\ufeff", "")).toMatch(/^number,displayName,.*\r\n1001,Ada,.*\r\n1002,Grace,/);
  });

  test("of a long list only the rows near the screen are in the page, and its end is reached", async () => {
    const { page, path, at } = await openTenant();
    await fill(
      path,
      Array.from({ length: 400 }, (_, n) => ({ number: String(2000 + n) })),
    );
    await page.goto(`${at}/extensions`);
    await page.getByText("400 rows").waitFor();
    expect(await page.locator("tr[data-row]").count()).toBeLessThan(100);
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    await page.getByRole("link", { name: "2399" }).waitFor();
    await page.getByRole("searchbox", { name: "Search" }).fill("2123");
    await expect.poll(() => numbers(page)).toEqual(["2123"]);
  });

  test("a form says what is wrong while one types, and what is typed is not lost by going elsewhere", async () => {
    const { page } = await openTenant();
    await page.getByRole("link", { name: "New extension" }).click();
    const number = page.getByLabel("Number", { exact: true });
    await number.pressSequentially("1");
    await page.getByText("Must be 2 to 8 digits.").waitFor();
    await number.pressSequentially("001");
    await page.getByText("Must be 2 to 8 digits.").waitFor({ state: "detached" });
    await page.getByRole("link", { name: "Queues" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Stay here" }).click();
    expect(await number.inputValue()).toBe("1001");
    await page.goBack();
    await page.getByRole("dialog").getByRole("button", { name: "Leave without saving" }).click();
    await page.getByText("No extensions yet").waitFor();
  });

  test("what depends on a resource is told before one presses", async () => {
    const { page, path, at } = await openTenant();
    const box = await made(`${path}/voicemail-boxes`, { number: "8001" });
    await made(`${path}/extensions`, { number: "1001", voicemailBox: "8001" });
    await page.goto(`${at}/voicemail-boxes/${box.id}`);
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("dialog").getByRole("link", { name: "Extension 1001" }).waitFor();
    expect(await page.getByRole("dialog").getByRole("button", { name: "Delete" }).isDisabled()).toBe(true);
  });
});
