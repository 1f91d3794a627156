// What one signs in with, in a real browser: an authenticator app, recovery codes, passkeys, and a company's single sign-on.
import { TOTP } from "otpauth";
import type { Page } from "playwright-core";
import { describe, expect, onTestFinished, test } from "vitest";
import { axe } from "../support/axe.ts";
import { hasBrowser, useConsole } from "../support/console.ts";
import { newTenant } from "../support/control.ts";
import { startProvider } from "../support/provider.ts";
import { goodPassword, mailbox, newPerson } from "../support/visitor.ts";

describe.runIf(hasBrowser)("a person", () => {
  const mails = mailbox();
  const { control, open } = useConsole({ mailer: mails.mailer, webhookAllow: ["127.0.0.1"] });
  let count = 0;
  let ahead = 0;
  /** The control plane's clock goes ahead: nobody waits for an app's next code. */
  const pass = (ms: number): void => {
    ahead += ms;
    control().ctx.now = () => new Date(Date.now() + ahead);
  };
  async function somebody() {
    const { id: tenantId } = await newTenant(control(), { name: "Acme" });
    const email = `s${++count}@people.example`;
    await newPerson(control(), mails, { email, role: "owner", tenantId });
    return { email, tenantId };
  }
  async function fillIn(page: Page, email: string): Promise<void> {
    await page.getByLabel("Email address").fill(email);
    await page.getByLabel("Password", { exact: true }).fill(goodPassword);
    await page.keyboard.press("Enter");
  }
  const inside = (page: Page) => page.getByRole("button", { name: "Account" }).first();
  async function signOut(page: Page): Promise<void> {
    await inside(page).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
  }
  /** Sets the app up that the page shows; its codes from then on. */
  async function turnOn(page: Page): Promise<{ code(): string; codes: string[] }> {
    await page.getByRole("img", { name: "QR code for the authenticator app" }).waitFor();
    const secret = (await page.locator("code").innerText()).replaceAll(" ", "");
    const app = new TOTP({ secret });
    const code = () => app.generate({ timestamp: control().ctx.now().getTime() });
    expect(await axe(page)).toEqual([]);
    await page.getByLabel("Code of the app").fill(code());
    await page.keyboard.press("Enter");
    await page.getByText("Your recovery codes").waitFor();
    expect(await axe(page)).toEqual([]);
    const codes = await page.locator("ul.font-mono li").allInnerTexts();
    await page.getByRole("button", { name: "I have kept them" }).click();
    return { code, codes };
  }

  test("turns on an app, signs in by its code and by a recovery code, and turns it off when it is shown who asks", {
    timeout: 60_000,
  }, async () => {
    const { email } = await somebody();
    const page = await open();
    await page.goto("/account/security");
    await fillIn(page, email);
    await page.getByRole("button", { name: "Set up", exact: true }).click();
    const { code, codes } = await turnOn(page);
    await page.getByText("10 codes left").waitFor();
    await signOut(page);

    await fillIn(page, email);
    await page.getByRole("heading", { name: "One more step" }).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByLabel("Code of the app").fill("000000");
    await page.keyboard.press("Enter");
    await page.getByText("This code is not good").waitFor();
    pass(30_000);
    await page.getByLabel("Code of the app").fill(code());
    await page.keyboard.press("Enter");
    await inside(page).waitFor();
    await signOut(page);

    await fillIn(page, email);
    await page.getByRole("button", { name: "Use a recovery code" }).click();
    await page.getByLabel("Recovery code").fill(codes[0] ?? "");
    await page.keyboard.press("Enter");
    await page.getByText("9 codes left").waitFor();
    expect(await axe(page)).toEqual([]);

    pass(11 * 60_000);
    await page.getByRole("button", { name: "Turn off" }).click();
    await page.getByRole("heading", { name: "Is it you?" }).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole("dialog").getByLabel("Password", { exact: true }).fill(goodPassword);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Set up", exact: true }).waitFor();
    await page.getByText("codes left").waitFor({ state: "detached" });
  });

  test("sets up a second factor before anything else where the company wants one", { timeout: 60_000 }, async () => {
    const { email, tenantId } = await somebody();
    const page = await open();
    await page.goto("/");
    await fillIn(page, email);
    await inside(page).waitFor();
    expect((await control().call("PUT", `/v1/tenants/${tenantId}/sign-in`, { secondFactor: true })).status).toBe(200);
    await page.goto("/tenants");
    await page.getByRole("heading", { name: "Set up a second factor" }).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole("button", { name: "Set up an authenticator app" }).click();
    await turnOn(page);
    await inside(page).waitFor();
  });

  test("makes a passkey, signs in by it alone and after the password, renames and removes it", {
    timeout: 60_000,
  }, async () => {
    const { email } = await somebody();
    // passkeys are for names, not for addresses
    const baseURL = control().url.replace("127.0.0.1", "localhost");
    const page = await open({ baseURL });
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("WebAuthn.enable");
    await devtools.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        ...{ protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true },
        ...{ isUserVerified: true, automaticPresenceSimulation: true },
      },
    });
    await page.goto("/account/security");
    await page.getByRole("button", { name: "Sign in with a passkey" }).waitFor();
    await fillIn(page, email);
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await page.getByRole("button", { name: "I have kept them" }).click();
    await page.getByRole("button", { name: "Rename the passkey Chrome on Linux" }).click();
    await page.getByLabel("Name of the passkey").fill("My <b>laptop</b>");
    await page.keyboard.press("Enter");
    await page.getByText("My <b>laptop</b>").waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await page.getByText("This device has a passkey of yours already").waitFor();
    await signOut(page);

    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await inside(page).waitFor();
    await signOut(page);
    await fillIn(page, email);
    await page.getByText("Show with your passkey").waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole("button", { name: "Use a passkey" }).click();
    await inside(page).waitFor();

    pass(11 * 60_000);
    await page.getByRole("button", { name: "Remove the passkey" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Use a passkey" }).click();
    await page.getByText("nothing to remember").waitFor();
    await signOut(page);
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await page.getByText("This passkey is not good here").waitFor();
  });

  test("signs in at the company's own page, where the account set that up in the console", {
    timeout: 60_000,
  }, async () => {
    const provider = await startProvider();
    onTestFinished(async () => void (await provider.stop()));
    const { body } = await control().call("POST", "/v1/accounts", { name: "Acme Group" });
    const owner = { email: "boss@people.example", role: "owner", accountId: String(body.id) };
    await newPerson(control(), mails, owner);
    const page = await open({ elsewhere: provider.issuer });
    await page.goto("/signing-in");
    await fillIn(page, owner.email);
    await page.getByLabel("Issuer").fill(provider.issuer);
    await page.getByLabel("Client ID").fill(provider.client.id);
    await page.getByLabel("Client secret").fill(provider.client.secret);
    await page.getByLabel("Domains of mail addresses").fill("sso.example");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("publish the TXT record _dialplane.sso.example").waitFor();
    expect(await axe(page)).toEqual([]);
    const settings = { issuer: provider.issuer, clientId: "dialplane", clientSecret: provider.client.secret };
    const wanted = { ...settings, domains: ["sso.example"], required: true };
    expect((await control().call("PUT", `/v1/accounts/${body.id}/sso`, wanted)).status).toBe(200);
    await signOut(page);
    provider.says = { email: "ada@sso.example", name: "Ada" };
    await fillIn(page, "ada@sso.example");
    await page.getByText("Addresses of your company sign in by single sign-on").waitFor();
    await page.getByRole("link", { name: "Single sign-on" }).click();
    await page.getByRole("heading", { name: "Single sign-on" }).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press("Enter");
    await inside(page).waitFor();
    expect(new URL(page.url()).search).toBe("");
    // an answer that this browser did not ask for signs nobody in
    await signOut(page);
    await page.goto("/sso?code=stolen&state=x");
    await page.getByText("You sign in at your company's own page").waitFor();
  });
});
