// The console is built when that is due, and only then.
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { buildWeb } from "../../scripts/build-web.ts";

test("a second build with nothing new leaves what is there", { timeout: 60_000 }, async () => {
  const page = join(await buildWeb(), "index.html");
  const before = statSync(page);
  await buildWeb();
  expect(statSync(page).ino).toBe(before.ino);
});

test("the page has no inline script, style or handler, so that its policy holds", { timeout: 60_000 }, async () => {
  const html = readFileSync(join(await buildWeb(), "index.html"), "utf8");
  expect(html).toMatch(/<script type="module" crossorigin src="\/assets\//);
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|https?:\/\//);
});
