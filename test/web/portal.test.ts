// One's own phone in the console: whoever has nothing else lands there, sees what is his alone, sets it and sees what is set elsewhere; and the members among whom
// he is invited.
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { audit } from "../support/audit.ts";
import { axe } from "../support/axe.ts";
import { hasBrowser, useConsole } from "../support/console.ts";
import { newTenant } from "../support/control.ts";
import { mailedLinks } from "../support/mailed-link.ts";
import { goodPassword } from "../support/visitor.ts";

describe.runIf(hasBrowser)("one's own phone", () => {
  const { control, open, signIn, made } = useConsole();
  const linkTo = mailedLinks(() => control().dataDir);
  let path: string;
  let tenantId: string;
  let ada: string;

  beforeAll(async () => {
    const { id: accountId } = await made("/v1/accounts", { name: "Sandbox", sandbox: true });
    ({ path, id: tenantId } = await newTenant(control(), { name: "Acme", accountId }));
    const { id: voicemailBox } = await made(`${path}/voicemail-boxes`, { number: "91001" });
    ada = String((await made(`${path}/extensions`, { number: "1001", displayName: "Ada", voicemailBox })).id);
    for (const [number, displayName] of [
      ["1002", "Grace"],
      ["1003", "Hedy"],
    ])
      await made(`${path}/extensions`, { number, displayName });
    await made(`${path}/contacts`, { number: "+12025550123", name: "Bakery", company: "Bread & Sons" });
    await made(`${path}/speed-dials`, { number: "*12", name: "Taxi", target: "1003" });
    for (const call of [
      { from: "1001", to: "1002" },
      { from: "1003", to: "1002" },
      { from: "1002", to: "1001", assume: { 1001: "no-answer" }, talkSeconds: 3 },
    ])
      await made(`${path}/sandbox/calls`, call);
  });

  const runtime = async () => (await control().call("GET", `${path}/extensions/${ada}/runtime`)).body;
  const becomes = (fields: object) => expect.poll(runtime, { timeout: 10_000 }).toMatchObject(fields);
  async function expectSound(page: Page) {
    expect([...(await audit(page)), ...(await axe(page))]).toEqual([]);
  }

  test("is where a user lands, small screen and keyboard included; what he sets counts at once, what is set elsewhere he sees", {
    timeout: 90_000,
  }, async () => {
    const email = "ada@portal.example";
    const member = { email, name: "Ada", role: "user", tenantId, extension: "1001", invite: true };
    await made("/v1/members", member);
    const page = await open({ viewport: { width: 390, height: 844 } });
    await page.goto(await linkTo(email));
    await page.getByLabel("New password").fill(goodPassword);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "My phone" }).waitFor();
    const calls = page.getByRole("listitem").filter({ hasText: /called|Missed/ });
    await expect
      .poll(() => calls.allInnerTexts())
      .toEqual([
        expect.stringMatching(/Grace 1002[\s\S]*(Missed, went to voicemail|You called)/),
        expect.stringMatching(/Grace 1002[\s\S]*(Missed, went to voicemail|You called)/),
      ]);
    expect(await page.getByText("Hedy").count()).toBe(0);
    await page.getByRole("button", { name: "Missed" }).press("Enter");
    await expect.poll(() => calls.count(), { timeout: 10_000 }).toBe(1);
    await expectSound(page);

    const quiet = page.getByRole("switch", { name: "Do not disturb" });
    await quiet.press("Space");
    expect(await quiet.getAttribute("aria-checked")).toBe("true");
    await becomes({ doNotDisturb: true });
    // as if by phone
    await control().call("PATCH", `${path}/extensions/${ada}/runtime`, { doNotDisturb: null, forwardAlways: "1003" });
    await page.getByText("All calls go to 1003").waitFor();
    expect(await quiet.getAttribute("aria-checked")).toBe("false");

    await page.getByRole("link", { name: /^Voicemail/ }).press("Enter");
    await page.getByText("1 new message").waitFor();
    await expectSound(page);
    await page.getByRole("button", { name: /^Play: Message from Grace/ }).click();
    await page.getByText("0 new messages").waitFor();
    const messages = `${path}/voicemail-boxes/91001/messages`;
    await expect
      .poll(async () => (await control().call("GET", messages)).body.data, { timeout: 10_000 })
      .toMatchObject([{ read: true }]);

    await page.getByRole("link", { name: "Settings" }).press("Enter");
    const always = page.getByRole("switch", { name: /^All calls/ });
    await always.press("Space");
    await becomes({ forwardAlways: null });
    await always.press("Space");
    await becomes({ forwardAlways: "1003" });
    await page.getByRole("switch", { name: /^When I don't answer/ }).click();
    await page.getByRole("combobox").fill("bakery");
    await page.getByRole("option", { name: /Bakery/ }).click();
    await page.keyboard.press("Enter");
    // nothing leads outside here, and that is said at the number
    await page.getByRole("alert").waitFor();
    expect((await runtime()).forwardNoAnswer).toBe(null);
    await page.getByRole("combobox").fill("1002");
    await page.getByRole("button", { name: "Save" }).click();
    await becomes({ forwardNoAnswer: "1002" });
    await expectSound(page);
    await page.getByRole("link", { name: "Contacts" }).press("Enter");
    await page.getByText("Speed dial *12").waitFor();
    await page.getByLabel("Search by name or number").first().fill("bread");
    await expect.poll(() => page.getByText("Taxi").count(), { timeout: 10_000 }).toBe(0);
    await expectSound(page);
    // nothing of the tenant's is there, nor asked for
    expect(await page.getByRole("link", { name: "Tenants" }).count()).toBe(0);
    await page.getByRole("button", { name: "Account: Ada" }).first().click();
    await page.getByRole("button", { name: "Français" }).click();
    await page.getByRole("heading", { level: 1, name: "Mon téléphone" }).waitFor();
    await expectSound(page);
    // a phone of one's own is asked for by one's own way
    await page.getByRole("button", { name: "Appeler Bakery" }).click();
    await page.getByText("bac à sable n'a pas de téléphones").waitFor();
  });

  test("is given under Members, where people are invited, changed, invited again and removed, and API keys beside", {
    timeout: 60_000,
  }, async () => {
    const page = await open();
    await signIn(page, `/tenants/${tenantId}/members`);
    await page.getByRole("button", { name: "Invite somebody" }).first().click();
    await expectSound(page);
    await page.getByLabel("Name", { exact: true }).fill("Eve");
    await page.getByLabel("Email address").fill("eve@portal.example");
    await page.getByLabel(/^Extension/).selectOption({ label: "1003 · Hedy" });
    await page.getByRole("button", { name: "Send the invitation" }).click();
    const row = page.getByRole("listitem").filter({ hasText: "eve@portal.example" });
    await row.getByText("Phone 1003").waitFor();
    await linkTo("eve@portal.example");
    await row.getByRole("button", { name: "Change Eve" }).click();
    await page.getByLabel(/^Support/).check();
    await page.getByRole("button", { name: "Save" }).click();
    await row.getByText("Support").waitFor();
    await row.getByRole("button", { name: "Invite again: Eve" }).click();
    await linkTo("eve@portal.example");
    await expectSound(page);
    await row.getByRole("button", { name: "Remove Eve" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await expect.poll(() => row.count(), { timeout: 10_000 }).toBe(0);

    await page.getByRole("link", { name: "API keys" }).click();
    await page.getByRole("button", { name: "New API key" }).first().click();
    await page.getByLabel("Name", { exact: true }).fill("Reports");
    await page.getByLabel(/^Chosen scopes/).check();
    await page.getByLabel("Scopes", { exact: true }).fill("calls:read, phones:read");
    await page.getByRole("button", { name: "Make the key" }).click();
    await page
      .getByText(/there is no scope "phones:read"/)
      .first()
      .waitFor();
    await page.getByLabel("Scopes", { exact: true }).fill("calls:read");
    await page.getByRole("button", { name: "Make the key" }).click();
    const shown = page.getByRole("region", { name: "Shown once" });
    const key = await shown.getByText(/^dp_test_/).innerText();
    expect((await control().call("GET", `${path}/calls`, undefined, { key })).status).toBe(200);
    await shown.getByRole("button", { name: "I have noted it" }).click();
    expect(await page.getByText(key).count()).toBe(0);
    await expectSound(page);
    await page.getByRole("button", { name: "Revoke: Reports" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
    await expect.poll(() => page.getByText("Reports").count(), { timeout: 10_000 }).toBe(0);
    expect((await control().call("GET", `${path}/calls`, undefined, { key })).status).toBe(401);
  });
});
