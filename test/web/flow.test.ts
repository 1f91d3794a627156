// Call flows in a real browser: the picture, changes made on it, and calls simulated on it.
import axe from "axe-core";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { audit } from "../support/audit.ts";
import { hasBrowser, useConsole } from "../support/console.ts";
import { newTenant } from "../support/control.ts";

/** What axe finds against WCAG 2.2 AA in the page's content as it stands. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe: inPage } = globalThis as unknown as { axe: typeof axe };
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const { violations: found } = await inPage.run("main", { runOnly: tags });
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(" | ")}`);
  });
}

/** Each is many steps of a real browser, and machines that test are busy. */
const patience = { timeout: 60_000 };

describe.runIf(hasBrowser)("a call flow", () => {
  const { control, open, signIn } = useConsole();
  let count = 0;

  /** A number, opening hours, a menu, a group of two and a box for the night. Ids by natural key. */
  async function office(options: Parameters<typeof open>[0] = {}) {
    const tenant = await newTenant(control(), { timeZone: "Europe/Paris" });
    const number = `+3314567${String(++count).padStart(4, "0")}`;
    const document = {
      "voicemail-boxes": [{ number: "2000", label: "Night" }],
      extensions: [{ number: "1001", displayName: "Ada" }, { number: "1002" }],
      "ring-groups": [{ name: "Reception", members: [{ extension: "1001" }, { extension: "1002" }] }],
      menus: [
        {
          name: "Main",
          options: [{ digits: "1", label: "Desk", destination: { kind: "ring-group", ref: "Reception" } }],
        },
      ],
      schedules: [
        {
          name: "Hours",
          hours: [{ days: ["mon", "tue", "wed", "thu", "fri"], from: "09:00", to: "17:00" }],
          open: { kind: "menu", ref: "Main" },
          closed: { kind: "voicemail-box", ref: "2000" },
        },
      ],
      "phone-numbers": [{ number, label: "Office", destination: { kind: "schedule", ref: "Hours" } }],
    };
    const applied = await control().call("POST", `${tenant.path}/apply`, document);
    expect(applied.status, applied.text).toBe(200);
    const diff = applied.body.diff as unknown as { kind: string; id: string; key: string }[];
    const id = (kind: string, key = ""): string =>
      diff.find((line) => line.kind === kind && (key === "" || line.key === key))?.id ?? "";
    const page = await open(options);
    await signIn(page, `/tenants/${tenant.id}/call-flows/${id("phone-number")}`);
    await page.getByRole("heading", { level: 1, name: `${number} Office` }).waitFor();
    const revision = async () => Number((await control().call("GET", tenant.path)).body.revision);
    const read = async (path: string) => (await control().call("GET", `${tenant.path}/${path}`)).body;
    return { ...tenant, number, page, idOf: id, revision, read };
  }
  const node = (page: Page, id: string) => page.locator(`[data-node="${id}"]`);

  test(
    "is one picture of all that its calls may reach; nothing on it is hidden from who can't see or point",
    patience,
    async () => {
      const { page, idOf, id } = await office();
      for (const kind of ["phone-number", "schedule", "menu", "ring-group", "voicemail-box"])
        await node(page, idOf(kind)).waitFor();
      expect(await page.locator("[data-node]").count()).toBe(7);
      await node(page, idOf("schedule")).getByText("Mon–Fri 09:00–17:00").waitFor();
      await node(page, idOf("menu")).click();
      const panel = page.getByRole("region", { name: "About Main" });
      await panel.getByRole("button", { name: "Save" }).waitFor();
      expect([...(await violations(page)), ...(await audit(page))]).toEqual([]);
      await page.getByRole("button", { name: "As text" }).click();
      await page.getByRole("listitem").getByText("1 · Desk").first().waitFor();
      expect(await violations(page)).toEqual([]);
      await page.goto(`/tenants/${id}/call-flows`);
      await page.getByRole("region", { name: "Phone numbers" }).getByText("Goes to: Hours").waitFor();
      expect([...(await violations(page)), ...(await audit(page))]).toEqual([]);
    },
  );

  test("is readable in the dark, and in French", patience, async () => {
    const { page, idOf } = await office({ colorScheme: "dark" });
    await page.evaluate(() => localStorage.setItem("dialplane.language", "fr"));
    await page.reload();
    await node(page, idOf("schedule")).waitFor();
    await page.getByText("Simuler un appel").click();
    await page.getByLabel("Appelant").waitFor();
    expect(await violations(page)).toEqual([]);
  });

  test(
    "changes in one revision when a line is drawn to another place, and is as before after undo",
    patience,
    async () => {
      const { page, idOf, revision, read } = await office();
      const before = await revision();
      const line = page.locator(`[data-id="${idOf("schedule")}/closed"] .react-flow__edgeupdater-target`);
      const from = await line.boundingBox();
      const to = await node(page, idOf("ring-group")).boundingBox();
      if (!from || !to) throw new Error("the line or its target is not on the page");
      await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
      await page.mouse.down();
      await page.mouse.move(to.x + 20, to.y + 20, { steps: 5 });
      await page.mouse.move(to.x, to.y + to.height / 2, { steps: 5 });
      await page.mouse.up();
      await page.getByText("Hours, When closed: now goes to Reception.").waitFor();
      expect(await revision()).toBe(before + 1);
      expect(await read("schedules/Hours")).toMatchObject({ closed: { kind: "ring-group", ref: idOf("ring-group") } });
      await page.getByRole("button", { name: "Undo" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Roll back" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
      expect(await read("schedules/Hours")).toMatchObject({ closed: { kind: "voicemail-box" } });
    },
  );

  test(
    "has a new key with a new group behind it in one revision, which is shown before it is saved",
    patience,
    async () => {
      const { page, idOf, revision, read } = await office();
      const before = await revision();
      await page.getByRole("button", { name: "+ New key" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("What it is for").fill("Sales");
      await dialog.getByRole("button", { name: "Ring group", exact: true }).click();
      await dialog.getByLabel("Name", { exact: true }).fill("Reception");
      await dialog.getByRole("button", { name: "Show what will change" }).click();
      await dialog.getByText("There is one already").waitFor();
      await dialog.getByLabel("Name", { exact: true }).fill("Sellers");
      await dialog.getByRole("button", { name: "Show what will change" }).click();
      await dialog.getByText("This will change").waitFor();
      await dialog.getByText("Ring group Sellers").first().waitFor();
      expect(await revision()).toBe(before);
      await dialog.getByRole("button", { name: "Save" }).click();
      await page.getByText("Main, 2 · Sales: now goes to Sellers.").waitFor();
      expect(await revision()).toBe(before + 1);
      const made = await read("ring-groups/Sellers");
      expect(await read("menus/Main")).toMatchObject({
        options: [{ digits: "1" }, { digits: "2", label: "Sales", destination: { kind: "ring-group", ref: made.id } }],
      });
      await node(page, String(made.id)).waitFor();
      expect(idOf("ring-group")).not.toBe(made.id);
    },
  );

  test("is not written over what somebody else changed meanwhile", patience, async () => {
    const { page, path, idOf, read } = await office();
    await node(page, idOf("menu")).click();
    await page.getByRole("button", { name: "Choose where No key pressed goes" }).click();
    const other = [{ digits: "5", destination: { kind: "extension", ref: "1002" } }];
    expect((await control().call("PATCH", `${path}/menus/Main`, { options: other })).status).toBe(200);
    const dialog = page.getByRole("dialog");
    const night = dialog.getByRole("button", { name: "2000 Night" });
    await night.click();
    await dialog.getByText("Somebody changed Main meanwhile").waitFor();
    expect(await read("menus/Main")).toMatchObject({ timeout: null });
    await dialog.getByRole("button", { name: "Close" }).click();
    await page.getByRole("button", { name: "Choose where No key pressed goes" }).click();
    await night.click();
    await dialog.waitFor({ state: "detached" });
    expect(await read("menus/Main")).toMatchObject({
      timeout: { kind: "voicemail-box" },
      options: [{ digits: "5" }],
    });
  });

  test("lights the way of a call in open hours and of one at night, and says why", patience, async () => {
    const { page, idOf } = await office();
    await page.getByText("Simulate a call").click();
    const lit = () =>
      page
        .locator("[data-node]", { hasText: "Step" })
        .evaluateAll((all) => all.map((one) => one.getAttribute("data-node")));
    const follow = async (when: string, keys: string) => {
      await page.getByLabel("When").fill(when);
      await page.getByLabel("Keys").fill(keys);
      await page.getByRole("button", { name: "Follow the call" }).click();
    };
    await follow("2026-12-01T10:00", "1");
    await page.getByText("open: Tuesday 10:00 in Europe/Paris").waitFor();
    const people = [idOf("extension", "1001"), idOf("extension", "1002")];
    await expect
      .poll(async () => (await lit()).sort())
      .toEqual([idOf("schedule"), idOf("menu"), idOf("ring-group"), ...people].sort());
    await follow("2026-12-01T20:00", "");
    await page.getByText("closed: Tuesday 20:00 in Europe/Paris").waitFor();
    await expect.poll(async () => (await lit()).sort()).toEqual([idOf("schedule"), idOf("voicemail-box")].sort());
    await page.getByText("Voicemail box 2000 takes a message.").first().waitFor();
  });

  test("is walked and changed with the keyboard alone", patience, async () => {
    const { page, idOf, read } = await office();
    await node(page, idOf("phone-number")).waitFor();
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-node"));
    await page.getByText("Simulate a call").focus();
    await page.keyboard.press("Tab");
    await expect.poll(focused).toBe(idOf("phone-number"));
    for (const kind of ["schedule", "menu", "ring-group"]) {
      await page.keyboard.press("ArrowRight");
      await expect.poll(focused).toBe(idOf(kind));
    }
    await page.keyboard.press("ArrowLeft");
    await expect.poll(focused).toBe(idOf("menu"));
    await page.keyboard.press("Enter");
    const panel = page.getByRole("region", { name: "About Main" });
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Main");
    await panel.getByRole("button", { name: "Choose where No key pressed goes" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByRole("searchbox").focus();
    await page.keyboard.type("night");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByText("Main, No key pressed: now goes to 2000 Night.").waitFor();
    expect(await read("menus/Main")).toMatchObject({ timeout: { kind: "voicemail-box", ref: idOf("voicemail-box") } });
    await panel.getByRole("button", { name: "2000 Night" }).waitFor();
    await panel.getByLabel("Tries").focus();
    await page.keyboard.type("9");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").getByText("Leave without saving?").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await panel.getByRole("button", { name: "Save" }).focus();
    await page.keyboard.press("Shift+Tab");
    await panel.getByLabel("Tries").fill("2");
    await page.keyboard.press("Enter");
    await panel.getByText("Saved.").waitFor();
    expect(await read("menus/Main")).toMatchObject({ tries: 2 });
    await panel.getByRole("heading", { level: 2 }).focus();
    await page.keyboard.press("Escape");
    await expect.poll(focused).toBe(idOf("menu"));
  });

  test("of hundreds of nodes opens, and its last is a key away", patience, async () => {
    const { path, id } = await newTenant(control());
    const groups = Array.from({ length: 60 }, (_, index) => ({
      name: `G${index}`,
      extensionNumber: String(6000 + index),
      members: Array.from({ length: 9 }, (_, at) => ({
        number: `+1202555${String(index * 10 + at).padStart(4, "0")}`,
      })),
      ...(index < 59 && { afterwards: { kind: "ring-group", ref: `G${index + 1}` } }),
    }));
    const applied = await control().call("POST", `${path}/apply`, { "ring-groups": groups });
    expect(applied.status, applied.text).toBe(200);
    const page = await open();
    await signIn(page, `/tenants/${id}/call-flows`);
    await page.getByRole("link", { name: "G0", exact: true }).click();
    const first = page.locator("[data-node]", { hasText: "G0" }).first();
    await first.focus();
    await page.keyboard.press("End");
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
    await expect.poll(focused).toContain("+12025550597");
  });
});
