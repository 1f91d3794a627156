// People in the console: invited by mail, signed in by a cookie, with their account; a forgotten password; and what the sign-in page keeps to itself.
import { describe, expect, test } from "vitest";
import { audit } from "../support/audit.ts";
import { hasBrowser, useConsole } from "../support/console.ts";
import { newTenant } from "../support/control.ts";
import { mailedLinks } from "../support/mailed-link.ts";
import { goodPassword } from "../support/visitor.ts";

describe.runIf(hasBrowser)("a person", () => {
  const { control, open } = useConsole();
  const linkTo = mailedLinks(() => control().dataDir);
  async function invited(email: string, name = "Acme") {
    const { id } = await newTenant(control(), { name });
    const body = { email, name: "Ada", role: "owner", tenantId: id, invite: true };
    expect((await control().call("POST", "/v1/members", body)).status).toBe(201);
    return { id, link: await linkTo(email) };
  }

  test("accepts an invitation, works, signs out, forgets the password, chooses another and is in again", {
    timeout: 60_000,
  }, async () => {
    const email = "ada@people.example";
    const { id, link } = await invited(email);
    const page = await open();
    await page.goto(link);
    await page.getByRole("heading", { name: "Welcome to Acme" }).waitFor();
    expect(await audit(page)).toEqual([]);
    await page.getByLabel("New password").fill("password");
    await page.keyboard.press("Enter");
    await page.getByText("Is on lists of passwords that were found out").waitFor();
    await page.getByLabel("New password").fill(goodPassword);
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/tenants/${id}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    // the cookie is the browser's alone
    expect(await page.evaluate(() => [document.cookie, sessionStorage.length])).toEqual(["", 0]);
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({
      name: "__Host-dialplane",
      httpOnly: true,
      secure: true,
      sameSite: "Lax",
      path: "/",
    });
    await page.reload();
    await page.getByRole("button", { name: "Account" }).first().click();
    await page.getByRole("link", { name: "Your account", exact: true }).click();
    await page.getByRole("heading", { name: "Email address" }).waitFor();
    expect(await audit(page)).toEqual([]);
    await page.getByRole("link", { name: "Security", exact: true }).click();
    await page.getByText("This browser").waitFor();
    expect(await audit(page)).toEqual([]);
    await page.getByRole("button", { name: "Account" }).first().click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("link", { name: "Forgot your password?" }).click();
    await page.getByLabel("Email address").fill("nobody@people.example");
    await page.keyboard.press("Enter");
    const told = (await page.getByRole("status").innerText()).replace("nobody@people.example", "<address>");
    await page.goto("/forgotten");
    await page.getByLabel("Email address").fill(email);
    await page.keyboard.press("Enter");
    expect((await page.getByRole("status").innerText()).replace(email, "<address>")).toBe(told);
    await page.goto(await linkTo(email));
    await page.getByLabel("New password").fill("nine loud herons sleeping");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Your password is changed" }).waitFor();
    await page.getByRole("link", { name: "To the sign-in page" }).click();
    await page.getByLabel("Email address").fill(email);
    await page.getByLabel("Password", { exact: true }).fill(goodPassword);
    await page.keyboard.press("Enter");
    await page.getByText("Address and password do not go together").waitFor();
    await page.getByLabel("Password", { exact: true }).fill("nine loud herons sleeping");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Account" }).first().waitFor();
  });

  test("signs up, follows the link in the mail, and is in the tenant of the template", {
    timeout: 60_000,
  }, async () => {
    const operator = (await control().call("GET", "/v1/me")).body.accountId;
    for (const [name, number] of [
      ["Office", "1001"],
      ["Clinic", "2001"],
    ])
      await control().call("POST", `/v1/accounts/${operator}/templates`, {
        name,
        document: { extensions: [{ number }] },
      });
    const brand = { name: "Acme Voice", color: "#0b6e4f", signUp: { templates: ["Office", "Clinic"] } };
    expect((await control().call("PUT", `/v1/accounts/${operator}/brand`, brand)).status).toBe(200);
    const page = await open();
    await page.goto("/");
    await page.getByText("Acme Voice").waitFor();
    await page.getByRole("link", { name: "New here? Sign up" }).click();
    await page.getByLabel("Company").fill("Rowing & Sons");
    await page.getByLabel("Clinic").check();
    await page.getByLabel("Your name").fill("Eve");
    await page.getByLabel("Email address").fill("eve@people.example");
    await page.getByLabel("New password").fill(goodPassword);
    expect(await audit(page)).toEqual([]);
    await page.keyboard.press("Enter");
    await page.getByText("Holds “rowing”").waitFor();
    await page.getByLabel("New password").fill("nine loud herons sleeping");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Look into your mail" }).waitFor();
    await page.goto(await linkTo("eve@people.example"));
    await page.getByRole("button", { name: "Make my phone system" }).click();
    await page.waitForURL("**/tenants/ten_*/start");
    await page.getByRole("group", { name: "Extension 2001" }).waitFor();
    expect((await control().call("DELETE", `/v1/accounts/${operator}/brand`)).status).toBe(204);
  });

  test("changes places, and sees at each what is there; who is a member nowhere any more is signed out", {
    timeout: 60_000,
  }, async () => {
    const email = "grace@people.example";
    const page = await open();
    const first = await invited(email, "First Company");
    await page.goto(first.link);
    await page.getByLabel("New password").fill(goodPassword);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Account" }).first().waitFor();
    const second = await invited(email, "Second Company");
    await page.goto(second.link);
    // the same person is signed in: no password is asked for
    await page.getByRole("button", { name: "Accept the invitation" }).click();
    await page.waitForURL(`**/tenants/${second.id}`);
    await page.getByRole("button", { name: "Account" }).first().click();
    await page.getByRole("button", { name: /First Company/ }).click();
    await page.waitForURL(`**/tenants/${first.id}`);
    await page.goto("/tenants");
    await page.getByRole("link", { name: "First Company" }).waitFor();
    expect(await page.getByRole("link", { name: "Second Company" }).count()).toBe(0);
    const { data } = (await control().call("GET", `/v1/members?tenantId=${first.id}`)).body as unknown as {
      data: { id: string; role: string }[];
    };
    await control().call("POST", "/v1/members", {
      email: "other@people.example",
      name: "O",
      role: "owner",
      tenantId: first.id,
    });
    expect((await control().call("DELETE", `/v1/members/${data[0]?.id}?tenantId=${first.id}`)).status).toBe(204);
    // he is still one of the other
    await page.goto("/tenants");
    await page.getByRole("link", { name: "Second Company" }).waitFor();
    expect((await control().call("DELETE", `/v1/tenants/${second.id}`)).status).toBe(204);
    await page.getByRole("link", { name: "Second Company" }).click();
    await page.getByText("Your session is over").waitFor();
  });
});
