import { defineConfig } from "vitest/config";

const execArgv = ["--disable-warning=ExperimentalWarning"];

export default defineConfig({
  test: {
    execArgv,
    setupFiles: ["test/support/patience.ts"],
    expect: { poll: { timeout: 10_000 } },
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: "all", include: ["test/**/*.test.ts"], exclude: ["test/engines/**"] } },
      // after the others: each runs a real engine and phones. Their timers are real, so they mostly wait, and three do so at once
      {
        extends: true,
        test: {
          name: "engines",
          include: ["test/engines/**/*.test.ts"],
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
        },
      },
    ],
  },
});
