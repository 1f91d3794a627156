import { existsSync, statfsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/support/longest-first.ts";

// Each commit waits for the disk, and no test is about a disk that loses power: where there is a large one in memory, stores lie there.
const memory = "/dev/shm";
if (process.env.TMPDIR === undefined && existsSync(memory)) {
  const { bavail, bsize } = statfsSync(memory);
  if (bavail * bsize > 4 * 1024 ** 3) process.env.TMPDIR = memory;
}

// Programs of ours are started many times: Node keeps what it compiled of them.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL("node_modules/.cache/node", import.meta.url));

const execArgv = ["--disable-warning=ExperimentalWarning"];

/** Engines', phones' and browsers' timers run on while a busy machine doesn't. What needed a second try is printed, and is to be mended. */
const retry = process.env.CI ? 1 : 0;

export default defineConfig({
  test: {
    execArgv,
    setupFiles: ["test/support/patience.ts"],
    sequence: { sequencer: LongestFirst },
    expect: { poll: { timeout: 10_000 } },
    // no file leaves anything behind in its process, so the next one finds there what it imports
    isolate: false,
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: "all", include: ["test/**/*.test.ts"], exclude: ["test/engines/**", "test/web/**"] },
      },
      { extends: true, test: { name: "web", include: ["test/web/**/*.test.ts"], retry } },
      // after the others: each runs a real engine and phones. Their timers are real, so they mostly wait, and three do so at once
      {
        extends: true,
        test: {
          name: "engines",
          include: ["test/engines/**/*.test.ts"],
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          retry,
        },
      },
    ],
  },
});
