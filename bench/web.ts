// The console in Chromium: what the first page takes, a list of ten thousand extensions scrolled and filtered, and the time from a click to the page it leads to.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { startBrowser } from "../test/support/chromium.ts";
import { type Line, ms, p50, p99, serve } from "./measure.ts";

const extensions = Number(process.env.EXTENSIONS ?? 10_000);
type Ready = { url: string; key: string; tenant: string; webDir: string };

export async function* run(): AsyncGenerator<Line> {
  const dataDir = mkdtempSync(join(tmpdir(), "bench-web-"));
  const { ready, stop } = await serve<Ready>("web-process.ts", [dataDir, String(extensions)]);
  const browser = await startBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const kilobytes = await firstLoad(page, ready);
    yield {
      what: "first page: JavaScript, gzipped",
      figures: `${kilobytes.toFixed(0)} KB`,
      ratio: kilobytes / 200,
      limit: { atMost: 1 },
    };
    const loaded = await openList(page, ready);
    yield { what: `${extensions} extensions: all in the list`, figures: ms(loaded) };
    for (const [what, act] of [
      ["scrolled, then to the end", scroll],
      ["filtered letter by letter", filter],
    ] as const) {
      const { frames, long } = await act(page);
      const late = frames.filter((time) => time > 50).length;
      yield {
        what: `${extensions} extensions ${what}`,
        figures: `frames p50 ${ms(p50(frames))}, p99 ${ms(p99(frames))}, ${late} of ${frames.length} beyond 50 ms, longest task ${ms(Math.max(0, ...long))}`,
        ratio: p99(frames) / 50,
        limit: { atMost: 1 },
      };
    }
    const times = await clicks(page, ready);
    yield {
      what: "from click to painted page, data at hand",
      figures: `p50 ${ms(p50(times))}, p99 ${ms(p99(times))}`,
      ratio: p99(times) / 100,
      limit: { atMost: 1 },
    };
  } finally {
    await browser.close();
    await stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Signs in and adds up the scripts that came until the first page stood there, before any is fetched ahead. */
async function firstLoad(page: Page, { url, key, webDir }: Ready): Promise<number> {
  const files = new Set<string>();
  page.on("response", (response) => {
    const { pathname } = new URL(response.url());
    if (pathname.endsWith(".js")) files.add(pathname);
  });
  // nothing is fetched ahead while this is measured
  await page.addInitScript(() => {
    if (sessionStorage.getItem("bench") !== "on") Object.assign(window, { requestIdleCallback: () => 0 });
  });
  await page.goto(url);
  await page.getByRole("button", { name: "Sign in with an API key" }).click();
  await page.getByLabel("API key").fill(key);
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "Large" }).waitFor();
  await page.evaluate(() => sessionStorage.setItem("bench", "on"));
  return [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(webDir, file))).length, 0) / 1024;
}

async function openList(page: Page, { url, tenant }: Ready): Promise<number> {
  const begun = performance.now();
  await page.goto(`${url}/tenants/${tenant}/extensions`);
  await page.getByText(`${extensions.toLocaleString("en")} rows`, { exact: true }).waitFor({ timeout: 120_000 });
  return performance.now() - begun;
}

type Smooth = { frames: number[]; long: number[] };

/** What frames and long tasks there are while something is done in the page. */
async function watched(page: Page, act: () => Promise<void>): Promise<Smooth> {
  await page.evaluate(() => {
    const seen = window as unknown as { frames: number[]; long: number[]; over: boolean };
    Object.assign(seen, { frames: [], long: [], over: false });
    new PerformanceObserver((list) => seen.long.push(...list.getEntries().map(({ duration }) => duration))).observe({
      entryTypes: ["longtask"],
    });
    let last = performance.now();
    const next = (now: number): void => {
      seen.frames.push(now - last);
      last = now;
      if (!seen.over) requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
  await act();
  return page.evaluate(() => {
    const seen = window as unknown as { frames: number[]; long: number[]; over: boolean };
    seen.over = true;
    return { frames: seen.frames.slice(1), long: seen.long };
  });
}

const scroll = (page: Page): Promise<Smooth> =>
  watched(page, () =>
    page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          const whole = document.documentElement.scrollHeight - innerHeight;
          // 300 pixels a frame, faster than any wheel, for some seconds, then at once to the end
          let frames = 0;
          const step = (): void => {
            frames++;
            scrollTo(0, frames < 300 ? frames * 300 : whole);
            if (frames < 310) requestAnimationFrame(step);
            else resolve();
          };
          requestAnimationFrame(step);
        }),
    ),
  );

const filter = async (page: Page): Promise<Smooth> => {
  await page.evaluate(() => scrollTo(0, 0));
  const search = page.getByRole("searchbox");
  await search.focus();
  return watched(page, async () => {
    for (const letter of "liskov 12") await page.keyboard.type(letter, { delay: 60 });
    for (let n = 0; n < 9; n++) await page.keyboard.press("Backspace", { delay: 60 });
  });
};

/** To sections that were visited before: the time until the frame after the one with the new heading. */
async function clicks(page: Page, { url, tenant }: Ready): Promise<number[]> {
  await page.goto(`${url}/tenants/${tenant}/queues`);
  const names = ["Menus", "Trunks", "Phone numbers", "Queues"];
  const go = (name: string): Promise<number> =>
    page.evaluate(
      (label) =>
        new Promise<number>((resolve) => {
          const link = [...document.querySelectorAll<HTMLElement>("nav a")].find((one) => one.textContent === label);
          const begun = performance.now();
          const look = (): void => {
            if (document.querySelector("h1")?.textContent !== label || document.querySelector("main .skeleton"))
              return void requestAnimationFrame(look);
            requestAnimationFrame(() => resolve(performance.now() - begun));
          };
          link?.click();
          requestAnimationFrame(look);
        }),
      name,
    );
  for (const name of names) await go(name);
  const times: number[] = [];
  for (let round = 0; round < 10; round++) for (const name of names) times.push(await go(name));
  return times;
}
