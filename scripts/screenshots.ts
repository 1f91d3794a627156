// `npm run screenshots`: every page of the console, light and dark, into docs/screenshots, with the index in docs/console.md. It starts a control plane of its own,
// makes a company with all that a company has in a sandbox, and takes the pages in Chromium.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import type { Mail } from "../functions/mail/mail.ts";
import { startControl } from "../local/control.ts";
import { startBrowser } from "../test/support/chromium.ts";
import { buildWeb } from "./build-web.ts";
import { company, type Shot } from "./company.ts";
import { provider } from "./provider.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = join(root, "docs/screenshots");
const themes = ["light", "dark"] as const;

const dataDir = mkdtempSync(join(tmpdir(), "screenshots-"));
const mails: Mail[] = [];
const control = await startControl({
  ...{ dataDir, host: "127.0.0.1", port: 0, sipZone: "pbx.example", logLevel: "silent" as const },
  mailer: { send: async (mail: Mail) => void mails.push(mail) },
  webDir: await buildWeb(),
  rateLimit: { quota: 1_000_000, windowSeconds: 60 },
});
const key = readFileSync(control.operatorKeyFile, "utf8").trim();
const browser = await startBrowser();
try {
  const { key: reseller, pages: ofCompany } = await company(control.url, key);
  const pages = [...ofCompany, ...(await provider(control.url, key, mails))];
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const theme of themes) await take(browser, theme, reseller, pages);
  const rows = pages.map(
    ({ name, about }) =>
      `| ${about} | ![${about}, light](screenshots/${name}-light.png) | ![${about}, dark](screenshots/${name}-dark.png) |`,
  );
  const document = join(root, "docs/console.md");
  const [before = ""] = readFileSync(document, "utf8").split("## Every page");
  const index = [
    "## Every page",
    "",
    "Made by `npm run screenshots`.",
    "",
    "| page | light | dark |",
    "|---|---|---|",
    ...rows,
    "",
  ];
  writeFileSync(document, `${before.trimEnd()}\n\n${index.join("\n")}`);
} finally {
  await browser.close();
  await control.close();
  rmSync(dataDir, { recursive: true, force: true });
}
process.exit(0);

async function take(from: Browser, theme: (typeof themes)[number], reseller: string, pages: Shot[]): Promise<void> {
  const profiles = new Map<unknown, Page>();
  for (const { name, path, size, before, as, by, of } of pages) {
    const page = profiles.get(of ?? by) ?? (await open(from, theme));
    profiles.set(of ?? by, page);
    await page.setViewportSize(size ?? { width: 1280, height: 800 });
    if (by) await by(page);
    else if (path !== "/") await signIn(page, as ?? reseller);
    const [tenant] = /\/tenants\/\w+\//.exec(page.url()) ?? [];
    await page.goto(of === "newcomer" ? `${tenant}${path}` : path);
    await settled(page);
    await before?.(page);
    await page.screenshot({ path: join(folder, `${name}-${theme}.png`) });
  }
  for (const page of profiles.values()) await page.context().close();
}

async function open(from: Browser, theme: (typeof themes)[number]): Promise<Page> {
  const context = await from.newContext({
    ...{ baseURL: control.url, colorScheme: theme, locale: "en-GB", reducedMotion: "reduce" },
    viewport: { width: 1280, height: 800 },
  });
  return context.newPage();
}

/** As after signing in with that key. */
async function signIn(page: Page, as: string): Promise<void> {
  await page.evaluate((text) => sessionStorage.setItem("dialplane.key", text), as);
}

async function settled(page: Page): Promise<void> {
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.locator(".skeleton").first().waitFor({ state: "detached" });
  // a stream may stay open: what is waited for is that the page no longer changes
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        let timer = setTimeout(resolve, 500);
        new MutationObserver(() => {
          clearTimeout(timer);
          timer = setTimeout(resolve, 500);
        }).observe(document.body, { subtree: true, childList: true, attributes: true });
        setTimeout(resolve, 3000);
      }),
  );
}
