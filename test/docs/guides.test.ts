// The README and the guides of `docs/`, followed to the letter on `npm start`.
import { copyFileSync, globSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test, vi } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { follow, stepsOf } from "../support/guide.ts";
import { run } from "../support/process.ts";
import { freePort } from "../support/sipp.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

const pages = ["README.md", ...globSync("docs/**/*.md", { cwd: root })];
const textOf = (page: string): string => readFileSync(join(root, page), "utf8");

/** A reader is slower than the local edge, which makes itself known while the last line is printed. */
async function enrolled(api: string, keyFile: string): Promise<void> {
  const headers = { authorization: `Bearer ${readFileSync(keyFile, "utf8").trim()}` };
  await vi.waitFor(async () => expect(await (await fetch(`${api}/v1/pools`, { headers })).text()).toContain("udp"), {
    timeout: 10_000,
  });
}

describe("what a guide tells its reader to type prints what the guide shows", { timeout: 60_000 }, () => {
  test.for(pages.filter((page) => stepsOf(textOf(page)).length > 0))("%s", async (guide) => {
    const folder = temporaryFolder();
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    symlinkSync(join(root, "cli"), join(folder, "cli"));
    copyFileSync(join(root, "test/fixtures/fusionpbx/dump.sql"), join(folder, "dump.sql"));
    const ports = {
      PORT: 3000,
      EDGE_PORT: 9180,
      SIP_PORT: 5060,
      CARRIERS_PORT: 5080,
      FRONT_PORT: 5062,
      ESL_PORT: 8021,
      HOOKS_PORT: 4000,
    };
    const env: Record<string, string> = { DATA_DIR: join(folder, ".data"), WEBHOOK_ALLOW: "127.0.0.1" };
    const here = new Map<number, number>();
    for (const [name, port] of Object.entries(ports)) {
      here.set(port, await freePort());
      env[name] = String(here.get(port));
    }
    const started = run(process.execPath, ["--disable-warning=ExperimentalWarning", join(root, "local/start.ts")], env);
    await started.line(/^Edge lookups/);
    await enrolled(`http://127.0.0.1:${env.PORT}`, join(folder, ".data/operator.key"));
    await follow(textOf(guide), folder, here);
  });
});

test("no page shows a command of ours that is not run here", () => {
  const unrun = pages.flatMap((page) =>
    [...textOf(page).matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)]
      .filter(([, language]) => !language?.startsWith("console"))
      .flatMap(([, , block = ""]) => block.match(/^(\$ )?(curl|dialplane|npx|node) .*$/gm) ?? [])
      .map((line) => `${page}: ${line}`),
  );
  // a call has to be made before
  expect(unrun).toEqual(['README.md: curl -s $API/v1/tenants/$T/calls -H "Authorization: Bearer $KEY"']);
});
