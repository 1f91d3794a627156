// What a reseller sees: a hundred and twenty companies, found, stopped, limited, restored; opened as their people see them; numbers, brand, sign-ups.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { accountOwner } from "../../core/owner.ts";
import { newId } from "../../functions/id.ts";
import * as keys from "../../functions/keys.ts";
import { axe } from "../support/axe.ts";
import { goWithin, hasBrowser, useConsole } from "../support/console.ts";
import { goodPassword, visitor } from "../support/visitor.ts";

const email = "rhea@reseller.example";
const many = 120;

describe.runIf(hasBrowser)("a reseller", { timeout: 120_000 }, () => {
  const { control, open } = useConsole();
  let accountId = "";

  beforeAll(async () => {
    let key: string | undefined;
    const post = async (path: string, body: unknown): Promise<Record<string, unknown>> => {
      const reply = await control().call("POST", path, body, key ? { key } : {});
      if (reply.status >= 300) throw new Error(`${path}: ${reply.text}`);
      return reply.body;
    };
    accountId = String((await post("/v1/accounts", { name: "Rhea Telecom" })).id);
    key = String((await post("/v1/api-keys", { name: "reseller", scopes: ["*"], accountId })).key);
    await post("/v1/pools", { name: "Lyon" });
    await post(`/v1/accounts/${accountId}/plans`, { name: "Basic", extensions: 10 });
    for (let at = 0; at < many; at += 20)
      await Promise.all(
        Array.from({ length: 20 }, (_, index) => {
          const name = `Company ${String(at + index + 1).padStart(3, "0")}`;
          return post("/v1/tenants", { name, ...(at === 100 && { plan: "Basic" }) });
        }),
      );
    await post("/v1/members", { email, name: "Rhea", role: "owner", accountId, invite: true });
    const token = (await linkTo(email)).split("#")[1];
    const accepted = await visitor(control()).call("POST", "/v1/identity/invitation/accept", {
      ...{ token, password: goodPassword },
    });
    expect(accepted.status, accepted.text).toBe(200);
  }, 120_000);

  const seen = new Set<string>();
  /** The link in the next mail to that address, as it lies in the folder. */
  const linkTo = (to: string): Promise<string> =>
    vi.waitFor(
      () => {
        const folder = join(control().dataDir, "mail");
        const mails = existsSync(folder) ? readdirSync(folder, { recursive: true }).map(String) : [];
        for (const name of mails.filter(
          (one) => one.endsWith("mail.txt") && !one.includes(".part") && !seen.has(one),
        )) {
          const text = readFileSync(join(folder, name), "utf8");
          if (!text.includes(`To: ${to}\n`)) continue;
          seen.add(name);
          return /https?:\/\/\S+#\S+/.exec(text)?.[0] ?? expect.fail(text);
        }
        throw new Error(`no mail to ${to}`);
      },
      { timeout: 20_000, interval: 20 },
    );

  async function signedIn(path = "/", options = {}): Promise<Page> {
    const page = await open(options);
    await page.goto(path);
    await page.getByLabel(/Email address|Adresse/).fill(email);
    await page.getByLabel(/^(Password|Mot de passe)$/).fill(goodPassword);
    await page.keyboard.press("Enter");
    await page
      .getByRole("button", { name: /Account|Compte/ })
      .first()
      .waitFor();
    return page;
  }
  const tenantNamed = async (name: string): Promise<string> => {
    const path = `/v1/accounts/${accountId}/tenants?name=${encodeURIComponent(name)}&limit=100`;
    for (let after = ""; ; ) {
      const { body } = await control().call("GET", after ? `${path}&after=${encodeURIComponent(after)}` : path);
      const [found] = body.data as unknown as { id: string }[];
      if (found) return found.id;
      after = String(body.next);
    }
  };

  test("finds one of 120 companies, stops it and lets it call again, limits it, deletes and restores it", async () => {
    const page = await signedIn();
    await page.getByText("120 companies").waitFor();
    await page.getByText("Page 1 of 5").waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("company 077");
    await page.getByText("1 of 120").waitFor();
    const row = page.getByRole("row", { name: /Company 077/ });
    await row.getByText("Live").or(row.getByText("Behind")).waitFor();
    expect(await axe(page)).toEqual([]);
    await row.getByRole("button", { name: "Manage Company 077" }).click();
    const drawer = page.getByRole("dialog", { name: "Company 077" });
    await drawer.getByText("Nothing limits it.").waitFor();
    expect(await axe(page)).toEqual([]);
    await drawer.getByLabel("Reason").fill("The invoice of October");
    await page.keyboard.press("Enter");
    await drawer.getByText("The invoice of October").waitFor();
    await row.getByText("Suspended").waitFor();
    const id = await tenantNamed("Company 077");
    expect((await control().call("GET", `/v1/tenants/${id}`)).body.suspension).toMatchObject({
      reason: "The invoice of October",
    });
    await drawer.getByRole("button", { name: "Let it call again" }).click();
    await drawer.getByRole("heading", { name: "Suspend" }).waitFor();
    await drawer.getByRole("button", { name: "Set limits" }).click();
    await drawer.getByLabel(/^Extensions/).fill("5");
    await drawer.getByRole("button", { name: "Set the limits" }).click();
    await drawer.getByText("0 of 5, 5 left").waitFor();
    await drawer.getByRole("button", { name: "Lift them" }).click();
    await drawer.getByText("Nothing limits it.").waitFor();
    await drawer.getByLabel("Type “Company 077”").fill("Company 077");
    await drawer.getByRole("button", { name: "Delete the company" }).click();
    await page.getByText("Nothing fits").waitFor();
    expect((await control().call("GET", `/v1/tenants/${id}`)).status).toBe(404);
    await page.getByRole("link", { name: "Deleted" }).click();
    await page.getByRole("button", { name: "Restore Company 077" }).click();
    await page.getByText("Nothing was deleted").waitFor();
    expect((await control().call("GET", `/v1/tenants/${id}`)).status).toBe(200);
  });

  test("opens a company as its people see it: a banner says so on every page, history and audit name him, one click leads out", async () => {
    const id = await tenantNamed("Company 003");
    const page = await signedIn(`/?q=003&tenant=${id}`);
    const drawer = page.getByRole("dialog", { name: "Company 003" });
    await drawer.getByRole("button", { name: "Open as this company" }).click();
    const banner = page.getByRole("region", { name: "Acting for a company" });
    await banner.getByText("Rhea, you look at Company 003 as its Owner.").waitFor();
    await banner.getByText("60 minutes left.").waitFor();
    await page.waitForURL(`**/tenants/${id}`);
    // nothing of the account is there
    expect(await page.getByRole("navigation", { name: "Account sections" }).count()).toBe(0);
    expect(await axe(page)).toEqual([]);
    await page
      .getByRole("link", { name: "New contact" })
      .or(page.getByRole("link", { name: "Contacts" }))
      .first()
      .click();
    const made = await page.evaluate(
      (path) =>
        fetch(path, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ number: "1001" }),
        }).then(({ status }) => status),
      `/v1/tenants/${id}/extensions`,
    );
    expect(made).toBe(201);
    await page.reload();
    await banner.waitFor();
    await page.getByRole("link", { name: "History" }).click();
    await page.getByText("by Rhea (of the provider, acting for the company)").first().waitFor();
    await banner.getByRole("button", { name: "Leave the company" }).click();
    await page.getByText("120 companies").waitFor();
    expect(await banner.count()).toBe(0);
    await page.getByRole("link", { name: "Audit log" }).click();
    await page.getByText("Left the company").first().waitFor();
    const created = page.getByRole("listitem").filter({ hasText: "Created · Extension" });
    await created.getByText("Acting for the company").waitFor();
    await created.getByText("Company 003").waitFor();
    await page.getByText("Opened the company").first().waitFor();
    await page.getByLabel("Company", { exact: true }).selectOption({ label: "Company 004" });
    await page.getByText("Created · Tenant").first().waitFor();
    expect(await page.getByText("Opened the company").count()).toBe(0);
    expect(await axe(page)).toEqual([]);
  });

  test("takes numbers into the inventory, gives one to a company and takes it back", async () => {
    const page = await signedIn(`/accounts/${accountId}/numbers`);
    await page.getByRole("button", { name: "Add numbers" }).click();
    await page.getByLabel("Numbers, one a line, as in +15550100").fill("+1 (555) 555-0141\n+15555550142, +15555550142");
    await page.getByRole("button", { name: "Add 2 numbers" }).click();
    await page.getByText("2 free of 2").waitFor();
    await page.getByRole("button", { name: "Assign +15555550141" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Search").fill("company 042");
    await dialog.getByRole("button", { name: "Assign" }).click();
    await page.getByText("1 free of 2").waitFor();
    const row = page.getByRole("listitem").filter({ hasText: "+15555550141" });
    await row.getByRole("link", { name: "Company 042" }).waitFor();
    expect(await axe(page)).toEqual([]);
    await row.getByRole("button", { name: "Take back +15555550141" }).click();
    await page.getByText("2 free of 2").waitFor();
  });

  test("gives himself a name, a logo and a colour that can be read, sees his sign-in page, and approves who signs up", async () => {
    const page = await signedIn(`/accounts/${accountId}/brand`);
    await page.getByLabel("Name", { exact: true }).fill("Rhea Voice");
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path fill="#0b6e4f" d="M0 0h8v8H0z"/></svg>`;
    await page
      .getByLabel("Logo", { exact: true })
      .setInputFiles({ name: "logo.svg", mimeType: "image/svg+xml", buffer: Buffer.from(svg) });
    await page.getByLabel("Colour of buttons").fill("#88ff88");
    await page.getByText("Too light for white text").waitFor();
    expect(await page.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
    await page.getByLabel("Colour of buttons").fill("#0b6e4f");
    await page.getByText(/White text on it: 6\.\d to 1/).waitFor();
    const preview = page.locator("[data-preview=dark]");
    expect(await preview.innerText()).toContain("Rhea Voice");
    await page.getByLabel("Domain of your console").fill("pbx.rhea.example");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("_dialplane.pbx.rhea.example", { exact: true }).waitFor();
    await page.getByText(/^dialplane=[0-9a-f]{32}$/).waitFor();
    await page.getByLabel("Domain of your console").fill("");
    await page.getByLabel("Companies may sign up by themselves").check();
    await page.getByLabel("Somebody of the account has to approve each").check();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved; your customers see it from now on.").waitFor();
    expect(await axe(page)).toEqual([]);
    // the frame has it at once
    await page.getByRole("link", { name: "Rhea Voice" }).first().waitFor();
    for (const scheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      expect(await axe(page, ["color-contrast"])).toEqual([]);
    }
    const { body } = await control().call("GET", `/v1/accounts/${accountId}/brand`);
    expect(body).toMatchObject({ name: "Rhea Voice", color: "#0b6e4f", signUp: { review: true } });
    // so does the frame of whoever is in a company below
    const id = await tenantNamed("Company 009");
    await page.goto(`/?q=009&tenant=${id}`);
    await page.getByRole("button", { name: "Open as this company" }).click();
    await page.getByRole("region", { name: "Acting for a company" }).waitFor();
    await page.getByRole("link", { name: "Rhea Voice" }).first().waitFor();
    await page.getByRole("button", { name: "Leave the company" }).click();
    await page.getByText("120 companies").waitFor();
    // somebody has shown that his address is his
    const signUp = newId("sup");
    const owner = accountOwner(accountId);
    const wanted = { email: "ada@sons.example", name: "Ada", company: "Ada & Sons", language: "en", password: "-" };
    const waiting = {
      id: signUp,
      account: owner,
      state: "review",
      createdAt: new Date().toISOString(),
      template: null,
    };
    await control().ctx.store.transact([
      { put: { ...keys.signUp(signUp), ...waiting, ...wanted, ttl: Math.ceil(Date.now() / 1000) + 600 } },
      { put: { ...keys.child(owner, "SIGNUP", signUp), id: signUp } },
    ]);
    await page.getByRole("link", { name: "Sign-ups" }).click();
    await page.getByRole("button", { name: "Approve Ada & Sons" }).click();
    await page.getByText("Ada & Sons is made; ada@sons.example is told by mail.").waitFor();
    await page.getByText("Nobody waits").waitFor();
    const made = await tenantNamed("Ada & Sons");
    expect((await control().call("GET", `/v1/tenants/${made}/trial`)).body.active).toBe(true);
    expect((await control().call("DELETE", `/v1/tenants/${made}`)).status).toBe(204);
  });

  test("makes a key for the hosts of a pool, which joins hosts and reaches nothing else", async () => {
    const page = await signedIn(`/accounts/${accountId}/members`);
    await page.getByRole("link", { name: "API keys" }).click();
    await page.getByRole("button", { name: "New API key" }).first().click();
    await page.getByLabel("Name", { exact: true }).fill("Autoscaler");
    await page.getByLabel(/^The hosts of a pool/).check();
    await page.getByLabel("Pool", { exact: true }).selectOption({ label: "Lyon" });
    expect(await axe(page)).toEqual([]);
    await page.getByRole("button", { name: "Make the key" }).click();
    const key = await page.getByRole("region", { name: "Shown once" }).getByText(/^dp_/).innerText();
    await page.getByRole("listitem").filter({ hasText: "Autoscaler" }).getByText("The hosts of Lyon alone").waitFor();
    const ask = async (method: string, path: string, body?: unknown) =>
      (await control().call(method, path, body, { key })).status;
    expect([await ask("POST", "/v1/edges", {}), await ask("GET", "/v1/tenants")]).toEqual([201, 403]);
  });

  test("has it all in French, on a phone's screen and by keyboard", async () => {
    const page = await signedIn("/", { locale: "fr-FR", viewport: { width: 390, height: 800 } });
    await page.evaluate(() => localStorage.setItem("dialplane.language", "fr"));
    await page.reload();
    await page.getByText("120 entreprises").waitFor();
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    const heading = page.getByRole("heading", { level: 1 });
    const visit = async (section: string): Promise<void> => {
      const before = await heading.innerText();
      await goWithin(page, `/accounts/${accountId}/${section}`);
      await expect.poll(() => heading.innerText()).not.toBe(before);
      await expect.poll(() => page.locator("[aria-busy=true]").count()).toBe(0);
      expect(await overflow(), section).toBeLessThanOrEqual(0);
    };
    expect(await overflow(), "tenants").toBeLessThanOrEqual(0);
    for (const section of ["accounts", "deleted", "sign-ups", "usage", "limits", "numbers", "brand"])
      await visit(section);
    for (const section of ["plans", "members", "webhooks", "audit", "history"]) {
      await visit(section);
      expect(await axe(page), section).toEqual([]);
    }
    await page.goto("/?q=company%20055");
    await page.getByText("1 sur 120").waitFor();
    await page.getByRole("button", { name: "Gérer Company 055" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "Company 055" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  });
});
