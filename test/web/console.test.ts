// The console in a real browser against the real control plane: signing in, tenants, resources, history.
import { describe, expect, test } from "vitest";
import { goWithin, hasBrowser, lineCut, useConsole } from "../support/console.ts";
import { newTenant } from "../support/control.ts";
import { createZone } from "../support/dns.ts";

const hostile = `<img src=x onerror="alert(1)">`;
const drawn = /^[2-9a-zA-Z]{20}$/;

describe.runIf(hasBrowser)("the console", () => {
  const { zone, aliases } = createZone();
  const { control, open, signIn, openTenant, made } = useConsole({ zone });

  test("a wrong key is told so in a sentence, and the right one opens the tenants", async () => {
    const page = await open();
    await page.goto("/");
    await page.getByRole("button", { name: "Sign in with an API key" }).click();
    await page.getByLabel("API key").fill("dp_live_nobody");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("This API key is not known here").waitFor();
    await page.getByLabel("API key").fill(control().key);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Companies" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Companies" }).waitFor();
    await page.getByRole("button", { name: "Account" }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("API key").waitFor();
    expect(await page.evaluate(() => sessionStorage.length + localStorage.length)).toBe(0);
  });

  test("the days of a schedule's hours are check boxes; what is ticked is stored, and shown again", async () => {
    const tenant = await newTenant(control());
    const page = await open();
    await signIn(page, `/tenants/${tenant.id}/schedules/new`);
    await page.getByLabel("Name").fill("Office");
    await page.getByRole("button", { name: "Add hour" }).click();
    for (const day of ["Fri", "Mon", "Tue"]) await page.getByLabel(day).check();
    await page.getByLabel("Tue").uncheck();
    await page.getByLabel("From").fill("09:00");
    await page.getByLabel("To", { exact: true }).fill("17:00");
    await page.getByRole("button", { name: "Create schedule" }).click();
    await page.getByRole("link", { name: "Office" }).click();
    await page.getByLabel("Fri").waitFor();
    const { body } = await control().call("GET", `${tenant.path}/schedules`);
    expect(body.data).toMatchObject([{ hours: [{ days: ["mon", "fri"], from: "09:00", to: "17:00" }] }]);
    expect(await page.getByLabel("Fri").isChecked()).toBe(true);
    expect(await page.getByLabel("Sat").isChecked()).toBe(false);
  });

  test("a revoked key leads back to the sign-in with a sentence", async () => {
    const { id, key } = await made("/v1/api-keys", { name: "brief", scopes: ["*"] });
    const { id: tenant } = await newTenant(control());
    const page = await open();
    await signIn(page, `/tenants/${tenant}/extensions`, String(key));
    await page.getByRole("heading", { name: "Extensions" }).waitFor();
    expect((await control().call("DELETE", `/v1/api-keys/${id}`)).status).toBe(204);
    await page.getByRole("link", { name: "History" }).click();
    await page.getByText("The API key was refused").waitFor();
    await page.getByLabel("API key").waitFor();
  });

  test("a tenant and its first extension are made; the password is shown once and gone after a reload", async () => {
    const page = await open();
    await signIn(page);
    await page.getByRole("link", { name: "New tenant" }).click();
    await page.getByLabel("Name").fill("Nadir Ltd");
    await page.keyboard.press("Enter");
    await page.getByText("No extensions yet").waitFor();
    await page.getByRole("link", { name: "New extension" }).click();
    await page.getByLabel("Number", { exact: true }).fill("1001");
    await page.getByLabel("Display name").fill("Ada");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Extension 1001 is ready" }).waitFor();
    const told = async (name: string) =>
      page.locator("dl > div").filter({ hasText: name }).locator("dd").first().textContent();
    expect(await told("Username")).toBe("1001");
    expect(await told("Domain")).toBe("nadir-ltd.pbx.example");
    const password = (await told("Password")) ?? "";
    expect(password).toMatch(drawn);
    await page.reload();
    await page.getByRole("heading", { name: "New extension" }).waitFor();
    expect(await page.content()).not.toContain(password);
    await page.getByRole("link", { name: "Extensions", exact: true }).click();
    await page.getByRole("link", { name: "1001" }).click();
    await page.getByRole("heading", { name: "Extension 1001" }).waitFor();
    await page.getByText("Settings for its phones").waitFor();
    expect(await page.content()).not.toContain(password);
  });

  test("when the answer to a creation is lost, pressing again makes no second one and still shows its password", async () => {
    const { page, path } = await openTenant({}, lineCut);
    let lost = 0;
    await page.route("**/extensions", async (route) => {
      if (route.request().method() !== "POST" || lost++ > 0) return route.continue();
      await route.fetch();
      await route.abort();
    });
    await page.getByRole("link", { name: "New extension" }).click();
    await page.getByLabel("Number", { exact: true }).fill("1001");
    const create = page.getByRole("button", { name: "Create extension" });
    await create.click();
    await page.getByText("The control plane did not answer").waitFor();
    await create.click();
    await page.getByText("Type this into the phone").waitFor();
    await page.getByText(drawn).waitFor();
    const { body } = await control().call("GET", `${path}/extensions`);
    expect(body.data).toHaveLength(1);
  }, 30_000);

  test("a flaw is shown at its field, which has the focus", async () => {
    const { page } = await openTenant();
    await page.getByRole("link", { name: "New extension" }).click();
    await page.getByLabel("Number", { exact: true }).fill("1");
    await page.getByLabel("Ring seconds").fill("soon");
    await page.getByRole("button", { name: "Create extension" }).click();
    const number = page.getByLabel("Number", { exact: true });
    await expect.poll(() => number.getAttribute("aria-invalid")).toBe("true");
    const describedBy = (await number.getAttribute("aria-describedby"))?.split(" ")[0];
    expect(await page.locator(`[id="${describedBy}"]`).textContent()).toBe("Must be 2 to 8 digits.");
    expect(await number.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await page.getByLabel("Ring seconds").getAttribute("aria-invalid")).toBe("true");
    await page.getByRole("alert").getByText("The content is not valid").waitFor();
  });

  test("a flaw inside a device is shown at that device's field", async () => {
    const { page, path, at } = await openTenant();
    const extension = await made(`${path}/extensions`, { number: "1001" });
    await page.goto(`${at}/extensions/${extension.id}`);
    await page.getByRole("button", { name: "Add device" }).click();
    const second = page.getByRole("group", { name: "Device 2" });
    await second.getByLabel("Username").fill("No Such");
    await page.getByRole("button", { name: "Save" }).click();
    await second.getByText("Must be 1 to 32 of").waitFor();
    await expect.poll(() => second.getByLabel("Username").getAttribute("aria-invalid")).toBe("true");
    await second.getByLabel("Username").fill("desk");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Type this into the phone").waitFor();
  });

  test("a rename stands in the history and is rolled back after a look at what that would change", async () => {
    const { page, path, at } = await openTenant();
    const extension = await made(`${path}/extensions`, { number: "1001", displayName: "Ada" });
    await page.goto(`${at}/extensions/${extension.id}`);
    await page.getByLabel("Display name").fill("Grace");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();
    await page.getByRole("link", { name: "History" }).click();
    await page.getByRole("button", { name: "What changed" }).first().click();
    expect(await page.locator("del").first().textContent()).toBe("Ada");
    expect(await page.locator("ins").first().textContent()).toBe("Grace");
    await page.getByRole("button", { name: "Roll back to revision 1" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("This would change").waitFor();
    expect(await dialog.locator("ins").first().textContent()).toBe("Ada");
    expect((await control().call("GET", `${path}/extensions/1001`)).body.displayName).toBe("Grace");
    await dialog.getByRole("button", { name: "Roll back" }).click();
    await dialog.getByText("The document is now at revision 3.").waitFor();
    await dialog.getByRole("button", { name: "Close" }).click();
    expect((await control().call("GET", `${path}/extensions/1001`)).body.displayName).toBe("Ada");
    await page.getByRole("button", { name: "Roll back to revision 2" }).waitFor();
  });

  test("a deletion is rolled back, and the phone's old password counts again", async () => {
    const { page, path, at } = await openTenant();
    const { devices } = await made(`${path}/extensions`, { number: "1001" });
    await control().call("DELETE", `${path}/extensions/1001`);
    await page.goto(`${at}/history`);
    await page.getByRole("button", { name: "Roll back to revision 1" }).click();
    await page.getByRole("dialog").getByText("Extension 1001").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Roll back" }).click();
    await page.getByText("The document is now at revision 3.").waitFor();
    expect((await control().call("GET", `${path}/extensions/1001`)).body.devices).toEqual(devices);
  });

  test("disabling is one press, and the list says so", async () => {
    const { page, path, at } = await openTenant();
    const extension = await made(`${path}/extensions`, { number: "1001" });
    await page.goto(`${at}/extensions/${extension.id}`);
    await page.getByRole("button", { name: "Disable" }).click();
    await page.getByRole("button", { name: "Enable" }).waitFor();
    expect((await control().call("GET", `${path}/extensions/1001`)).body.enabled).toBe(false);
    await page.getByRole("link", { name: "Extensions", exact: true }).click();
    await page.getByText("Disabled").waitFor();
  });

  test("a tenant's settings say which record its own domain needs, and ask for the certificate once it is there", async () => {
    const { page, id, at } = await openTenant({ domain: "sip.customer.example" }, lineCut);
    await goWithin(page, `${at}/settings`);
    const part = page.getByRole("region", { name: "Encrypted calls under sip.customer.example" });
    const target = `_acme-challenge.${id.slice(4).toLowerCase()}.tenants.sip.example`;
    await part.getByText("record missing").waitFor();
    expect(await part.locator("code").textContent()).toBe(`_acme-challenge.sip.customer.example CNAME ${target}`);
    await part.getByRole("button", { name: "Ask for the certificate" }).click();
    await part.getByRole("alert").getByText(target).waitFor();
    aliases.set("_acme-challenge.sip.customer.example", target);
    await part.getByRole("button", { name: "Ask for the certificate" }).click();
    await part.getByText("asked for").waitFor();
    await part.getByRole("button", { name: "Leave the domain out" }).click();
    await part.getByText("record found").waitFor();
  });

  test("what is in use is not deleted, and its user is named and linked; afterwards it goes", async () => {
    const { page, path, at } = await openTenant();
    const box = await made(`${path}/voicemail-boxes`, { number: "8001" });
    const extension = await made(`${path}/extensions`, { number: "1001", voicemailBox: "8001" });
    await page.goto(`${at}/voicemail-boxes/${box.id}`);
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("dialog").getByRole("link", { name: "Extension 1001" }).click();
    await page.getByRole("heading", { name: "Extension 1001" }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`${at}/extensions/${extension.id}`);
    await page.getByLabel("Voicemail box").selectOption({ label: "None" });
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();
    await page.goto(`${at}/voicemail-boxes/${box.id}`);
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.getByText("No voicemail boxes yet").waitFor();
  });

  test("somebody else's change in between is not overwritten", async () => {
    const { page, path, at } = await openTenant();
    const extension = await made(`${path}/extensions`, { number: "1001", displayName: "Ada" });
    await page.goto(`${at}/extensions/${extension.id}`);
    await page.getByLabel("Display name").fill("Grace");
    await control().call("PATCH", `${path}/extensions/1001`, { displayName: "Linus" });
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("It has changed since").waitFor();
    const conflict = page.getByRole("region", { name: "Somebody else changed it" });
    await conflict.getByRole("row", { name: "Display name Ada Linus Grace" }).waitFor();
    await conflict.getByRole("button", { name: "Take theirs: Display name" }).click();
    await conflict.getByRole("button", { name: "Go on with this" }).click();
    await expect.poll(() => page.getByLabel("Display name").inputValue()).toBe("Linus");
  });

  test("hostile names are text wherever they stand", { timeout: 60_000 }, async () => {
    const { page, path, at } = await openTenant({ name: `${hostile} Ltd`, domain: "hostile.example" });
    const extension = await made(`${path}/extensions`, { number: "1001", displayName: hostile });
    await made(`${path}/trunks`, { name: hostile, host: "sip.example" });
    for (const place of ["", `/extensions/${extension.id}`, "/trunks", "/history", "/settings"]) {
      await page.goto(at + place);
      await page.getByText(`${hostile} Ltd`).first().waitFor();
    }
    await page.goto("/tenants");
    await page.getByRole("link", { name: `${hostile} Ltd` }).waitFor();
    await page.goto(`${at}/history`);
    await page.getByRole("button", { name: "What changed" }).first().waitFor();
    for (const button of await page.getByRole("button", { name: "What changed" }).all()) await button.click();
    await page.getByRole("link", { name: `Trunk ${hostile}` }).waitFor();
    expect(await page.locator("img[src=x]").count()).toBe(0);
  });

  test("while the control plane is silent the page says so, and it goes on by itself afterwards", async () => {
    const { page } = await openTenant({}, lineCut);
    await page.getByRole("link", { name: "Sync", exact: true }).click();
    await page.getByText("No edge has joined").waitFor();
    await page.clock.install();
    await page.route("**/v1/**", (route) => route.abort());
    await page.clock.fastForward(5000);
    await page.getByText("The control plane does not answer").waitFor();
    await page.unroute("**/v1/**");
    await page.clock.fastForward(15_000);
    await page.getByText("does not answer").waitFor({ state: "detached" });
  }, 40_000);
});
