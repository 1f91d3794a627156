import { existsSync, statfsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { filesThrough } from "./test/infra/boot/outside.ts";
import { LongestFirst } from "./test/support/longest-first.ts";
import { onPath } from "./test/support/skip.ts";
import { part } from "./test/support/slow.ts";

// Each commit waits for the disk, and no test is about a disk that loses power: where there is a large one in memory, stores lie there.
const memory = "/dev/shm";
if (process.env.TMPDIR === undefined && existsSync(memory)) {
  const { bavail, bsize } = statfsSync(memory);
  if (bavail * bsize > 4 * 1024 ** 3) process.env.TMPDIR = memory;
}

// Programs of ours are started many times: Node keeps what it compiled of them.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL("node_modules/.cache/node", import.meta.url));

/** Of what the template is booted on, what may be missing. */
const hasJava = onPath("java") !== undefined;

const execArgv = ["--disable-warning=ExperimentalWarning"];

/** Engines', phones' and browsers' timers run on while a busy machine doesn't. What needed another try is printed, and is to be mended. */
const retry = process.env.CI ? 2 : 0;

/** For tests whose control plane is to be the booted template: bundles, DynamoDB Local and all. */
export const throughTemplate = {
  env: { THROUGH: "template" },
  globalSetup: ["test/infra/boot/ground.ts"],
  setupFiles: ["test/support/patience.ts", "test/infra/boot/skip-outside.ts"],
  // everything goes through threads and over sockets: a busy machine takes its time
  testTimeout: 120_000,
  hookTimeout: 300_000,
  expect: { poll: { timeout: 40_000 } },
};

export default defineConfig({
  test: {
    execArgv,
    setupFiles: ["test/support/patience.ts"],
    sequence: { sequencer: LongestFirst },
    expect: { poll: { timeout: 10_000 } },
    // no file leaves anything behind in its process, so the next one finds there what it imports
    isolate: false,
    maxWorkers: 2,
    retry: process.env.CI ? 1 : 0,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: "all", ...part(["test/"], ["test/engines/", "test/web/"]) },
      },
      {
        extends: true,
        test: {
          ...throughTemplate,
          name: "template",
          include: hasJava && process.env.PART !== "quick" ? filesThrough() : [],
        },
      },
      { extends: true, test: { name: "web", ...part(["test/web/"]), retry } },
      // after the others: each runs a real engine and phones. Their timers are real, so they mostly wait, and three do so at once
      {
        extends: true,
        test: {
          name: "engines",
          ...part(["test/engines/"]),
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          retry,
        },
      },
    ],
  },
});
