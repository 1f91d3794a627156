// What a browser must fetch before the console shows its first page.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { buildWeb } from "../../scripts/build-web.ts";

type Chunk = { file: string; imports?: string[] };
const KB = 1024;

/** The scripts of these entries with all that they import at once, gzipped. */
async function bytesOf(entries: string[]): Promise<number> {
  const dist = await buildWeb();
  const chunks = JSON.parse(readFileSync(join(dist, ".vite/manifest.json"), "utf8")) as Record<string, Chunk>;
  const wanted = new Set<string>();
  const take = (name: string): void => {
    const chunk = chunks[name];
    if (!chunk) throw new Error(`no chunk ${name}; there are ${Object.keys(chunks).join(", ")}`);
    if (wanted.has(chunk.file)) return;
    wanted.add(chunk.file);
    for (const inside of chunk.imports ?? []) take(inside);
  };
  for (const entry of entries) take(entry);
  return [...wanted].reduce((sum, file) => sum + gzipSync(readFileSync(join(dist, file))).length, 0);
}

test("signing in and the first page after it take at most 200 KB of gzipped JavaScript, in French too", async () => {
  for (const first of ["tenant/list.tsx", "account/tenants.tsx"])
    expect(await bytesOf(["index.html", "account/landing.tsx", first, "i18n/fr.ts"]), first).toBeLessThan(200 * KB);
}, 60_000);

test("each page comes when it is wanted: the first load is without them", async () => {
  const first = await bytesOf(["index.html"]);
  const page = await bytesOf(["index.html", "resource/editor.tsx"]);
  expect(page).toBeGreaterThan(first + 2 * KB);
}, 60_000);
