// From the sign-up page to a company's checklist, by the keyboard alone, and in French on a phone's screen.
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { axe } from "../support/axe.ts";
import { hasBrowser, useConsole } from "../support/console.ts";
import { linkTo } from "../support/mailed.ts";
import { offerSignUp } from "../support/offering.ts";
import { enrolQueue } from "../support/queue.ts";
import { goodPassword } from "../support/visitor.ts";

describe.runIf(hasBrowser)("the first run", { timeout: 120_000 }, () => {
  const { control, open, made } = useConsole();
  beforeAll(() => offerSignUp(control(), "+15557770001"));

  /** Tabs on until what has the focus is called so. */
  async function tabTo(page: Page, name: RegExp): Promise<void> {
    const named = () =>
      page.evaluate(() => {
        const on = document.activeElement as HTMLInputElement | null;
        return on?.getAttribute("aria-label") ?? on?.labels?.[0]?.textContent ?? on?.textContent ?? "";
      });
    for (let tabs = 0; tabs < 80; tabs++) {
      if (name.test(await named())) return;
      await page.keyboard.press("Tab");
    }
    throw new Error(`no Tab leads to ${name}`);
  }
  async function type(page: Page, into: RegExp, text: string): Promise<void> {
    await tabTo(page, into);
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type(text);
  }

  test("leads by the keyboard from a template and two people to a number that leads somewhere, and is there again after a reload", async () => {
    const page = await open();
    const email = "ada@first.example";
    await page.goto("/sign-up");
    await page.getByRole("radio", { name: /clinic/ }).waitFor();
    expect(await page.getByText("Menus 2", { exact: true }).count()).toBe(1);
    expect(await axe(page)).toEqual([]);
    await type(page, /^Company/, "Ada & Sons");
    await tabTo(page, /office/);
    await page.keyboard.press("ArrowDown");
    await type(page, /^Your name/, "Ada");
    await type(page, /^Email/, email);
    await type(page, /^New password/, goodPassword);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Look into your mail" }).waitFor();
    await page.goto(await linkTo(control().dataDir, email));
    await tabTo(page, /^Make my phone system/);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Who is in the company?" }).waitFor();
    const tenant = /tenants\/(ten_\w+)/.exec(page.url())?.[1] ?? "";
    expect(await page.getByLabel("Your name").inputValue()).toBe("Ada");
    expect(await axe(page)).toEqual([]);
    await tabTo(page, /^Your name/);
    await page.keyboard.press("Tab");
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("Bob");
    await page.keyboard.press("Tab");
    await page.keyboard.type("bob@first.example");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Where do callers come in?" }).waitFor();
    expect(await linkTo(control().dataDir, "bob@first.example")).toContain("/accept#");
    await page.getByText("+15557770001").waitFor();
    await page.getByText("Lent to you for the trial").waitFor();
    await page.reload();
    await page.getByText("+15557770001").waitFor();
    expect(await axe(page)).toEqual([]);
    await tabTo(page, /^Save and go on/);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Let it ring" }).waitFor();
    expect(await axe(page)).toEqual([]);
    await tabTo(page, /^I heard it/);
    await page.keyboard.press("Enter");
    const list = page.getByRole("region", { name: "First steps" });
    await list.getByText("4 left").waitFor();
    await page.getByText(/Emergency calls \(112, 911\) don't get out/).waitFor();
    expect(await axe(page)).toEqual([]);
    const read = async (plural: string) =>
      (await control().call("GET", `/v1/tenants/${tenant}/${plural}`)).body.data as unknown as Record<
        string,
        unknown
      >[];
    expect((await read("extensions")).map(({ displayName }) => displayName)).toEqual(
      expect.arrayContaining(["Ada", "Bob"]),
    );
    const members = (await control().call("GET", `/v1/members?tenantId=${tenant}`)).body.data as unknown as object[];
    const ofNumber = async (number: string) => (await read("extensions")).find((one) => one.number === number)?.id;
    expect(members).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: "Ada", extension: await ofNumber("1001") }),
        expect.objectContaining({ name: "Bob", role: "user", extension: await ofNumber("1002") }),
      ]),
    );
    expect(await read("phone-numbers")).toMatchObject([{ number: "+15557770001", destination: { kind: "schedule" } }]);
    await list.getByRole("button", { name: "Hide this list" }).click();
    // what stands above the page comes last, and does not move it
    await page.addInitScript(() => {
      const moved: number[] = [];
      Object.assign(window, { moved });
      type Shift = PerformanceEntry & { sources: { previousRect: DOMRect; currentRect: DOMRect }[] };
      new PerformanceObserver((seen) => {
        for (const { sources } of seen.getEntries() as Shift[])
          for (const { previousRect, currentRect } of sources) moved.push(currentRect.y - previousRect.y);
      }).observe({ type: "layout-shift", buffered: true });
    });
    await page.route("**/emergency", async (route) => {
      await page.locator("main").waitFor({ state: "attached" });
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      await route.continue();
    });
    await page.reload();
    const note = page.getByRole("note").filter({ hasText: "Emergency calls" });
    await note.waitFor();
    const height = (await note.boundingBox())?.height ?? 0;
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    const moved = await page.evaluate(() => (window as unknown as { moved: number[] }).moved);
    expect(moved.filter((by) => Math.abs(by - height) < 2)).toEqual([]);
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    await page.getByText("Nobody is on the phone.").waitFor();
    expect(await list.count()).toBe(0);

    // the one phone outside that a trial may call
    const queue = await enrolQueue(control());
    const account = (await control().call("GET", "/v1/me")).body.accountId;
    await made(`/v1/accounts/${account}/trunks`, { name: "out", host: "192.0.2.1" });
    const trial = page.getByRole("region", { name: "Trial" });
    const number = trial.getByLabel("Your own phone's number");
    await number.fill("+33612345678");
    await number.press("Enter");
    await trial.getByText("Must be a number in US.").waitFor();
    await number.fill("(202) 555-0123");
    await number.press("Enter");
    await trial.getByLabel("The code that was spoken").waitFor();
    const told = () => queue.take() as Promise<{ type: string; arguments?: { code?: string; number?: string } }[]>;
    let spoken: Awaited<ReturnType<typeof told>>[number] | undefined;
    await expect
      .poll(async () => (spoken = (await told()).find(({ type }) => type === "command")), { timeout: 10_000 })
      .toBeDefined();
    expect(spoken?.arguments?.number).toBe("+12025550123");
    await trial.getByLabel("The code that was spoken").fill(spoken?.arguments?.code ?? "");
    await trial.getByRole("button", { name: "Verify" }).click();
    await trial.getByText("+12025550123 is yours: you may call it now.").waitFor();
    queue.close();
  });

  test("is French on a phone's screen, without a number too", async () => {
    const page = await open({ locale: "fr-FR", viewport: { width: 390, height: 800 } });
    const email = "eve@first.example";
    await page.goto("/sign-up");
    await page.getByLabel("Entreprise").fill("Soirée");
    await page.getByLabel("Votre nom").fill("Ève");
    await page.getByLabel("Adresse e-mail").fill(email);
    await page.getByLabel("Nouveau mot de passe").fill(goodPassword);
    await page.keyboard.press("Enter");
    await page.goto(await linkTo(control().dataDir, email));
    await page.getByRole("button", { name: "Créer mon système téléphonique" }).click();
    await page.getByRole("heading", { name: "Qui est dans l'entreprise ?" }).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole("button", { name: "Enregistrer et continuer" }).click();
    await page.getByText("Aucun numéro ne vous est prêté pour le moment").waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole("button", { name: "Continuer sans numéro" }).click();
    await page.getByRole("heading", { level: 1, name: "Le faire sonner" }).waitFor();
    expect(await axe(page)).toEqual([]);
  });
});
